import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLakiConnect, kycApproved, type LakiConnect } from 'lakiconnect-middleware';
import { redisStore } from 'lakiconnect-middleware/redis';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIBRARIES, type Opened } from './clients.mjs';
import { startRedis, until, type RedisServer } from './redis-server.js';

/** How soon all must have heard. */
const HEARD_MS = 250;
const RUNS = 40;
const AT_ONCE = 64;
const MERCHANTS = RUNS * AT_ONCE;

let redis: RedisServer;
let opened: Opened[];
let cores: LakiConnect[];
/** What is true of a merchant, and how long each lookup of it takes. */
const states = new Map<string, { status: string; lookupMs: number; lookups: number; changedAt: number }>();

async function kycStatus(id: string): Promise<string> {
  const state = states.get(id) as { status: string; lookupMs: number; lookups: number };
  state.lookups++;
  const { status } = state;
  await sleep(state.lookupMs);
  return status;
}

beforeAll(async () => {
  redis = await startRedis();
  opened = LIBRARIES.map(({ open }) => open(redis.port));
  const options = { lookups: { kycStatus }, cache: { metMs: 600_000 } };
  // Every process is one of these: what they share is only what Redis holds.
  cores = opened.map(({ client }) =>
    createLakiConnect({ store: redisStore(client, { deadlineMs: 1000 }), ...options }),
  );
  states.set('first', { status: 'approved', lookupMs: 0, lookups: 0, changedAt: 0 });
  await until(async () => (await Promise.all(cores.map((core) => core.invalidate('first')))).every(Boolean));
  await sleep(300);
});
afterAll(async () => {
  await Promise.all(cores.map((core) => core.close()));
  for (const { end } of opened) end();
  await redis.close();
});

const verdict = (core: LakiConnect, id: string): Promise<string> =>
  core.check(id, [kycApproved]).then(
    () => 'met',
    ({ kind }: { kind: string }) => kind,
  );

const story = fc.record({
  lookupMs: fc.integer({ min: 0, max: 12 }),
  revokedMs: fc.integer({ min: 0, max: 20 }),
  by: fc.nat({ max: LIBRARIES.length - 1 }),
  asks: fc.array(
    fc.record({ atMs: fc.integer({ min: 0, max: 24 }), who: fc.nat({ max: LIBRARIES.length - 1 }) }),
    { minLength: 2, maxLength: 6 },
  ),
});

test(`Of ${String(MERCHANTS)} merchants that are revoked while they are looked at, nobody is let pass after that`, async () => {
  let merchants = 0;
  let overtaken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(story, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (stories) => {
      await Promise.all(
        stories.map(async ({ lookupMs, revokedMs, by, asks }) => {
          const id = `m${String(++merchants)}`;
          const state = { status: 'approved', lookupMs, lookups: 0, changedAt: Infinity };
          states.set(id, state);
          const wrong: string[] = [];
          let isTold = false;
          let isHeard = false;
          const asked = asks.map(async ({ atMs, who }) => {
            await sleep(atMs);
            const isLate = who === by ? isTold : isHeard;
            const answer = await verdict(cores[who] as LakiConnect, id);
            if (isLate && answer === 'met') wrong.push('let pass after it was revoked');
          });
          await sleep(revokedMs);
          const before = state.lookups;
          state.status = 'suspended';
          if (!(await (cores[by] as LakiConnect).invalidate(id))) wrong.push('not shared');
          isTold = true;
          if ((await verdict(cores[by] as LakiConnect, id)) === 'met')
            wrong.push('let pass by who revoked it');
          await until(async () => {
            const answers = await Promise.all(cores.map((core) => verdict(core, id)));
            return !answers.includes('met');
          }, HEARD_MS);
          isHeard = true;
          await Promise.all(asked);
          if (before > 0 && state.lookups > before) overtaken++;
          expect(wrong).toEqual([]);
          states.delete(id);
        }),
      );
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect(merchants).toBe(MERCHANTS);
  expect(overtaken).toBeGreaterThan(MERCHANTS / 10); // most miss the moment on a busy machine
}, 120_000);
