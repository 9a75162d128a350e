import type { LakiConnect } from './core.js';
import { describe } from './describe.js';
import { teller, type Listener } from './events.js';
import { createAdmission } from './guards/admission.js';
import { createContradiction } from './guards/contradiction.js';
import { createFacts } from './guards/facts.js';
import { createGate } from './guards/gate.js';
import { createGuard } from './guards/guard.js';
import { createHold } from './guards/hold.js';
import { createInvalidation, type Invalidate } from './guards/invalidation.js';
import { createLocals } from './guards/locals.js';
import { createLookup, type Admitted } from './guards/lookup.js';
import type { Merchant } from './guards/merchant.js';
import { throttleInvalidation } from './guards/throttled-invalidation.js';
import { createHandler } from './handler.js';
import { createIdempotencyGuard } from './idempotency/guard.js';
import { createOnHandlerEnd } from './idempotency/handler-end.js';
import { createKeys, exclusively } from './idempotency/keys.js';
import { judged, wrong } from './judge.js';
import { tellMisconfigured, telling } from './misconfigured.js';
import { unwrapping } from './option-functions.js';
import type { Options } from './options.js';
import { call } from './provider/call.js';
import { createClients } from './provider/client.js';
import { createCooldown } from './provider/cooldown.js';
import type { Note } from './provider/failure.js';
import { apiLookups } from './provider/lookups.js';
import { createRunning } from './provider/running.js';
import { tellUnmapped } from './provider/unmapped.js';
import { createReceiver } from './provider/webhook.js';
import { createRequestReceiver } from './provider/webhook-request.js';
import { callContext } from './schemas/call.js';
import { checkOptions } from './schemas/guards.js';
import { isUsualReader, reader as readerOptions } from './schemas/reader.js';
import { settle } from './settle.js';
import { createSharing } from './sharing/sharing.js';
import type { LakiConnectError } from './translation/error.js';
import { explain } from './translation/explain.js';
import { recognise } from './translation/recognise.js';
import { translate } from './translation/translate.js';

/**
 * The library without a framework, to call LakiConnect with and to write an adapter upon.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected.
 */
export function createLakiConnect<Req = unknown>(options: Options<Req> = {}): LakiConnect<Req> {
  const quiet = settle(options);
  const listeners = new Set(quiet.onEvent === undefined ? [] : [quiet.onEvent]);
  const tell = teller(listeners, quiet.redact);
  const settings = telling(quiet, tell);
  tellMisconfigured(settings, tell);
  const running = createRunning();

  const sharing =
    settings.store === undefined ? undefined : createSharing(settings.store, settings, tell, running);

  // What a failure teaches: to wait, and whom not to believe.
  const cooldown = createCooldown(settings, tell, sharing?.cool);
  const noted = new WeakSet<LakiConnectError>();
  const note: Note = (error) => {
    if (noted.has(error)) return;
    noted.add(error);
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
  const keys = exclusively(sharing?.keys ?? createKeys(options.now));
  const onHandlerEnd = createOnHandlerEnd(running.closing);
  const { client, clientFor } = createClients({ settings, cooldown, tell, note: noteOfPayment, running });
  const receiverParts = {
    settings,
    running,
    tell,
    invalidate: throttleInvalidation((id) => invalidate(id, { cause: 'webhook' }), settings, running.closing),
  };

  return {
    translate(thrown, reader = {}) {
      if (!isUsualReader(reader)) judged(readerOptions, reader);
      return unwrapping(() => {
        const error = recognise(thrown, { within: false }, quiet);
        return error === undefined ? undefined : translate(error, reader, quiet).reply;
      });
    },
    explain: (thrown, reader = {}) => unwrapping(() => explain(thrown, judged(readerOptions, reader), quiet)),
    async check(merchantId, requirements, checked = {}) {
      const { whenUndetermined = 'deny' } = judged(checkOptions, checked);
      const manner = { whenUndetermined, mode: 'enforce' } as const;
      return (await gate(merchantId, admit(requirements), manner)) as Merchant;
    },
    receiveWebhook: async (rawBody, signature, webhook) =>
      createReceiver(webhook, receiverParts)(rawBody, signature),
    async call(send, context = {}) {
      const { attempt = 1, ...named } = judged(callContext, context);
      return running.add(call(send, { ...named, isFollowUp: attempt > 1 }, settings, noteOfPayment));
    },
    client,
    invalidate: (merchantId) => invalidate(merchantId, { cause: 'call' }),
    subscribe(listener) {
      if (typeof listener !== 'function') wrong('listener', listener, 'a function (event) => void');
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
    idempotencyGuard(idempotencyOptions = {}) {
      const parts = { keys, onHandlerEnd, hold, locals, settings, tell };
      const keyGuard = createIdempotencyGuard(idempotencyOptions, parts);
      sharing?.warnOfEviction();
      return keyGuard;
    },
    describe: (requirements) => describe(settings, requirements === undefined ? [] : admit(requirements)),
    clientIn: (state) => clientFor(locals.of(state)),
    idempotencyKeyIn: (state) => locals.of(state).idempotencyKey,
    learnt: (state) => locals.of(state).merchant,
    receiver: (webhook) => createRequestReceiver(webhook, receiverParts),
  };
}
