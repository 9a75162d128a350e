import type { IncomingHttpHeaders } from 'node:http';
import { digest, fingerprint } from './fingerprint.js';
import type { HandledResponse } from './handler-end.js';
import { normalizeTarget } from './request-target.js';

/** What an adapter hands on of a request that must not be made twice. */
export interface IdempotentRequest<Req> {
  /** What the platform's own functions get. */
  readonly request: Req;
  /** Where the framework keeps what middleware learns of a request. */
  readonly state: object;
  readonly method: string;
  /** With its query, as it was asked for. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** As a body parser left it. */
  readonly body: unknown;
  readonly response: HandledResponse;
}

const UNPARSED =
  'lakiconnect: requireIdempotencyKey() compares bodies, but this one is not parsed. Mount a body parser before it, such as express.json().';

/** Under which a key is known: that of another merchant, method or path is another. */
export function nameOf({ method, url }: IdempotentRequest<unknown>, merchantId: string, key: string): string {
  return digest(merchantId, method, normalizeTarget(url).path, key);
}

/**
 * A fingerprint of what a request says, by its query and its body; `undefined` for more than anybody means by a payment.
 *
 * @throws TypeError if there is a body that nobody has parsed: all such would be the same.
 */
export function saidBy({ url, headers, body }: IdempotentRequest<unknown>): string | undefined {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  if (body === undefined && (length !== '0' || encoding !== undefined)) throw new TypeError(UNPARSED);
  try {
    return fingerprint(normalizeTarget(url).query, body);
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}
