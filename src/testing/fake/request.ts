import type { IncomingHttpHeaders } from 'node:http';
import type { HeaderNames } from '../../options.js';

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
  /** What its header of a connected merchant says. */
  readonly merchantId: string | undefined;
  readonly idempotencyKey: string | undefined;
}

export const BASE_PATH = '/api/v2';

export function requestOf(
  { method, url, headers }: Pick<FakeRequest, 'method' | 'url' | 'headers'>,
  text: string,
  names: HeaderNames,
): FakeRequest {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const header = (name: string) => headers[name.toLowerCase()] as string | undefined;
  return {
    method,
    url,
    path: pathname.startsWith(`${BASE_PATH}/`) ? pathname.slice(BASE_PATH.length) : pathname,
    query: Object.fromEntries(searchParams),
    headers,
    text,
    body: parsed(text),
    merchantId: header(names.merchant),
    idempotencyKey: header(names.idempotency),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
