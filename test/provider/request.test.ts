import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isLakiConnectError, type Options } from 'lakiconnect-middleware';
import { requestOf, type RequestOptions } from '../../src/provider/request.js';
import { settle } from '../../src/settle.js';
import { rejection } from './harness.js';
import { apiKey, baseUrl, scripted } from './scripted.js';

const request = (method: string, path: string, given: RequestOptions = {}, options: Options = {}) =>
  requestOf(method, path, given, settle({ apiKey, baseUrl, ...options }));

/** What keeps a request from being made, through the client; nothing may have been sent. */
async function refused(method: 'get' | 'post' | 'put', path: unknown, given: object, options: Options = {}) {
  const { client, sent } = scripted(options);
  const error = await rejection(client[method](path as string, given));
  expect(sent).toEqual([]);
  return error;
}

describe('The URL', () => {
  test.each([
    ['/payment/direct', 'https://api.example/api/v2/payment/direct'],
    ['/', 'https://api.example/api/v2/'],
    ['/list?page=2&q=a%20b', 'https://api.example/api/v2/list?page=2&q=a%20b'],
    ['/accounts/..%2F..%2Fadmin', 'https://api.example/api/v2/accounts/..%2F..%2Fadmin'],
    ['/accounts/...', 'https://api.example/api/v2/accounts/...'],
    ['/accounts/.hidden', 'https://api.example/api/v2/accounts/.hidden'],
    ['/@evil.example/', 'https://api.example/api/v2/@evil.example/'],
    ['/accounts/ኢት', 'https://api.example/api/v2/accounts/%E1%8A%A2%E1%89%B5'],
  ])('for the path %j is %s', (path, url) => {
    expect(request('GET', path).url).toBe(url);
  });

  test.each([
    ['https://api.example/api/v2/', 'https://api.example/api/v2/wallet'],
    ['https://api.example/api/v2///', 'https://api.example/api/v2/wallet'],
    ['https://api.example', 'https://api.example/wallet'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/wallet'],
  ])('below the base URL %s is %s', (given, url) => {
    expect(request('GET', '/wallet', {}, { baseUrl: given }).url).toBe(url);
  });

  test.each<[path: unknown, what: string]>([
    ['', 'nothing'],
    ['payment/direct', 'no slash'],
    ['https://evil.example/', 'another origin'],
    ['//evil.example/', 'another host'],
    ['/\\evil.example/', 'another host, by a backslash'],
    ['\\payment', 'a backslash'],
    ['/..', 'a segment up'],
    ['/./payment', 'an empty segment'],
    ['/accounts/../admin', 'a segment up'],
    ['/accounts/..?x=1', 'a segment up before a query'],
    ['/accounts/..#x', 'a segment up before a fragment'],
    ['/accounts\\..\\admin', 'a segment up, by backslashes'],
    ['/accounts/%2e%2e/admin', 'a segment up, encoded'],
    ['/accounts/%2E./admin', 'a segment up, half encoded'],
    ['/accounts/%2e', 'an empty segment, encoded'],
    ['/accounts/.\t./admin', 'a segment up behind a tab, which a URL loses'],
    ['/accounts/.\n./admin', 'a segment up behind a line feed'],
    ['/accounts/.. ', 'a segment up before a space, which a URL loses'],
    ['/accounts/..\u0000', 'a segment up before a control character'],
    ['/\t/evil.example', 'a tab'],
    [undefined, 'no path'],
    [new URL('https://evil.example/'), 'a URL'],
    [['/payment'], 'an array'],
  ])('is not made from %j: %s', async (path) => {
    const error = await refused('get', path, {});
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/lakiconnect: the path is [^]*expected one below `baseUrl`/);
  });

  test('stays below the base URL, whatever the path', () => {
    const parts = fc.constantFrom(
      ...['/', '\\', '.', '%2e', '%2E', '%2f', '?', '#', '@', ':', ' ', '\t', '\n', '\r', '\u0000', 'a'],
    );
    const paths = fc.array(parts, { maxLength: 8 }).map((path) => `/${path.join('')}`);
    fc.assert(
      fc.property(paths, (path) => {
        let url: string;
        try {
          ({ url } = request('GET', path));
        } catch (thrown) {
          return thrown instanceof TypeError;
        }
        const segments = path.split(/[?#]/)[0]?.split(/[/\\]/).length ?? 0;
        const { origin, pathname } = new URL(url);
        expect(origin).toBe('https://api.example');
        expect(pathname.startsWith('/api/v2/')).toBe(true);
        expect(pathname.split('/').length).toBe(2 + segments);
        return true;
      }),
      { numRuns: 5000 },
    );
  });
});

describe('The query', () => {
  test.each<[query: NonNullable<RequestOptions['query']>, path: string, url: string]>([
    [{ page: 2, q: 'a b', active: true }, '/list', '/list?page=2&q=a+b&active=true'],
    [{ status: ['pending', 'approved'] }, '/list', '/list?status=pending&status=approved'],
    [{ page: undefined, status: ['a', undefined] }, '/list', '/list?status=a'],
    [{}, '/list', '/list'],
    [{ page: undefined, status: [] }, '/list', '/list'],
    [{ page: 0, q: '', active: false }, '/list', '/list?page=0&q=&active=false'],
    [{ page: 2 }, '/list?q=a%20b', '/list?q=a%20b&page=2'],
    [{ page: 2 }, '/list?', '/list?page=2'],
    [{ page: 2 }, '/list#x', '/list?page=2#x'],
    [
      { 'a&b': '1&c=2#/?', ኢት: 'ሰላም' },
      '/x',
      '/x?a%26b=1%26c%3D2%23%2F%3F&%E1%8A%A2%E1%89%B5=%E1%88%B0%E1%88%8B%E1%88%9D',
    ],
  ])('%j is appended to %s', (query, path, url) => {
    for (const method of ['GET', 'POST', 'PUT']) {
      expect(request(method, path, { query }).url).toBe(baseUrl + url);
    }
  });

  test('of lookups has none', () => {
    expect(request('GET', '/x', { query: undefined }).url).toBe(`${baseUrl}/x`);
  });

  test('comes out as it went in, whatever it holds', () => {
    const scalar = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean());
    const values = fc.oneof(scalar, fc.array(fc.option(scalar, { nil: undefined })));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), values), (query) => {
        const url = new URL(request('GET', '/list?kept=1', { query }).url);
        const expected = Object.entries(query).flatMap(([name, value]) =>
          [value]
            .flat()
            .filter((item) => item !== undefined)
            .map((item) => [name, String(item)]),
        );
        expect([...url.searchParams]).toEqual([['kept', '1'], ...expected]);
        expect(url.pathname).toBe('/api/v2/list');
      }),
      { numRuns: 500 },
    );
  });
});

describe('Nothing that a request says is dropped in silence', () => {
  const METHODS = ['get', 'post', 'put'] as const;

  test.each<[what: string, options: object, message: RegExp]>([
    ['the merchant in other letters', { merchantID: 'cm_1' }, /no option `merchantID`.*`merchantId`/],
    ['the words of the API', { merchant_id: 'cm_1' }, /no option `merchant_id`/],
    ['a body in got’s words', { json: { amount: 1 } }, /no option `json`/],
    ['a body in axios’ words', { data: { amount: 1 } }, /no option `data`/],
    ['a query in axios’ words', { params: { page: 2 } }, /no option `params`/],
    ['a key in other letters', { idempotency_key: 'k' }, /no option `idempotency_key`.*`idempotencyKey`/],
    ['headers', { body: {}, headers: { 'x-a': 'b' } }, /no option `headers`/],
    ['the payment itself', { amount: 100, currency: 'ETB', reference: 'o-1' }, /no option `amount`/],
    ['a text', 'amount=1' as unknown as object, /options must be an object, got string/],
    ['an array', [{ amount: 1 }], /options must be an object/],
    ['null', null as unknown as object, /options must be an object, got null/],
    ['a query of a text', { query: 'page=2' }, /option `query` is 'page=2', expected parameters such as/],
    [
      'a query of URLSearchParams',
      { query: new URLSearchParams('a=1') },
      /option `query` is .*, expected parameters/,
    ],
    [
      'a query of null',
      { query: { page: null } },
      /option `query.page` is null, expected a text, a finite number/,
    ],
    ['a query of NaN', { query: { page: NaN } }, /option `query.page` is NaN/],
    ['a query of an object', { query: { filter: { a: 1 } } }, /option `query.filter` is { a: 1 }/],
    ['a query of nested arrays', { query: { ids: [['a']] } }, /option `query.ids` is/],
    ['a signal that is none', { signal: {} }, /option `signal` is {}, expected an AbortSignal/],
    [
      'a controller for a signal',
      { signal: new AbortController() },
      /option `signal` is .*, expected an AbortSignal/,
    ],
  ])('%s', async (_what, options, message) => {
    for (const method of METHODS) {
      const error = await refused(method, '/payment/direct', options);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toMatch(message);
    }
  });

  test('and nothing that it may say is refused for being undefined', async () => {
    const nothing = { query: undefined, merchantId: undefined, idempotencyKey: undefined, signal: undefined };
    const { client, sent } = scripted();
    for (const method of METHODS) await client[method]('/x', nothing);
    expect(sent.length).toBe(METHODS.length);
  });
});

describe('The headers', () => {
  const common = { accept: 'application/json', 'accept-encoding': 'identity', 'X-API-Key': apiKey };

  test('of a GET name the key and ask for plain JSON', () => {
    expect(request('GET', '/x')).toStrictEqual({
      url: `${baseUrl}/x`,
      method: 'GET',
      isPayment: false,
      headers: common,
    });
  });

  test('of a payment name the merchant, the type and the idempotency key', () => {
    const given = { body: {}, merchantId: 'cm_1', idempotencyKey: 'order-1' };
    expect(request('POST', '/x', given).headers).toStrictEqual({
      ...common,
      'content-type': 'application/json',
      'X-Connected-Merchant-ID': 'cm_1',
      'Idempotency-Key': 'order-1',
      'content-length': '2',
    });
  });

  test.each([['order-1'], ['order 1'], ['"quoted"'], ['commandé']])(
    'carry the key %s as it is',
    (idempotencyKey) => {
      const { headers } = request('POST', '/x', { idempotencyKey });
      expect(new Headers(headers).get('idempotency-key')).toBe(idempotencyKey);
    },
  );

  test('have the names that the options give them', () => {
    const headers = { apiKey: 'X-Key', merchant: 'X-Merchant', idempotency: 'X-Once' };
    const given = { merchantId: 'cm_1', idempotencyKey: 'order-1' };
    const sent = request('PUT', '/x', given, { headers }).headers;
    expect(sent).toMatchObject({ 'X-Key': apiKey, 'X-Merchant': 'cm_1', 'X-Once': 'order-1' });
    expect(Object.keys(sent)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/api-key|connected|idempotency/i)]),
    );
  });

  test.each([['POST'], ['PUT']])('of a %s without a body name no type', (method) => {
    const { headers, body } = request(method, '/x', { body: undefined, merchantId: undefined });
    expect(headers).toStrictEqual({ ...common, 'content-length': '0' });
    expect(body).toEqual(new Uint8Array());
  });

  test.each([[''], [undefined]])('name no idempotency key for %j', (idempotencyKey) => {
    expect(request('POST', '/x', { idempotencyKey }).headers).toStrictEqual({
      ...common,
      'content-length': '0',
    });
  });
});

test.each([
  ['a line break', 'order\r\nX-Evil: 1'],
  ['a letter that no header can hold', 'заказ'],
  ['nothing but a space, which no header keeps', ' '],
  ['nothing but a tab', '\t'],
  ['a text with a space at its end', 'order-1 '],
  ['null', null],
  ['a number', 7],
])('An idempotency key of %s is refused', async (_what, idempotencyKey) => {
  const error = await refused('post', '/x', { idempotencyKey });
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toMatch(/lakiconnect: the idempotency key is .*, expected a text/);
});

describe('The body', () => {
  test.each([
    [{ amount: 100, note: 'ሰላም' }, '{"amount":100,"note":"ሰላም"}'],
    [[1, 2], '[1,2]'],
    [{}, '{}'],
    [Object.create(null), '{}'],
    [
      new (class Order {
        amount = 1;
      })(),
      '{"amount":1}',
    ],
  ])('%j is sent as JSON', (body, sent) => {
    const { body: bytes, headers } = request('POST', '/x', { body });
    expect(new TextDecoder().decode(bytes)).toBe(sent);
    expect(headers['content-length']).toBe(String(Buffer.byteLength(sent)));
  });

  test.each([
    ['String', '{"amount":1}'],
    ['Number', 1],
    ['Boolean', true],
    ['Null', null],
    ['FormData', new FormData()],
    ['Stream', Readable.from(['a'])],
    ['URLSearchParams', new URLSearchParams()],
    ['Uint8Array', Buffer.from('{}')],
    ['ArrayBuffer', new ArrayBuffer(2)],
    ['Map', new Map()],
    ['Set', new Set()],
    ['Date', new Date(0)],
    ['Blob', new Blob([])],
    ['ReadableStream', new ReadableStream()],
    ['Promise', Promise.resolve({})],
    ['Function', String],
  ])('%s is refused', async (type, body) => {
    const error = await refused('post', '/x', { body });
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(`the body of a POST is ${type}, expected an object or an array`);
  });

  const circle: unknown[] = [];
  circle.push(circle);
  test.each([
    ['a circle', circle],
    ['a BigInt', { amount: 1n }],
  ])('with %s in it is refused', async (_what, body) => {
    expect(await refused('put', '/x', { body })).toBeInstanceOf(TypeError);
  });

  test.each<[unknown, string]>([
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [new Map([['a', 1]]), 'Map'],
    [new Set(), 'Set'],
    [Promise.resolve(1), 'Promise'],
    [() => 1, 'Function'],
    [async () => 1, 'AsyncFunction'],
    [Symbol('a'), 'Symbol'],
    [Readable.from(['a']), 'Stream'],
  ])('with %p in it, which JSON would lose, is refused', async (value, got) => {
    const error = await refused('post', '/payment/direct', { body: { items: [{ amount: value }] } });
    expect(error).toEqual(
      new TypeError(`lakiconnect: 'amount' in the body is ${got}, which JSON cannot carry.`),
    );
  });

  test('may leave out what is undefined, and holds what has a JSON of its own', () => {
    const body = { note: undefined, at: new Date(0), money: { toJSON: () => '100.00' } };
    expect(new TextDecoder().decode(request('POST', '/x', { body }).body)).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","money":"100.00"}',
    );
  });

  test('of a GET is refused', async () => {
    const error = await refused('get', '/x', { body: {} });
    expect(String(error)).toMatch(/^TypeError: lakiconnect: the body of a GET is Object, expected none\./);
  });
});

test.each<[id: unknown, what: string]>([
  ['', 'nothing'],
  [' ', 'a space'],
  [' cm_1', 'a space before it'],
  ['fee-config', 'a segment of the provider’s'],
  ['..', 'a segment up'],
  ['cm_1\r\nX-Evil: 1', 'a line break'],
  ['ኢት', 'no ASCII'],
  ['x'.repeat(257), '257 characters'],
  [null, 'null'],
  [7, 'a number'],
])('A merchant that is %j is unidentified (%#)', async (merchantId) => {
  const error = await refused('post', '/payment/direct', { body: {}, merchantId });
  expect(isLakiConnectError(error)).toBe(true);
  expect(error).toMatchObject({
    kind: 'MERCHANT_UNIDENTIFIED',
    origin: 'guard',
    outcome: 'rejected',
    retryable: false,
    status: 400,
  });
});

test('Without a key of LakiConnect’s nothing is asked, and the error names the option', async () => {
  const error = await refused('get', '/x', {}, { apiKey: undefined });
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain('option `apiKey` is undefined');
});
