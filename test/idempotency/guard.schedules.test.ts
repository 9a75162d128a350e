import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rounds } from '../long/rounds.js';
import { createMemoryStore } from '../sharing/memory-store.js';
import { AWAY_MS, LEASE_MS, play, settingOf, type World } from './play.js';
import { schedule } from './schedules.js';
import { virtualTime } from './virtual-time.js';

const RUNS = rounds(10_000);

function openWorld(): World {
  const time = virtualTime();
  let offset = 0;
  const { store, hurt } = createMemoryStore({ now: () => 1e12 + time.now() + offset });
  return {
    time,
    store,
    setBackStoreClock: (ms) => (offset -= ms),
    takeAway(isAway) {
      hurt(isAway ? () => Promise.reject(new Error('away')) : undefined);
    },
  };
}

test(`In ${String(RUNS)} schedules of requests with one key no two handlers are at work at once, and none keeps it`, async () => {
  const total = { passed: 0, inProgress: 0 };
  const settings = settingOf(fc.constantFrom(true, true, true, false));
  await fc.assert(
    fc.asyncProperty(settings, schedule({ lease: LEASE_MS, away: AWAY_MS }), async (setting, steps) => {
      const { counts, failures } = await play(setting, steps, openWorld());
      expect(failures).toEqual([]);
      total.passed += counts.passed;
      total.inProgress += counts.inProgress;
    }),
    { numRuns: RUNS, endOnFailure: false },
  );
  expect(total.passed).toBeGreaterThan(RUNS);
  expect(total.inProgress).toBeGreaterThan(RUNS / 2);
});
