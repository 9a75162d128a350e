import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { createRunning } from '../../src/provider/running.js';
import { isSettled, promptly, rejection } from './harness.js';

function pending() {
  let end = (): void => undefined;
  let fail = (_reason: unknown): void => undefined;
  const work = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { work, end, fail };
}

describe('Closing', () => {
  test('is over at once where nothing is under way', async () => {
    const running = createRunning();
    expect(running.closing.aborted).toBe(false);
    await promptly(running.close());
    expect(running.closing.aborted).toBe(true);
  });

  test('waits for all that is under way, and fails with none of it', async () => {
    const running = createRunning();
    const [one, other] = [pending(), pending()];
    void running.add(one.work);
    running.add(other.work).catch(() => undefined);
    const closed = running.close();
    expect(running.closing.aborted).toBe(true);
    one.end();
    expect(await isSettled(closed)).toBe(false);
    other.fail(new Error('no'));
    expect(await promptly(closed)).toBeUndefined();
  });

  test('does not wait for what has ended', async () => {
    const running = createRunning();
    await running.add(Promise.resolve());
    await rejection(running.add(Promise.reject(new Error('no'))));
    await promptly(running.close());
  });

  test('may be asked for twice', async () => {
    const running = createRunning();
    const one = pending();
    void running.add(one.work);
    const closed = [running.close(), running.close()];
    one.end();
    await promptly(Promise.all(closed));
  });
});

test('What is under way settles as it would', async () => {
  const running = createRunning();
  const reason = new Error('no');
  expect(await running.add(Promise.resolve(7))).toBe(7);
  expect(await rejection(running.add(Promise.reject(reason)))).toBe(reason);
});

test('Nothing is kept of what has ended', async () => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const running = createRunning();
  const result = new WeakRef(await running.add(Promise.resolve({ paid: true })));
  await new Promise(setImmediate);
  collect();
  expect(result.deref()).toBeUndefined();
  await running.close();
});
