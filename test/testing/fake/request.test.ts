/** What the fake provider makes of a request, however it comes. */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createFakeLakiConnect } from 'lakiconnect-middleware/testing';
import { ask, link, order, pay, refused } from './ask.js';
import { others } from './others.js';

const fake = await createFakeLakiConnect();
afterEach(fake.reset);
afterAll(fake.close);
const start = others();

/** Sends a request as it is written, and resolves to the status line of the answer and its body. */
async function raw(line: string, headers: readonly string[] = [], body = ''): Promise<[string, string]> {
  const socket = connect(Number(new URL(fake.baseUrl).port), '127.0.0.1');
  const { length } = Buffer.from(body);
  const head = [
    line,
    'Host: 127.0.0.1',
    'Connection: close',
    `Content-Length: ${String(length)}`,
    ...headers,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const answer = await text(socket);
  const [status = '', rest = ''] = [answer.slice(0, 12), answer.slice(answer.indexOf('\r\n\r\n') + 4)];
  return [status, rest];
}

test('A request is recorded as it came', async () => {
  link(fake, 'cm_1');
  await pay(fake, { key: 'key-1', headers: { 'x-trace': 't1' } });
  await ask(fake, 'GET', '/lakiconnect/connected-accounts?page=2&q=a%20b');
  expect(fake.requests).toEqual([
    {
      method: 'POST',
      url: '/api/v2/payment/direct',
      path: '/payment/direct',
      query: {},
      headers: expect.objectContaining({ 'x-trace': 't1', 'x-api-key': fake.apiKey }),
      text: JSON.stringify(order),
      body: order,
      merchantId: 'cm_1',
      idempotencyKey: 'key-1',
    },
    {
      method: 'GET',
      url: '/api/v2/lakiconnect/connected-accounts?page=2&q=a%20b',
      path: '/lakiconnect/connected-accounts',
      query: { page: '2', q: 'a b' },
      headers: expect.any(Object),
      text: '',
      body: undefined,
      merchantId: undefined,
      idempotencyKey: undefined,
    },
  ]);
});

test.each([
  ['connected-accounts/cm_1', 'cm_1'],
  ['connected-accounts/cm%201', 'cm 1'],
  ['connected-accounts/%zz', '%zz'],
  ['connected-accounts/fee-config', undefined],
  ['connected-accounts/WALLET', undefined],
  ['connected-accounts', undefined],
  ['balances', undefined],
])('Of %s its path says whom it is about: %s', async (path, merchantId) => {
  await ask(fake, 'GET', `/lakiconnect/${path}`);
  expect(fake.requests).toMatchObject([{ merchantId }]);
});

test('The header says whom a request is about before its path does', async () => {
  await ask(fake, 'GET', '/lakiconnect/connected-accounts/cm_1', { merchantId: 'cm_2' });
  expect(fake.requests).toMatchObject([{ merchantId: 'cm_2' }]);
});

describe('The key', () => {
  const [publicHalf = '', secretHalf = ''] = fake.apiKey.split(':');

  test.each<[string, string[]]>([
    ['missing', []],
    ['empty', ['X-API-Key:']],
    ['wrong', ['X-API-Key: lk_pub_1:lk_sec_1']],
    ['of another case', [`X-API-Key: ${fake.apiKey.toUpperCase()}`]],
    ['half', [`X-API-Key: ${publicHalf}`]],
    ['turned round', [`X-API-Key: ${secretHalf}:${publicHalf}`]],
    ['sent twice', [`X-API-Key: ${fake.apiKey}`, `X-API-Key: ${fake.apiKey}`]],
    ['in another header', [`Authorization: Bearer ${fake.apiKey}`]],
  ])('that is %s lets nobody in', async (_, headers) => {
    link(fake, 'cm_1');
    const body = JSON.stringify(order);
    const merchant = 'X-Connected-Merchant-Id: cm_1';
    const [status, answer] = await raw('POST /api/v2/payment/direct HTTP/1.1', [merchant, ...headers], body);
    expect(status).toBe('HTTP/1.1 401');
    expect(JSON.parse(answer)).toEqual(refused(401, 'UNAUTHORIZED').body);
    expect(fake.charges).toEqual([]);
    expect(fake.requests).toHaveLength(1);
  });
});

test('A key of its own is the only one that is let in', async () => {
  const other = await start({ apiKey: 'lk_live_1' });
  const wallet = (headers = {}) => ask(other, 'GET', '/lakiconnect/connected-accounts', { headers });
  expect(await wallet()).toMatchObject({ status: 200 });
  expect(await wallet({ 'x-api-key': fake.apiKey })).toMatchObject(refused(401, 'UNAUTHORIZED'));
});

test('Headers have the names that the platform gave them, and no others', async () => {
  const headers = { apiKey: 'X-Key', merchant: 'X-Shop', idempotency: 'X-Once', signature: undefined };
  const named = await start({ headers });
  link(named, 'cm_1');
  const asking = { 'x-key': named.apiKey, 'x-shop': 'cm_1', 'x-once': 'key-1' };
  expect(await pay(named)).toMatchObject(refused(401, 'UNAUTHORIZED'));
  expect(await pay(named, { headers: asking, merchantId: 'cm_2', key: 'key-2' })).toMatchObject({
    status: 200,
  });
  expect(named.charges).toMatchObject([{ merchantId: 'cm_1', idempotencyKey: 'key-1' }]);
  expect(named.signWebhook({}).headers).toHaveProperty('X-LakiConnect-Signature');
});

describe('A URL', () => {
  const key = `X-API-Key: ${fake.apiKey}`;

  test.each([
    '/',
    '//',
    '//[',
    '///x',
    '/api/v2',
    '/%',
    '*',
    'http://[/',
    '/api/v2/\\..\\x',
    '/api/v2/../v1/',
  ])('that means nothing is answered: %s', async (url) => {
    const [status, answer] = await raw(`OPTIONS ${url} HTTP/1.1`, [key]);
    expect(status).toBe('HTTP/1.1 404');
    expect(JSON.parse(answer)).toEqual(refused(404, 'NOT_FOUND').body);
    expect(fake.requests).toMatchObject([{ url }]);
  });

  test.each(['http://api.lakipay.co/api/v2/payment/direct', '/api/v2/payment/direct?a=1'])(
    'is read for its path alone: %s',
    async (url) => {
      link(fake, 'cm_1');
      const headers = [key, 'X-Connected-Merchant-Id: cm_1'];
      const [status] = await raw(`POST ${url} HTTP/1.1`, headers, JSON.stringify(order));
      expect(status).toBe('HTTP/1.1 200');
      expect(fake.charges).toHaveLength(1);
    },
  );
});

test.each<[string, string | undefined, unknown]>([
  ['nothing', undefined, undefined],
  ['half of JSON', '{"amount":', undefined],
  ['a form', 'amount=100&currency=ETB', undefined],
  ['null', 'null', null],
  ['much', JSON.stringify({ note: 'x'.repeat(2 ** 20) }), { note: 'x'.repeat(2 ** 20) }],
])('A body of %s is answered', async (_, body, parsed) => {
  link(fake, 'cm_1');
  expect(await pay(fake, { body })).toMatchObject({ status: 422 });
  expect(fake.requests).toMatchObject([{ text: body ?? '', body: parsed }]);
});

test('Bytes that are no text are answered', async () => {
  const [status] = await raw(
    'POST /api/v2/payment/direct HTTP/1.1',
    [`X-API-Key: ${fake.apiKey}`],
    '\u0000\ufffd',
  );
  expect(status).toBe('HTTP/1.1 422');
});

test('Whoever leaves before the request is whole is neither answered nor recorded', async () => {
  const socket = connect(Number(new URL(fake.baseUrl).port), '127.0.0.1');
  socket.write('POST /api/v2/payment/direct HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"amount"');
  await once(socket, 'connect');
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
  await once(socket, 'close');
  expect(await ask(fake, 'GET', '/nothing')).toMatchObject({ status: 404 });
  expect(fake.requests.map(({ path }) => path)).toEqual(['/nothing']);
});

test.each(['/payment/direct', '/api/payment/direct', '/api/v1/payment/direct', '/'])(
  'Beside the base URL there is nothing: %s',
  async (url) => {
    link(fake, 'cm_1');
    const response = await fetch(new URL(url, fake.baseUrl), {
      method: 'POST',
      headers: { 'x-api-key': fake.apiKey, 'x-connected-merchant-id': 'cm_1' },
      body: JSON.stringify(order),
    });
    expect([response.status, await response.json()]).toEqual([404, refused(404, 'NOT_FOUND').body]);
    expect(fake.charges).toEqual([]);
  },
);
