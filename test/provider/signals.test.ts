import { getEventListeners, getMaxListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { following } from '../../src/provider/signals.js';
import { rejection } from './harness.js';

const listenersOf = (...signals: AbortSignal[]) =>
  signals.map((signal) => getEventListeners(signal, 'abort').length);

describe('A task that follows several signals', () => {
  test.each([[0], [1]])('is aborted with the reason of number %i', async (number) => {
    const controllers = [new AbortController(), new AbortController()];
    const signals = controllers.map(({ signal }) => signal);
    const reason = new Error('the customer left');
    await following(signals, async (signal) => {
      expect(signal.aborted).toBe(false);
      expect(listenersOf(...signals)).toEqual([1, 1]);
      controllers[number]?.abort(reason);
      expect(signal.reason).toBe(reason);
      controllers[1 - number]?.abort(new Error('later'));
      expect(signal.reason).toBe(reason);
    });
    expect(listenersOf(...signals)).toEqual([0, 0]);
  });

  test('begins aborted if one of them is', async () => {
    const open = new AbortController().signal;
    const seen = await following([undefined, open, AbortSignal.abort('gone')], async (signal) => signal);
    expect(seen.reason).toBe('gone');
    expect(listenersOf(open)).toEqual([0]);
  });

  test('is never aborted by none', async () => {
    expect(await following([undefined], async (signal) => signal.aborted)).toBe(false);
  });

  test('leaves no listener when it fails', async () => {
    const { signal } = new AbortController();
    const reason = new Error('no');
    expect(await rejection(following([signal], () => Promise.reject(reason)))).toBe(reason);
    expect(listenersOf(signal)).toEqual([0]);
  });

  test('may be one of many that follow the same signal', async () => {
    const { signal } = new AbortController();
    await following([signal], async () => {
      expect(getMaxListeners(signal)).toBe(Infinity);
    });
  });

  test('follows a signal that is not Node’s', async () => {
    const listeners = new Set<() => void>();
    const signal = {
      aborted: false,
      reason: 'gone',
      addEventListener: (_type: string, listener: () => void) => listeners.add(listener),
      removeEventListener: (_type: string, listener: () => void) => listeners.delete(listener),
    } as unknown as AbortSignal;
    await following([signal], async (followed) => {
      for (const abort of listeners) abort();
      expect(followed.reason).toBe('gone');
    });
    expect(listeners.size).toBe(0);
  });

  test('is not aborted by what happens afterwards', async () => {
    const controller = new AbortController();
    const seen = await following([controller.signal], async (signal) => signal);
    controller.abort();
    expect(seen.aborted).toBe(false);
  });
});
