import { shown } from '../judge.js';
import type { Settings } from '../settings.js';
import { isKey } from '../translation/finding.js';
import { peek } from '../translation/plain.js';
import { refusal } from '../translation/refusal.js';
import { isMerchantId } from './merchant-id.js';

/** A request to LakiConnect, encoded once: every attempt sends the same bytes. */
export interface ProviderRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent for a GET; empty for another request that has none. */
  readonly body?: Uint8Array;
  /** A POST of `/payment/…`, which moves money. */
  readonly isPayment: boolean;
}

/** A query parameter; an array is sent as one parameter per item, and `undefined` is not sent. */
export type QueryValue =
  string | number | boolean | undefined | readonly (string | number | boolean | undefined)[];

/** What a request says beside its method and path. */
export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Appended to the path, encoded. */
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  /** The connected merchant, for the merchant header; `undefined` acts for the platform itself. */
  readonly merchantId?: string | undefined;
  /**
   * Sent in the idempotency header. A payment is sent again only with one, and only if the option
   * `headers.idempotency` is set: LakiConnect documents no such header.
   */
  readonly idempotencyKey?: string | undefined;
}

/**
 * @throws TypeError if the request cannot be made as it is meant.
 * @throws LakiConnectError `MERCHANT_UNIDENTIFIED` if `merchantId` is given but can be no id.
 */
export function requestOf(
  method: string,
  path: string,
  { body, query = {}, merchantId, idempotencyKey }: RequestOptions,
  settings: Settings<never>,
): ProviderRequest {
  const { apiKey, baseUrl, headers } = settings;
  if (apiKey === undefined) {
    throw new TypeError(
      'lakiconnect: option `apiKey` is undefined, but LakiConnect has to be asked. Set it.',
    );
  }
  if (merchantId !== undefined && !isMerchantId(merchantId)) {
    throw refusal({ kind: 'MERCHANT_UNIDENTIFIED' }, {}, settings);
  }
  if (isKey(idempotencyKey)) judgeKey(idempotencyKey);
  const url = urlOf(path, baseUrl);
  appendQuery(url, query);
  const json = body === undefined ? undefined : jsonOf(body, method);
  const bytes = method === 'GET' ? undefined : new TextEncoder().encode(json);
  return {
    url: url.href,
    method,
    isPayment: method === 'POST' && PAYMENT.test(decodeAscii(url.pathname)),
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity', // a small answer that unpacks into a large one is refused earlier
      [headers.apiKey]: apiKey,
      ...(merchantId === undefined ? {} : { [headers.merchant]: merchantId }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(isKey(idempotencyKey) ? { [headers.idempotency]: idempotencyKey } : {}),
      ...(bytes === undefined ? {} : { 'content-length': String(bytes.byteLength) }),
    },
    ...(bytes === undefined ? {} : { body: bytes }),
  };
}

/** A path without control characters, which a URL loses, and without a host. */
const PATH = /^\/(?![/\\])\P{Cc}*$/u;

/** Segments that a URL resolves away, and with them what stood before; a space at its end it loses. */
const DOTS = /[/\\](?:\.|%2e){1,2}(?=[/\\?# ]|$)/i;

function urlOf(path: string, baseUrl: string): URL {
  if (typeof path !== 'string' || !PATH.test(path) || DOTS.test(path)) {
    throw new TypeError(
      `lakiconnect: the path is ${shown(path)}, expected one below \`baseUrl\` such as '/payment/direct'. Put ids through encodeURIComponent().`,
    );
  }
  return new URL(baseUrl + path);
}

/** The path's own query stays as it is. */
function appendQuery(url: URL, query: NonNullable<RequestOptions['query']>): void {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((item) => item !== undefined)
      .map((item): [string, string] => [name, String(item)]),
  );
  if (parameters.length === 0) return;
  const appended = new URLSearchParams(parameters).toString();
  url.search = url.search === '' ? appended : `${url.search}&${appended}`;
}

const PAYMENT = /\/payment(?:\/|$)/i;

/** Servers decode a path before they route it. Unlike decodeURIComponent() it never throws. */
function decodeAscii(path: string): string {
  return path.replace(/%([0-7][\da-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

function jsonOf(body: unknown, method: string): string {
  const type = typeOf(body);
  if (method === 'GET' || (type !== '[object Object]' && type !== '[object Array]')) {
    throw new TypeError(
      `lakiconnect: the body of a ${method} is ${type.slice(8, -1)}, expected ${
        method === 'GET' ? 'none' : 'an object or an array, which is sent as JSON'
      }. For anything else use call() with a client of yours.`,
    );
  }
  return JSON.stringify(body, refuseLost);
}

/** What JSON leaves out, or writes as `null` or `{}`: an amount that is `NaN` would go out as none. */
const LOST = /^\[object (?:Map|Set|WeakMap|WeakSet|WeakRef|Promise|Symbol|Stream|\w*Function)\]$/;

function refuseLost(name: string, value: unknown): unknown {
  const isLost = typeof value === 'number' ? !Number.isFinite(value) : LOST.test(typeOf(value));
  if (!isLost) return value;
  const got = typeof value === 'number' ? String(value) : typeOf(value).slice(8, -1);
  throw new TypeError(`lakiconnect: ${shown(name)} in the body is ${got}, which JSON cannot carry.`);
}

/** A stream of Node's looks like any object; its JSON would be its own insides. */
function typeOf(body: unknown): string {
  return typeof peek(body, 'pipe') === 'function' ? '[object Stream]' : Object.prototype.toString.call(body);
}

/** As it may stand in a header, where spaces at the ends would be lost. */
const KEY = /^(?! )[ -~\u00a1-\u00ff]+(?<! )$/;

function judgeKey(key: string): void {
  if (typeof key === 'string' && KEY.test(key)) return;
  throw new TypeError(
    `lakiconnect: the idempotency key is ${shown(key)}, expected a text that a header can hold.`,
  );
}
