/** Which requests are sent again, when, and as what. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Options } from 'lakiconnect-middleware';
import { core, documented, htmlPage } from '../envelopes.js';
import { settled } from './harness.js';
import { broken, failure, json, plain, scripted, type Answering, type Scripted } from './scripted.js';

const good = json(200, { paid: true });
const unavailable = plain(503, 'Service Unavailable');
const limited = (seconds: string) => json(429, documented('RATE_LIMITED'), { 'retry-after': seconds });

const get = ({ client }: Scripted) => client.get('/wallet');
const pay = ({ client }: Scripted) =>
  client.post('/payment/direct', { body: { amount: 1 }, merchantId: 'cm_1', idempotencyKey: 'order-1' });
const payOnce = ({ client }: Scripted) => client.post('/payment/direct', { body: { amount: 1 } });

/** Says that LakiConnect honours keys: only then does one repeat a payment. */
const honoured = { idempotency: 'Idempotency-Key' };

/** A stage whose answers are given, in order, and that honours idempotency keys. */
function answering(answers: readonly Answering[], options: Options = {}): Scripted {
  const stage = scripted({ headers: honoured, ...options });
  stage.answer(...answers);
  return stage;
}

const PASSING: readonly (readonly [what: string, answer: Answering])[] = [
  ['429', limited('1')],
  ['429 without a word', plain(429, '')],
  ['500', plain(500, '')],
  ['502 and HTML', plain(502, htmlPage)],
  ['503', unavailable],
  ['599', plain(599, '')],
  ['PROVIDER_ERROR at 200', json(200, core('PROVIDER_ERROR'))],
  ['a reset', broken('ECONNRESET')],
  ['a refused connection', broken('ECONNREFUSED')],
  ['an unknown host', broken('ENOTFOUND')],
  ['a timeout', broken('UND_ERR_HEADERS_TIMEOUT')],
];

const LASTING: readonly (readonly [what: string, answer: Answering])[] = [
  ['400', plain(400, '')],
  ['401', json(401, documented('UNAUTHORIZED'))],
  ['403', json(403, documented('KYC_NOT_APPROVED'))],
  ['404', plain(404, '')],
  ['408', plain(408, '')],
  ['418', plain(418, '')],
  ['422', json(422, documented('VALIDATION_ERROR'))],
  ['a redirect', plain(302, null, { location: '/' })],
  ['HTML at 200', plain(200, htmlPage)],
  ['INVALID_AMOUNT at 200', json(200, core('INVALID_AMOUNT'))],
];

test('Where no `sleep` is given, a retry waits by itself', async () => {
  const stage = answering([unavailable, good], { sleep: undefined, random: () => 0.1 });
  const began = performance.now();
  expect(await get(stage)).toEqual({ paid: true });
  expect(performance.now() - began).toBeGreaterThan(20); // a tenth of 250 ms, less what timers are early
});

describe('What may pass', () => {
  test.each(PASSING)('is tried again for a GET: %s', async (_what, answer) => {
    const stage = answering([answer, answer, good]);
    expect(await get(stage)).toEqual({ paid: true });
    expect(stage.sent.length).toBe(3);
  });

  test.each(PASSING)('is tried again with an idempotency key: %s', async (_what, answer) => {
    const stage = answering([answer, answer, good]);
    expect(await pay(stage)).toEqual({ paid: true });
    expect(stage.sent.length).toBe(3);
    const [first, ...others] = stage.sent.map(({ at: _at, ...sent }) => sent);
    expect(first).toMatchObject({ body: '{"amount":1}', headers: { 'Idempotency-Key': 'order-1' } });
    expect(others).toEqual([first, first]);
  });

  test.each(PASSING)('is not tried again without one: %s', async (_what, answer) => {
    for (const method of ['post', 'put'] as const) {
      for (const idempotencyKey of [undefined, '']) {
        const stage = answering([answer, good]);
        const error = await failure(stage.client[method]('/x', { body: {}, idempotencyKey }));
        expect(error.retryable).toBe(error.outcome === 'rejected');
        expect(stage.sent.length).toBe(1);
        expect(stage.waits).toEqual([]);
        expect(stage.events.filter(({ type }) => type === 'retry')).toEqual([]);
      }
    }
  });
});

describe('Unless the platform has named the header of keys, a key repeats nothing', () => {
  test.each(PASSING)('after %s, and what is unknown is not retryable', async (_what, answer) => {
    for (const headers of [{}, { idempotency: undefined }, { apiKey: 'X-Key' }, undefined]) {
      for (const method of ['post', 'put'] as const) {
        const stage = answering([answer, good], { headers });
        const error = await failure(
          stage.client[method]('/payment/direct', { body: {}, idempotencyKey: 'order-1' }),
        );
        expect(error.retryable).toBe(error.outcome === 'rejected');
        expect(stage.sent.map(({ headers: sent }) => sent['Idempotency-Key'])).toEqual(['order-1']);
        expect(stage.waits).toEqual([]);
      }
    }
  });

  test('by `call` neither', async () => {
    for (const [headers, retryable] of [
      [undefined, false],
      [honoured, true],
    ] as const) {
      const { laki } = answering([], { headers });
      const send = () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
      expect(await failure(laki.call(send, { idempotencyKey: 'order-1' }))).toMatchObject({
        outcome: 'unknown',
        retryable,
      });
    }
  });

  test('though a GET is repeated', async () => {
    const stage = answering([unavailable, good], { headers: undefined });
    expect(await get(stage)).toEqual({ paid: true });
  });
});

test.each(['get', 'post', 'put'] as const)('A %s may say nothing but its path', async (method) => {
  const stage = answering([plain(503, ''), good]);
  await settled(stage.client[method]('/x'));
  expect(stage.sent.length).toBe(method === 'get' ? 2 : 1);
  expect(stage.sent[0]).toMatchObject({ method: method.toUpperCase(), body: undefined });
});

test.each(LASTING)('What lasts is not tried again: %s', async (_what, answer) => {
  for (const send of [get, pay]) {
    const stage = answering([answer, good]);
    expect((await failure(send(stage))).retryable).toBe(false);
    expect(stage.sent.length).toBe(1);
  }
});

describe('A conflict of idempotency keys', () => {
  const CONFLICTS: readonly (readonly [what: string, answer: Answering])[] = [
    ['409 with its code', json(409, documented('IDEMPOTENCY_CONFLICT'))],
    ['409 alone', plain(409, '')],
    ['409 with the code of another', json(409, documented('RATE_LIMITED'))],
    ['its code at 422', json(422, documented('IDEMPOTENCY_CONFLICT'))],
    ['its code at 503', json(503, documented('IDEMPOTENCY_CONFLICT'))],
    ['its code at 200', json(200, core('IDEMPOTENCY_CONFLICT'))],
  ];
  test.each(CONFLICTS)('is never tried again, whatever the rules say: %s', async (_what, answer) => {
    const rules = { IDEMPOTENCY_CONFLICT: { retryable: true }, RATE_LIMITED: { retryable: true } };
    for (const send of [get, pay]) {
      const stage = answering([answer, good], { rules });
      await failure(send(stage));
      expect(stage.sent.length).toBe(1);
    }
  });
});

test('What the platform’s rules hold for passing is tried again, and else not', async () => {
  const retryable = answering([plain(404, ''), good], { rules: { NOT_FOUND: { retryable: true } } });
  expect(await get(retryable)).toEqual({ paid: true });
  const final = answering([unavailable, good], { rules: { INTERNAL_ERROR: { retryable: false } } });
  expect(await failure(get(final))).toMatchObject({ kind: 'INTERNAL_ERROR', retryable: false });
  expect(final.sent.length).toBe(1);
});

describe('The bytes of every attempt are those of the first', () => {
  test('though the platform changes the body meanwhile', async () => {
    const body = { amount: 1 };
    const stage = answering([
      (sent) => {
        body.amount = 2;
        return unavailable(sent);
      },
      good,
    ]);
    await stage.client.post('/x', { body, idempotencyKey: 'order-1' });
    expect(stage.sent.map((sent) => sent.body)).toEqual(['{"amount":1}', '{"amount":1}']);
  });

  test('whatever the body and the key', async () => {
    const keys = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
      .filter((key) => key === key.trim());
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), keys, async (body, idempotencyKey) => {
        const stage = answering([unavailable, broken('ECONNRESET'), good]);
        await stage.client.put('/x', { body, idempotencyKey });
        const [first, ...others] = stage.sent.map(({ at: _at, ...sent }) => sent);
        expect(first?.body).toBe(JSON.stringify(body));
        expect(first?.headers['Idempotency-Key']).toBe(idempotencyKey);
        expect(others).toEqual([first, first]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('There are no more attempts than the options allow', () => {
  test.each([
    [1, { retry: false }],
    [1, { retry: { attempts: 1 } }],
    [2, { retry: { attempts: 2 } }],
    [3, {}],
    [3, { retry: {} }],
    [3, { retry: { attempts: undefined } }],
    [5, { retry: { attempts: 5 } }],
  ] as const)('%i with %j', async (attempts, options) => {
    const stage = answering([unavailable], options);
    expect(await failure(get(stage))).toMatchObject({ kind: 'INTERNAL_ERROR' });
    expect(stage.sent.length).toBe(attempts);
    expect(stage.waits.length).toBe(attempts - 1);
  });
});

describe('The wait before a retry', () => {
  test.each([
    [0, [0, 0, 0, 0]],
    [0.5, [125, 250, 500, 1000]],
    [0.999, [249.75, 499.5, 999, 1998]],
  ])('is spread by %d of a bound that doubles', async (random, waits) => {
    const stage = answering([unavailable], { random: () => random, retry: { attempts: 5 } });
    await failure(get(stage));
    expect(stage.waits).toEqual(waits);
  });

  test.each([
    ['2', 2000],
    ['30', 30_000],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
  ])('is never shorter than Retry-After: %s', async (seconds, ms) => {
    for (const random of [0, 0.999]) {
      for (const answer of [limited(seconds), plain(503, '', { 'retry-after': seconds })]) {
        const stage = answering([answer, good], { random: () => random });
        const began = stage.clock.now;
        await pay(stage);
        expect(stage.waits).toEqual([Math.min(ms + random * 250, 30_000)]);
        expect((stage.sent[1]?.at ?? 0) - began).toBeGreaterThanOrEqual(ms);
      }
    }
  });

  test.each([['0'], ['-5'], ['1e9'], ['120, 60'], ['Thu, 01 Jan 1970 00:00:00 GMT'], ['soon']])(
    'after a 429 that says %j is a second',
    async (seconds) => {
      const stage = answering([limited(seconds), good]);
      await get(stage);
      expect(stage.waits).toEqual([1000]);
    },
  );

  test.each([
    ['31', {}],
    ['9999999', {}],
    ['99999999999999999999', {}],
    ['3', { retry: { maxDelayMs: 2999 } }],
    ['1', { retry: { maxDelayMs: 0 } }],
  ])('of %s s is not made with %j', async (seconds, options) => {
    for (const answer of [limited(seconds), plain(503, '', { 'retry-after': seconds })]) {
      const stage = answering([answer, good], options);
      expect(await failure(pay(stage))).toMatchObject({ retryAfterMs: Number(seconds) * 1000 });
      expect(stage.sent.length).toBe(1);
      expect(stage.waits).toEqual([]);
    }
  });

  test('is never longer than the options allow', async () => {
    const stage = answering([unavailable], {
      random: () => 0.999,
      retry: { attempts: 10, maxDelayMs: 600 },
    });
    await failure(get(stage));
    expect(stage.waits).toEqual([249.75, 499.5, ...Array<number>(7).fill(600)]);
  });

  test('that fails leaves the failure of the request, however it fails', async () => {
    const own = new Error('no timers left');
    for (const sleep of [
      () => Promise.reject(own),
      () => {
        throw own;
      },
    ]) {
      const stage = answering([unavailable, good], { sleep });
      expect(await settled(get(stage))).toEqual({
        rejected: expect.objectContaining({ kind: 'INTERNAL_ERROR' }),
      });
      expect(stage.sent.length).toBe(1);
    }
  });
});

describe('After an attempt that may have paid', () => {
  test.each<[string, Answering, string]>([
    ['VALIDATION_ERROR', json(422, documented('VALIDATION_ERROR')), 'VALIDATION_ERROR'],
    ['a conflict', json(409, documented('IDEMPOTENCY_CONFLICT')), 'IDEMPOTENCY_CONFLICT'],
    ['401', json(401, documented('UNAUTHORIZED')), 'UNAUTHORIZED'],
    ['an error at 200', json(200, core('INVALID_AMOUNT')), 'VALIDATION_ERROR'],
    ['a refused connection', broken('ECONNREFUSED'), 'UNREACHABLE'],
    ['429', limited('60'), 'RATE_LIMITED'],
  ])('%s proves nothing', async (_what, answer, kind) => {
    const stage = answering([broken('ECONNRESET'), answer]);
    expect(await failure(pay(stage))).toMatchObject({ kind, outcome: 'unknown' });
  });

  test('nothing does, however often it is refused afterwards', async () => {
    const stage = answering([unavailable, limited('1'), json(422, documented('VALIDATION_ERROR'))]);
    expect(await failure(pay(stage))).toMatchObject({ kind: 'VALIDATION_ERROR', outcome: 'unknown' });
    expect(stage.sent.length).toBe(3);
  });

  test('a good answer is one', async () => {
    expect(await pay(answering([broken('ECONNRESET'), good]))).toEqual({ paid: true });
  });

  test.each<[string, Answering]>([
    ['429', limited('1')],
    ['a refused connection', broken('ECONNREFUSED')],
  ])('which %s has not, a refusal is one', async (_what, answer) => {
    const stage = answering([answer, json(422, documented('VALIDATION_ERROR'))]);
    expect(await failure(pay(stage))).toMatchObject({ kind: 'VALIDATION_ERROR', outcome: 'rejected' });
  });

  test('a GET has still moved no money', async () => {
    const stage = answering([broken('ECONNRESET'), plain(404, '')]);
    expect(await failure(get(stage))).toMatchObject({ kind: 'NOT_FOUND', outcome: 'rejected' });
  });
});

describe('An event', () => {
  test('tells of every retry', async () => {
    const stage = answering([broken('ECONNRESET'), limited('2'), good], { random: () => 0.5 });
    await pay(stage);
    expect(stage.events.filter(({ type }) => type === 'retry')).toEqual([
      {
        type: 'retry',
        level: 'info',
        kind: 'UNREACHABLE',
        merchantId: 'cm_1',
        outcome: 'unknown',
        attempt: 2,
        delayMs: 125,
      },
      {
        type: 'retry',
        level: 'info',
        kind: 'RATE_LIMITED',
        merchantId: 'cm_1',
        requestId: 'req_1a2b3c4d5e6f',
        outcome: 'unknown',
        attempt: 3,
        delayMs: 2250,
      },
    ]);
  });

  test('tells of none that is not made', async () => {
    const stage = answering([json(422, documented('VALIDATION_ERROR'))]);
    await failure(pay(stage));
    await failure(payOnce(stage));
    expect(stage.events).toEqual([]);
  });
});
