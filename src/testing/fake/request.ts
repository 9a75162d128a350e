import type { IncomingHttpHeaders } from 'node:http';
import type { HeaderNames } from '../../options.js';
import { isMerchantId } from '../../provider/merchant-id.js';

/** A request as the fake provider received it. */
export interface FakeRequest {
  readonly method: string;
  /** As it was asked for, query included. */
  readonly url: string;
  /** Beneath the base URL, without a query: `/payment/direct`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came. */
  readonly text: string;
  /** The body's JSON; `undefined` if it is none. */
  readonly body: unknown;
  /** Whom it is about: as the header of a connected merchant says, or the path of one. */
  readonly merchantId: string | undefined;
  readonly idempotencyKey: string | undefined;
}

export const BASE_PATH = '/api/v2';
const ORIGIN = 'http://127.0.0.1';

export function requestOf(
  { method, url, headers }: Pick<FakeRequest, 'method' | 'url' | 'headers'>,
  text: string,
  names: HeaderNames,
): FakeRequest {
  const { pathname, searchParams } = addressOf(url);
  const header = (name: string) => headers[name.toLowerCase()] as string | undefined;
  const path = pathname.startsWith(`${BASE_PATH}/`) ? pathname.slice(BASE_PATH.length) : pathname;
  return {
    method,
    url,
    path,
    query: Object.fromEntries(searchParams),
    headers,
    text,
    body: parsed(text),
    merchantId: header(names.merchant) ?? merchantIn(path),
    idempotencyKey: header(names.idempotency),
  };
}

function merchantIn(path: string): string | undefined {
  const id = decoded(/^\/lakiconnect\/connected-accounts\/([^/]+)$/.exec(path)?.[1] ?? '');
  return isMerchantId(id) ? id : undefined;
}

/** A segment of a path, or what came in its place. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Whether it is beside the base URL, where nothing is found: a wrong one shows. */
export function isAstray({ url, path }: FakeRequest): boolean {
  return addressOf(url).pathname === path;
}

/** What is no URL is the root. */
function addressOf(url: string): URL {
  const address = url.startsWith('/') ? ORIGIN + url : url;
  return new URL(URL.canParse(address) ? address : ORIGIN);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
