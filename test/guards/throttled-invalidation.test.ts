/** Webhooks of a merchant make guards forget it at once, and then at most once per `unmetMs`. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLakiConnect, kycApproved, type LakiConnectEvent, type Options } from 'lakiconnect-middleware';
import { throttleInvalidation } from '../../src/guards/throttled-invalidation.js';
import { createMemoryStore } from '../sharing/memory-store.js';
import { approved, SECRET, signatureOf } from '../webhooks.js';
import { idle, watchTimers } from './harness.js';
import { virtualTimers } from './virtual-timers.js';

const UNMET_MS = 5000;

let time: ReturnType<typeof virtualTimers>;
beforeEach(() => {
  time = virtualTimers();
});
afterEach(() => {
  time.restore();
});

/** What is forgotten, and when. */
function throttled({ unmetMs = UNMET_MS, maxMerchants = 10, answer = async () => true } = {}) {
  const forgotten: (readonly [merchantId: string, at: number])[] = [];
  const began = time.now();
  const closing = new AbortController();
  const invalidate = throttleInvalidation(
    (merchantId) => {
      forgotten.push([merchantId, time.now() - began]);
      return answer();
    },
    { cache: { metMs: 60_000, unmetMs, staleIfErrorMs: 0, maxMerchants }, elapsed: time.now },
    closing.signal,
  );
  return { forgotten, invalidate, close: () => void closing.abort() };
}

describe('A merchant', () => {
  test('is forgotten at once, and no more if nothing else comes', async () => {
    const { forgotten, invalidate } = throttled();
    expect(await invalidate('m1')).toBe(true);
    await time.pass(10 * UNMET_MS);

    expect(forgotten).toEqual([['m1', 0]]);
    expect(time.count()).toBe(0);
  });

  test.each([1, 2, 1000])('is forgotten once more for %i that come soon after', async (count) => {
    const { forgotten, invalidate } = throttled();
    await invalidate('m1');
    await time.pass(1);
    for (let times = 0; times < count; times++) expect(await invalidate('m1')).toBe(true);
    await time.pass(UNMET_MS - 2);
    expect(forgotten).toEqual([['m1', 0]]);
    await time.pass(1);

    expect(forgotten).toEqual([
      ['m1', 0],
      ['m1', UNMET_MS],
    ]);
    await time.pass(10 * UNMET_MS);
    expect(forgotten).toHaveLength(2);
    expect(time.count()).toBe(0);
  });

  test('is forgotten at once again when the time is over', async () => {
    const { forgotten, invalidate } = throttled();
    await invalidate('m1');
    await time.pass(UNMET_MS);
    await invalidate('m1');

    expect(forgotten).toEqual([
      ['m1', 0],
      ['m1', UNMET_MS],
    ]);
  });

  test('is forgotten for itself alone', async () => {
    const { forgotten, invalidate } = throttled();
    for (const merchantId of ['m1', 'm2', 'm1']) await invalidate(merchantId);
    await time.pass(UNMET_MS);

    expect(forgotten).toEqual([
      ['m1', 0],
      ['m2', 0],
      ['m1', UNMET_MS],
    ]);
  });

  test('is forgotten each time where `unmetMs` is 0', async () => {
    const { forgotten, invalidate } = throttled({ unmetMs: 0 });
    for (let times = 0; times < 3; times++) await invalidate('m1');

    expect(forgotten).toHaveLength(3);
    expect(time.count()).toBe(0);
  });

  test('that is one too many to be counted is forgotten each time', async () => {
    const { forgotten, invalidate } = throttled({ maxMerchants: 2 });
    for (const merchantId of ['m1', 'm2', 'm3', 'm3', 'm1']) await invalidate(merchantId);

    expect(forgotten.map(([merchantId]) => merchantId)).toEqual(['m1', 'm2', 'm3', 'm3']);
    expect(time.count()).toBe(2);
  });

  test('is forgotten when it is heard of, if the timer is late', async () => {
    const { forgotten, invalidate } = throttled();
    await invalidate('m1');
    await invalidate('m1');
    time.block(UNMET_MS);
    await invalidate('m1');
    expect(forgotten).toEqual([
      ['m1', 0],
      ['m1', UNMET_MS],
    ]);
    await time.pass(10 * UNMET_MS);

    expect(forgotten).toHaveLength(2);
    expect(time.count()).toBe(0);
  });
});

describe('Where the others could not be told', () => {
  test('they are told again until they are, and all who ask meanwhile hear of it', async () => {
    const answers = [false, false, false, true];
    const { forgotten, invalidate } = throttled({ answer: async () => answers.shift() ?? true });

    expect(await invalidate('m1')).toBe(false);
    for (const isTold of [false, false, true]) {
      await time.pass(UNMET_MS);
      expect(await invalidate('m1')).toBe(isTold);
    }
    await time.pass(UNMET_MS);
    await time.pass(10 * UNMET_MS);

    expect(forgotten.map(([, at]) => at / UNMET_MS)).toEqual([0, 1, 2, 3, 4]);
    expect(time.count()).toBe(0);
  });

  test('those who come while that is not known yet wait for it', async () => {
    let answer!: (isTold: boolean) => void;
    const { invalidate } = throttled({ answer: () => new Promise((resolve) => (answer = resolve)) });
    const both = [invalidate('m1'), invalidate('m1')];
    answer(false);

    expect(await Promise.all(both)).toEqual([false, false]);
  });
});

describe('Closing', () => {
  test('does at once what is still to come, and leaves no timer', async () => {
    const { forgotten, invalidate, close } = throttled();
    for (const merchantId of ['m1', 'm2', 'm1']) await invalidate(merchantId);
    expect(time.count()).toBe(2);
    close();

    expect(forgotten.map(([merchantId]) => merchantId)).toEqual(['m1', 'm2', 'm1']);
    expect(time.count()).toBe(0);
    expect(await invalidate('m2')).toBe(true);
    expect(forgotten).toHaveLength(4);
    expect(time.count()).toBe(0);
  });

  test('tells the others once more who could not be told', async () => {
    const { forgotten, invalidate, close } = throttled({ answer: async () => false });
    await invalidate('m1');
    close();

    expect(forgotten).toHaveLength(2);
    expect(time.count()).toBe(0);
  });
});

test('Whatever comes whenever: forgotten in time, never too often, and nothing is left', async () => {
  const step = fc.oneof(
    { arbitrary: fc.record({ merchantId: fc.constantFrom('m1', 'm2') }), weight: 3 },
    fc.record({
      ms: fc.oneof(fc.integer({ min: 1, max: 2 * UNMET_MS }), fc.constantFrom(UNMET_MS, UNMET_MS - 1)),
    }),
  );

  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.array(fc.boolean(), { maxLength: 8 }),
      async (steps, answers) => {
        const given = [...answers];
        const results: boolean[] = [];
        const { forgotten, invalidate } = throttled({
          answer: async () => {
            results.push(given.shift() ?? true);
            return results.at(-1) as boolean;
          },
        });
        const heard: (readonly [string, number])[] = [];
        const began = time.now();
        for (const one of steps) {
          if ('ms' in one) await time.pass(one.ms);
          else {
            heard.push([one.merchantId, time.now() - began]);
            void invalidate(one.merchantId);
          }
          await idle();
        }
        for (let times = 0; times < 12; times++) {
          await time.pass(UNMET_MS);
        }

        expect(time.count()).toBe(0);
        for (const [merchantId, at] of heard) {
          expect(
            forgotten.some(([id, then]) => id === merchantId && then >= at && then <= at + UNMET_MS),
          ).toBe(true);
        }
        for (const merchantId of ['m1', 'm2']) {
          const times = forgotten.flatMap(([id, at], index) =>
            id === merchantId ? [{ at, isTold: results[index] }] : [],
          );
          for (const [index, { at, isTold }] of times.entries()) {
            const next = times[index + 1];
            if (next !== undefined) expect(next.at - at).toBeGreaterThanOrEqual(UNMET_MS);
            if (isTold === false) expect(next?.at).toBeLessThanOrEqual(at + UNMET_MS);
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});

/** A platform that is told of a merchant again and again. */
function platform(options: Options = {}) {
  const events: LakiConnectEvent[] = [];
  const looks: number[] = [];
  const status = { now: 'approved' };
  const laki = createLakiConnect({
    lookups: {
      kycStatus: async () => {
        looks.push(time.now());
        const found = status.now;
        await idle();
        return found;
      },
    },
    cache: { unmetMs: UNMET_MS },
    now: time.now,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const body = approved('m1');
  return {
    laki,
    looks,
    status,
    forgotten: () => events.filter(({ type }) => type === 'invalidated'),
    deliver: () => laki.receiveWebhook(body, signatureOf(body), { secret: SECRET }),
    pays: () =>
      laki.check('m1', [kycApproved]).then(
        () => 'paid',
        ({ kind }: { kind: string }) => kind,
      ),
  };
}

const FLOOD_MS = 20_000;
const EVERY_MS = 5;

test.each<[string, () => Options]>([
  ['one process', () => ({})],
  ['processes that share facts', () => ({ store: createMemoryStore({ now: time.now }).store })],
])('Of %s 200 replays a second cost a lookup per `unmetMs`, and no payment', async (_, options) => {
  const { laki, looks, status, deliver, pays } = platform(options());
  expect(await pays()).toBe('paid');
  const statuses = new Set<number>();
  const paid = { before: new Set<string>(), after: new Set<string>() };
  for (let ms = 0; ms < FLOOD_MS; ms += EVERY_MS) {
    if (ms === FLOOD_MS / 2 + 35) status.now = 'suspended'; // the webhook that tells of it is like all others
    statuses.add((await deliver()).status);
    if (ms < FLOOD_MS / 2) paid.before.add(await pays());
    if (ms > FLOOD_MS / 2 + 35 + UNMET_MS) paid.after.add(await pays());
    await time.pass(EVERY_MS);
  }

  expect([...statuses]).toEqual([200]);
  expect([...paid.before]).toEqual(['paid']);
  expect([...paid.after]).toEqual(['KYC_NOT_APPROVED']);
  expect(looks.length).toBeLessThanOrEqual(FLOOD_MS / UNMET_MS + 1);
  await laki.close();
  expect(time.count()).toBe(0);
});

test('A lookup under way serves all who are told of meanwhile, and counts for nothing at the end of the time', async () => {
  const answers: ((status: string) => void)[] = [];
  const { laki, deliver, pays } = platform({
    lookupTimeoutMs: 1e6,
    lookups: { kycStatus: () => new Promise((resolve) => answers.push(resolve)) },
  });
  await deliver();
  const first = pays();
  for (let times = 0; times < 5; times++) await deliver();
  const second = pays();
  await idle();
  expect(answers).toHaveLength(1);

  await time.pass(UNMET_MS);
  answers[0]?.('approved'); // it may be older than what they tell of
  await idle();
  expect(answers).toHaveLength(2);
  answers[1]?.('suspended');
  expect(await Promise.all([first, second])).toEqual(['KYC_NOT_APPROVED', 'KYC_NOT_APPROVED']);
  await laki.close();
});

test('`invalidate` always forgets at once', async () => {
  const { laki, looks, deliver, pays, forgotten } = platform();
  await deliver();
  await pays();
  for (let times = 0; times < 3; times++) {
    expect(await laki.invalidate('m1')).toBe(true);
    await pays();
  }

  expect(looks).toHaveLength(4);
  expect(forgotten().map((event) => (event as { cause?: string }).cause)).toEqual([
    'webhook',
    'call',
    'call',
    'call',
  ]);
  await laki.close();
});

test('Where the store fails at the end of the time the others are told later, and operators at once', async () => {
  const memory = createMemoryStore({ now: time.now });
  const { laki, deliver, forgotten } = platform({ store: memory.store });
  expect((await deliver()).status).toBe(200);
  expect((await deliver()).status).toBe(200);
  memory.hurt(() => Promise.reject(new Error('cut')));
  await time.pass(UNMET_MS);
  expect((await deliver()).status).toBe(503);
  memory.hurt(undefined);
  await time.pass(UNMET_MS);
  expect((await deliver()).status).toBe(200);

  expect(forgotten()).toMatchObject([
    { level: 'info', cause: 'webhook', shared: true },
    { level: 'error', cause: 'webhook', shared: false },
    { level: 'info', cause: 'webhook', shared: true },
  ]);
  await laki.close();
  expect(time.count()).toBe(0);
});

test('A process that ends by itself is not kept alive', async () => {
  time.restore();
  const { running, restore } = watchTimers();
  try {
    const { invalidate, close } = throttled();
    await invalidate('m1');
    await invalidate('m1');
    expect([...running].map((timer) => (timer as NodeJS.Timeout).hasRef())).toEqual([false]);
    close();
    expect(running.size).toBe(0);
  } finally {
    restore();
  }
});
