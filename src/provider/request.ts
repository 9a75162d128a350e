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
  readonly body?: string;
}

/** What a request says beside its method and path. */
export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The connected merchant, for the merchant header; `undefined` acts for the platform itself. */
  readonly merchantId?: string | undefined;
  /** Sent in the idempotency header. Only with one may a payment be sent again. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * @throws TypeError if the request cannot be made as it is meant.
 * @throws LakiConnectError `MERCHANT_UNIDENTIFIED` if `merchantId` is given but can be no id.
 */
export function requestOf(
  method: string,
  path: string,
  { body, merchantId, idempotencyKey }: RequestOptions,
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
  const json = body === undefined ? undefined : jsonOf(body, method);
  return {
    url,
    method,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity', // a small answer that unpacks into a large one is refused earlier
      [headers.apiKey]: apiKey,
      ...(merchantId === undefined ? {} : { [headers.merchant]: merchantId }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(isKey(idempotencyKey) ? { [headers.idempotency]: idempotencyKey } : {}),
    },
    ...(json === undefined ? {} : { body: json }),
  };
}

/** A path without control characters, which a URL loses, and without a host. */
const PATH = /^\/(?![/\\])\P{Cc}*$/u;

/** Segments that a URL resolves away, and with them what stood before; a space at its end it loses. */
const DOTS = /[/\\](?:\.|%2e){1,2}(?=[/\\?# ]|$)/i;

function urlOf(path: string, baseUrl: string): string {
  if (typeof path !== 'string' || !PATH.test(path) || DOTS.test(path)) {
    throw new TypeError(
      `lakiconnect: the path is ${shown(path)}, expected one below \`baseUrl\` such as '/payment/direct'. Put ids through encodeURIComponent().`,
    );
  }
  return new URL(baseUrl + path).href;
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
  return JSON.stringify(body);
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
