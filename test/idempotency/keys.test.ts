import { describe, expect, test } from '@jest/globals';
import { createKeys, exclusively, type Keys, type KeyUse } from '../../src/idempotency/keys.js';
import { clockAt, deferred } from '../guards/harness.js';

const use = (name: string, fingerprint = 'p'): KeyUse => ({
  name,
  owner: String(Math.random()),
  fingerprint,
  ttlMs: 10_000,
});

function open(maxKeys?: number) {
  const clock = clockAt(1_000_000);
  const keys = createKeys(clock.now, maxKeys);
  /** One use of a key, from its beginning to its end. */
  async function useOnce(name: string, fingerprint?: string): Promise<string | undefined> {
    const one = use(name, fingerprint);
    const begun = await keys.begin(one);
    if (begun === 'begun') keys.finish(one);
    return begun;
  }
  return { keys, clock, useOnce };
}

describe('Keys of one process', () => {
  test('remember what a key was used for, from the end of its last use on', async () => {
    const { keys, clock, useOnce } = open();
    const first = use('a', 'ten');
    expect(await keys.begin(first)).toBe('begun');
    clock.pass(60_000);
    keys.finish(first);
    clock.pass(9999);
    expect(await useOnce('a', 'eleven')).toBe('conflict');
    expect(await useOnce('a', 'ten')).toBe('begun');
    clock.pass(9999);
    expect(await useOnce('a', 'eleven')).toBe('conflict');
    clock.pass(1);
    expect(await useOnce('a', 'eleven')).toBe('begun');
  });

  test('are remembered where a clock is set back', async () => {
    const { clock, useOnce } = open();
    await useOnce('a', 'ten');
    clock.pass(-3_600_000);
    expect(await useOnce('a', 'eleven')).toBe('conflict');
  });

  test('go by a clock that nobody sets, unless they are told otherwise', async () => {
    const keys = createKeys();
    const now = Date.now;
    const first = use('a', 'ten');
    try {
      await keys.begin(first);
      keys.finish(first);
      Date.now = () => now() + 3_600_000;
      expect(await keys.begin(use('a', 'eleven'))).toBe('conflict');
    } finally {
      Date.now = now;
    }
  });

  test('are at most 100,000, unless it is told otherwise', async () => {
    const { useOnce } = open();
    for (let number = 0; number <= 100_000; number++) await useOnce(String(number));
    expect(await useOnce('1', 'other')).toBe('conflict');
    expect(await useOnce('0', 'other')).toBe('begun');
  });

  test('are not more than they may be: the one that was used longest ago goes', async () => {
    const { useOnce } = open(2);
    for (const name of ['a', 'b', 'a', 'c']) await useOnce(name);
    expect(await useOnce('a', 'other')).toBe('conflict');
    expect(await useOnce('c', 'other')).toBe('conflict');
    expect(await useOnce('b', 'other')).toBe('begun');
  });
});

describe('Keys that are used exclusively', () => {
  test('begin once, until the end is told', async () => {
    const { keys, clock } = open();
    const exclusive = exclusively(keys);
    const first = use('a');
    expect(await exclusive.begin(first)).toBe('begun');
    clock.pass(Number.MAX_SAFE_INTEGER);
    expect(await exclusive.begin(use('a'))).toBe('in-progress');
    expect(await exclusive.begin(use('a', 'other'))).toBe('conflict');
    expect(await exclusive.begin(use('b'))).toBe('begun');
    exclusive.finish(first);
    expect(await exclusive.begin(use('a'))).toBe('begun');
  });

  test('of two that begin in one turn, let one begin', async () => {
    const exclusive = exclusively(open().keys);
    const all = [use('a'), use('a'), use('a', 'other')];
    expect(await Promise.all(all.map(exclusive.begin))).toEqual(['begun', 'in-progress', 'conflict']);
  });

  test('finish what a store began for a request that was overtaken', async () => {
    const finished: KeyUse[] = [];
    const late = deferred<'begun'>();
    let asked = 0;
    const store: Keys = {
      begin: () => (asked++ === 0 ? late.promise : Promise.resolve(undefined)),
      finish: (one) => finished.push(one),
    };
    const exclusive = exclusively(store);
    const [slow, fast] = [use('a'), use('a')];
    const begun = exclusive.begin(slow);
    expect(await exclusive.begin(fast)).toBeUndefined();
    late.resolve('begun');
    expect(await begun).toBe('in-progress');
    expect(finished).toEqual([slow]);
  });

  test('let nobody end what another began, and hold what a store refuses not at all', async () => {
    let begun: Awaited<ReturnType<Keys['begin']>> = 'begun';
    const exclusive = exclusively({ begin: () => Promise.resolve(begun), finish: () => undefined });
    const first = use('a');
    await exclusive.begin(first);
    exclusive.finish(use('a'));
    expect(await exclusive.begin(use('a'))).toBe('in-progress');
    exclusive.finish(first);
    begun = 'conflict';
    expect(await exclusive.begin(use('a'))).toBe('conflict');
    begun = 'begun';
    expect(await exclusive.begin(use('a'))).toBe('begun');
  });
});
