import { describe, expect, test } from '@jest/globals';
import { createKeys } from '../../src/idempotency/keys.js';
import { clockAt } from '../guards/harness.js';

const LIVES = { ttlMs: 10_000, leaseMs: 1000 };

function open(maxKeys?: number) {
  const clock = clockAt(1_000_000);
  const keys = createKeys(clock.now, maxKeys);
  return {
    keys,
    clock,
    begin: (name: string, ticket: string, print = 'p') => keys.begin(name, ticket, print, LIVES),
  };
}

describe('Keys of one process', () => {
  test('begin once, until the end is told', async () => {
    const { keys, begin } = open();
    expect(await begin('a', 't1')).toBe('begun');
    expect(await begin('a', 't2')).toBe('in-progress');
    keys.finish('a', 't1');
    expect(await begin('a', 't3')).toBe('begun');
  });

  test('of two that begin in one turn, let one begin', async () => {
    const { begin } = open();
    expect(await Promise.all([begin('a', 't1'), begin('a', 't2')])).toEqual(['begun', 'in-progress']);
  });

  test('let nobody end what another began', async () => {
    const { keys, begin } = open();
    await begin('a', 't1');
    keys.finish('a', 't2');
    keys.finish('b', 't1');
    expect(await begin('a', 't3')).toBe('in-progress');
  });

  test('take a request for ended when nobody has told of its end for too long', async () => {
    const { keys, clock, begin } = open();
    await begin('a', 't1');
    clock.pass(999);
    expect(await begin('a', 't2')).toBe('in-progress');
    clock.pass(1);
    expect(await begin('a', 't3')).toBe('begun');
    keys.finish('a', 't1'); // too late: it is another's by now
    expect(await begin('a', 't4')).toBe('in-progress');
  });

  test('remember what a key was used for, under way or not', async () => {
    const { keys, clock, begin } = open();
    await begin('a', 't1', 'ten');
    expect(await begin('a', 't2', 'eleven')).toBe('conflict');
    keys.finish('a', 't1');
    expect(await begin('a', 't3', 'eleven')).toBe('conflict');
    clock.pass(9999);
    expect(await begin('a', 't4', 'eleven')).toBe('conflict');
    clock.pass(1);
    expect(await begin('a', 't5', 'eleven')).toBe('begun');
  });

  test('are remembered from their last request on', async () => {
    const { keys, clock, begin } = open();
    await begin('a', 't1');
    keys.finish('a', 't1');
    clock.pass(9000);
    await begin('a', 't2');
    keys.finish('a', 't2');
    clock.pass(9000);
    expect(await begin('a', 't3', 'other')).toBe('conflict');
  });

  test('are forgotten where a clock was set back, rather than kept for ever', async () => {
    const { keys, clock, begin } = open();
    await begin('a', 't1');
    keys.finish('a', 't1');
    clock.pass(-1);
    expect(await begin('a', 't2', 'other')).toBe('begun');
  });

  test('are at most 100,000, unless it is told otherwise', async () => {
    const { begin } = open();
    for (let number = 0; number <= 100_000; number++) await begin(String(number), 't');
    expect(await begin('1', 't', 'other')).toBe('conflict');
    expect(await begin('0', 't', 'other')).toBe('begun');
  });

  test('are not more than they may be: the one that was used longest ago goes', async () => {
    const { keys, begin } = open(2);
    for (const name of ['a', 'b', 'a', 'c']) {
      await begin(name, name);
      keys.finish(name, name);
    }
    expect(await begin('a', 't', 'other')).toBe('conflict');
    expect(await begin('c', 't', 'other')).toBe('conflict');
    expect(await begin('b', 't', 'other')).toBe('begun');
  });
});
