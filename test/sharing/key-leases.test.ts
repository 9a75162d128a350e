import { describe, expect, test } from '@jest/globals';
import type { LakiConnectEvent } from 'lakiconnect-middleware';
import type { KeyUse } from '../../src/idempotency/keys.js';
import { createRunning } from '../../src/provider/running.js';
import { settle } from '../../src/settle.js';
import { createBreaker } from '../../src/sharing/breaker.js';
import { leaseKeys } from '../../src/sharing/key-leases.js';
import { virtualTime } from '../idempotency/virtual-time.js';
import { deferred, idle } from '../guards/harness.js';
import { createMemoryStore } from './memory-store.js';

let owners = 0;
const use = (fingerprint = 'p'): KeyUse => ({
  name: 'a',
  owner: String(++owners),
  fingerprint,
  ttlMs: 1000,
});

/** One store, and processes that use it. */
function open() {
  const time = virtualTime();
  const memory = createMemoryStore({ now: time.now });
  const calls: string[] = [];
  const store = {
    ...memory.store,
    begin: (...given: Parameters<typeof memory.store.begin>) => {
      calls.push('begin');
      return memory.store.begin(...given);
    },
    finish: (one: KeyUse) => {
      calls.push('finish');
      return memory.store.finish(one);
    },
  };

  function start() {
    const events: LakiConnectEvent[] = [];
    const running = createRunning();
    const { timers, running: timersRunning, stop } = time.process();
    const tell = (event: unknown) => events.push(event as LakiConnectEvent);
    const breaker = createBreaker(store, settle({ now: time.now }), tell);
    const keys = leaseKeys(store, breaker, running, timers);
    return { keys, events, running, timersRunning, die: stop };
  }
  return { time, memory, calls, start };
}

describe('A key of all processes', () => {
  test('is held for as long as its process lives', async () => {
    const { time, start } = open();
    const [one, other] = [start(), start()];
    const first = use();
    expect(await one.keys.begin(first)).toBe('begun');
    for (let minutes = 0; minutes < 10; minutes++) {
      await time.pass(60_000);
      expect(await other.keys.begin(use())).toBe('in-progress');
      expect(await other.keys.begin(use('other'))).toBe('conflict');
    }
    one.keys.finish(first);
    await idle();
    expect(await other.keys.begin(use())).toBe('begun');
    expect(time.unreferenced()).toBeGreaterThan(0);
  });

  test('is free a lease after its process has died, and no sooner', async () => {
    const { time, start } = open();
    const [one, other] = [start(), start()];
    await one.keys.begin(use());
    await time.pass(10_000); // it is renewed
    one.die();
    await time.pass(29_999);
    expect(await other.keys.begin(use())).toBe('in-progress');
    await time.pass(1);
    expect(await other.keys.begin(use())).toBe('begun');
  });

  test('is held again where the store has lost it', async () => {
    const { time, start, memory } = open();
    const [one, other] = [start(), start()];
    await one.keys.begin(use());
    memory.loseKeys();
    await time.pass(10_000);
    expect(await other.keys.begin(use())).toBe('in-progress');
  });

  test('is begun late where the store could not tell at first, and held while it is away for a while', async () => {
    const { time, start, memory } = open();
    const [one, other] = [start(), start()];
    memory.hurt(() => Promise.reject(new Error('down')));
    expect(await one.keys.begin(use())).toBeUndefined();
    memory.hurt(undefined);
    await time.pass(1000);
    memory.hurt(() => Promise.reject(new Error('down')));
    await time.pass(28_000);
    memory.hurt(undefined);
    await time.pass(1000);
    expect(await other.keys.begin(use())).toBe('in-progress');
    expect(one.events).toMatchObject([
      { type: 'store-failed', operation: 'begin', reason: 'Error: down', failures: 1 },
      { type: 'store-failed', operation: 'renew', reason: 'Error: down' },
      { type: 'store-failed', operation: 'renew', reason: 'Error: down' },
    ]);
  });

  test.each(['p', 'other'])(
    'that another process has taken (with %j) is told of, and not taken back while it is used',
    async (fingerprint) => {
      const { time, start, memory } = open();
      const [one, other] = [start(), start()];
      await one.keys.begin(use());
      memory.loseKeys();
      const second = use(fingerprint);
      expect(await other.keys.begin(second)).toBe('begun');
      await time.pass(10_000);
      expect(memory.ownerOf({ name: 'a' })).toBe(second.owner);
      expect(one.events).toMatchObject([
        {
          type: 'store-failed',
          operation: 'renew',
          reason: 'a key was lost while its request was under way, and another request has begun with it',
        },
      ]);
    },
  );

  test('is not renewed once it is refused or finished, and its end does not overtake a renewal', async () => {
    const { time, start, memory, calls } = open();
    const one = start();
    const first = use();
    await one.keys.begin(first);
    await one.keys.begin(use());
    await one.keys.begin(use('other'));
    expect(one.timersRunning()).toBe(1);
    const slow = deferred<undefined>();
    memory.hurt(() => slow.promise);
    const passed = time.pass(10_000);
    await passed;
    one.keys.finish(first);
    await idle();
    expect(calls.splice(0)).toEqual(['begin', 'begin', 'begin', 'begin']);
    memory.hurt(undefined);
    slow.resolve(undefined);
    await idle();
    expect(calls).toEqual(['finish']);
    expect(one.timersRunning()).toBe(0);
  });

  test('is renewed no more once the library is closed, and yet finished', async () => {
    const { time, start, calls } = open();
    const one = start();
    const first = use();
    await one.keys.begin(first);
    await one.running.close();
    expect(one.timersRunning()).toBe(0);
    const late = { ...use(), name: 'b' };
    await one.keys.begin(late);
    expect(one.timersRunning()).toBe(0);
    await time.pass(60_000);
    one.keys.finish(first);
    await idle();
    expect(calls).toEqual(['begin', 'begin', 'finish']);
  });

  test('that cannot be finished is told of as such', async () => {
    const { start, memory } = open();
    const one = start();
    const first = use();
    await one.keys.begin(first);
    memory.hurt(() => Promise.reject(new Error('down')));
    one.keys.finish(first);
    await one.running.close();
    expect(one.events).toMatchObject([{ type: 'store-failed', operation: 'finish', reason: 'Error: down' }]);
  });
});
