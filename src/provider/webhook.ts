import type { Tell } from '../events.js';
import { judged } from '../judge.js';
import { judging, thrownIn } from '../option-functions.js';
import type { WebhookEvent, WebhookOptions } from '../options.js';
import { webhookOptions } from '../schemas/guards.js';
import { decided } from '../translation/attribution.js';
import { peek } from '../translation/plain.js';
import type { Level } from '../translation/rules.js';
import { describeThrown } from '../translation/throwables.js';
import { isRaw, verifySignature } from './signature.js';
import { readEvent } from './webhook-body.js';
import { findMerchants, idsIn, NONE } from './webhook-merchants.js';

/** What became of a webhook. */
export interface Delivery {
  /**
   * What to answer: 200 done, or nothing to do; 401 bad signature; 408 too slow; 413 too large; 422 genuine, but no JSON
   * object; 500 `onDelivery` failed; 503 not every process could be told.
   */
  readonly status: 200 | 401 | 408 | 413 | 422 | 500 | 503;
  /** The body, parsed; only if its signature is good. */
  readonly event?: WebhookEvent;
  /** With 500: an error whose `cause` is what the platform's function threw. */
  readonly error?: Error;
}

/** Takes a webhook's raw body, its signature header and the body's `Content-Encoding`. */
export type Receive = (
  rawBody: Uint8Array | string,
  signature: string | readonly string[] | undefined,
  encoding?: string,
) => Promise<Delivery>;

export interface ReceiverParts {
  /** Forgets a merchant. Resolves to whether every process was told. */
  readonly invalidate: (merchantId: string) => Promise<boolean>;
  readonly tell: Tell;
}

/** With what operators are told beside it. */
interface Received extends Delivery {
  readonly level: Level;
  readonly merchantIds?: readonly string[];
  readonly reason?: string | undefined;
}

/**
 * Makes a receiver. A webhook only ever makes guards look again: it carries neither time nor number, so an
 * old one, sent again, must grant nothing.
 *
 * @throws TypeError naming the path of a wrong option.
 */
export function createReceiver(options: WebhookOptions, { invalidate, tell }: ReceiverParts): Receive {
  const { secret, merchantIds, onDelivery } = judged(webhookOptions, options);
  const find = merchantIds === undefined ? findMerchants : findBy(merchantIds);

  async function receive(...[rawBody, signature, encoding]: Parameters<Receive>): Promise<Received> {
    if (!isRaw(rawBody)) throw new TypeError(PARSED);
    const isSigned = (body: Uint8Array | string): boolean =>
      verifySignature(body, signature, secret as string | readonly string[]);
    const event = readEvent(rawBody, encoding, isSigned);
    return typeof event === 'number' ? UNREAD[event] : deliver(event);
  }

  async function deliver(event: WebhookEvent): Promise<Received> {
    try {
      const { merchantIds: ids, doubt } = find(event);
      const told = await Promise.all(ids.map(invalidate));
      const about = { event, merchantIds: ids };
      if (told.includes(false)) {
        return { status: 503, level: 'error', reason: 'not every process could be told', ...about };
      }
      await onDelivery?.(event);
      return { status: 200, level: doubt === undefined ? 'info' : 'warn', reason: doubt, ...about };
    } catch (failure) {
      const cause = thrownIn(failure);
      const error = decided(
        new Error("lakiconnect: a function of the platform's failed on a webhook.", { cause }),
      );
      return { status: 500, level: 'error', reason: describeThrown(cause), event, error };
    }
  }

  return async (...given) => {
    const received = await receive(...given);
    tellOf(received, tell);
    const { status, event, error } = received;
    return { status, ...(event === undefined ? {} : { event }), ...(error === undefined ? {} : { error }) };
  };
}

/** The merchants that an event is about, as the platform says. */
function findBy(merchantIds: NonNullable<WebhookOptions['merchantIds']>): typeof findMerchants {
  const given = judging('merchantIds', merchantIds);
  return (event) => {
    const named = [...new Set((given(event) ?? []).flatMap(idsIn))];
    return { merchantIds: named, doubt: named.length > 0 ? undefined : NONE };
  };
}

const UNREAD = {
  401: { status: 401, level: 'warn', reason: 'its signature is not good' },
  408: { status: 408, level: 'warn', reason: 'its body did not come to an end' },
  413: { status: 413, level: 'warn', reason: 'it is larger than 64 KiB' },
  422: { status: 422, level: 'warn', reason: 'its signature is good, but it is no JSON object' },
} as const;

/** A webhook of which there is no body to be judged. */
export function unreadable(status: 408 | 413, tell: Tell): Delivery {
  tellOf(UNREAD[status], tell);
  return { status };
}

const unmounted = (left: string): string =>
  `lakiconnect: a webhook's signature is that of its raw body, and ${left}. Mount the webhook before express.json() or any other body parser, or let that keep the raw body as \`rawBody\`.`;

/** What is thrown where there is no raw body, or not all of it. */
export const PARSED = unmounted('only a parsed body is left');
export const CUT = unmounted('what was kept of it is not as long as what came');

function tellOf({ level, status, event, merchantIds, reason }: Received, tell: Tell): void {
  const name = peek(event, 'event') ?? peek(event, 'type');
  const named = typeof name === 'string' ? name : undefined;
  tell({ type: 'webhook', level, status, event: named, merchantIds, reason });
}
