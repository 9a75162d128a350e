/** What happens inside `call` and is not LakiConnect's leaves it untouched. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import createError from 'http-errors';
import { isLakiConnectError, LakiConnectError, type LakiConnect } from 'lakiconnect-middleware';
import { core, documented, htmlPage } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { callTo, clientNamed, rejection, settled } from './harness.js';

let upstream: Upstream;
let foreign: Upstream;
let call: LakiConnect['call'];

beforeAll(async () => {
  [upstream, foreign] = await Promise.all([startUpstream(), startUpstream()]);
  call = callTo(upstream.url);
});

afterAll(() => Promise.all([upstream.close(), foreign.close()]));

/** Something thrown by the platform's own code. */
const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('It was expected to throw.');
};

describe('The platform’s own trouble is rethrown as it is', () => {
  test.each<[what: string, thrown: unknown]>([
    ['a bug', thrownBy(() => (undefined as unknown as { id: string }).id)],
    ['a call of nothing', thrownBy(() => (undefined as unknown as () => void)())],
    ['a range', thrownBy(() => 'x'.repeat(-1))],
    ['a wrong argument of Node’s', thrownBy(() => Buffer.alloc('1' as never))],
    ['a refusal of http-errors', createError(400)],
    [
      'a refusal of http-errors with a message and headers',
      createError(503, 'later', { headers: { a: 'b' } }),
    ],
    [
      'a body-parser refusal',
      createError(400, new SyntaxError('Unexpected token'), { type: 'entity.parse.failed' }),
    ],
    ['an Error', new Error('no')],
    [
      'an Error with a status of the platform’s own code',
      Object.assign(new Error('no'), { reason: 'fraud' }),
    ],
    ['a string', 'no'],
    ['null', null],
    ['undefined', undefined],
    ['a number', 404],
    ['a symbol', Symbol('no')],
    ['a frozen Error', Object.freeze(new Error('no'))],
  ])('%s', async (_what, thrown) => {
    const once = await settled(call(() => Promise.reject(thrown)));
    const synchronously = await settled(
      call(() => {
        throw thrown;
      }),
    );
    expect([once, synchronously].map((done) => 'rejected' in done && done.rejected === thrown)).toEqual([
      true,
      true,
    ]);
  });

  test('a file that is not there', async () => {
    let given: unknown;
    const error = await rejection(
      call(async () => {
        try {
          return await readFile('/no/such/file');
        } catch (thrown) {
          throw (given = thrown);
        }
      }),
    );
    expect(error === given).toBe(true);
    expect(error).toMatchObject({ code: 'ENOENT' });
  });
});

describe('An error of LakiConnect', () => {
  test('of another call is passed on', async () => {
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    let given: unknown;
    const error = await rejection(
      call(
        async () => {
          try {
            return await call(() => fetch(upstream.url), { merchantId: 'cm_1', method: 'GET' });
          } catch (thrown) {
            throw (given = thrown);
          }
        },
        { merchantId: 'cm_2', idempotencyKey: '1' },
      ),
    );
    expect(error === given).toBe(true);
    expect(error).toMatchObject({ kind: 'KYC_NOT_APPROVED', merchantId: 'cm_1', outcome: 'rejected' });
  });

  test('that is returned is a result', async () => {
    const error = new LakiConnectError({ kind: 'TIMEOUT' });
    expect((await call(() => error)) === error).toBe(true);
  });
});

/** The clients whose errors, or whose answers, say which URL they asked. */
const SAY_THEIR_URL = [
  'axios',
  'axios-validate-all',
  'got',
  'got-json',
  'ky',
  'ofetch',
  'fetch',
  'node-fetch',
  'superagent',
  'needle',
];

describe.each(SAY_THEIR_URL)('Another provider asked inside `call` through %s', (name) => {
  test.each([
    ['in plain text', { status: 500, body: 'Internal Server Error' }],
    ['in HTML', { status: 403, body: htmlPage, headers: { 'content-type': 'text/html' } }],
    ['without a body', { status: 401 }],
    ['in an envelope like LakiConnect’s', { status: 403, body: documented('KYC_NOT_APPROVED') }],
  ])('refuses %s: that is not ours', async (_how, answer) => {
    foreign.answer(answer);
    let given: unknown;
    const outcome = await settled(
      call(async ({ signal }) => {
        try {
          return (given = await clientNamed(name).send({
            url: foreign.url,
            method: 'POST',
            json: {},
            signal,
          }));
        } catch (thrown) {
          throw (given = thrown);
        }
      }),
    );
    expect(('resolved' in outcome ? outcome.resolved : outcome.rejected) === given).toBe(true);
    expect('resolved' in outcome).toBe(clientNamed(name).returns);
  });
});

test('A refusal of another provider that is returned can still be read', async () => {
  foreign.answer({ status: 402, body: core('INVALID_AMOUNT') });
  const response = await call(() => fetch(foreign.url));
  expect(response.status).toBe(402);
  expect(await response.json()).toEqual(core('INVALID_AMOUNT'));
});

test.each(['fetch', 'node-fetch'])(
  'An answer of another provider through %s is not waited for',
  async (name) => {
    foreign.answer({ fault: 'hang-body', status: 200, body: core('INVALID_AMOUNT') });
    const hurried = callTo(upstream.url, { timeoutMs: 150 });
    const leaving = new AbortController();
    let given: unknown;
    const result = await hurried(async () => {
      const request = { url: foreign.url, method: 'POST', signal: leaving.signal } as const;
      return (given = await clientNamed(name).send(request));
    });
    expect(result === given).toBe(true);
    leaving.abort();
  },
);

test('An ERROR of another provider at 200 is its own affair', async () => {
  foreign.answer({ status: 200, body: core('INVALID_AMOUNT') });
  const response = await call(() => fetch(foreign.url));
  expect(await response.json()).toEqual(core('INVALID_AMOUNT'));
});

test.each([
  ['axios', true],
  ['got', true],
  ['ofetch', true],
])('Another provider that cannot be reached through %s is not ours', async (name) => {
  const { url, close } = await startUpstream();
  await close();
  let given: unknown;
  const error = await rejection(
    call(async () => {
      try {
        return await clientNamed(name).send({ url, method: 'POST', json: {} });
      } catch (thrown) {
        throw (given = thrown);
      }
    }),
  );
  expect(error === given).toBe(true);
});

test('A further origin is as good as the one of `baseUrl`', async () => {
  foreign.answer({ status: 500, body: 'Internal Server Error' });
  const withBoth = callTo(upstream.url, { origins: [foreign.origin] });
  const error = await rejection(withBoth(() => fetch(foreign.url, { method: 'POST' })));
  expect(error).toMatchObject({ kind: 'INTERNAL_ERROR', outcome: 'unknown', upstream: { status: 500 } });
});

describe('The method decides whether money can have moved', () => {
  beforeEach(() => upstream.answer({ status: 502, body: 'Bad Gateway' }));

  const failing = (name: string, context: { method?: string | undefined }, method: 'GET' | 'POST' = 'GET') =>
    rejection(
      call(
        ({ signal }) =>
          clientNamed(name).send({
            url: upstream.url,
            method,
            signal,
            ...(method === 'POST' && { json: {} }),
          }),
        context,
      ),
    );

  test.each(['GET', 'HEAD', 'get'])('%s is never unknown, and may be retried', async (method) => {
    expect(await failing('axios', { method })).toMatchObject({ outcome: 'rejected', retryable: true });
    expect(await failing('fetch', { method })).toMatchObject({ outcome: 'rejected', retryable: true });
    upstream.answer({ fault: 'reset' });
    expect(await failing('fetch', { method })).toMatchObject({ kind: 'UNREACHABLE', outcome: 'rejected' });
    expect(await failing('node-fetch', { method })).toMatchObject({
      kind: 'UNREACHABLE',
      outcome: 'rejected',
    });
  });

  test('a GET past its deadline is not unknown either', async () => {
    upstream.answer({ fault: 'hang-headers' });
    const hurried = callTo(upstream.url, { timeoutMs: 40 });
    const error = await rejection(
      hurried(({ signal }) => fetch(upstream.url, { signal }), { method: 'GET' }),
    );
    expect(error).toMatchObject({ kind: 'TIMEOUT', outcome: 'rejected', retryable: true });
  });

  test.each(['axios', 'axios-validate-all', 'got', 'ky', 'superagent', 'needle'])(
    '%s says itself that it was a GET',
    async (name) => {
      expect(await failing(name, {})).toMatchObject({ outcome: 'rejected', retryable: true });
    },
  );

  test.each(['fetch', 'node-fetch', 'undici', 'sdk'])(
    '%s does not, and so it may have been a POST',
    async (name) => {
      expect(await failing(name, {})).toMatchObject({ outcome: 'unknown', retryable: false });
    },
  );

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', ''])(
    '%s may move money',
    async (method) => {
      expect(await failing('fetch', { method })).toMatchObject({ outcome: 'unknown', retryable: false });
    },
  );

  test.each(['axios', 'got', 'ky', 'superagent', 'needle'])(
    'a POST of %s is one, whatever the context says',
    async (name) => {
      expect(await failing(name, { method: 'GET' }, 'POST')).toMatchObject({ outcome: 'unknown' });
    },
  );

  test('a GET of the client is a POST if the context says so', async () => {
    expect(await failing('axios', { method: 'POST' })).toMatchObject({ outcome: 'unknown' });
  });
});

describe('The error tells', () => {
  test('the merchant of the context before the one of the header', async () => {
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    const send = () =>
      clientNamed('axios').send({
        url: upstream.url,
        method: 'POST',
        headers: { 'X-Connected-Merchant-ID': 'cm_header' },
      });
    expect(await rejection(call(send))).toMatchObject({ merchantId: 'cm_header' });
    expect(await rejection(call(send, { merchantId: 'cm_context' }))).toMatchObject({
      merchantId: 'cm_context',
    });
  });

  test('the provider’s message without the key that the request carried', async () => {
    upstream.answer({
      status: 401,
      body: documented('UNAUTHORIZED', { message: 'Unknown key q1w2e3:r4t5y6' }),
    });
    const send = () =>
      clientNamed('axios').send({
        url: upstream.url,
        method: 'POST',
        headers: { 'X-API-Key': 'q1w2e3:r4t5y6' },
      });
    const error = await rejection(call(send));
    expect(isLakiConnectError(error) && error.upstream.message).toBe('Unknown key [redacted]');
  });
});
