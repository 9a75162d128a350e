import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Store } from 'lakiconnect-middleware';
import { redisStore } from 'lakiconnect-middleware/redis';
import { createClient } from 'redis';
import { AWAY_MS, LEASE_MS, play, settingOf, type World } from '../idempotency/play.js';
import { schedule } from '../idempotency/schedules.js';
import { virtualTime } from '../idempotency/virtual-time.js';
import { startRedis, type RedisServer } from './redis-server.js';

const RUNS = 500;

let redis: RedisServer;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  redis = await startRedis();
  client = createClient({ socket: { host: '127.0.0.1', port: redis.port } });
  await client.connect();
}, 20_000);
afterAll(async () => {
  client.destroy();
  await redis.close();
});

/** Makes all keys older, as time that passes does; a negative age is a clock that was set back. */
const AGE = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('HEXISTS', key, 'until') == 1 then redis.call('HINCRBY', key, 'until', -ARGV[1]) end
  redis.call('PEXPIRE', key, redis.call('PTTL', key) - ARGV[1])
end
`;
const age = (ms: number): Promise<unknown> => client.eval(AGE, { arguments: [String(ms)] });

/** A world whose store is Redis: its scripts run as they are, and only time is not waited for. */
async function openWorld(): Promise<World> {
  await client.flushAll();
  const pending = new Set<Promise<unknown>>();
  let isGone = false;
  async function settled(): Promise<void> {
    do {
      await Promise.allSettled(pending);
      await new Promise((resolve) => setImmediate(resolve));
    } while (pending.size > 0);
  }

  const store = redisStore(client, { deadlineMs: 10_000 });
  function watched<T>(work: () => Promise<T>): Promise<T> {
    const asked = isGone ? Promise.reject<T>(new Error('away')) : work();
    pending.add(asked);
    const leave = (): void => void pending.delete(asked);
    asked.then(leave, leave);
    return asked;
  }
  const watchedStore: Store = {
    ...store,
    begin: (...given) => watched(() => store.begin(...given)),
    finish: (use) => watched(() => store.finish(use)),
  };
  return {
    time: virtualTime({ settled, aged: age }),
    store: watchedStore,
    setBackStoreClock: (ms) => age(-ms),
    takeAway(isAway) {
      isGone = isAway;
    },
  };
}

test(`In ${String(RUNS)} schedules on Redis no two handlers are at work under one key, and none keeps it`, async () => {
  const total = { passed: 0, inProgress: 0 };
  await fc.assert(
    fc.asyncProperty(
      settingOf(fc.constant(true)),
      schedule({ lease: LEASE_MS, away: AWAY_MS }),
      async (setting, steps) => {
        const { counts, failures } = await play(setting, steps, await openWorld());
        expect(failures).toEqual([]);
        total.passed += counts.passed;
        total.inProgress += counts.inProgress;
      },
    ),
    { numRuns: RUNS },
  );
  expect(total.passed).toBeGreaterThan(RUNS);
  expect(total.inProgress).toBeGreaterThan(RUNS / 2);
}, 120_000);
