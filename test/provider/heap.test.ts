/** Nothing grows with the number of requests under one signal: a server's own may live as long as it does. */
import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { createLakiConnect } from 'lakiconnect-middleware';
import { following } from '../../src/provider/signals.js';
import { growth } from '../growth.js';
import { settled } from './harness.js';
import { apiKey } from './scripted.js';

const MAX_GROWTH = 1024 * 1024;

test('A hundred thousand tasks that follow a signal that lives on leave nothing behind', async () => {
  const { signal } = new AbortController();
  const task = (): Promise<void> => following([signal, undefined], async () => undefined);
  expect(await growth(100_000, task)).toBeLessThan(MAX_GROWTH);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('Ten thousand requests that follow a signal that lives on leave nothing behind, good or bad', async () => {
  const { signal } = new AbortController();
  let sent = 0;
  const fetch = async (): Promise<Response> =>
    ++sent % 2 === 0 ? Response.json({}) : new Response('', { status: 404 });
  const laki = createLakiConnect({ apiKey, fetch });
  const grown = await growth(10_000, () => settled(laki.client.get('/wallet', { signal })));
  expect(grown).toBeLessThan(2 * MAX_GROWTH);
  expect(sent).toBe(10_000);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
