/**
 * What the error handler claims of what a route throws, outside `call`: by the URL where there is one,
 * for and against; without one, by what no other API says.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import got from 'got';
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

const laki = createLakiConnect({ origins: ['https://pay.gateway.example/anything'] });
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

const E1_UNKNOWN = { error: { code: 'SHARD_LOST', message: 'no' } };
const E2_BARE = { status: 'ERROR', message: 'no' };

describe('Enough anywhere, without a URL', () => {
  test.each<[what: string, thrown: unknown]>([
    ['E1 with a known code', answered(403, documented('KYC_NOT_APPROVED'))],
    ['E1 with a known code and no request_id', answered(403, { error: { code: 'KYC_NOT_APPROVED' } })],
    ['E1 with a new code and a request_id', answered(500, documented('SHARD_LOST'))],
    ['E1 with a request_id alone', answered(500, { error: { message: 'no' }, request_id: 'req_1' })],
    ['E1 as text', answered(403, JSON.stringify(documented('KYC_NOT_APPROVED')))],
    ['E1 as bytes', answered(403, Buffer.from(JSON.stringify(documented('KYC_NOT_APPROVED'))))],
    ['the body of an E1, thrown bare', documented('KYC_NOT_APPROVED')],
    ['E2 with a known error_code', answered(400, core('INVALID_AMOUNT'))],
    ['E2 with a new error_code', answered(400, core('LIMIT_REACHED'))],
    ['E2 at 200', answered(200, core('INVALID_AMOUNT'))],
    ['the body of an E2, thrown bare', core('INVALID_AMOUNT')],
    ['an error of the SDK with a status', new LakipayError('no', { status: 500, details: plainText })],
    ['an error of the SDK without anything', new LakipayError('no')],
    ['an error of another SDK by the same name', Object.assign(new Error('no'), { name: 'LakipayError' })],
    ['our own class', new LakiConnectError({ kind: 'TIMEOUT' })],
  ])('%s', (_what, thrown) => {
    expect(codeOf(thrown)).toEqual(expect.any(String));
  });
});

/** What any API could have said: ours only if it was asked. */
const AMBIGUOUS: readonly (readonly [what: string, thrown: (url?: string) => unknown])[] = [
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
    ['a body-parser refusal', Object.assign(new SyntaxError('no'), { status: 400, expose: true, body: '{' })],
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
