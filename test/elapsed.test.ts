import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createElapsed, elapsedBy } from '../src/elapsed.js';
import { createBeliefs } from '../src/guards/beliefs.js';
import { kycApproved, type Options } from 'lakiconnect-middleware';
import { met, start, type Asked } from './guards/harness.js';

const METS = 60_000;
const STALE = 300_000;
const CACHE = { metMs: METS, unmetMs: 5000, staleIfErrorMs: STALE, maxMerchants: 10 };

/** A machine with a clock that is set, and one that stands still while it sleeps. */
function machine() {
  let [wall, awake] = [1_000_000_000, 5000];
  return {
    now: () => Math.floor(wall),
    monotonic: () => awake,
    pass: (ms: number) => {
      wall += ms;
      awake += ms;
    },
    sleep: (ms: number) => {
      wall += ms;
    },
    set: (ms: number) => {
      wall += ms;
    },
  };
}

const moves = (most: number) =>
  fc.array(
    fc.oneof(
      fc.record({ does: fc.constant('pass' as const), ms: fc.double({ min: 0, max: most, noNaN: true }) }),
      fc.record({ does: fc.constant('set' as const), ms: fc.integer({ min: -7_200_000, max: 7_200_000 }) }),
      fc.record({ does: fc.constant('set' as const), ms: fc.integer({ min: -999, max: 0 }) }),
      fc.record({ does: fc.constant('read' as const), ms: fc.constant(0) }),
    ),
    { maxLength: 20 },
  );

describe('Elapsed time', () => {
  test('never runs back, and is never less than has passed, however the clock is set', () => {
    fc.assert(
      fc.property(moves(100_000), (all) => {
        const { now, monotonic, ...clock } = machine();
        const elapsed = createElapsed(now, monotonic);
        let [last, passed] = [elapsed(), 0];
        for (const { does, ms } of all) {
          if (does !== 'read') clock[does](ms);
          if (does === 'pass') passed += ms;
          if (does !== 'read') continue;
          elapsed();
          clock.pass(1); // beyond the millisecond of an earlier reading, should the clock have been set to that
          const read = elapsed();
          expect(read - last).toBeGreaterThan(passed + 0.99);
          [last, passed] = [read, 0];
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('is what has passed while nobody sets the clock, however often it is read', () => {
    const { now, monotonic, pass } = machine();
    const elapsed = createElapsed(now, monotonic);
    const begun = elapsed();
    for (let reads = 0; reads < 100_000; reads++) {
      pass(0.3);
      elapsed();
    }
    expect(Math.abs(elapsed() - begun - 30_000)).toBeLessThan(1);
  });

  test.each([
    ['while the machine sleeps', 'sleep', 3_600_000, 3_600_000],
    ['where the clock is set ahead', 'set', 1000, 1000],
    ['but not where it is set right by less', 'set', 999, 0],
    ['but not where it is set back', 'set', -3_600_000, 0],
  ] as const)('goes on %s', (_when, does, ms, gained) => {
    const { now, monotonic, ...clock } = machine();
    const elapsed = createElapsed(now, monotonic);
    const begun = elapsed();
    clock[does](ms);
    expect(elapsed() - begun).toBe(gained);
    clock.pass(10);
    expect(elapsed() - begun).toBe(gained + 10);
  });

  test('by a clock that may be set is for ever where that was set back', () => {
    let wall = 1_000_000;
    const elapsed = elapsedBy(() => wall);
    const begun = elapsed();
    wall += 500;
    expect(elapsed() - begun).toBe(500);
    wall -= 1;
    expect(elapsed() - begun).toBeGreaterThan(1e11);
    const later = elapsed();
    wall += 1;
    expect(elapsed() - later).toBe(1);
  });
});

describe('A fact', () => {
  test('lives as long as ever, where the clock is set back', () => {
    fc.assert(
      fc.property(moves(100_000), (all) => {
        const { now, monotonic, ...clock } = machine();
        const held = createBeliefs({ cache: CACHE, elapsed: createElapsed(now, monotonic) });
        held.put('m1', 'kyc', { verdict: met(), since: monotonic() });
        let age = 0;
        for (const { does, ms } of all) {
          if (does === 'pass') age += ms;
          if (does === 'pass' || (does === 'set' && ms < 0)) clock[does](ms);
          if (Math.abs(age - METS) > 1) expect(held.fresh('m1', 'kyc') !== undefined).toBe(age < METS);
          if (Math.abs(age - METS - STALE) > 1)
            expect(held.stale('m1', 'kyc') !== undefined).toBe(age < METS + STALE);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('never lives longer, however the clock is set', () => {
    fc.assert(
      fc.property(moves(100_000), (all) => {
        const { now, monotonic, ...clock } = machine();
        const held = createBeliefs({ cache: CACHE, elapsed: createElapsed(now, monotonic) });
        held.put('m1', 'kyc', { verdict: met(), since: monotonic() });
        let age = 0;
        for (const { does, ms } of all) {
          if (does === 'pass') age += ms;
          if (does !== 'read') {
            clock[does](ms);
            continue;
          }
          held.fresh('m1', 'kyc');
          clock.pass(1); // as above
          age += 1;
          if (age >= METS + STALE) expect(held.stale('m1', 'kyc')).toBeUndefined();
          else if (age >= METS) expect(held.fresh('m1', 'kyc')).toBeUndefined();
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('A guard', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  function shop(options: Options<Asked> = {}) {
    const kycStatus = jest.fn<() => string>(() => 'approved');
    const started = start({ lookups: { kycStatus }, ...options });
    const isLetIn = () =>
      started.laki.check('m1', [kycApproved]).then(
        () => true,
        () => false,
      );
    const fail = () =>
      kycStatus.mockImplementation(() => {
        throw new Error('down');
      });
    return { ...started, kycStatus, isLetIn, fail };
  }

  test('keeps to what has passed, where nobody gives it a clock and that of the machine is set', async () => {
    let wall = 1_000_000_000;
    jest.spyOn(Date, 'now').mockImplementation(() => wall);
    const { kycStatus, isLetIn } = shop({ now: undefined });
    for (const [step, lookups] of [
      [0, 1],
      [-3_600_000, 1],
      [59_000, 1],
      [2000, 2],
      [-1, 2],
    ] as const) {
      wall += step;
      expect(await isLetIn()).toBe(true);
      expect(kycStatus).toHaveBeenCalledTimes(lookups);
    }
  });

  test('believes nothing from before its clock was set back, not even when that has come as far again', async () => {
    const { clock, isLetIn, fail } = shop();
    expect(await isLetIn()).toBe(true);
    clock.pass(-3_600_000);
    fail();
    expect(await isLetIn()).toBe(false);
    clock.pass(3_600_000);
    expect(await isLetIn()).toBe(false);
  });
});
