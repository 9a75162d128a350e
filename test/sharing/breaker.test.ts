import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { settle } from '../../src/settle.js';
import { createBreaker, type Breaker } from '../../src/sharing/breaker.js';
import { clockAt, watchTimers } from '../guards/harness.js';

const KEY = 'lk_pub_1:lk_sec_1';
let clock: ReturnType<typeof clockAt>;
let told: Record<string, unknown>[];
let breaker: Breaker;
beforeEach(() => {
  clock = clockAt(1_000_000);
  told = [];
  const settings = settle({ apiKey: KEY, now: clock.now });
  breaker = createBreaker({ deadlineMs: 20 }, settings, (event) => void told.push(event));
});

const works = () => Promise.resolve('well');
const fails = () => Promise.reject(new Error('ECONNREFUSED'));

async function failing(times: number): Promise<void> {
  for (let n = 0; n < times; n++) expect(await breaker.ask('read', fails)).toBeUndefined();
}

/** How often a call is made of so many that are asked for. */
async function made(times: number): Promise<number> {
  const call = jest.fn(fails);
  await Promise.all(Array.from({ length: times }, () => breaker.ask('read', call)));
  return call.mock.calls.length;
}

describe('A call', () => {
  test('gives what the store gives, and leaves no timer', async () => {
    const timers = watchTimers();
    expect(await breaker.ask('read', works)).toBe('well');
    expect(timers.running.size).toBe(0);
    timers.restore();
    expect(told).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['rejects', fails, 'Error: ECONNREFUSED'],
    [
      'throws',
      () => {
        throw new Error('at once');
      },
      'Error: at once',
    ],
    ['rejects with nothing', () => Promise.reject(undefined), 'undefined'],
    ['never ends', () => new Promise(() => undefined), 'TimeoutError: No whole answer within 20 ms.'],
  ])('that %s is a miss, and told', async (_, call, reason) => {
    expect(await breaker.ask('read', call)).toBeUndefined();
    expect(told).toEqual([
      {
        type: 'store-failed',
        level: 'warn',
        operation: 'read',
        reason: expect.stringContaining(reason),
        failures: 1,
      },
    ]);
  });

  test('that has no answer in time hears of it', async () => {
    let given: AbortSignal | undefined;
    await breaker.ask('read', (signal) => {
      given = signal;
      return new Promise(() => undefined);
    });
    expect(given?.aborted).toBe(true);
  });
});

describe('After five failures in a row', () => {
  test('the store is left alone but for one call a second', async () => {
    await failing(4);
    expect(await made(1)).toBe(1);
    expect(await made(100)).toBe(0);
    clock.pass(999);
    expect(await made(100)).toBe(0);
    clock.pass(1);
    expect(await made(100)).toBe(1);
    clock.pass(999);
    expect(await made(100)).toBe(0);
  });

  test('one call that works ends it', async () => {
    await failing(5);
    clock.pass(1000);
    expect(await breaker.ask('read', works)).toBe('well');
    expect(await breaker.ask('read', works)).toBe('well');
    await failing(4);
    expect(await made(1)).toBe(1);
  });

  test('of one operation the others go on', async () => {
    await failing(5);
    expect(await breaker.ask('forget', works)).toBe('well');
    expect(await made(1)).toBe(0);
  });

  test('a clock that is set back does not prolong it', async () => {
    await failing(5);
    clock.pass(-3_600_000);
    expect(await breaker.ask('read', works)).toBe('well');
  });

  test('four with one that works between them are none', async () => {
    for (let n = 0; n < 10; n++) {
      await failing(4);
      expect(await breaker.ask('read', works)).toBe('well');
    }
  });
});

describe('Operators', () => {
  test('are told once in ten seconds, and how often it failed', async () => {
    await failing(3);
    clock.pass(9999);
    await failing(1);
    clock.pass(1);
    breaker.tellFailed('listen', 'cut');
    expect(told.map(({ operation, reason, failures }) => [operation, reason, failures])).toEqual([
      ['read', 'Error: ECONNREFUSED', 1],
      ['listen', 'cut', 4],
    ]);
  });

  test('are told after the clock was set back', () => {
    breaker.tellFailed('read', 'once');
    clock.pass(-1);
    breaker.tellFailed('read', 'twice');
    expect(told).toHaveLength(2);
  });

  test('are not told the key', () => {
    breaker.tellFailed('read', new Error(`no such user ${KEY}`));
    expect(JSON.stringify(told)).not.toContain('lk_sec_1');
  });
});
