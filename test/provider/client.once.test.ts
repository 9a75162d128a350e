/** Nobody but the client sends a request again, `fetch` neither: what arrives is counted on the socket. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLakiConnect, type ClientOptions } from 'lakiconnect-middleware';
import { requestOf } from '../../src/provider/request.js';
import { settle } from '../../src/settle.js';
import { settled } from './harness.js';
import { apiKey } from './scripted.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** What becomes of a request's connection. */
type Ending = (socket: Socket) => void;

const answer =
  (head: string, body = ''): Ending =>
  (socket) =>
    void socket.write(
      `HTTP/1.1 ${head}\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
    );
const paid = answer('200 OK', '{"status":"SUCCESS"}');

/** A server that keeps the very bytes of what it gets; the first request ends in one way, all others are paid. */
async function startRaw(first: Ending) {
  const arrived: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      for (let end = endOf(bytes); end !== undefined; end = endOf(bytes)) {
        const request = bytes.slice(0, end);
        bytes = bytes.slice(end);
        const isWarmingUp = request.startsWith('GET /api/v2/warm');
        if (!isWarmingUp) arrived.push(request);
        (isWarmingUp || arrived.length > 1 ? paid : first)(socket);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/v2`, arrived };
}

/** Where the first request ends, by its `content-length`; `undefined` while it is not whole. */
function endOf(bytes: string): number | undefined {
  const head = bytes.indexOf('\r\n\r\n') + 4;
  if (head < 4) return undefined;
  const end = head + Number(/content-length: *(\d+)/i.exec(bytes)?.[1] ?? 0);
  return bytes.length < end ? undefined : end;
}

const ENDINGS: readonly (readonly [what: string, ending: Ending])[] = [
  ['421', answer('421 Misdirected Request')],
  ['401', answer('401 Unauthorized\r\nwww-authenticate: Basic realm="x"')],
  ['407', answer('407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="x"')],
  ['408', answer('408 Request Timeout\r\nconnection: close')],
  ['425', answer('425 Too Early')],
  ['429', answer('429 Too Many Requests\r\nretry-after: 0')],
  ['503', answer('503 Service Unavailable\r\nretry-after: 0')],
  ['303', answer('303 See Other\r\nlocation: /api/v2/x')],
  ['307', answer('307 Temporary Redirect\r\nlocation: /api/v2/x')],
  ['308', answer('308 Permanent Redirect\r\nlocation: /api/v2/x')],
  ['a closed connection', (socket) => socket.end()],
  ['a destroyed connection', (socket) => socket.destroy()],
  ['a reset connection', (socket) => socket.resetAndDestroy()],
];

const REQUESTS: readonly (readonly [what: string, method: 'post' | 'put', options: ClientOptions])[] = [
  ['a payment', 'post', { body: { amount: 1, note: 'ሰላም' }, merchantId: 'cm_1' }],
  ['a payment with a key', 'post', { body: { amount: 1 }, idempotencyKey: 'order-1' }],
  ['a POST without a body', 'post', {}],
  ['a PUT', 'put', { body: { fee_model: 'FREE' } }],
  ['a PUT without a body', 'put', {}],
];

const SENT = ENDINGS.flatMap(([ending, end]) =>
  REQUESTS.map(([request, method, options]) => ({ ending, end, request, method, options })),
);

describe.each([
  ['fresh', false],
  ['kept alive', true],
])('On a connection that is %s', (_state, isKeptAlive) => {
  test.each(SENT)('$request is sent once after $ending', async ({ end, method, options }) => {
    const { baseUrl, arrived } = await startRaw(end);
    const { client } = createLakiConnect({ apiKey, baseUrl, onEvent: () => undefined });
    if (isKeptAlive) await client.get('/warm');
    expect(await settled(client[method]('/payment/direct', options))).toHaveProperty('rejected');
    expect(arrived.length).toBe(1);
  });
});

describe('That it comes from a stream changes no byte of a request', () => {
  const addressless = (request: string | undefined) => request?.replace(/host: \S+/i, 'host: …');

  test.each(REQUESTS)('of %s', async (_what, method, options) => {
    const { baseUrl, arrived } = await startRaw(paid);
    const settings = settle({ apiKey, baseUrl });
    const { url, body, headers } = requestOf(method.toUpperCase(), '/payment/direct', options, settings);
    const { 'content-length': _length, ...plain } = headers;
    const init = { method: method.toUpperCase(), headers: plain, redirect: 'manual' } as const;
    await fetch(url, body?.byteLength === 0 ? init : { ...init, body: body as Uint8Array<ArrayBuffer> });
    await createLakiConnect({ apiKey, baseUrl }).client[method]('/payment/direct', options);
    expect(arrived.length).toBe(2);
    expect(addressless(arrived[1])).toBe(addressless(arrived[0]));
  });

  test('and a GET has none', async () => {
    const { baseUrl, arrived } = await startRaw(paid);
    await createLakiConnect({ apiKey, baseUrl }).client.get('/wallet');
    expect(arrived[0]).not.toMatch(/content-length|transfer-encoding/i);
  });
});

test('A retry of the client’s own sends the same bytes', async () => {
  const { baseUrl, arrived } = await startRaw(answer('503 Service Unavailable'));
  const { client } = createLakiConnect({
    apiKey,
    baseUrl,
    headers: { idempotency: 'Idempotency-Key' },
    sleep: () => Promise.resolve(),
    onEvent: () => undefined,
  });
  await client.post('/payment/direct', { body: { amount: 1 }, idempotencyKey: 'order-1' });
  expect(arrived.length).toBe(2);
  expect(arrived[1]).toBe(arrived[0]);
});
