import { expect, jest, test } from '@jest/globals';
import type { Told } from '../../src/events.js';
import { createRunning } from '../../src/provider/running.js';
import { settle } from '../../src/settle.js';
import { createBreaker } from '../../src/sharing/breaker.js';
import { createEvictionWarning } from '../../src/sharing/eviction.js';
import { createMemoryStore } from './memory-store.js';

/** A store that answers as listed, and then that nothing is evicted. */
function open(...answers: readonly (string | Error)[]) {
  const told: Told[] = [];
  const tell = (event: Told) => void told.push(event);
  const evictionPolicy = jest.fn(async () => {
    const answer = answers[evictionPolicy.mock.calls.length - 1] ?? 'noeviction';
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const store = { ...createMemoryStore().store, evictionPolicy };
  const running = createRunning();
  const warning = createEvictionWarning(store, createBreaker(store, settle({}), tell), tell, running);
  return { warning, running, asked: evictionPolicy.mock.calls, told };
}

const DOWN = new Error('not connected');

test.each<[string, ('want' | 'up')[], (string | Error)[], number, string[]]>([
  ['is not asked before it can be', ['want'], [], 0, []],
  ['is not asked where there are no keys', ['up'], [], 0, []],
  ['is asked once', ['want', 'up', 'want', 'up'], [], 1, []],
  ['is asked when the first guard comes late', ['up', 'want'], ['volatile-ttl'], 1, ['misconfigured']],
])('A store %s', async (_, steps, answers, asked, types) => {
  const opened = open(...answers);
  for (const step of steps) opened.warning[step]();
  await opened.running.close();
  expect(opened.asked).toHaveLength(asked);
  expect(opened.told.map(({ type }) => type)).toEqual(types);
});

test.each([
  [[DOWN, DOWN, 'allkeys-lru'], 3, ['store-failed', 'misconfigured']],
  [[DOWN, DOWN, DOWN, 'allkeys-lru'], 3, ['store-failed']],
])(
  'A store that does not answer at first is asked three times',
  async (answers, asked, types) => {
    const opened = open(...answers);
    opened.warning.want();
    opened.warning.up();
    const until = Date.now() + 10_000;
    while (opened.asked.length < asked && Date.now() < until)
      await new Promise((done) => setTimeout(done, 20));
    await opened.running.close();
    expect(opened.asked).toHaveLength(asked);
    expect(opened.told.map(({ type }) => type)).toEqual(types);
  },
  20_000,
);

test('Closing does not wait for a store that does not answer', async () => {
  const opened = open(DOWN, DOWN, DOWN);
  opened.warning.want();
  opened.warning.up();
  await new Promise((done) => setImmediate(done));
  await opened.running.close();
  expect(opened.asked.length).toBeLessThan(3);
});
