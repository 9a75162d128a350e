import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { settle } from '../../src/settle.js';
import { observe as observeWith, type Observation } from '../../src/translation/observe.js';
import { UNSEEN } from '../../src/translation/carrier.js';
import { readBody } from '../../src/translation/body.js';
import { clientNamed, clientNames, settled } from '../provider/harness.js';
import { documented } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
  upstream.answer({ status: 429, body: documented('RATE_LIMITED'), headers: { 'Retry-After': '7' } });
});

afterAll(() => upstream.close());

const no = () => undefined;

/** What an error with such properties tells. */
const observe = (value: unknown): Observation => observeWith(value, settle({}).headers);
const failed = (parts: object): Observation => observe(Object.assign(new Error('no'), parts));
const headers = { 'X-API-Key': 'public:secret', 'X-Connected-Merchant-ID': 'cm_1' };

async function observed(name: string, method: 'GET' | 'POST' = 'POST'): Promise<Observation> {
  const outcome = await settled(clientNamed(name).send({ url: upstream.url, method, headers }));
  return observe('resolved' in outcome ? outcome.resolved : outcome.rejected);
}

/** What each client keeps of one refused POST beside its status and its body. */
interface Kept {
  url?: boolean;
  method?: boolean;
  retryAfter?: boolean;
  /** The headers that the request was sent with. */
  sent?: boolean;
  /** The body waits to be read. */
  unread?: boolean;
  status?: false;
}

const everything: Kept = { url: true, method: true, retryAfter: true, sent: true };

const KEPT: Record<string, Kept> = {
  axios: everything,
  'axios-validate-all': everything,
  got: everything,
  'got-json': everything,
  ky: { ...everything, unread: true },
  ofetch: everything,
  fetch: { url: true, retryAfter: true, unread: true },
  'fetch-json': { status: false },
  undici: { retryAfter: true, unread: true },
  'undici-response-error': { retryAfter: true },
  'node-fetch': { url: true, retryAfter: true, unread: true },
  superagent: everything,
  needle: { url: true, method: true, retryAfter: true },
  sdk: {},
};

describe.each(clientNames)('Of a refusal through %s', (name) => {
  const kept = KEPT[name]!;

  test('the status, the URL, the method and the wait are known as far as the client keeps them', async () => {
    const seen = await observed(name);
    expect({
      status: seen.status,
      origin: seen.url && new URL(seen.url).origin,
      method: seen.method,
      retryAfter: seen.retryAfter,
      apiKey: seen.apiKey,
      merchantId: seen.merchantId,
      networkFailure: seen.networkFailure,
    }).toEqual({
      status: kept.status === false ? undefined : 429,
      origin: kept.url && upstream.origin,
      method: kept.method && 'POST',
      retryAfter: kept.retryAfter && '7',
      apiKey: kept.sent && headers['X-API-Key'],
      merchantId: kept.sent && headers['X-Connected-Merchant-ID'],
      networkFailure: undefined,
    });
  });

  test('the body is there, or waits to be read', async () => {
    const { body, unread } = await observed(name);
    if (kept.unread) {
      expect(body).toBe(UNSEEN);
      expect(unread).toBeDefined();
    } else {
      expect(unread).toBeUndefined();
      const read = readBody(body);
      expect(read.is === 'object' && { ...read.object }).toMatchObject({ request_id: 'req_1a2b3c4d5e6f' });
    }
  });

  test('a GET is one, where the client says so', async () => {
    expect((await observed(name, 'GET')).method).toBe(kept.method && 'GET');
  });
});

describe('A value of no client', () => {
  test.each([undefined, null, '', 'no', 0, true, 10n, Symbol('no'), () => undefined])(
    '%p tells nothing but itself',
    (value) => {
      const { body, isBare, ...rest } = observe(value);
      expect(Object.values(rest).filter((told) => told !== undefined)).toEqual([false, false]);
      expect([rest.isFollowUp, rest.isAnswer]).toEqual([false, false]);
      expect(isBare).toBe(true);
      expect(body).toBe(value);
    },
  );

  test('that is an object is a body', () => {
    const body = { error: { code: 'NOT_FOUND' } };
    expect(observe(body).body).toBe(body);
  });

  test.each([
    { response: { status: 404 } },
    { response: {}, config: {} },
    { response: { status: 404 }, config: 'none' },
    { config: { url: 'https://api.lakipay.co' } },
    { name: 'HttpError', status: 404 },
  ])('that is like an error, %j, is a body', (value) => {
    expect(observe(value)).toMatchObject({ status: undefined, body: value });
  });

  test.each([
    { response: { status: 404, data: 'said' }, config: {} },
    { name: 'LakipayError', status: 404, details: 'said' },
  ])('that was an error, %j, is taken for one', (value) => {
    expect(observe(value)).toMatchObject({ status: 404, body: 'said' });
  });

  test('that is an Error is none', () => {
    expect(observe(new Error('no')).body).toBeUndefined();
  });
});

describe('A connection', () => {
  test('is spoken of by an error, but not by the provider’s SDK', () => {
    expect(failed({ code: 'ECONNRESET' }).networkFailure).toMatchObject({ code: 'ECONNRESET' });
    expect(failed({ code: 'ECONNRESET', name: 'LakipayError' }).networkFailure).toBeUndefined();
  });

  test('was ended by a signal that the request shows, and for its reason', () => {
    const endedBy = (signal: unknown) => failed({ config: { signal } }).abort;
    expect(endedBy(AbortSignal.abort())).toBe('caller');
    expect(endedBy(AbortSignal.abort(new DOMException('late', 'TimeoutError')))).toBe('timeout');
    expect(endedBy(new AbortController().signal)).toBeUndefined();
    expect(failed({}).abort).toBeUndefined();
  });
});

describe('A status', () => {
  test.each([100, 200, 404, 599])('is %d', (status) => {
    expect(failed({ status }).status).toBe(status);
    expect(failed({ statusCode: status }).status).toBe(status);
    expect(failed({ response: { status } }).status).toBe(status);
    expect(observe(Object.assign(new Error('no'), { statusCode: status })).status).toBe(status);
  });

  test.each(['404', 404.5, Number.NaN, Infinity, -404, 0, 99, 'ERROR', null, {}, [404]])(
    'is not %p',
    (status) => {
      expect(failed({ status }).status).toBeUndefined();
    },
  );

  test('is the response’s before the error’s', () => {
    expect(failed({ status: 500, response: { status: 404 } }).status).toBe(404);
    expect(failed({ status: 500, response: { status: 'no' } }).status).toBe(500);
  });
});

describe('A header', () => {
  test.each([
    { headers: { 'retry-after': '7' } },
    { headers: { 'Retry-After': '7' } },
    { headers: new Headers({ 'retry-after': '7' }) },
    { headers: new Map([['retry-after', '7']]) },
    { header: { 'retry-after': '7' } },
    { response: { headers: { 'RETRY-AFTER': '7' } } },
  ])('is found in any form: %p', (value) => {
    expect(failed(value as object).retryAfter).toBe('7');
  });

  test.each([
    { headers: { 'retry-after': 7 } },
    { headers: { 'retry-after': ['7', '8'] } },
    { headers: { 'retry-after': null } },
    { headers: 'retry-after: 7' },
    { headers: null },
  ])('is text, or is not there: %p', (value) => {
    expect(failed(value as object).retryAfter).toBeUndefined();
  });

  test.each(['X-API-Key', 'x-api-key', 'X-Api-Key'])('%s of a request holds the key', (name) => {
    expect(failed({ config: { headers: { [name]: 'k' } } }).apiKey).toBe('k');
    expect(failed({ request: { headers: new Headers({ [name]: 'k' }) } }).apiKey).toBe('k');
  });
});

describe('A URL', () => {
  const seen = (value: unknown) => failed(value as object).url;

  test.each<[what: string, value: unknown, url: string | undefined]>([
    ['of axios', { config: { url: 'https://a.example/x' } }, 'https://a.example/x'],
    [
      'of axios, relative',
      { config: { baseURL: 'https://a.example/v2', url: '/x' } },
      'https://a.example/v2',
    ],
    ['of axios, with a base alone', { config: { baseURL: 'https://a.example/v2' } }, 'https://a.example/v2'],
    [
      'of axios, absolute after all',
      { config: { baseURL: 'https://a.example', url: 'https://b.example/x' } },
      'https://b.example/x',
    ],
    ['of axios, nowhere', { config: { url: '/x' } }, undefined],
    ['of got', { options: { url: new URL('https://a.example/x') } }, 'https://a.example/x'],
    [
      'of got’s answer',
      { requestUrl: new URL('https://a.example/x'), statusCode: 500 },
      'https://a.example/x',
    ],
    ['of ky', { request: new Request('https://a.example/x') }, 'https://a.example/x'],
    ['of ofetch, as text', { request: 'https://a.example/x' }, 'https://a.example/x'],
    ['of ofetch, as a URL', { request: new URL('https://a.example/x') }, 'https://a.example/x'],
    ['of a Response', { url: 'https://a.example/x', status: 500 }, 'https://a.example/x'],
    [
      'of a Response that was redirected',
      { url: 'https://a.example/x', status: 500, redirected: true },
      undefined,
    ],
    [
      'of a request of Node’s',
      { req: { protocol: 'https:', getHeader: () => 'a.example' } },
      'https://a.example',
    ],
    [
      'of a request of Node’s, without a host',
      { req: { protocol: 'https:', getHeader: () => undefined } },
      undefined,
    ],
    [
      'of a request of Node’s that does not tell its host',
      {
        req: {
          protocol: 'https:',
          getHeader: () => {
            throw new Error('gone');
          },
        },
      },
      undefined,
    ],
    ['in capitals', { config: { url: 'HTTPS://A.EXAMPLE/x' } }, 'HTTPS://A.EXAMPLE/x'],
    ['of another scheme', { config: { url: 'file:///etc/passwd' } }, undefined],
    ['of no scheme', { config: { url: '//a.example/x' } }, undefined],
    ['that is a number', { config: { url: 1 } }, undefined],
  ])('%s', (_what, value, url) => {
    expect(seen(value)).toBe(url);
  });
});

describe('A body', () => {
  test.each(['data', '_data', 'body', 'text', 'details'])('is found under `%s`', (name) => {
    expect(failed({ response: { status: 500, [name]: 'no' } }).body).toBe('no');
  });

  test.each(['data', 'body', 'text', 'details'])('of the error itself is found under `%s`', (name) => {
    expect(observe(Object.assign(new Error('no'), { [name]: 'no' })).body).toBe('no');
  });

  test('is the response’s before the error’s', () => {
    expect(failed({ data: 'error', response: { status: 500, data: 'response' } }).body).toBe('response');
  });

  test('that is empty is found nevertheless', () => {
    expect(failed({ response: { status: 500, data: '', text: 'later' } }).body).toBe('');
  });

  test.each([
    ['a function', () => 'no'],
    ['null', null],
  ])('is not %s', (_what, data) => {
    const { body, unread } = failed({ response: { status: 500, data } });
    expect({ body, unread }).toEqual({ body: undefined, unread: undefined });
  });

  test('in a stream waits to be read, until somebody has', async () => {
    const data = Readable.from(['no']);
    const answer = { status: 500, headers: {}, data };
    expect(observe(answer).unread).toBe(answer);
    await text(data);
    expect(observe(answer).unread).toBeUndefined();
    expect(observe(answer).body).toBe(UNSEEN);
  });

  test('that waits to be read goes before one that the error has', () => {
    const response = Object.assign(new Response('said'), { _data: 'said before' });
    const { body, unread } = failed({ response });
    expect(body).toBe(UNSEEN);
    expect(unread === response).toBe(true);
  });

  test('of a Response that was read is gone', async () => {
    const response = new Response('no', { status: 500 });
    await response.text();
    const { body, unread } = observe(response);
    expect({ body, unread }).toEqual({ body: UNSEEN, unread: undefined });
  });

  test('that ofetch has read of a Response is the parsed one', () => {
    const response = { status: 500, clone: no, text: no, bodyUsed: true, _data: { message: 'no' } };
    expect(observe(Object.assign(new Error('no'), { response })).body).toBe(response._data);
  });

  test('under `data` of node-fetch is not touched: it prints a warning', () => {
    const touched: string[] = [];
    const response = new Proxy(
      { status: 500, clone: no, text: no, bodyUsed: true },
      { get: (target, key) => (touched.push(String(key)), Reflect.get(target, key)) },
    );
    observe(response);
    expect(touched).not.toContain('data');
  });
});

describe('An answer that is not the first', () => {
  test.each([
    [{ response: { status: 404, redirected: true } }],
    [{ response: { status: 404, redirects: ['/next'] } }],
    [{ response: { statusCode: 404, redirectUrls: ['/next'] } }],
    [{ request: { _redirectCount: 1 } }],
    [{ response: { status: 404, request: { _redirectable: { _redirectCount: 2 } } } }],
    [{ request: { retryCount: 1 } }],
    [{ config: { 'axios-retry': { retryCount: 1 } } }],
  ])('is known by %j', (parts) => {
    expect(failed(parts).isFollowUp).toBe(true);
  });

  test.each([
    [{ response: { status: 404, redirected: false, redirects: [], redirectUrls: [] } }],
    [{ request: { _redirectCount: 0, retryCount: 0 }, config: { 'axios-retry': { retryCount: 0 } } }],
  ])('is not %j', (parts) => {
    expect(failed(parts).isFollowUp).toBe(false);
  });
});

test('The key and the merchant are read from the headers that the platform names', () => {
  const named = { ...settle({}).headers, apiKey: 'X-Laki-Key', merchant: 'X-Shop' };
  const sent = { 'x-laki-key': 'k', 'x-shop': 'cm_named', ...headers };
  const error = Object.assign(new Error('no'), { config: { headers: sent } });

  expect(observeWith(error, named)).toMatchObject({ apiKey: 'k', merchantId: 'cm_named' });
});
