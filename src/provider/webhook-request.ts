import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { WebhookOptions } from '../options.js';
import type { Settings } from '../settings.js';
import { readRaw } from './raw-body.js';
import type { Running } from './running.js';
import { isRaw } from './signature.js';
import {
  createReceiver,
  MAX_BYTES,
  PARSED,
  unreadable,
  type Delivery,
  type ReceiverParts,
} from './webhook.js';

/** What an adapter hands on of a webhook's request. */
export interface WebhookRequest {
  readonly request: Readable & { readonly headers: IncomingHttpHeaders };
  /** Where other middleware may have kept the body: the first that is raw is taken. */
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
 * rejects with a TypeError that says how to mount it, if only a parsed body is left.
 * @throws TypeError naming the path of a wrong option.
 */
export function createRequestReceiver(
  options: WebhookOptions,
  { settings, running, ...parts }: RequestReceiverParts,
): (incoming: WebhookRequest) => Promise<Delivery | 'gone'> {
  const receive = createReceiver(options, parts);
  const name = settings.headers.signature.toLowerCase();
  return async ({ request, kept }) => {
    const raw = kept.find(isRaw);
    const signature = request.headers[name];
    if (raw !== undefined) return receive(raw, signature);
    if (request.readableDidRead || request.readableEnded) throw new TypeError(PARSED);
    const body = await running.add(readRaw(request, MAX_BYTES, settings.timeoutMs));
    if (typeof body === 'object') return receive(body, signature);
    return body === 'gone' ? body : unreadable(body, parts.tell);
  };
}
