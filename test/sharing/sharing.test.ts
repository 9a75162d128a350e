import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  createLakiConnect,
  defineRequirement,
  feeConfigured,
  kycApproved,
  LakiConnectError,
  type LakiConnect,
  type LakiConnectEvent,
  type Options,
} from 'lakiconnect-middleware';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunning } from '../../src/provider/running.js';
import { settle } from '../../src/settle.js';
import { createSharing } from '../../src/sharing/sharing.js';
import { documented } from '../envelopes.js';
import { clockAt, deferred, idle, spoken, watchTimers } from '../guards/harness.js';
import { approved, SECRET, signatureOf } from '../webhooks.js';
import { createMemoryStore } from './memory-store.js';

const LOOKUP_MS = 400;

let clock: ReturnType<typeof clockAt>;
let memory: ReturnType<typeof createMemoryStore>;
/** What the provider says, when it does, and how often it was asked. */
let kyc: unknown;
let gate: Promise<unknown> | undefined;
let lookups: number;
let cores: LakiConnect[];

beforeEach(() => {
  clock = clockAt(1_000_000);
  memory = createMemoryStore({ now: clock.now });
  kyc = 'approved';
  gate = undefined;
  lookups = 0;
  cores = [];
});
afterEach(() => Promise.all(cores.map((core) => core.close())));

/** One of several processes. */
function process(options: Options = {}) {
  const events: LakiConnectEvent[] = [];
  const laki = createLakiConnect({
    apiKey: 'lk_pub_1:lk_sec_1',
    store: memory.store,
    now: clock.now,
    lookupTimeoutMs: LOOKUP_MS,
    onEvent: (event) => events.push(event),
    ...options,
    lookups: {
      async kycStatus() {
        lookups++;
        const said = kyc;
        await gate;
        if (said instanceof Error) throw said;
        return said as string;
      },
      feeConfig: () => ({ fee_model: 'FREE' }),
      ...options.lookups,
    },
  });
  cores.push(laki);
  const told = <T extends LakiConnectEvent['type']>(type: T) =>
    events.filter((event): event is Extract<LakiConnectEvent, { type: T }> => event.type === type);
  return { laki, events, told };
}

/** Two of them. */
const pair = (options?: Options) => [process(options), process(options)] as const;
const processes = (count: number, options?: Options) => Array.from({ length: count }, () => process(options));

function verdict(
  { laki }: { readonly laki: LakiConnect },
  id = 'm1',
  requirement = kycApproved,
): Promise<string> {
  return laki.check(id, [requirement]).then(
    () => 'met',
    (error: unknown) => (error instanceof LakiConnectError ? error.kind : String(error)),
  );
}

const verdicts = (all: readonly { readonly laki: LakiConnect }[]) =>
  Promise.all(all.map((one) => verdict(one)));

describe('A fact', () => {
  test('that one process looked up serves all, with what is known of the merchant', async () => {
    const [one, other] = pair();
    await one.laki.check('m1');
    const merchant = await other.laki.check('m1');
    expect(merchant).toEqual({
      id: 'm1',
      kycStatus: 'approved',
      feeConfig: { fee_model: 'FREE' },
      facts: { kycApproved: 'approved', feeConfigured: { fee_model: 'FREE' } },
    });
    expect(Object.isFrozen(merchant.feeConfig)).toBe(true);
    expect(lookups).toBe(1);
    expect(one.told('lookup').map(({ shared }) => shared)).toEqual([undefined, undefined]);
    expect(other.told('lookup').map(({ shared }) => shared)).toEqual([true, true]);
  });

  test('is looked up once where all ask at once', async () => {
    const all = processes(8);
    const { promise, resolve } = deferred();
    gate = promise;
    const asked = Promise.all(all.flatMap((one) => [verdict(one), verdict(one)]));
    await sleep(30);
    resolve(undefined);
    expect(new Set(await asked)).toEqual(new Set(['met']));
    expect(lookups).toBe(1);
  });

  test('of which the answer is "no" serves all, too, with its reason', async () => {
    const [one, other] = pair();
    kyc = 'suspended';
    expect(await verdicts([one, other])).toEqual(['KYC_NOT_APPROVED', 'KYC_NOT_APPROVED']);
    expect(lookups).toBe(1);
    expect(other.told('refused')).toMatchObject([{ reason: "its KYC status is 'suspended'" }]);
  });

  test.each([
    ['a "yes"', 'approved', 59_999, 'met', 60_000],
    ['a "no"', 'pending', 4999, 'KYC_NOT_APPROVED', 5000],
  ])(
    'that is %s is as old for all as for the process that looked',
    async (_, said, fresh, expected, life) => {
      const [one, other] = pair();
      kyc = said;
      await verdict(one);
      clock.pass(fresh);
      expect(await verdict(other)).toBe(expected);
      expect(lookups).toBe(1);
      clock.pass(life - fresh);
      expect(await verdicts([one, other])).toEqual([expected, expected]);
      expect(lookups).toBe(2);
    },
  );

  test.each<[string, Options['cache']]>([
    ['a "yes"', { metMs: 0 }],
    ['a "no"', { unmetMs: 0 }],
  ])('that does not live is told to all who waited for it, and to nobody else: %s', async (is, cache) => {
    memory = createMemoryStore();
    const all = processes(4, { cache, now: Date.now });
    kyc = is === 'a "yes"' ? 'approved' : 'pending';
    const { promise, resolve } = deferred();
    gate = promise;
    const asked = [verdict(all[0] as (typeof all)[0])];
    await sleep(50);
    asked.push(...all.slice(1).map((one) => verdict(one)));
    await sleep(20);
    resolve(undefined);
    await Promise.all(asked);
    expect(lookups).toBe(1);
    await sleep(10);
    await verdict(all[1] as (typeof all)[0]);
    expect(lookups).toBe(2);
  });

  test.each<[string, unknown]>([
    ['a Date', { since: new Date(0) }],
    ['more than 16 KiB', 'x'.repeat(16 * 1024)],
  ])('with %s is looked up by each process for itself, and operators are told why', async (_, facts) => {
    let looked = 0;
    const own = defineRequirement({
      name: 'payoutAccount',
      rule: { status: 409, code: 'NO_PAYOUT_ACCOUNT' },
      messages: spoken('NO_PAYOUT_ACCOUNT'),
      lookup: () => (looked++, { met: true, facts }),
    });
    const [one, other] = pair();
    expect((await one.laki.check('m1', [own])).facts['payoutAccount']).toBe(facts);
    expect((await other.laki.check('m1', [own])).facts['payoutAccount']).toBe(facts);
    expect(looked).toBe(2);
    expect(one.told('store-failed')).toMatchObject([
      { operation: 'write', reason: 'what payoutAccount knows is no JSON, or more than 16 KiB' },
    ]);
  });

  test.each<[string, string[], string[], number, string, number]>([
    ['stricter', ['approved', 'verified'], ['approved'], 0, 'KYC_NOT_APPROVED', 0],
    ['stricter, for as long as a "no"', ['approved', 'verified'], ['approved'], 4999, 'KYC_NOT_APPROVED', 0],
    ['stricter, and no longer', ['approved', 'verified'], ['approved'], 5000, 'KYC_NOT_APPROVED', 1],
    ['laxer', ['approved'], ['approved', 'verified'], 4999, 'met', 0],
    ['laxer, but kept only for as long as a "no"', ['approved'], ['approved', 'verified'], 5000, 'met', 1],
  ])('is judged by the options of the process that reads it, which is %s', async (...row) => {
    const [, written, read, age, expected, looks] = row;
    const [one, other] = [process({ approvedStatuses: written }), process({ approvedStatuses: read })];
    kyc = 'verified';
    await verdict(one);
    clock.pass(age);
    expect(await verdict(other)).toBe(expected);
    expect(lookups).toBe(1 + looks);
  });

  test('that is a "yes" to others alone is never a stale one here', async () => {
    const [lax, strict] = [process({ approvedStatuses: ['verified'] }), process()];
    kyc = 'verified';
    await verdict(lax);
    clock.pass(60_000);
    kyc = new Error('down');
    expect(await verdict(strict)).toBe('UNDETERMINED');
    expect(await verdict(lax)).toBe('met');
  });

  test("of the platform's own requirement is answered in its own row by all", async () => {
    const own = defineRequirement({
      name: 'payoutAccount',
      rule: { status: 409, code: 'NO_PAYOUT_ACCOUNT' },
      messages: spoken('NO_PAYOUT_ACCOUNT'),
      lookup: () => ({ met: false, reason: 'none yet' }),
    });
    const [one, other] = pair();
    await verdict(one, 'm1', own);
    const error = await other.laki.check('m1', [own]).catch((thrown: unknown) => thrown);
    expect(other.told('lookup')).toMatchObject([
      { shared: true, kind: 'NO_PAYOUT_ACCOUNT', reason: 'none yet' },
    ]);
    expect(other.laki.translate(error)).toMatchObject({
      status: 409,
      problem: { code: 'NO_PAYOUT_ACCOUNT', title: 'en title to the customer' },
    });
  });

  test('that was spoilt is looked up again and mended', async () => {
    const [one, other] = pair();
    await verdict(one);
    memory.spoil('m1', 'kycApproved', '{"v":2}');
    expect(await verdict(other)).toBe('met');
    expect(lookups).toBe(2);
    expect(other.told('store-failed')).toMatchObject([{ operation: 'read' }]);
    expect(memory.valueOf('m1', 'kycApproved')).toBe('{"v":1,"answer":"approved"}');
    expect(await verdict(process())).toBe('met');
    expect(lookups).toBe(2);
  });

  test('of a merchant that the store has dropped is believed here, and not taken for forgotten', async () => {
    const [one, other] = pair();
    const { promise, resolve } = deferred();
    gate = promise;
    const asked = verdict(one);
    await idle();
    memory.drop('m1');
    resolve(undefined);
    expect(await asked).toBe('met');
    expect(lookups).toBe(1);
    expect(await verdict(other)).toBe('met');
    expect(lookups).toBe(2);
  });
});

describe('A lookup', () => {
  test('that is never heard of again keeps the others waiting for half its deadline', async () => {
    memory = createMemoryStore();
    const [one, other] = pair({ now: Date.now });
    gate = new Promise(() => undefined);
    const lost = verdict(one);
    await sleep(10);
    gate = undefined;
    const began = performance.now();
    expect(await verdict(other)).toBe('met');
    expect(performance.now() - began).toBeGreaterThan(LOOKUP_MS / 2 - 50);
    expect(await lost).toBe('UNDETERMINED');
    expect(lookups).toBe(2);
  });

  test('of another process is waited for as long as one of its own', async () => {
    const [one, other] = pair();
    gate = new Promise(() => undefined);
    const asked = verdicts([one, other]); // the clock of the store stands still: the claim lasts
    expect(await asked).toEqual(['UNDETERMINED', 'UNDETERMINED']);
    expect(lookups).toBe(1);
    expect(other.told('lookup')).toMatchObject([
      {
        verdict: 'undetermined',
        level: 'warn',
        reason: 'another process looked, and did not find out in time',
      },
    ]);
  });

  test('that failed leaves the turn to the next, and no fact', async () => {
    const [one, other] = pair();
    kyc = new Error('down');
    expect(await verdict(one)).toBe('UNDETERMINED');
    expect(memory.writes).toEqual([{ merchantId: 'm1', requirement: 'kycApproved' }]);
    kyc = 'approved';
    expect(await verdict(other)).toBe('met');
    expect(lookups).toBe(2);
  });

  test.each<[string, string, number, string]>([
    ['an earlier "yes" as long as it may be stale', 'approved', 359_999, 'met'],
    ['an earlier "yes" no longer', 'approved', 360_000, 'UNDETERMINED'],
    ['an earlier "no" never', 'pending', 5000, 'UNDETERMINED'],
  ])('that fails believes %s, whoever found it', async (_, said, age, expected) => {
    const [one, other] = pair();
    kyc = said;
    await verdict(one);
    clock.pass(age);
    kyc = new Error('down');
    expect(await verdict(other)).toBe(expected);
    const isStale = expected === 'met' ? true : undefined;
    expect(other.told('lookup').map(({ verdict: is, stale }) => [is, stale])).toEqual([
      ['undetermined', isStale],
    ]);
  });

  test('that fails never believes an older "yes" of others over a newer "no" of its own', async () => {
    const [one, other] = pair();
    await verdict(one);
    clock.pass(1000);
    kyc = 'suspended';
    memory.hurt(() => Promise.reject(new Error('cut')));
    expect(await verdict(other)).toBe('KYC_NOT_APPROVED');
    memory.hurt(undefined);
    clock.pass(60_000);
    kyc = new Error('down');
    expect(await verdict(other)).toBe('UNDETERMINED');
  });
});

describe('A merchant that is forgotten', () => {
  test('is looked at again by all', async () => {
    const all = processes(3);
    await verdicts(all);
    kyc = 'suspended';
    expect(await (all[0] as (typeof all)[0]).laki.invalidate('m1')).toBe(true);
    expect(new Set(await verdicts(all))).toEqual(new Set(['KYC_NOT_APPROVED']));
    expect(lookups).toBe(2);
    expect((all[0] as (typeof all)[0]).told('invalidated')).toEqual([
      { type: 'invalidated', level: 'info', merchantId: 'm1', cause: 'call', shared: true },
    ]);
  });

  test('while it is looked at is looked at again before anybody hears of it', async () => {
    const [one, other] = pair();
    const { promise, resolve } = deferred();
    gate = promise;
    const asked = verdict(one);
    await idle();
    kyc = 'suspended';
    expect(await other.laki.invalidate('m1')).toBe(true);
    gate = undefined;
    resolve(undefined);
    expect(await asked).toBe('KYC_NOT_APPROVED');
    expect(await verdict(other)).toBe('KYC_NOT_APPROVED');
    expect(lookups).toBe(2);
  });

  test('is not believed by a process that was told too late: what it writes is refused', async () => {
    const one = process();
    const { promise, resolve } = deferred();
    gate = promise;
    const asked = verdict(one);
    await idle();
    kyc = 'suspended';
    gate = undefined;
    memory.listeners.clear(); // the message is lost
    await memory.store.forget('m1');
    resolve(undefined);
    expect(await asked).toBe('KYC_NOT_APPROVED');
    expect(lookups).toBe(2);
  });

  test.each<[string, () => unknown]>([
    ['rejects', () => Promise.reject(new Error('cut'))],
    ['never ends', () => new Promise(() => undefined)],
  ])('where the store %s is forgotten here, and known not to be elsewhere', async (_, how) => {
    const [one, other] = pair();
    await verdicts([one, other]);
    memory.hurt(how);
    kyc = 'suspended';
    expect(await one.laki.invalidate('m1')).toBe(false);
    expect(one.told('invalidated')).toEqual([
      { type: 'invalidated', level: 'error', merchantId: 'm1', cause: 'call', shared: false },
    ]);
    expect(await verdict(one)).toBe('KYC_NOT_APPROVED');
    expect(await verdict(other)).toBe('met'); // until its life ends
  });

  test('where the store failed for that moment alone is not believed here, though the store still does', async () => {
    const one = process();
    await verdict(one);
    memory.hurt(() => Promise.reject(new Error('cut')));
    kyc = 'suspended';
    expect(await one.laki.invalidate('m1')).toBe(false);
    memory.hurt(undefined);
    expect(await verdict(one)).toBe('KYC_NOT_APPROVED');
  });

  test('is not told to all if this process, which listens, does not hear it itself', async () => {
    const { laki } = process();
    memory.listeners.clear();
    expect(await laki.invalidate('m1')).toBe(false);
  });

  test('is told to all when this process hears of it, not of another merchant or before', async () => {
    const one = process();
    const [listener] = memory.listeners;
    memory.listeners.clear();
    let isTold: boolean | undefined;
    const told = one.laki.invalidate('m1').then((shared) => (isTold = shared));
    for (const id of ['m2', '', 'm11']) listener?.forgotten(id);
    for (let turns = 0; turns < 3; turns++) await idle();
    expect(isTold).toBeUndefined();
    listener?.forgotten('m1');
    expect(await told).toBe(true);
  });

  test('is told to all no sooner than others in this process have heard what came with it', async () => {
    const { laki } = process();
    const [listener] = memory.listeners;
    memory.listeners.clear();
    const told = laki.invalidate('m1');
    await idle();
    let hasOtherHeard = false;
    void idle().then(() => (hasOtherHeard = true));
    listener?.forgotten('m1');
    expect(await told).toBe(true);
    expect(hasOtherHeard).toBe(true);
  });

  test('is told to all if this process has stopped listening for want of a connection', async () => {
    const one = process();
    const [listener] = memory.listeners;
    listener?.down('cut');
    expect(await one.laki.invalidate('m1')).toBe(true);
    expect(one.told('store-failed')).toMatchObject([{ operation: 'listen', reason: 'cut' }]);
  });

  test('while the connection that listens is lost is told to all without waiting for an echo', async () => {
    const { laki } = process();
    const [listener] = memory.listeners;
    memory.listeners.clear();
    const told = laki.invalidate('m1');
    await Promise.resolve();
    listener?.down('cut');
    expect(await told).toBe(true);
  });

  test('by a webhook that could not be shared is sent again', async () => {
    const { laki } = process();
    const body = approved('cm_1');
    const options = { secret: SECRET };
    memory.hurt(() => Promise.reject(new Error('cut')));
    expect((await laki.receiveWebhook(body, signatureOf(body), options)).status).toBe(503);
    memory.hurt(undefined);
    clock.pass(5000); // `unmetMs`
    expect((await laki.receiveWebhook(body, signatureOf(body), options)).status).toBe(200);
  });

  test('because LakiConnect spoke against it is forgotten by all, once per `unmetMs`', async () => {
    const answer = async () => new Response(JSON.stringify(documented('KYC_NOT_APPROVED')), { status: 403 });
    const [one, other] = pair({ fetch: answer });
    const pay = () => one.laki.client.post('/payment/direct', { merchantId: 'm1' }).catch(() => undefined);
    await verdicts([one, other]);
    kyc = 'suspended';
    await pay();
    await idle();
    expect(await verdicts([one, other])).toEqual(['KYC_NOT_APPROVED', 'KYC_NOT_APPROVED']);
    expect(lookups).toBe(2);
    for (let times = 0; times < 10; times++) await pay();
    await idle();
    await verdicts([one, other]);
    expect(lookups).toBe(2);
    expect(one.told('invalidated')).toMatchObject([
      { cause: 'error', kind: 'KYC_NOT_APPROVED', shared: true },
    ]);
  });

  test('with an id that is none is nobody', () => {
    const running = createRunning();
    const sharing = createSharing(memory.store, settle({}), () => undefined, running);
    const forget = jest.fn();
    sharing.listen({ forget, forgetAll: () => undefined, cool: () => undefined });
    const [listener] = memory.listeners;
    for (const id of ['', '..', 'fee-config', 'a\nb', 'x'.repeat(257), 'm1']) listener?.forgotten(id);
    expect(forget.mock.calls).toEqual([['m1']]);
  });
});

describe('Merchants of whom the others could not be told', () => {
  const cut = () => Promise.reject(new Error('cut'));

  async function untold(ids: readonly string[], options?: Options) {
    const [one, other] = pair(options);
    const [listener] = memory.listeners;
    for (const id of ids) await verdict(other, id);
    memory.hurt(cut);
    kyc = 'suspended';
    for (const id of ids) expect(await one.laki.invalidate(id)).toBe(false);
    return { one, other, listener };
  }

  test('are told of when this process hears again', async () => {
    const { other, listener } = await untold(['m1', 'm2']);
    memory.hurt(undefined);
    clock.pass(1000);
    listener?.up();
    await sleep(5);
    expect(await verdict(other, 'm1')).toBe('KYC_NOT_APPROVED');
    expect(await verdict(other, 'm2')).toBe('KYC_NOT_APPROVED');
  });

  test('are told of before they are read again', async () => {
    const { one, other } = await untold(['m1']);
    memory.hurt(undefined);
    expect(await verdict(one, 'm1')).toBe('KYC_NOT_APPROVED');
    expect(await verdict(other, 'm1')).toBe('KYC_NOT_APPROVED');
  });

  test('are not read from a store that still cannot be told', async () => {
    const { one } = await untold(['m1']);
    expect(await verdict(one, 'm1')).toBe('KYC_NOT_APPROVED');
    expect(memory.valueOf('m1', 'kycApproved')).toContain('approved');
  });

  test('are remembered up to `maxMerchants`, and tried no further once it fails again', async () => {
    const { listener } = await untold(['m1', 'm2', 'm3'], { cache: { maxMerchants: 2 } });
    const forgotten: string[] = [];
    memory.store.listen({
      up: () => undefined,
      down: () => undefined,
      forgotten: (id) => forgotten.push(id),
      cooldown: () => undefined,
    });
    const tries = jest.fn(cut);
    memory.hurt(tries);
    clock.pass(1000);
    listener?.up();
    await sleep(5);
    expect(forgotten).toEqual([]);
    expect(tries).toHaveBeenCalledTimes(2); // one merchant, and the cooldown
    memory.hurt(undefined);
    clock.pass(1000);
    listener?.up();
    await sleep(10);
    expect(forgotten.sort()).toEqual(['m2', 'm3']);
  });
});

describe('While the others are not heard', () => {
  test('a fact is fresh for two seconds, and then shared once more', async () => {
    const one = process();
    await verdict(one);
    clock.pass(30_000);
    expect(await verdict(one)).toBe('met');
    const [listener] = memory.listeners;
    listener?.down('cut');
    expect(one.told('lookup')).toHaveLength(1);
    expect(await verdict(one)).toBe('met'); // from the store, where it would be gone had it been forgotten
    expect(one.told('lookup')).toHaveLength(2);
    clock.pass(1999);
    await verdict(one);
    expect(one.told('lookup')).toHaveLength(2);
    clock.pass(1);
    await verdict(one);
    expect(one.told('lookup')).toMatchObject([{}, { shared: true }, { shared: true }]);
    expect(lookups).toBe(1);
  });

  test('because nobody could listen yet a fact is fresh for two seconds, and no echo is waited for', async () => {
    const one = process({ store: { ...memory.store, listen: () => async () => undefined } });
    await verdict(one);
    clock.pass(1999);
    await verdict(one);
    expect(one.told('lookup')).toHaveLength(1);
    clock.pass(1);
    await verdict(one);
    expect(one.told('lookup')).toHaveLength(2);
    expect(await one.laki.invalidate('m1')).toBe(true);
  });

  test('what is known is forgotten when they are heard again, and what is looked up, too', async () => {
    const one = process();
    const [listener] = memory.listeners;
    await verdict(one, 'm2');
    listener?.down('cut');
    memory.hurt(() => Promise.reject(new Error('cut')));
    const { promise, resolve } = deferred();
    gate = promise;
    const asked = verdict(one);
    await idle();
    kyc = 'suspended';
    gate = undefined;
    listener?.up();
    resolve(undefined);
    expect(await asked).toBe('KYC_NOT_APPROVED');
    expect(await verdict(one, 'm2')).toBe('KYC_NOT_APPROVED');
  });
});

describe('A store that fails', () => {
  test.each<[string, () => unknown]>([
    ['rejects', () => Promise.reject(new Error('cut'))],
    [
      'throws',
      () => {
        throw new Error('at once');
      },
    ],
    ['never ends', () => new Promise(() => undefined)],
    ['gives nothing', () => undefined],
  ])('because it %s is as if there were none', async (_, how) => {
    memory.hurt(how);
    const [one, other] = pair();
    expect(await verdicts([one, other])).toEqual(['met', 'met']);
    expect(lookups).toBe(2);
    expect(await verdicts([one, other])).toEqual(['met', 'met']);
    expect(lookups).toBe(2);
  });

  test.each([
    ['read', 'read'],
    ['write', 'write'],
    ['forget', 'forget'],
    ['coolFor', 'cool'],
  ])('in %s alone is told of as %s', async (method, operation) => {
    const failing = { [method]: () => Promise.reject(new Error('down')) };
    const one = process({ store: { ...memory.store, ...failing } });
    await verdict(one);
    await one.laki.invalidate('m1');
    expect(one.told('store-failed')).toMatchObject([{ operation, reason: 'Error: down' }]);
  });

  test('when a fact is written costs nobody an answer', async () => {
    const { promise, resolve } = deferred();
    gate = promise;
    const one = process();
    const asked = verdict(one);
    await idle();
    memory.hurt(() => Promise.reject(new Error('OOM')));
    resolve(undefined);
    expect(await asked).toBe('met');
    expect(one.told('store-failed')).toMatchObject([
      { operation: 'write', reason: 'Error: OOM', failures: 1 },
    ]);
  });
});

describe('A cooldown', () => {
  const limited = async () =>
    new Response(JSON.stringify(documented('RATE_LIMITED')), {
      status: 429,
      headers: { 'retry-after': '60' },
    });

  function paying(): ReturnType<typeof process> & {
    readonly pay: () => Promise<unknown>;
    readonly sent: () => number;
  } {
    let count = 0;
    const fetch = () => (count++, limited());
    const one = process({ fetch });
    const pay = () =>
      one.laki.client
        .post('/payment/direct')
        .catch((error: LakiConnectError) => [error.kind, error.retryAfterMs]);
    return { ...one, pay, sent: () => count };
  }

  test('keeps all away, for what is left of it', async () => {
    const [one, other] = [paying(), paying()];
    await one.pay();
    await idle();
    clock.pass(10_000);
    expect(await other.pay()).toEqual(['RATE_LIMITED', 50_000]);
    expect(other.sent()).toBe(0);
    clock.pass(50_000);
    await other.pay();
    expect(other.sent()).toBe(1);
  });

  test('is told once by each, and by who has heard of it as shared', async () => {
    const [one, other] = [paying(), paying()];
    await one.pay();
    await idle();
    const about = { type: 'cooldown', level: 'warn', kind: 'RATE_LIMITED', retryAfterMs: 60_000 };
    expect(one.told('cooldown')).toEqual([{ ...about, requestId: expect.any(String) }]);
    expect(other.told('cooldown')).toEqual([{ ...about, shared: true }]);
  });

  test('is known to a process that begins while it lasts', async () => {
    await paying().pay();
    await idle();
    clock.pass(20_000);
    const late = paying();
    await idle();
    expect(await late.pay()).toEqual(['RATE_LIMITED', 40_000]);
    expect(late.sent()).toBe(0);
  });

  test.each([
    [-1, undefined],
    [0, undefined],
    [1, 1],
    [500, 500],
    [86_400_001, 86_400_000],
    [NaN, undefined],
    [Infinity, 86_400_000],
  ])('of %i ms that another tells of lasts %s', async (ms, lasts) => {
    const one = paying();
    await idle();
    const [listener] = memory.listeners;
    listener?.cooldown(ms);
    expect(one.told('cooldown').map(({ retryAfterMs }) => retryAfterMs)).toEqual(
      lasts === undefined ? [] : [lasts],
    );
  });

  test.each([
    [60_000, 1],
    [61_000, 1],
    [61_001, 2],
    [30_000, 1],
  ])('is not begun anew by an echo of it: %i ms', async (ms, times) => {
    const one = paying();
    await one.pay();
    await idle();
    const [listener] = memory.listeners;
    listener?.cooldown(ms);
    expect(one.told('cooldown')).toHaveLength(times);
  });
});

test('Where the others cannot be told of a cooldown, operators are', async () => {
  const store = { ...memory.store, cool: () => Promise.reject(new Error('down')) };
  const one = process({
    store,
    fetch: async () => Response.json(documented('RATE_LIMITED'), { status: 429 }),
  });
  await one.laki.client.get('/merchants').catch(() => undefined);
  await idle();
  expect(one.told('store-failed')).toMatchObject([{ operation: 'cool', reason: 'Error: down' }]);
});

describe('Idempotency keys', () => {
  test('that a store may drop are told of once, when it can be asked and there is a guard for them', async () => {
    const evicting = createMemoryStore({ evictionPolicy: 'allkeys-lru' });
    const one = process({ store: evicting.store });
    await idle();
    expect(one.told('misconfigured')).toEqual([]);
    const guard = (): unknown => one.laki.idempotencyGuard({ merchantId: () => 'cm_1' });
    guard();
    guard();
    await idle();
    expect(one.told('misconfigured')).toEqual([
      {
        type: 'misconfigured',
        level: 'warn',
        option: 'store',
        reason:
          "its maxmemory-policy is 'allkeys-lru', which may drop an idempotency key while its payment is under way; set 'noeviction'",
      },
    ]);
  });
});

describe('Closing', () => {
  test('what never listened ends nothing', async () => {
    const sharing = createSharing(memory.store, settle({}), () => undefined, createRunning());
    await expect(sharing.close()).resolves.toBeUndefined();
  });

  test('ends what listens, leaves no timer, and waits for what is under way', async () => {
    const timers = watchTimers();
    const { promise, resolve } = deferred();
    gate = promise;
    const one = process();
    const asked = verdict(one);
    const closed = one.laki.close();
    await idle();
    expect(memory.listeners.size).toBe(1);
    resolve(undefined);
    await closed;
    expect(await asked).toBe('met');
    expect(memory.listeners.size).toBe(0);
    expect(timers.running.size).toBe(0);
    timers.restore();
  });

  test('leaves facts of two seconds: what others say is not heard any more', async () => {
    const one = process();
    await verdict(one);
    await one.laki.close();
    clock.pass(2000);
    await verdict(one);
    expect(one.told('lookup')).toHaveLength(2);
  });
});

test('feeConfigured is shared as kycApproved is', async () => {
  let looked = 0;
  const feeConfig = () => (looked++, null);
  const all = processes(3, { lookups: { kycStatus: () => 'approved', feeConfig } });
  const answers = await Promise.all(all.map((one) => verdict(one, 'm1', feeConfigured)));
  expect(answers).toEqual(Array(3).fill('FEE_CONFIG_NOT_SET'));
  expect(looked).toBe(1);
});
