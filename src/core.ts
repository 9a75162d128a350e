import type { Description } from './describe.js';
import type { Listener } from './events.js';
import type { Guard } from './guards/guard.js';
import type { Merchant } from './guards/merchant.js';
import type { CheckOptions, GuardOptions, IdempotencyOptions } from './guards/options.js';
import type { Requirement } from './guards/requirement.js';
import type { Handle } from './handler.js';
import type { IdempotencyGuard } from './idempotency/guard.js';
import type { HandlerOptions, WebhookOptions } from './options.js';
import type { CallContext, Send } from './provider/call.js';
import type { Client, MerchantClient } from './provider/client.js';
import type { Delivery } from './provider/webhook.js';
import type { WebhookRequest } from './provider/webhook-request.js';
import type { Explanation } from './translation/explain.js';
import type { Reply } from './translation/reply.js';
import type { Reader } from './translation/translate.js';

/** Since the start. */
export interface Counts {
  /** How many requests a guard or `check` has let pass because all was met. */
  readonly passed: number;
  /** Of how many merchants something is remembered now. */
  readonly merchants: number;
}

/** The library without a framework. */
export interface LakiConnect<Req = unknown> {
  /**
   * Translates an error that any HTTP client threw, from what has been read of it. Pure and synchronous.
   *
   * @returns `undefined` if the error is not LakiConnect's.
   * @throws TypeError naming what is wrong with `reader`, or what a function of the platform's such as `format` threw.
   */
  readonly translate: (error: unknown, reader?: Reader) => Reply | undefined;
  /**
   * Tells why `translate` gives the reply that it gives: which evidence, kind, rule, override, audience and language.
   * Pure and synchronous. For operators: it tells what replies keep to themselves.
   *
   * @returns `undefined` if the error is not LakiConnect's.
   * @throws as `translate`.
   */
  readonly explain: (error: unknown, reader?: Reader) => Explanation | undefined;
  /**
   * Whether a merchant may take payments: `kycApproved` and `feeConfigured`, or `requirements` in their place.
   *
   * @returns what is known of the merchant.
   * @throws LakiConnectError if a requirement is not met (the first unmet in the listed order), cannot be
   * determined, or `merchantId` is no id.
   * @throws TypeError if a requirement cannot be looked up, for want of `apiKey` say.
   */
  readonly check: (
    merchantId: string | undefined,
    requirements?: readonly Requirement[],
    options?: CheckOptions,
  ) => Promise<Merchant>;
  /**
   * Receives one webhook: verifies its signature, makes guards look again at the merchants that it is about,
   * and calls `onDelivery`.
   *
   * @returns the status to answer with, and the event if it is genuine.
   * @throws TypeError naming the path of a wrong option, or if the body is not raw.
   */
  readonly receiveWebhook: (
    rawBody: Uint8Array | string,
    signature: string | readonly string[] | undefined,
    options: WebhookOptions,
  ) => Promise<Delivery>;
  /**
   * Runs one request with any HTTP client, under the `timeoutMs` deadline.
   *
   * @returns what `send` gave, unchanged.
   * @throws LakiConnectError for a rejection, a non-2xx answer, an error or garbled body at 2xx or a
   * timeout; whatever else `send` threw as it is, such as another upstream's error or the caller's own
   * abort.
   * @throws TypeError naming what is wrong with `context`: then nothing was sent.
   */
  readonly call: <T>(send: Send<T>, context?: CallContext) => Promise<T>;
  readonly client: Client;
  /**
   * Forgets what guards know of a merchant: the next request looks again.
   *
   * @returns whether every process that shares facts was told.
   */
  readonly invalidate: (merchantId: string) => Promise<boolean>;
  /**
   * Tells one more listener of every event, as `onEvent` is told.
   *
   * @returns what ends it.
   * @throws TypeError if it is no function.
   */
  readonly subscribe: (listener: Listener) => () => void;
  /** For instruments: what has happened too often to be told as an event. */
  readonly counts: () => Counts;
  /** Sends nothing again, and resolves when all that is under way has ended: no timer, socket or listener is left. */
  readonly close: () => Promise<void>;
  /**
   * For adapters: makes a function that recognises a throwable, translates it for its request and tells
   * `onEvent`. See docs/writing-an-adapter.md.
   *
   * @throws TypeError naming the path of a wrong option.
   */
  readonly handler: (options?: HandlerOptions<Req>) => Handle<Req>;
  /**
   * For adapters: makes a function that lets a request pass or throws.
   *
   * @throws TypeError naming the path of a wrong option, if nobody says whose money a request is about, or if
   * a requirement cannot be looked up.
   */
  readonly guard: (requirements?: readonly Requirement[], options?: GuardOptions<Req>) => Guard<Req>;
  /**
   * For adapters: makes a function that lets a request pass unless it was made before, or rejects.
   *
   * @throws TypeError naming the path of a wrong option, or if nobody says whose money a request is about.
   */
  readonly idempotencyGuard: (options?: IdempotencyOptions<Req>) => IdempotencyGuard<Req>;
  /**
   * For generators of documents: what replies are made of, and what a guard of `requirements` may refuse with.
   *
   * @throws TypeError if a requirement cannot be looked up.
   */
  readonly describe: (requirements?: readonly Requirement[]) => Description;
  /**
   * For adapters: `client` for the merchant and with the idempotency key that the guards of a request have learnt, from
   * where they kept it.
   *
   * @throws TypeError if no guard has named a merchant.
   */
  readonly clientIn: (state: object | undefined) => MerchantClient;
  /** For adapters: the idempotency key that a guard has found in a request, from where it kept it. */
  readonly idempotencyKeyIn: (state: object | undefined) => string | undefined;
  /** For adapters: what the guards of a request have learnt, from where they kept it. */
  readonly learnt: (state: object | undefined) => Merchant | undefined;
  /**
   * For adapters: makes a function that receives webhooks, raw or still unread.
   *
   * @throws TypeError naming the path of a wrong option.
   */
  readonly receiver: (options: WebhookOptions) => (incoming: WebhookRequest) => Promise<Delivery | 'gone'>;
}
