import { atOnce } from '../at-once.js';
import type { Tell } from '../events.js';
import { judged, shown } from '../judge.js';
import type { WebhookEvent, WebhookOptions } from '../options.js';
import { webhookOptions } from '../schemas/guards.js';
import { webhookEvent } from '../schemas/webhook.js';
import { decided } from '../translation/attribution.js';
import { peek } from '../translation/plain.js';
import type { Level } from '../translation/rules.js';
import { describeThrown } from '../translation/throwables.js';
import { isMerchantId } from './merchant-id.js';
import { isRaw, verifySignature } from './signature.js';
import { merchantsIn } from './webhook-merchants.js';

/** The largest webhook that is taken. */
export const MAX_BYTES = 64 * 1024;

/** What became of a webhook. */
export interface Delivery {
  /** What to answer: 200 done, or nothing to do; 401 bad signature; 408 too slow; 413 too large; 500 `onDelivery` failed; 503 not every process could be told. */
  readonly status: 200 | 401 | 408 | 413 | 500 | 503;
  /** The body, parsed; only if its signature is good. */
  readonly event?: WebhookEvent;
  /** With 500: an error whose `cause` is what the platform's function threw. */
  readonly error?: Error;
}

/** Takes a webhook's raw body and its signature header. */
export type Receive = (
  rawBody: Uint8Array | string,
  signature: string | readonly string[] | undefined,
) => Promise<Delivery>;

export interface ReceiverParts {
  /** Resolves to whether every process was told. */
  readonly invalidate: (merchantId: string) => Promise<boolean>;
  readonly tell: Tell;
}

/** With what operators are told beside it. */
interface Received extends Delivery {
  readonly level: Level;
  readonly merchantIds?: readonly string[];
  readonly reason?: string;
}

/**
 * Makes a receiver. A webhook only ever makes guards look again: it carries neither time nor number, so an
 * old one, sent again, must grant nothing.
 *
 * @throws TypeError naming the path of a wrong option.
 */
export function createReceiver(options: WebhookOptions, { invalidate, tell }: ReceiverParts): Receive {
  const { secret, merchantIds, onDelivery } = judged(webhookOptions, options);
  const idsIn =
    merchantIds === undefined ? merchantsIn : (event: WebhookEvent) => idsFrom(merchantIds(event));

  async function receive(rawBody: Uint8Array | string, signature: Parameters<Receive>[1]): Promise<Received> {
    if (!isRaw(rawBody)) throw new TypeError(PARSED);
    if (Buffer.byteLength(rawBody) > MAX_BYTES) return UNREAD[413];
    if (!verifySignature(rawBody, signature, secret as string | readonly string[])) {
      return { status: 401, level: 'warn', reason: 'its signature is not good' };
    }
    const event = eventIn(rawBody);
    return event === undefined
      ? { status: 200, level: 'warn', reason: 'it is no JSON object' }
      : deliver(event);
  }

  async function deliver(event: WebhookEvent): Promise<Received> {
    try {
      const ids = idsIn(event);
      const told = await Promise.all(ids.map(invalidate));
      const about = { event, merchantIds: ids };
      if (told.includes(false)) {
        return { status: 503, level: 'error', reason: 'not every process could be told', ...about };
      }
      await onDelivery?.(event);
      return ids.length > 0
        ? { status: 200, level: 'info', ...about }
        : { status: 200, level: 'warn', reason: 'it names no merchant', ...about };
    } catch (cause) {
      const error = decided(
        new Error("lakiconnect: a function of the platform's failed on a webhook.", { cause }),
      );
      return { status: 500, level: 'error', reason: describeThrown(cause), event, error };
    }
  }

  return async (rawBody, signature) => {
    const received = await receive(rawBody, signature);
    tellOf(received, tell);
    const { status, event, error } = received;
    return { status, ...(event === undefined ? {} : { event }), ...(error === undefined ? {} : { error }) };
  };
}

/** What the platform says whom an event is about, as far as these can be ids. */
function idsFrom(given: unknown): readonly string[] {
  const ids: unknown = atOnce('merchantIds', given) ?? [];
  if (!Array.isArray(ids)) {
    throw new TypeError(`lakiconnect: option \`merchantIds\` gave ${shown(ids)}, expected an array of ids.`);
  }
  return [...new Set(ids)].filter(isMerchantId);
}

const UNREAD = {
  408: { status: 408, level: 'warn', reason: 'its body did not come to an end' },
  413: { status: 413, level: 'warn', reason: 'it is larger than 64 KiB' },
} as const;

/** A webhook of which there is no body to be judged. */
export function unreadable(status: keyof typeof UNREAD, tell: Tell): Delivery {
  tellOf(UNREAD[status], tell);
  return { status };
}

export const PARSED =
  "lakiconnect: a webhook's signature is that of its raw body, and only a parsed body is left. Mount the webhook before express.json() or any other body parser, or let that keep the raw body as `rawBody`.";

/** Called once the signature is found good, never before. */
function eventIn(rawBody: Uint8Array | string): WebhookEvent | undefined {
  try {
    const parsed: unknown = JSON.parse(
      typeof rawBody === 'string' ? rawBody : new TextDecoder().decode(rawBody),
    );
    return webhookEvent.safeParse(parsed).success ? (parsed as WebhookEvent) : undefined;
  } catch {
    return undefined;
  }
}

function tellOf({ level, status, event, merchantIds, reason }: Received, tell: Tell): void {
  const name = peek(event, 'event') ?? peek(event, 'type');
  const named = typeof name === 'string' ? name : undefined;
  tell({ type: 'webhook', level, status, event: named, merchantIds, reason });
}
