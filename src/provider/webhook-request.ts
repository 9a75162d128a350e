import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { WebhookOptions } from '../options.js';
import type { Settings } from '../settings.js';
import { readRaw } from './raw-body.js';
import type { Running } from './running.js';
import { isRaw } from './signature.js';
import { createReceiver, CUT, PARSED, unreadable, type Delivery, type ReceiverParts } from './webhook.js';
import { MAX_BYTES } from './webhook-body.js';

/** What an adapter hands on of a webhook's request. */
export interface WebhookRequest {
  readonly request: Readable & { readonly headers: IncomingHttpHeaders };
  /** Where other middleware may have kept the body: the first that is raw and whole is taken. */
  readonly kept: readonly unknown[];
}

interface RequestReceiverParts extends ReceiverParts {
  readonly settings: Settings<never>;
  readonly running: Running;
}

/**
 * Makes a receiver for adapters, which finds the raw body: kept by other middleware, or still unread.
 *
 * @returns a function that resolves to what to answer, or to `'gone'` if nobody is left to be answered. It
 * rejects with a TypeError that says how to mount it, if only a parsed body is left, or a part of a raw one.
 * @throws TypeError naming the path of a wrong option.
 */
export function createRequestReceiver(
  options: WebhookOptions,
  { settings, running, ...parts }: RequestReceiverParts,
): (incoming: WebhookRequest) => Promise<Delivery | 'gone'> {
  const receive = createReceiver(options, parts);
  const name = settings.headers.signature.toLowerCase();
  return async ({ request, kept }) => {
    const { headers } = request;
    const raw = kept.filter(isRaw);
    const whole = raw.find((body) => isWhole(body, headers));
    const wasRead = request.readableDidRead || request.readableEnded;
    if (whole === undefined && wasRead) throw new TypeError(raw.length > 0 ? CUT : PARSED);
    const body = whole ?? (await running.add(readRaw(request, MAX_BYTES, settings.timeoutMs)));
    if (body === 'gone') return body;
    if (typeof body === 'number') return unreadable(body, parts.tell);
    return receive(body, headers[name], headers['content-encoding']);
  };
}

/** In UTF-8. */
const BYTE_ORDER_MARK_BYTES = 3;

/**
 * Whether a body that was kept can be all that came. It may have been decoded since, and a text may have lost its byte
 * order mark. One that is empty is believed only if nothing was announced.
 */
function isWhole(body: Uint8Array | string, headers: IncomingHttpHeaders): boolean {
  const { 'content-length': announced, 'content-encoding': encoding } = headers;
  const missing = Number(announced) - Buffer.byteLength(body);
  if (missing === 0) return true;
  if (body.length === 0) return false;
  if (announced === undefined || encoding !== undefined) return true;
  return typeof body === 'string' && missing === BYTE_ORDER_MARK_BYTES;
}
