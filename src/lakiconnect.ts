import { describe, type Description } from './describe.js';
import { teller, type Listener } from './events.js';
import { createAdmission } from './guards/admission.js';
import { createContradiction } from './guards/contradiction.js';
import { createFacts } from './guards/facts.js';
import { createGate } from './guards/gate.js';
import { createGuard, type Guard } from './guards/guard.js';
import { createHold } from './guards/hold.js';
import { createInvalidation, type Invalidate } from './guards/invalidation.js';
import { createLocals } from './guards/locals.js';
import { createLookup, type Admitted } from './guards/lookup.js';
import type { Merchant } from './guards/merchant.js';
import type { Requirement } from './guards/requirement.js';
import { createHandler, type Handle } from './handler.js';
import { createIdempotencyGuard, type IdempotencyGuard } from './idempotency/guard.js';
import { createKeys } from './idempotency/keys.js';
import { judged } from './judge.js';
import type {
  CheckOptions,
  GuardOptions,
  HandlerOptions,
  IdempotencyOptions,
  Options,
  WebhookOptions,
} from './options.js';
import { call, type CallContext, type Send } from './provider/call.js';
import { createClient, type Client } from './provider/client.js';
import { createCooldown } from './provider/cooldown.js';
import type { Note } from './provider/failure.js';
import { apiLookups } from './provider/lookups.js';
import { createRunning } from './provider/running.js';
import { tellUnmapped } from './provider/unmapped.js';
import { createReceiver, type Delivery } from './provider/webhook.js';
import { createRequestReceiver, type WebhookRequest } from './provider/webhook-request.js';
import { checkOptions } from './schemas/guards.js';
import { settle } from './settle.js';
import { createSharing } from './sharing/sharing.js';
import { explain, type Explanation } from './translation/explain.js';
import { recognise } from './translation/recognise.js';
import type { Reply } from './translation/reply.js';
import { translate, type Reader } from './translation/translate.js';

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
   */
  readonly translate: (error: unknown, reader?: Reader) => Reply | undefined;
  /**
   * Tells why `translate` gives the reply that it gives: which evidence, kind, rule, override, audience and language.
   * Pure and synchronous. For operators: it tells what replies keep to themselves.
   *
   * @returns `undefined` if the error is not LakiConnect's.
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

/**
 * The library without a framework, to call LakiConnect with and to write an adapter upon.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected.
 */
export function createLakiConnect<Req = unknown>(options: Options<Req> = {}): LakiConnect<Req> {
  const settings = settle(options);
  const listeners = new Set(settings.onEvent === undefined ? [] : [settings.onEvent]);
  const tell = teller(listeners, settings.redact);
  const running = createRunning();

  const sharing =
    settings.store === undefined ? undefined : createSharing(settings.store, settings, tell, running);

  // What a failure teaches: to wait, and whom not to believe.
  const cooldown = createCooldown(settings, tell, sharing?.cool);
  const note: Note = (error) => {
    tellUnmapped(error, settings, tell);
    cooldown.heed(error);
  };
  const lookups = apiLookups({ settings, cooldown, note });
  const lookAlone = createLookup({ ...lookups, ...settings.lookups }, settings);
  const look = sharing?.over(lookAlone) ?? lookAlone;
  const facts = createFacts<Admitted>(
    settings,
    (id, requirement) => running.add(look(id, requirement)),
    tell,
    sharing?.isHearing,
  );
  const forgetEverywhere = createInvalidation(facts, sharing, tell);
  const invalidate: Invalidate = (id, occasion) => running.add(forgetEverywhere(id, occasion));
  const contradict = createContradiction(facts, invalidate, tell);
  const noteOfPayment: Note = (error) => {
    note(error);
    contradict(error, error.merchantId);
  };
  sharing?.listen({ forget: facts.forget, forgetAll: facts.forgetAll, cool: cooldown.join });

  const admit = createAdmission(settings);
  const hold = createHold(settings, tell);
  const { gate, passed } = createGate(facts, hold);
  const locals = createLocals();
  const keys = sharing?.keys ?? createKeys(settings.now);
  const client = createClient({ settings, cooldown, tell, note: noteOfPayment, running });
  const receiverParts = {
    settings,
    running,
    tell,
    invalidate: (id: string) => invalidate(id, { cause: 'webhook' }),
  };

  return {
    translate(thrown, reader = {}) {
      const error = recognise(thrown, { within: false }, settings);
      return error === undefined ? undefined : translate(error, reader, settings).reply;
    },
    explain: (thrown, reader = {}) => explain(thrown, reader, settings),
    async check(merchantId, requirements, checked = {}) {
      const { whenUndetermined = 'deny' } = judged(checkOptions, checked);
      const manner = { whenUndetermined, mode: 'enforce' } as const;
      return (await gate(merchantId, admit(requirements), manner)) as Merchant;
    },
    receiveWebhook: async (rawBody, signature, webhook) =>
      createReceiver(webhook, receiverParts)(rawBody, signature),
    call: (send, context = {}) => running.add(call(send, context, settings, noteOfPayment)),
    client,
    invalidate: (merchantId) => invalidate(merchantId, { cause: 'call' }),
    subscribe(listener) {
      const own: Listener = (event) => listener(event); // twice is twice
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    counts: () => ({ passed: passed(), merchants: facts.size() }),
    async close() {
      await running.close();
      await sharing?.close();
    },
    handler: (handlerOptions = {}) =>
      createHandler(handlerOptions, { settings, locals, tell, note, contradict }),
    guard: (requirements, guardOptions = {}) =>
      createGuard(admit(requirements), guardOptions, { gate, locals, settings, tell }),
    idempotencyGuard: (idempotencyOptions = {}) =>
      createIdempotencyGuard(idempotencyOptions, { keys, hold, locals, settings, tell }),
    describe: (requirements) => describe(settings, requirements === undefined ? [] : admit(requirements)),
    idempotencyKeyIn: (state) => locals.of(state).idempotencyKey,
    learnt: (state) => locals.of(state).merchant,
    receiver: (webhook) => createRequestReceiver(webhook, receiverParts),
  };
}
