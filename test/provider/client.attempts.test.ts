/** One attempt of the client's: its good answer, or what it failed with, noted once. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LakiConnectError, Options } from 'lakiconnect-middleware';
import { createClients } from '../../src/provider/client.js';
import { createCooldown } from '../../src/provider/cooldown.js';
import { createRunning } from '../../src/provider/running.js';
import { settle } from '../../src/settle.js';
import { documented, succeeded } from '../envelopes.js';
import { startUpstream, type Answer, type Upstream } from '../upstream.js';
import { aftermath, promptly } from './harness.js';
import { apiKey, failure } from './scripted.js';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());
beforeEach(() => void upstream.requests.splice(0));

interface Attempting extends Options {
  signal?: AbortSignal;
}

/** A payment, and what is noted of it. */
function attempting(answer: Answer, { signal, ...options }: Attempting = {}) {
  upstream.answer(answer);
  const noted: LakiConnectError[] = [];
  const settings = settle({ apiKey, baseUrl: upstream.url, timeoutMs: 60_000, ...options });
  const { client } = createClients({
    settings,
    cooldown: createCooldown(settings, () => undefined),
    tell: () => undefined,
    note: (error) => noted.push(error),
    running: createRunning(),
  });
  return { noted, attempted: client.post('/x', { body: {}, merchantId: 'cm_1', signal }) };
}

test('A good answer is its body, and nothing is noted', async () => {
  const { noted, attempted } = attempting({ status: 201, body: succeeded });
  expect(await attempted).toEqual(succeeded);
  expect(noted).toEqual([]);
});

test.each<[string, Answer, object]>([
  [
    'a refusal',
    { status: 403, body: documented('KYC_NOT_APPROVED') },
    { kind: 'KYC_NOT_APPROVED', outcome: 'rejected', merchantId: 'cm_1' },
  ],
  ['an outage', { status: 503 }, { kind: 'INTERNAL_ERROR', outcome: 'unknown', merchantId: 'cm_1' }],
  ['a reset', { fault: 'reset' }, { kind: 'UNREACHABLE', outcome: 'unknown', merchantId: 'cm_1' }],
])('What it failed with is thrown, and noted once: %s', async (_what, answer, expected) => {
  const { noted, attempted } = attempting(answer);
  const error = await failure(attempted);
  expect(error).toMatchObject(expected);
  expect(noted).toEqual([error]);
  expect(noted[0]).toBe(error);
});

describe('One deadline', () => {
  test.each<[string, Answer]>([
    ['headers', { fault: 'hang-headers' }],
    ['the rest of a body', { fault: 'hang-body', status: 200, body: succeeded }],
  ])('is over %s too', async (_what, answer) => {
    const { noted, attempted } = attempting(answer, { timeoutMs: 40 });
    expect(await promptly(failure(attempted))).toMatchObject({ kind: 'TIMEOUT', outcome: 'unknown' });
    await aftermath();
    expect(noted).toEqual([]);
  });

  test('drops what comes later', async () => {
    const late = new Response(JSON.stringify(documented('RATE_LIMITED')), { status: 429 });
    let answer = (_response: Response): void => undefined;
    const { noted, attempted } = attempting(
      { status: 200 },
      { timeoutMs: 20, fetch: () => new Promise((resolve) => (answer = resolve)) },
    );
    expect(await promptly(failure(attempted))).toMatchObject({ kind: 'TIMEOUT' });
    answer(late);
    await aftermath();
    expect(noted).toEqual([]);
  });
});

test('Whatever the caller aborts with, nothing is noted', async () => {
  const reason = Object.assign(new Error('429'), { response: { status: 429, headers: {}, data: {} } });
  const controller = new AbortController();
  const { noted, attempted } = attempting({ fault: 'hang-headers' }, { signal: controller.signal });
  controller.abort(reason);
  await failure(attempted);
  expect(noted).toEqual([]);
});
