/** One request and its whole answer, over real sockets. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLakiConnect, originalError, type Options } from 'lakiconnect-middleware';
import { core, documented, htmlPage, plainText, succeeded } from '../envelopes.js';
import { startUpstream, type Answer, type Upstream } from '../upstream.js';
import { promptly } from './harness.js';
import { apiKey, failure } from './scripted.js';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());
beforeEach(() => void upstream.requests.splice(0));

const clientOf = (baseUrl: string, options: Options = {}) =>
  createLakiConnect({ baseUrl, apiKey, retry: false, ...options }).client;

const pay = (answer: Answer, options?: Options) => {
  upstream.answer(answer);
  return clientOf(upstream.url, options).post('/payment/direct', { body: { amount: 1 } });
};
const look = (answer: Answer, options?: Options) => {
  upstream.answer(answer);
  return clientOf(upstream.url, options).get('/wallet');
};

test('A request arrives as it was meant', async () => {
  upstream.answer({ status: 201, body: succeeded });
  const client = clientOf(upstream.url);
  const given = { body: { note: 'ሰላም' }, merchantId: 'cm_1', idempotencyKey: 'order-1' };
  expect(await client.put('/x?y=1', given)).toEqual(succeeded);
  expect(upstream.requests).toEqual([
    expect.objectContaining({ method: 'PUT', url: '/api/v2/x?y=1', body: '{"note":"ሰላም"}' }),
  ]);
  expect(upstream.requests[0]?.headers).toMatchObject({
    accept: 'application/json',
    'accept-encoding': 'identity',
    'content-type': 'application/json',
    'x-api-key': apiKey,
    'x-connected-merchant-id': 'cm_1',
    'idempotency-key': 'order-1',
  });
});

test('A global fetch that is replaced later is the one that is used', async () => {
  const client = clientOf(upstream.url);
  const { fetch } = globalThis;
  globalThis.fetch = () => Promise.resolve(new Response('{"from":"the later one"}'));
  try {
    expect(await client.get('/wallet')).toEqual({ from: 'the later one' });
    expect(upstream.requests).toEqual([]);
  } finally {
    globalThis.fetch = fetch;
  }
});

describe('A redirect is no answer', () => {
  let other: Upstream;
  beforeAll(async () => {
    other = await startUpstream();
  });
  afterAll(() => other.close());

  describe.each([301, 302, 303, 307, 308])('%i', (status) => {
    test.each([['another origin'], ['its own']])(
      'to %s is not followed, and the key stays',
      async (where) => {
        const location = `${(where === 'its own' ? upstream : other).url}/elsewhere?token=t0ken`;
        const error = await failure(pay({ status, headers: { location } }));
        expect(error).toMatchObject({ kind: 'UNRECOGNISED', outcome: 'unknown', retryable: false });
        expect(error.upstream).toEqual({ status });
        expect(upstream.requests.length).toBe(1);
        expect(other.requests).toEqual([]);
        expect(inspect(error, { showHidden: true, depth: 9 }) + JSON.stringify(error)).not.toMatch(
          /t0ken|elsewhere|lk_sec/,
        );
      },
    );
  });
});

describe('A good answer', () => {
  test.each<[string, Answer, unknown]>([
    ['an object', { status: 200, body: succeeded }, succeeded],
    ['an array', { status: 200, body: [1, 2] }, [1, 2]],
    ['null', { status: 200, body: 'null' }, null],
    ['a number', { status: 201, body: '7' }, 7],
    ['a text', { status: 200, body: '"paid"' }, 'paid'],
    ['nothing', { status: 200 }, undefined],
    ['nothing, and says so', { status: 204 }, undefined],
    ['white space', { status: 202, body: ' \r\n\t' }, undefined],
    ['a byte order mark alone', { status: 200, body: '\ufeff' }, undefined],
    ['an object behind a byte order mark', { status: 200, body: '\ufeff{"a":1}' }, { a: 1 }],
    [
      'an object that is called HTML',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '{"a":1}' },
      { a: 1 },
    ],
    [
      'an object though it was compressed',
      { status: 200, headers: { 'content-encoding': 'gzip' }, body: gzipSync('{"a":1}') },
      { a: 1 },
    ],
    [
      'a failed transaction',
      { status: 200, body: { status: 'FAILED', error: { message: 'PIN' } } },
      { status: 'FAILED', error: { message: 'PIN' } },
    ],
  ])('is its body, parsed: %s', async (_what, answer, body) => {
    expect(await look(answer)).toEqual(body);
    if (body === undefined || body === null) expect(await failure(pay(answer))).toMatchObject(UNCLEAR);
    else expect(await pay(answer)).toEqual(body);
  });
});

const UNCLEAR = { kind: 'UNRECOGNISED', outcome: 'unknown', retryable: false };

describe('An empty answer to a payment is none', () => {
  const EMPTY: readonly Answer[] = [
    { status: 200 },
    { status: 201, body: 'null' },
    { status: 202, body: ' \n' },
    { status: 204 },
  ];
  const send = (answer: Answer, method: 'post' | 'put', path: string) => {
    upstream.answer(answer);
    return clientOf(upstream.url)[method](path, { body: {} });
  };

  test.each([
    ['/payment/direct'],
    ['/payment/checkout/'],
    ['/payment/withdrawal?dry=1'],
    ['/payment/direct#x'],
    ['/payment/'],
    ['/payment'],
    ['/Payment/direct'],
    ['/%70ayment/direct'],
    ['/payment%2Fdirect'],
    ['/payment%2fdirect'],
    ['/payment\\direct'],
    ['/payment/txn%zz'],
    ['/api/v2/payment/direct'], // below a base URL that lacks it
  ])('by POST of %s', async (path) => {
    for (const answer of EMPTY) {
      const error = await failure(send(answer, 'post', path));
      expect(error).toMatchObject(UNCLEAR);
      expect(String(originalError(error))).toBe('SyntaxError: The answer is empty.');
    }
  });

  test.each([
    ['post', '/lakiconnect/connected-accounts'],
    ['post', '/payments'],
    ['post', '/x?next=/payment/direct'],
    ['post', '/x#/payment/direct'],
    ['put', '/payment/direct'],
  ] as const)('unlike one to %s %s', async (method, path) => {
    for (const answer of EMPTY) expect((await send(answer, method, path)) ?? undefined).toBeUndefined();
  });

  test.each([['{}'], ['[]'], ['""'], ['0'], ['false']])('unlike %s, which is not empty', async (body) => {
    expect(await send({ status: 200, body }, 'post', '/payment/direct')).toEqual(JSON.parse(body));
  });
});

describe('An answer that says nothing', () => {
  test.each<[string, Answer]>([
    ['an HTML page', { status: 200, body: htmlPage }],
    ['plain text', { status: 200, body: 'OK' }],
    ['JSON that breaks off', { status: 200, body: '{"status":"SUCC' }],
    ['two objects', { status: 201, body: '{}{}' }],
    ['text at the last good status', { status: 299, body: 'OK' }],
    ['an error inside of text', { status: 200, body: `x${JSON.stringify(documented('NOT_FOUND'))}` }],
  ])('is unrecognised, and leaves a payment open: %s', async (_what, answer) => {
    const { status } = answer as { status: number };
    const error = await failure(pay(answer));
    expect(error).toMatchObject({
      kind: 'UNRECOGNISED',
      outcome: 'unknown',
      retryable: false,
      upstream: { status },
    });
    expect(String(originalError(error))).toBe('SyntaxError: The answer is no JSON.');
    expect(await failure(look(answer))).toMatchObject({ kind: 'UNRECOGNISED', outcome: 'rejected' });
  });
});

test('An answer without a status, as the standard has redirects that are not followed, is none', async () => {
  const fetch = async () => Response.error();
  const error = await failure(pay({ status: 200 }, { fetch }));
  expect(error).toMatchObject({ kind: 'UNRECOGNISED', outcome: 'unknown', retryable: false, upstream: {} });
});

describe('A failed answer', () => {
  test.each<[string, Answer, object]>([
    [
      'E1',
      { status: 403, body: documented('KYC_NOT_APPROVED') },
      { kind: 'KYC_NOT_APPROVED', outcome: 'rejected', requestId: 'req_1a2b3c4d5e6f' },
    ],
    [
      'E2 at 200',
      { status: 200, body: core('INVALID_AMOUNT') },
      { kind: 'VALIDATION_ERROR', outcome: 'rejected', code: 'INVALID_AMOUNT' },
    ],
    ['text at 422', { status: 422, body: plainText }, { kind: 'VALIDATION_ERROR', outcome: 'rejected' }],
    ['text at 502', { status: 502, body: plainText }, { kind: 'INTERNAL_ERROR', outcome: 'unknown' }],
    ['HTML at 502', { status: 502, body: htmlPage }, { kind: 'INTERNAL_ERROR', outcome: 'unknown' }],
    ['HTML at 403', { status: 403, body: htmlPage }, { kind: 'FORBIDDEN', outcome: 'unknown' }],
    ['nothing at 500', { status: 500 }, { kind: 'INTERNAL_ERROR', outcome: 'unknown' }],
    [
      '429 with a wait',
      { status: 429, headers: { 'retry-after': '7' }, body: documented('RATE_LIMITED') },
      { kind: 'RATE_LIMITED', outcome: 'rejected', retryAfterMs: 7000 },
    ],
    ['a reset', { fault: 'reset' }, { kind: 'UNREACHABLE', outcome: 'unknown' }],
    [
      'a body that breaks off',
      { fault: 'cut', status: 200, body: succeeded },
      { kind: 'UNREACHABLE', outcome: 'unknown' },
    ],
    [
      'an error that breaks off',
      { fault: 'cut', status: 422, body: documented('VALIDATION_ERROR') },
      { kind: 'UNREACHABLE', outcome: 'unknown' },
    ],
  ])('is an error: %s', async (_what, answer, expected) => {
    expect(await failure(pay(answer))).toMatchObject(expected);
    expect(upstream.requests.length).toBe(1);
  });

  test('holds no key of the platform’s', async () => {
    const message = `key ${apiKey} has expired`;
    const error = await failure(pay({ status: 401, body: documented('UNAUTHORIZED', { message }) }));
    expect(inspect(error, { showHidden: true, depth: 9 }) + JSON.stringify(error)).not.toContain('lk_sec');
  });
});

describe('The deadline', () => {
  test.each<[string, Answer]>([
    ['headers that never come', { fault: 'hang-headers' }],
    ['a body that stalls', { fault: 'hang-body', status: 200, body: succeeded }],
    ['an error that stalls', { fault: 'hang-body', status: 422, body: documented('VALIDATION_ERROR') }],
  ])('ends %s', async (_what, answer) => {
    const error = await promptly(failure(pay(answer, { timeoutMs: 50 })));
    expect(error).toMatchObject({ kind: 'TIMEOUT', outcome: 'unknown', retryable: false });
    expect(await promptly(failure(look(answer, { timeoutMs: 50 })))).toMatchObject({
      kind: 'TIMEOUT',
      outcome: 'rejected',
      retryable: true,
    });
  });
});

describe('A body beyond a mebibyte', () => {
  const MAX = 1024 * 1024;
  const bodyOf = (bytes: number) => JSON.stringify({ a: 'x'.repeat(bytes - '{"a":""}'.length) });

  test('is not read; up to there it is', async () => {
    expect(await look({ status: 200, body: bodyOf(MAX) })).toHaveProperty('a');
    expect(await failure(look({ status: 200, body: bodyOf(MAX + 1) }))).toMatchObject({
      kind: 'UNRECOGNISED',
    });
  });

  test('leaves a payment open, whatever its status', async () => {
    const body = bodyOf(MAX + 1);
    expect(await failure(pay({ status: 200, body }))).toMatchObject({
      kind: 'UNRECOGNISED',
      outcome: 'unknown',
    });
    expect(await failure(pay({ status: 422, body }))).toMatchObject({
      kind: 'VALIDATION_ERROR',
      outcome: 'unknown',
    });
  });

  describe('is left with its connection', () => {
    let close: () => Promise<void>;
    afterEach(() => close());

    /** Asks a server of its own for the wallet; `closed` resolves when the connection has ended. */
    async function ask(listener: RequestListener) {
      const server = createServer(listener).listen(0, '127.0.0.1');
      const connected = once(server, 'connection');
      await once(server, 'listening');
      close = async () => {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      };
      const { port } = server.address() as AddressInfo;
      const asked = failure(clientOf(`http://127.0.0.1:${String(port)}`).get('/wallet'));
      const [socket] = (await connected) as [Socket];
      return { asked, closed: new Promise((resolve) => socket.once('close', resolve)) };
    }

    test('though it never ends', async () => {
      let written = 0;
      const { asked, closed } = await ask((_request, response) => {
        const chunk = Buffer.alloc(64 * 1024, ' ');
        const write = () => {
          while (!response.destroyed) {
            written += chunk.length;
            if (!response.write(chunk)) return;
          }
        };
        response.on('drain', write);
        write();
      });
      expect(await promptly(asked)).toMatchObject({ kind: 'UNRECOGNISED', upstream: { status: 200 } });
      await promptly(closed);
      expect(written).toBeLessThan(32 * MAX); // what the sockets between them hold
    });

    test('though it arrived small, and unpacks to a gibibyte', async () => {
      const member = gzipSync(Buffer.alloc(16 * MAX, ' '));
      const bomb = Buffer.concat(Array.from({ length: 64 }, () => member));
      expect(bomb.length).toBeLessThan(2 * MAX);
      const before = process.memoryUsage().rss;
      const { asked, closed } = await ask((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.write(bomb);
      });
      expect(await promptly(asked)).toMatchObject({ kind: 'UNRECOGNISED', upstream: { status: 200 } });
      await promptly(closed);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * MAX);
    });
  });
});
