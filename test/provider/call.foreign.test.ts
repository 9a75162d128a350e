/** What is thrown inside `call` is LakiConnect's, unless it is provably another's or the platform's own. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import Bottleneck from 'bottleneck';
import { bulkhead, circuitBreaker, ConsecutiveBreaker, handleAll, timeout, TimeoutStrategy } from 'cockatiel';
import createError from 'http-errors';
import {
  createLakiConnect,
  isLakiConnectError,
  LakiConnectError,
  originalError,
  type CallContext,
  type LakiConnect,
  type LakiConnectEvent,
} from 'lakiconnect-middleware';
import CircuitBreaker from 'opossum';
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

describe('What is the platform’s own is rethrown as it is', () => {
  test.each<[what: string, thrown: unknown]>([
    ['input that a client refused', thrownBy(() => Buffer.alloc('1' as never))],
    ['an http-error', createError(400)],
    ['an http-error with a message and headers', createError(503, 'later', { headers: { a: 'b' } })],
    [
      'an error of body-parser',
      createError(400, new SyntaxError('Unexpected token'), { type: 'entity.parse.failed' }),
    ],
    ['an http-error of its own decision', createError(402, 'pay later', { cause: failedPayment() })],
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
});

/** An axios error of LakiConnect's, in the parts that are read. */
function failedPayment(status = 401): Error {
  const config = { url: 'https://api.lakipay.co/api/v2/payment/direct', method: 'post' };
  const response = { status, data: documented('UNAUTHORIZED'), headers: {} };
  return Object.assign(new Error('Request failed'), { config, response });
}

describe('Whatever else is thrown is a payment of which nothing is known', () => {
  const events: LakiConnectEvent[] = [];
  const { call } = createLakiConnect({
    apiKey: 'pk_live_1:sk_live_2',
    onEvent: (event) => void events.push(event),
  });

  beforeEach(() => {
    events.length = 0;
  });

  test.each<[what: string, thrown: unknown, reason: string]>([
    ['a bug', thrownBy(() => (undefined as unknown as { id: string }).id), 'TypeError: Cannot read'],
    ['a call of nothing', thrownBy(() => (undefined as unknown as () => void)()), 'TypeError: '],
    ['a range', thrownBy(() => 'x'.repeat(-1)), 'RangeError: '],
    ['an Error', new Error('no'), 'Error: no'],
    ['an Error that quotes the key', new Error('for pk_live_1:sk_live_2'), 'Error: for [redacted]'],
    ['an Error with properties', Object.assign(new Error('no'), { reason: 'fraud' }), 'Error: no'],
    ['a string', 'no', "'no'"],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a number', 404, '404'],
    ['a symbol', Symbol('no'), 'Symbol(no)'],
    ['a frozen Error', Object.freeze(new Error('no')), 'Error: no'],
    ['a file that is not there', thrownBy(() => readFileSync('/no/such/file')), 'Error: ENOENT'],
    ['an array', [1], 'object'],
    ['an object without a prototype', Object.create(null), 'object'],
  ])('%s', async (_what, thrown, reason) => {
    for (const send of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ]) {
      events.length = 0;
      const error = await rejection(call(send));
      expect(error).toMatchObject({ kind: 'UNRECOGNISED', outcome: 'unknown', retryable: false });
      expect(originalError(error as LakiConnectError)).toBe(thrown);
      expect(events).toEqual([
        expect.objectContaining({
          type: 'unmapped',
          level: 'error',
          reason: expect.stringContaining(reason),
        }),
      ]);
    }
  });

  /** What an interceptor of the platform's makes of an answer is no answer. */
  test.each([
    { status: 400, data: documented('VALIDATION_ERROR') },
    { statusCode: 422, body: 'no' },
    Object.assign(new Error('no'), { status: 400, body: documented('VALIDATION_ERROR') }),
  ])('%j', async (thrown) => {
    expect(await rejection(call(() => Promise.reject(thrown)))).toMatchObject({
      kind: 'VALIDATION_ERROR',
      outcome: 'unknown',
    });
  });
});

describe('A breaker or limiter that refused to run the request proves that nothing was sent', () => {
  test.each<[what: string, refusal: () => Promise<unknown>, code: string | undefined]>([
    ['opossum, open', () => opened(breaker()).fire(), 'EOPENBREAKER'],
    ['opossum, shut down', () => shutDown(breaker()).fire(), 'ESHUTDOWN'],
    ['opossum, at its capacity', () => busy(breaker({ capacity: 1 })), 'ESEMLOCKED'],
    ['cockatiel, broken', () => isolated().execute(noAnswer), undefined],
    ['cockatiel, full', () => crowded(bulkhead(1, 0)), undefined],
    ['Bottleneck, full', () => overflowing(), undefined],
  ])('%s', async (_what, refusal, code) => {
    const error = await rejection(call(refusal));
    expect(error).toMatchObject({ kind: 'UNREACHABLE', outcome: 'rejected', retryable: true });
    expect((error as LakiConnectError).upstream.code).toBe(code);
  });

  test.each<[what: string, late: () => Promise<unknown>]>([
    ['opossum', () => breaker({ timeout: 5 }).fire()],
    ['cockatiel', () => timeout(5, TimeoutStrategy.Aggressive).execute(noAnswer)],
    ['Bottleneck', () => new Bottleneck().schedule({ expiration: 5 }, noAnswer)],
  ])('but not the timeout of %s', async (_what, late) => {
    expect(await rejection(call(late))).toMatchObject({ kind: 'TIMEOUT', outcome: 'unknown' });
  });

  test('nor the system’s ESHUTDOWN', async () => {
    const broken = Object.assign(new Error('write ESHUTDOWN'), { code: 'ESHUTDOWN', syscall: 'write' });
    expect(await rejection(call(() => Promise.reject(broken)))).toMatchObject({
      kind: 'UNREACHABLE',
      outcome: 'unknown',
    });
  });

  const breakers: CircuitBreaker[] = [];
  const breaker = (options = {}) => {
    const made = new CircuitBreaker(noAnswer, { timeout: false, ...options });
    breakers.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of breakers.splice(0)) made.shutdown();
  });

  const noAnswer = () => new Promise(() => undefined);
  const opened = (it: CircuitBreaker) => (it.open(), it);
  const shutDown = (it: CircuitBreaker) => (it.shutdown(), it);
  const busy = (it: CircuitBreaker) => (void it.fire().catch(() => undefined), it.fire());
  const isolated = () => {
    const policy = circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(1) });
    policy.isolate();
    return policy;
  };
  const crowded = (policy: ReturnType<typeof bulkhead>) => (
    void policy.execute(noAnswer),
    policy.execute(noAnswer)
  );
  const overflowing = () => {
    const limiter = new Bottleneck({
      maxConcurrent: 1,
      highWater: 0,
      strategy: Bottleneck.strategy.OVERFLOW,
    });
    void limiter.schedule(noAnswer);
    return limiter.schedule(noAnswer);
  };
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

  test('in a further attempt says nothing of the first one', async () => {
    const refused = new LakiConnectError({ kind: 'INSUFFICIENT_BALANCE', requestId: 'req_2' });
    const attempt = (context: CallContext) => rejection(call(() => Promise.reject(refused), context));
    expect(await attempt({ attempt: 2 })).toMatchObject({
      ...{ kind: 'INSUFFICIENT_BALANCE', requestId: 'req_2', outcome: 'unknown' },
      ...{ retryable: false, action: 'check' },
    });
    expect(await attempt({ attempt: 1 })).toBe(refused);
    expect(await attempt({ attempt: 2, method: 'GET' })).toBe(refused);
    upstream.answer({ status: 422, body: documented('VALIDATION_ERROR') });
    const again = call(() => call(() => fetch(upstream.url, { method: 'POST' })), { attempt: 2 });
    expect(await rejection(again)).toMatchObject({ kind: 'VALIDATION_ERROR', outcome: 'unknown' });
    const unclear = new LakiConnectError({ kind: 'TIMEOUT' });
    expect(await rejection(call(() => Promise.reject(unclear), { attempt: 2 }))).toBe(unclear);
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

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])('%s may move money', async (method) => {
    expect(await failing('fetch', { method })).toMatchObject({ outcome: 'unknown', retryable: false });
  });

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
