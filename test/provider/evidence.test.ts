/**
 * What the error handler claims of what a route throws, outside `call`: by the URL where there is one,
 * for and against; without one, by what no other API says.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import got from 'got';
import createError from 'http-errors';
import ky from 'ky';
import nodeFetch from 'node-fetch';
import superagent from 'superagent';
import { createLakiConnect, LakiConnectError } from 'lakiconnect-middleware';
import { core, documented, flat, htmlPage, nested, plainText, succeeded } from '../envelopes.js';
import { LakipayError } from '../clients.js';
import { startUpstream, type Answer, type Upstream } from '../upstream.js';
import { clientNamed, rejection } from './harness.js';

const OURS = 'https://api.lakipay.co/api/v2/payment/direct';
const GATEWAY = 'https://pay.gateway.example/lakipay/payment/direct';
const FOREIGN = 'https://api.example.com/api/v2/payment/direct';

const laki = createLakiConnect({ origins: ['https://pay.gateway.example'] });
const codeOf = (thrown: unknown) => laki.translate(thrown)?.problem.code;

/** An axios-like error for an answer; without a URL if none is given. */
const answered = (status: number, data: unknown, url?: string) =>
  Object.assign(new Error('Request failed'), {
    ...(url !== undefined && { config: { url, method: 'post' } }),
    response: { status, data, headers: {} },
  });

/** An error for a request that got no answer. */
const failed = (code: string, url?: string) =>
  Object.assign(new Error(code), { code, ...(url !== undefined && { config: { url, method: 'post' } }) });

/** What undici's responseError throws: the answer itself, without a URL. */
const undiciAnswer = (statusCode: number, body: unknown, headers: object = {}) =>
  Object.assign(new Error('Response Error'), { code: 'UND_ERR_RESPONSE', statusCode, headers, body });

/** An error class of the platform's own, in a common idiom. */
class OwnAnswer extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers?: object,
  ) {
    super('own');
  }
}

const E1_UNKNOWN = { error: { code: 'SHARD_LOST', message: 'no' } };
const E2_BARE = { status: 'ERROR', message: 'no' };

describe('Enough anywhere, without a URL', () => {
  test.each<[what: string, thrown: unknown]>([
    ['E1 with a known code', answered(403, documented('KYC_NOT_APPROVED'))],
    ['E1 as text', answered(403, JSON.stringify(documented('KYC_NOT_APPROVED')))],
    ['E1 as bytes', answered(403, Buffer.from(JSON.stringify(documented('KYC_NOT_APPROVED'))))],
    ['the body of an E1, thrown bare', documented('KYC_NOT_APPROVED')],
    ['E2 with a known error_code', answered(400, core('INVALID_AMOUNT'))],
    ['E2 at 200', answered(200, core('INVALID_AMOUNT'))],
    ['the body of an E2, thrown bare', core('INVALID_AMOUNT')],
    ['an error of the SDK with a status', new LakipayError('no', { status: 500, details: plainText })],
    ['an error of the SDK without anything', new LakipayError('no')],
    ['an error of another SDK by the same name', Object.assign(new Error('no'), { name: 'LakipayError' })],
    ['our own class', new LakiConnectError({ kind: 'TIMEOUT' })],
    ['an answer of undici’s responseError', undiciAnswer(403, documented('KYC_NOT_APPROVED'))],
    ['an answer of a client that nobody knows', new OwnAnswer(403, documented('KYC_NOT_APPROVED'), {})],
  ])('%s', (_what, thrown) => {
    expect(codeOf(thrown)).toEqual(expect.any(String));
  });
});

/** What any API could have said: ours only if it was asked. */
const AMBIGUOUS: readonly (readonly [what: string, thrown: (url?: string) => unknown])[] = [
  [
    'E1 with a known code and no request_id',
    (url) => answered(403, { error: { code: 'KYC_NOT_APPROVED' } }, url),
  ],
  ['E1 with a new code and a request_id', (url) => answered(500, documented('SHARD_LOST'), url)],
  [
    'E1 with a request_id alone',
    (url) => answered(500, { error: { message: 'no' }, request_id: 'req_1' }, url),
  ],
  ['E2 with a new error_code', (url) => answered(400, core('LIMIT_REACHED'), url)],
  ['E1 with a new code and no request_id', (url) => answered(500, E1_UNKNOWN, url)],
  [
    'E1 with a code that is none and a bad request_id',
    (url) => answered(500, { error: { code: 'no' }, request_id: 'a b' }, url),
  ],
  ['E2 without an error_code', (url) => answered(400, E2_BARE, url)],
  ['E2 with an error_code that is none', (url) => answered(400, { ...E2_BARE, error_code: 'no such' }, url)],
  ['E3', (url) => answered(502, plainText, url)],
  ['E4', (url) => answered(400, flat('amount: cannot be blank.'), url)],
  ['E5', (url) => answered(401, nested('invalid key'), url)],
  ['HTML', (url) => answered(403, htmlPage, url)],
  ['a bare 401', (url) => answered(401, undefined, url)],
  ['a bare 500', (url) => answered(500, '', url)],
  ['a 302', (url) => answered(302, undefined, url)],
  ['JSON of no known shape', (url) => answered(422, { detail: 'no' }, url)],
  [
    'JSON of no known shape with a request_id',
    (url) => answered(422, { message: 'no', request_id: 'req_1' }, url),
  ],
  ['a known code in the wrong place', (url) => answered(403, { code: 'KYC_NOT_APPROVED' }, url)],
  ['a connection refused', (url) => failed('ECONNREFUSED', url)],
  ['a connection reset', (url) => failed('ECONNRESET', url)],
  ['a host without an address', (url) => failed('ENOTFOUND', url)],
  ['a timeout', (url) => failed('ETIMEDOUT', url)],
  ['a certificate that has expired', (url) => failed('CERT_HAS_EXPIRED', url)],
];

describe.each(AMBIGUOUS)('%s', (_what, thrown) => {
  test('is ours from the origin of `baseUrl`', () => {
    expect(codeOf(thrown(OURS))).toEqual(expect.any(String));
  });

  test('is ours from one of `origins`', () => {
    expect(codeOf(thrown(GATEWAY))).toEqual(expect.any(String));
  });

  test('is not without a URL', () => {
    expect(codeOf(thrown())).toBeUndefined();
  });

  test('is not from another origin', () => {
    expect(codeOf(thrown(FOREIGN))).toBeUndefined();
  });
});

describe('A URL of another origin speaks against', () => {
  test.each<[what: string, thrown: unknown]>([
    ['E1 with a known code', answered(403, documented('KYC_NOT_APPROVED'), FOREIGN)],
    ['E2', answered(400, core('INVALID_AMOUNT'), FOREIGN)],
    [
      'an error by the name of the SDK',
      Object.assign(answered(500, undefined, FOREIGN), { name: 'LakipayError' }),
    ],
  ])('%s', (_what, thrown) => {
    expect(codeOf(thrown)).toBeUndefined();
  });

  test.each([
    'http://api.lakipay.co/api/v2',
    'https://api.lakipay.co:8443/api/v2',
    'https://api.lakipay.co.example.com/',
    'https://api.lakipay.co@example.com/',
    'https://lakipay.co/',
    'https://example.com/?https://api.lakipay.co/',
    'https://example.com#https://api.lakipay.co/',
  ])('%s', (url) => {
    expect(codeOf(answered(403, documented('KYC_NOT_APPROVED'), url))).toBeUndefined();
  });

  test.each(['https://API.LAKIPAY.CO/', 'https://api.lakipay.co:443/x', 'https://user:pass@api.lakipay.co/'])(
    '%s is no other origin',
    (url) => {
      expect(codeOf(answered(500, undefined, url))).toBe('INTERNAL_ERROR');
    },
  );
});

describe('Never ours', () => {
  test.each<[what: string, thrown: unknown]>([
    ['an Error', new Error('no')],
    ['ENOENT', Object.assign(new Error('no'), { code: 'ENOENT', errno: -2, path: '/x' })],
    ['an error with a status', Object.assign(new Error('no'), { status: 403, statusCode: 403 })],
    [
      'a parser’s error that quotes LakiConnect’s body',
      Object.assign(new SyntaxError('no'), {
        status: 400,
        expose: true,
        body: JSON.stringify(documented('RATE_LIMITED')),
        headers: {},
      }),
    ],
    [
      'an error of co-body that quotes it',
      Object.assign(new SyntaxError('no'), { status: 400, body: JSON.stringify(documented('RATE_LIMITED')) }),
    ],
    [
      'an http-error that carries it',
      createError(403, { body: documented('KYC_NOT_APPROVED'), headers: {} }),
    ],
    ['an own class with its code', new OwnAnswer(401, documented('UNAUTHORIZED'))],
    ['an own class without a status', Object.assign(new Error('no'), { body: documented('UNAUTHORIZED') })],
    [
      'an own error with a code of its own',
      Object.assign(new Error('no'), { status: 409, ...documented('SLOT_TAKEN') }),
    ],
    ['an instance that looks like the body', Object.assign(new (class Own {})(), documented('UNAUTHORIZED'))],
    ['a bare body with a code of its own', documented('SLOT_TAKEN')],
    ['a bare body without a request id', { error: { code: 'RATE_LIMITED' } }],
    ['an abort', new DOMException('no', 'AbortError')],
    ['a timeout without a URL', new DOMException('no', 'TimeoutError')],
    [
      'a fetch that failed, which does not say where',
      Object.assign(new TypeError('fetch failed'), { cause: failed('ECONNREFUSED') }),
    ],
    ['a good answer, thrown', answered(200, succeeded)],
    ['a string', 'no'],
    ['undefined', undefined],
    ['null', null],
  ])('%s', (_what, thrown) => {
    expect(laki.translate(thrown)).toBeUndefined();
  });
});

/** An error of LakiConnect's without a known code, from a known URL. */
const expired = () => answered(401, undefined, OURS);

describe('What wraps an error of LakiConnect is answered as that', () => {
  class PaymentError extends Error {}

  test.each<[what: string, thrown: unknown]>([
    ['as its cause', new PaymentError('no', { cause: expired() })],
    ['as the cause of its cause', new PaymentError('no', { cause: new Error('no', { cause: expired() }) })],
    ['as one of its errors', new AggregateError([new Error('no'), expired()])],
    ['as the cause of one of them', new AggregateError([new Error('no', { cause: expired() })])],
    ['in a plain object', { cause: expired() }],
    ['with a status of 500', createError(500, 'no', { cause: expired() })],
    [
      'with a status that no error has',
      Object.assign(new Error('no', { cause: expired() }), { status: 200 }),
    ],
    ['five levels below', [1, 2, 3, 4, 5].reduce<Error>((cause) => new Error('no', { cause }), expired())],
    [
      'behind 62 others',
      new AggregateError([...Array.from({ length: 62 }, () => new Error('no')), expired()]),
    ],
    ['in a circle', circular(expired())],
  ])('%s', (_what, thrown) => {
    expect(codeOf(thrown)).toBe('PAYMENTS_UNAVAILABLE');
  });

  test('and one of ours stays the same object', () => {
    const own = new LakiConnectError({ kind: 'KYC_NOT_APPROVED', requestId: 'req_7' });
    expect(laki.translate(new Error('no', { cause: own }))?.problem.code).toBe('PAYMENTS_UNAVAILABLE');
  });

  test.each<[what: string, thrown: unknown]>([
    ['an http-error of another status', createError(404, 'no', { cause: expired() })],
    ['another status of its own', Object.assign(new Error('no', { cause: expired() }), { statusCode: 402 })],
    ['six levels above', [1, 2, 3, 4, 5, 6].reduce<Error>((cause) => new Error('no', { cause }), expired())],
    [
      'before 63 others',
      new AggregateError([...Array.from({ length: 63 }, () => new Error('no')), expired()]),
    ],
    ['an answer of another origin', Object.assign(answered(500, undefined, FOREIGN), { cause: expired() })],
    ['no list of errors', Object.assign(new Error('no'), { errors: { 0: expired() } })],
  ])('but not by %s', (_what, thrown) => {
    expect(laki.translate(thrown)).toBeUndefined();
  });

  function circular(error: Error): Error {
    const outer = new Error('no');
    const inner = new Error('no', { cause: outer });
    return Object.assign(outer, { cause: inner, errors: [inner, error] });
  }
});

describe('Input that a client refused is the platform’s own', () => {
  test.each(['ERR_INVALID_CHAR', 'ERR_FR_MAX_BODY_LENGTH_EXCEEDED', 'ERR_HTTP_INVALID_HEADER_VALUE'])(
    '%s',
    (code) => {
      expect(laki.translate(failed(code, OURS))).toBeUndefined();
    },
  );
});

describe('What a stranger’s request can hold teaches nothing, though it names our origin', () => {
  const forged = () => ({
    config: { url: OURS },
    response: { status: 429, headers: { 'retry-after': '86400' }, data: documented('RATE_LIMITED') },
  });

  test.each<[what: string, thrown: unknown]>([
    ['thrown as such', forged()],
    ['as a cause', new Error('no', { cause: forged() })],
    ['as one of errors', Object.assign(new Error('no'), { errors: [forged()] })],
    ['given to an http-error', createError(500, 'no', forged())],
    ['with more that JSON can hold', { ...forged(), request: 'GET', options: null }],
  ])('%s', (_what, thrown) => {
    const events: string[] = [];
    const core = createLakiConnect({ onEvent: ({ type }) => void events.push(type) });
    void core.handler()(thrown, {
      request: {},
      accept: undefined,
      acceptLanguage: undefined,
      isSent: () => false,
    });
    expect(events).toEqual(['translated']);
  });

  test('and a client’s error does', () => {
    const events: string[] = [];
    const core = createLakiConnect({ onEvent: ({ type }) => void events.push(type) });
    const thrown = answered(429, documented('RATE_LIMITED'), OURS);
    void core.handler()(thrown, {
      request: {},
      accept: undefined,
      acceptLanguage: undefined,
      isSent: () => false,
    });
    expect(events).toEqual(['cooldown', 'translated']);
  });

  test('nor does ofetch’s base speak for an absolute URL', () => {
    const options = { baseURL: 'https://api.lakipay.co/api/v2' };
    const response = { status: 429, headers: {}, _data: {} };
    const error = Object.assign(new Error('no'), { request: FOREIGN, options, response });
    expect(laki.translate(error)).toBeUndefined();
  });
});

describe('Where axios went is what it joined', () => {
  const to = (config: object) =>
    Object.assign(new Error('no'), { config, response: { status: 500, headers: {} } });

  test.each<[config: object, isOurs: boolean]>([
    [{ baseURL: 'https://api.lakipay.co/api/v2', url: '/payment/direct' }, true],
    [{ baseURL: 'https://api.lakipay.co/api/v2', url: 'payment/direct' }, true],
    [{ baseURL: 'https://api.lakipay.co/api/v2' }, true],
    [{ baseURL: 'https://api.example.com', url: '/payment/direct' }, false],
    [{ baseURL: 'https://api.lakipay.co/api/v2', url: FOREIGN }, false],
    [{ baseURL: 'https://api.example.com', url: OURS }, true],
    [{ url: '/payment/direct' }, false],
  ])('%j', (config, isOurs) => {
    expect(laki.translate(to(config)) !== undefined).toBe(isOurs);
  });
});

describe('Between two real origins', () => {
  let upstream: Upstream;
  let foreign: Upstream;
  let here: ReturnType<typeof createLakiConnect>;

  const refusal: Answer = { status: 403, body: 'Forbidden' };
  const redirectTo = ({ url }: Upstream): Answer => ({
    status: 302,
    headers: { location: `${url}/elsewhere` },
  });

  beforeAll(async () => {
    [upstream, foreign] = await Promise.all([startUpstream(), startUpstream()]);
    here = createLakiConnect({ baseUrl: upstream.url });
  });

  afterAll(() => Promise.all([upstream.close(), foreign.close()]));

  test.each(['axios', 'got', 'got-json', 'ky', 'ofetch', 'superagent'])(
    '%s says which of them refused',
    async (name) => {
      const { send } = clientNamed(name);
      for (const { url, answer } of [upstream, foreign]) {
        answer(refusal);
        const error = await rejection(send({ url, method: 'POST', json: {} }));
        expect(here.translate(error) !== undefined).toBe(url === upstream.url);
      }
    },
  );

  test.each(['axios', 'got', 'ofetch'])('%s says which of them cannot be reached', async (name) => {
    const gone = await startUpstream();
    await gone.close();
    const error = await rejection(clientNamed(name).send({ url: gone.url, method: 'POST', json: {} }));
    expect(createLakiConnect({ baseUrl: gone.url }).translate(error)?.problem.code).toBe('UNREACHABLE');
    expect(here.translate(error)).toBeUndefined();
  });

  test.each(['fetch', 'node-fetch', 'superagent', 'undici'])(
    '%s does not, and is not claimed',
    async (name) => {
      const gone = await startUpstream();
      await gone.close();
      const error = await rejection(clientNamed(name).send({ url: gone.url, method: 'POST', json: {} }));
      expect(createLakiConnect({ baseUrl: gone.url }).translate(error)).toBeUndefined();
    },
  );

  test.each<[name: string, get: (url: string) => Promise<unknown>]>([
    ['axios', (url) => axios.get('transaction/1', { baseURL: url })],
    ['got', async (url) => await got(new URL(url), { retry: { limit: 0 } })],
    ['got with a prefix', async (url) => await got('transaction/1', { prefixUrl: url, retry: { limit: 0 } })],
    ['ky with a prefix', async (url) => await ky('transaction/1', { prefixUrl: url, retry: 0 })],
    ['superagent', async (url) => await superagent.get(url)],
  ])('%s is ours by a relative URL or a URL object', async (_name, get) => {
    upstream.answer(refusal);
    expect(here.translate(await rejection(get(upstream.url)))?.problem.code).toBe('PAYMENTS_UNAVAILABLE');
    foreign.answer(refusal);
    expect(here.translate(await rejection(get(foreign.url)))).toBeUndefined();
  });

  const THROWING: readonly [name: string, get: (url: string) => Promise<unknown>][] = [
    ['axios', (url) => axios.get(url)],
    ['got', async (url) => await got(url, { retry: { limit: 0 } })],
    ['ky', async (url) => await ky(url, { retry: 0 })],
  ];

  test.each(THROWING)(
    '%s redirected from another origin to ours is not ours: it was not asked',
    async (_name, get) => {
      foreign.answer(redirectTo(upstream));
      upstream.answer(refusal);
      expect(here.translate(await rejection(get(foreign.url)))).toBeUndefined();
    },
  );

  test.each(THROWING)(
    '%s redirected from our origin to another is ours: it was asked',
    async (_name, get) => {
      upstream.answer(redirectTo(foreign));
      foreign.answer(refusal);
      expect(here.translate(await rejection(get(upstream.url)))).toBeDefined();
    },
  );

  test('A redirected Response no longer says what was asked', async () => {
    foreign.answer(redirectTo(upstream));
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    for (const response of [await fetch(foreign.url), await nodeFetch(foreign.url)]) {
      expect(response.redirected).toBe(true);
      expect(here.translate(response)).toBeUndefined();
    }
  });

  test('A Response, thrown, says what was asked', async () => {
    upstream.answer(refusal);
    foreign.answer(refusal);
    for (const send of [fetch, nodeFetch]) {
      expect(here.translate(await send(upstream.url))).toBeDefined();
      expect(here.translate(await send(foreign.url))).toBeUndefined();
    }
  });
});
