import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { kycApproved, type Options, type Store } from 'lakiconnect-middleware';
import { createAdmission } from '../../src/guards/admission.js';
import type { Admitted, Found, Known } from '../../src/guards/lookup.js';
import { settle } from '../../src/settle.js';
import { createBreaker } from '../../src/sharing/breaker.js';
import { shareLook } from '../../src/sharing/shared-look.js';
import type { Reading, StoredFact } from '../../src/sharing/store.js';
import { APPROVED, clockAt, met, undetermined, unmet } from '../guards/harness.js';

const AT = 1_000_000;
const NAME = { merchantId: 'm1', requirement: 'kycApproved' };
const LIVES = { metMs: 60_000, unmetMs: 5000, waitedMs: 0, claimMs: 20 };

const YES: StoredFact = { isMet: true, value: '{"v":1,"answer":"approved"}', ageMs: 0 };
const NO: StoredFact = {
  isMet: false,
  value: '{"v":1,"answer":"pending"}',
  ageMs: 0,
};
const PENDING = unmet("its KYC status is 'pending'");
const SPOILT: StoredFact = { isMet: true, value: '{"v":2}', ageMs: 0 };
const aged = (fact: StoredFact, ageMs: number) => ({ ...fact, ageMs });
const claimed = (fact?: StoredFact): Reading => ({ is: 'claimed', ticket: 'g1', fact });
const awaited = (fact?: StoredFact): Reading => ({ is: 'awaited', fact });
const fresh = (fact: StoredFact): Reading => ({ is: 'fresh', fact });

let clock: ReturnType<typeof clockAt>;
beforeEach(() => {
  clock = clockAt(AT);
});

/** `readings` are what the store says, in turn, and the last one again and again. */
function looking(readings: readonly unknown[], found: Partial<Found> = {}, options: Options = {}) {
  const settings = settle({ apiKey: 'lk_pub_1:lk_sec_1', now: clock.now, lookupTimeoutMs: 40, ...options });
  const told: Record<string, unknown>[] = [];
  const breaker = createBreaker({ deadlineMs: 1000 }, settings, (event) => void told.push(event));
  let asked = 0;
  const read = jest.fn<Store['read']>(async () => {
    const reading = readings[Math.min(asked++, readings.length - 1)];
    if (reading instanceof Error) throw reading;
    return reading as Reading;
  });
  const write = jest.fn<Store['write']>(async () => true);
  const { verdict = met() } = found;
  const answers = { met: APPROVED, unmet: 'pending', undetermined: undefined };
  const look = jest.fn(async (): Promise<Found> => ({
    verdict,
    answer: answers[verdict.is],
    since: clock.now(),
    ...found,
  }));
  const store = { read, write } as Partial<Store> as Store;
  const [admitted] = createAdmission(settings)([kycApproved]) as [Admitted];
  const shared = shareLook(look, store, breaker, settings);
  return { learn: () => shared('m1', admitted), read, write, look, told };
}

const since = (known: Known | undefined): number => known?.since ?? NaN;

describe('A fresh fact', () => {
  test.each([
    ['a "yes"', YES, met('approved')],
    ['a "no"', NO, PENDING],
  ])('that is %s is taken from the store, as old as it is there', async (_is, fact, verdict) => {
    const { learn, read, write, look, told } = looking([fresh(aged(fact, 700))]);
    expect(await learn()).toEqual({ verdict, since: AT - 700, isShared: true });
    expect(read.mock.calls).toEqual([[NAME, LIVES]]);
    expect(look).not.toHaveBeenCalled();
    expect(write).not.toHaveBeenCalled();
    expect(told).toEqual([]);
  });

  test.each([
    [1, 1],
    [40, 20],
    [41, 21],
  ])('is asked for with a turn of half the deadline: %i ms, %i ms', async (lookupTimeoutMs, claimMs) => {
    const { learn, read } = looking([fresh(YES)], {}, { lookupTimeoutMs, cache: { metMs: 0, unmetMs: 7 } });
    await learn();
    expect(read.mock.calls).toEqual([[NAME, { metMs: 0, unmetMs: 7, waitedMs: 0, claimMs }]]);
  });
});

describe('Whose turn it is', () => {
  test.each<[string, Partial<Found>, Options['cache'], object]>([
    ['a "yes"', { verdict: met() }, {}, { ...YES, keepMs: 360_000 }],
    ['a "yes", 400 ms old', { verdict: met(), since: AT - 400 }, {}, { ...YES, ageMs: 400, keepMs: 359_600 }],
    ['a "yes" that is never stale', { verdict: met() }, { staleIfErrorMs: 0 }, { ...YES, keepMs: 60_000 }],
    ['a "no"', { verdict: PENDING }, {}, { ...NO, keepMs: 5000 }],
    ['a "no" that does not live', { verdict: PENDING }, { unmetMs: 0 }, { ...NO, keepMs: 20 }],
    [
      'a "yes" that does not live',
      { verdict: met() },
      { metMs: 0, staleIfErrorMs: 0 },
      { ...YES, keepMs: 20 },
    ],
  ])('looks, and writes %s', async (_is, found, cache, written) => {
    const { learn, look, read, write, told } = looking([claimed()], found, { cache });
    expect(await learn()).toMatchObject({ since: AT, ...found, before: undefined, isOutdated: false });
    expect(look.mock.calls).toEqual([['m1', expect.objectContaining({ name: 'kycApproved' })]]);
    expect(read).toHaveBeenCalledTimes(1);
    expect(write.mock.calls).toEqual([[NAME, 'g1', written]]);
    expect(told).toEqual([]);
  });

  test.each<[string, StoredFact | undefined, Partial<Found>['before']]>([
    ['a "yes" from before', aged(YES, 90_000), { verdict: met('approved'), since: AT - 90_000 }],
    ['a "no" from before', aged(NO, 5000), { verdict: PENDING, since: AT - 5000 }],
    ['nothing from before', undefined, undefined],
    ['nothing from before that can be read', SPOILT, undefined],
  ])('and does not find out ends the turn without a fact, and has %s', async (_what, fact, before) => {
    const { learn, write, told } = looking([claimed(fact)], { verdict: undetermined });
    expect(await learn()).toMatchObject({ verdict: undetermined, since: AT, before, isOutdated: false });
    expect(write.mock.calls).toEqual([[NAME, 'g1', undefined]]);
    expect(told.map(({ operation }) => operation)).toEqual(fact === SPOILT ? ['read'] : []);
  });

  test.each<[string, Store['write'], boolean, number]>([
    ['refused because the merchant was forgotten', async () => false, true, 0],
    ['kept', async () => true, false, 0],
    ['lost', () => Promise.reject(new Error('cut')), false, 1],
    ['answered with nonsense', async () => null as never, false, 0],
  ])('learns whether what was written is outdated: %s', async (_how, write, isOutdated, failures) => {
    const shared = looking([claimed()]);
    shared.write.mockImplementation(write);
    expect(await shared.learn()).toMatchObject({ verdict: met(), isOutdated });
    expect(shared.told).toHaveLength(failures);
  });

  test('keeps to itself what is no JSON, and operators are told', async () => {
    const { learn, write, told } = looking([claimed()], {
      verdict: met({ until: new Date(0) }),
      answer: new Date(0),
    });
    expect(await learn()).toMatchObject({ verdict: met({ until: new Date(0) }), isOutdated: false });
    expect(write.mock.calls).toEqual([[NAME, 'g1', undefined]]);
    expect(told).toEqual([
      {
        type: 'store-failed',
        level: 'warn',
        operation: 'write',
        reason: 'what kycApproved knows is no JSON, or more than 16 KiB',
        failures: 1,
      },
    ]);
  });
});

describe('While another looks', () => {
  test('what it finds is waited for, and is fresh however short its life', async () => {
    const { learn, read, look, write } = looking([awaited(), awaited(), fresh(aged(NO, 30))]);
    const found = learn();
    clock.pass(11);
    expect(await found).toMatchObject({ verdict: PENDING, since: AT - 19, isShared: true });
    expect(read.mock.calls).toEqual([
      [NAME, LIVES],
      [NAME, { ...LIVES, waitedMs: 11 }],
      [NAME, { ...LIVES, waitedMs: 11 }],
    ]);
    expect(look).not.toHaveBeenCalled();
    expect(write).not.toHaveBeenCalled();
  });

  test('it is asked for again and again, ever more slowly, until the deadline of a lookup', async () => {
    const { learn, read, look, write, told } = looking([awaited()], {}, { lookupTimeoutMs: 120 });
    const began = performance.now();
    expect(await learn()).toEqual({
      verdict: {
        is: 'undetermined',
        level: 'warn',
        reason: 'another process looked, and did not find out in time',
      },
      since: AT,
      before: undefined,
    });
    expect(performance.now() - began).toBeGreaterThan(115);
    expect(read).toHaveBeenCalledTimes(5); // after 5, 10, 20, 40 and 50 ms
    expect(look).not.toHaveBeenCalled();
    expect(write).not.toHaveBeenCalled();
    expect(told).toEqual([]);
  });

  test('and does not find out in time there is still what was known before', async () => {
    const { learn } = looking([awaited(aged(YES, 90_000))]);
    const { before } = await learn();
    expect(before?.verdict).toEqual(met('approved'));
    expect(since(before)).toBe(AT - 90_000);
  });

  test('and gives up, it is the turn of one who waits', async () => {
    const { learn, look, write } = looking([awaited(), claimed()]);
    expect(await learn()).toMatchObject({ verdict: met() });
    expect(look).toHaveBeenCalledTimes(1);
    expect(write).toHaveBeenCalledTimes(1);
  });

  test('and the store fails, each looks for itself, and writes nothing', async () => {
    const { learn, look, write, told } = looking([awaited(), new Error('cut')]);
    expect(await learn()).toMatchObject({ verdict: met(), since: AT });
    expect(look).toHaveBeenCalledTimes(1);
    expect(write).not.toHaveBeenCalled();
    expect(told).toMatchObject([{ operation: 'read', reason: 'Error: cut' }]);
  });

  test('and the merchant is forgotten, nothing is left of what was known before', async () => {
    const { learn } = looking([awaited(aged(YES, 90_000)), claimed()], { verdict: undetermined });
    expect((await learn()).before).toBeUndefined();
  });
});

describe('A fact that is spoilt', () => {
  test('is never fresh: one looks again, and writes over it', async () => {
    const { learn, read, look, write, told } = looking([fresh(SPOILT), claimed(SPOILT)]);
    expect(await learn()).toMatchObject({ verdict: met(), since: AT, before: undefined, isOutdated: false });
    expect(read.mock.calls).toEqual([
      [NAME, LIVES],
      [NAME, { metMs: 0, unmetMs: 0, waitedMs: 0, claimMs: 20 }],
    ]);
    expect(look).toHaveBeenCalledTimes(1);
    expect(write.mock.calls).toEqual([[NAME, 'g1', { ...YES, keepMs: 360_000 }]]);
    expect(told).toEqual([
      {
        type: 'store-failed',
        level: 'warn',
        operation: 'read',
        reason: 'what was kept is not of this version',
        failures: 1,
      },
    ]);
  });

  test('and that another is mending is waited for', async () => {
    const { learn, read, look } = looking([fresh(SPOILT), awaited(SPOILT), fresh(YES)]);
    expect(await learn()).toMatchObject({ verdict: met('approved'), isShared: true });
    expect(read.mock.calls[2]).toEqual([NAME, LIVES]);
    expect(look).not.toHaveBeenCalled();
  });

  test('whatever is done is waited for no longer than a lookup', async () => {
    const { learn, look } = looking([fresh(SPOILT)]);
    expect((await learn()).verdict).toMatchObject({ is: 'undetermined' });
    expect(look).not.toHaveBeenCalled();
  });
});

describe('A store that fails', () => {
  test('is as if there were none', async () => {
    const { learn, look, write, told } = looking([new Error('cut')]);
    expect(await learn()).toMatchObject({ verdict: met(), since: AT });
    expect(look).toHaveBeenCalledTimes(1);
    expect(write).not.toHaveBeenCalled();
    expect(told).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'OK'],
    ['another word', { is: 'QUEUED' }],
    ['a fresh fact without one', { is: 'fresh' }],
    ['a fact without a value', fresh({ isMet: true, ageMs: 0 } as StoredFact)],
    ['a fact whose value is null', fresh({ ...YES, value: null as never })],
    ['a fact whose value is a number', fresh({ ...YES, value: 1 as never })],
    ['an earlier fact whose value is null', claimed({ ...YES, value: null as never })],
  ])('by saying %s never makes a lookup reject, nor anything believed', async (_what, reading) => {
    const { learn } = looking([reading, claimed()]);
    expect(await learn()).toMatchObject({ verdict: met(), since: AT });
  });
});
