/** The caller's own signal: what it was aborted with is thrown as it is, and nothing of it stays behind. */
import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLakiConnect, LakiConnectError, type Options } from 'lakiconnect-middleware';
import { documented, succeeded } from '../envelopes.js';
import { startUpstream, type Answer, type Upstream } from '../upstream.js';
import { promptly, rejection, settled } from './harness.js';
import { apiKey, json, plain, scripted } from './scripted.js';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());
beforeEach(() => void upstream.requests.splice(0));

const clientOf = (options: Options = {}) =>
  createLakiConnect({ baseUrl: upstream.url, apiKey, ...options }).client;

const until = (condition: () => boolean) => async () => {
  while (!condition()) await new Promise(setImmediate);
};

const REASONS: readonly (readonly [what: string, reason: unknown])[] = [
  ['nothing', undefined],
  ['an error of its own', new Error('the customer left')],
  ['a text', 'gone'],
  ['a connection of its own that was reset', Object.assign(new Error('aborted'), { code: 'ECONNRESET' })],
  [
    'what looks like an answer',
    { response: { status: 503, headers: {}, data: documented('RATE_LIMITED') }, stack: '' },
  ],
  ['an error of the library’s', new LakiConnectError({ kind: 'RATE_LIMITED' })],
];

describe.each(REASONS)('Aborted with %s', (_what, reason) => {
  /** What a request rejects with that is aborted when `moment` says, and what the signal was aborted with. */
  async function aborted(
    send: (signal: AbortSignal) => Promise<unknown>,
    moment: () => Promise<unknown>,
  ): Promise<{ thrown: unknown; with: unknown }> {
    const controller = new AbortController();
    const rejected = rejection(send(controller.signal));
    await moment();
    controller.abort(reason);
    const thrown = await promptly(rejected);
    await new Promise(setImmediate);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    return { thrown, with: controller.signal.reason };
  }

  test('before it begins, a request is not sent', async () => {
    for (const method of ['get', 'post'] as const) {
      const signal = AbortSignal.abort(reason);
      const client = clientOf();
      expect(await rejection(client[method]('/x', { signal }))).toBe(signal.reason);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    }
    expect(upstream.requests).toEqual([]);
  });

  describe.each<[string, Answer]>([
    ['headers', { fault: 'hang-headers' }],
    ['the rest of a body', { fault: 'hang-body', status: 200, body: succeeded }],
    ['the rest of an error', { fault: 'hang-body', status: 503, body: documented('RATE_LIMITED') }],
  ])('while it waits for %s', (_for, answer) => {
    test.each(['get', 'post'] as const)('a %s rejects with that, and is not sent again', async (method) => {
      upstream.answer(answer);
      const events: unknown[] = [];
      let isAnswered = answer.fault === 'hang-headers';
      const client = clientOf({
        onEvent: (event) => events.push(event),
        fetch: async (url, init) => {
          const response = await fetch(url, init);
          isAnswered = true;
          return response;
        },
      });
      const { thrown, with: given } = await aborted(
        (signal) => client[method]('/x', { signal, idempotencyKey: 'order-1' }),
        until(() => isAnswered && upstream.requests.length === 1),
      );
      expect(thrown).toBe(given);
      expect(upstream.requests.length).toBe(1);
      expect(events).toEqual([]);
    });
  });

  test('while it waits to be sent again, a request rejects with that, and is not', async () => {
    const sleep = jest.fn(() => new Promise<void>(() => undefined));
    const stage = scripted({ sleep });
    stage.answer(plain(503, ''), json(200, {}));
    const { thrown, with: given } = await aborted(
      (signal) => stage.client.get('/x', { signal }),
      until(() => sleep.mock.calls.length === 1),
    );
    expect(thrown).toBe(given);
    expect(stage.sent.length).toBe(1);
  });
});

describe('Ended by the platform’s timeout, a request is sent no more, and has timed out', () => {
  test.each<[string, Answer]>([
    ['headers', { fault: 'hang-headers' }],
    ['the rest of a body', { fault: 'hang-body', status: 200, body: succeeded }],
  ])('while it waits for %s', async (_for, answer) => {
    upstream.answer(answer);
    const timedOut = async (send: (signal: AbortSignal) => Promise<unknown>) =>
      promptly(rejection(send(AbortSignal.timeout(30))));
    const client = clientOf();
    expect(await timedOut((signal) => client.get('/x', { signal }))).toMatchObject({ kind: 'TIMEOUT' });
    expect(await timedOut((signal) => client.post('/x', { signal }))).toMatchObject({
      kind: 'TIMEOUT',
      outcome: 'unknown',
    });
    expect(upstream.requests.length).toBe(2);
  });

  test('while it waits to be sent again, with what it failed with', async () => {
    const sleep = jest.fn(() => new Promise<void>(() => undefined));
    const stage = scripted({ sleep });
    stage.answer(plain(503, ''), json(200, {}));
    const error = await promptly(rejection(stage.client.get('/x', { signal: AbortSignal.timeout(30) })));
    expect(error).toMatchObject({ kind: 'INTERNAL_ERROR' });
    expect(stage.sent.length).toBe(1);
  });
});

test('Aborted by whoever hears of the retry, a request is not sent again', async () => {
  const controller = new AbortController();
  const stage = scripted({
    onEvent: ({ type }) => {
      if (type === 'retry') controller.abort();
    },
  });
  stage.answer(plain(503, ''), json(200, {}));
  const { signal } = controller;
  expect(await rejection(stage.client.get('/x', { signal }))).toBe(signal.reason);
  expect(stage.sent.length).toBe(1);
});

describe('A signal that lives on', () => {
  test('has as many listeners removed as were added, whatever became of the request', async () => {
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    const stage = scripted();
    stage.answer(
      json(200, {}),
      plain(404, ''),
      plain(503, ''),
      plain(503, ''),
      json(200, {}),
      plain(503, ''),
    );
    await stage.client.get('/x', { signal });
    await settled(stage.client.get('/x', { signal }));
    await stage.client.get('/x', { signal });
    await settled(stage.client.get('/x', { signal }));
    await settled(stage.client.post('/x', { signal, body: {} }));
    expect(added.mock.calls.length).toBeGreaterThan(5);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('keeps nothing of a request that ended at its deadline', async () => {
    upstream.answer({ fault: 'hang-body', status: 200, body: succeeded });
    const { signal } = new AbortController();
    const client = clientOf({ timeoutMs: 30, retry: false });
    expect(await promptly(rejection(client.post('/x', { signal })))).toMatchObject({ kind: 'TIMEOUT' });
    await new Promise(setImmediate);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
