/** Whatever is no failure comes out of `call` as it went in: the same object, still to be read. */
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import got from 'got';
import ky from 'ky';
import needle from 'needle';
import nodeFetch, { type Response as NodeResponse } from 'node-fetch';
import { ofetch } from 'ofetch';
import superagent from 'superagent';
import { request as undiciRequest, type Dispatcher } from 'undici';
import type { Kind, LakiConnect } from 'lakiconnect-middleware';
import { started, succeeded } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { aftermath, callTo, clientNamed, clientNames, promptly, rejection } from './harness.js';

let upstream: Upstream;
let call: LakiConnect['call'];

beforeAll(async () => {
  upstream = await startUpstream();
  call = callTo(upstream.url);
});

afterAll(() => upstream.close());

type Undici = Dispatcher.ResponseData;

interface Held {
  data: unknown;
  body: unknown;
}

/** The body of a good answer, in the way a client's own documentation reads it. */
const READ: Record<string, (result: never) => unknown> = {
  axios: ({ data }: Held) => data,
  'axios-validate-all': ({ data }: Held) => data,
  got: ({ body }: { body: string }) => JSON.parse(body),
  'got-json': ({ body }: Held) => body,
  ky: (body) => body,
  ofetch: (body) => body,
  fetch: (response: Response) => response.json(),
  'fetch-json': (body) => body,
  undici: ({ body }: Undici) => body.json(),
  'undici-response-error': ({ body }: Undici) => body.json(),
  'node-fetch': (response: NodeResponse) => response.json(),
  superagent: ({ body }: Held) => body,
  needle: ({ body }: Held) => body,
  sdk: (data) => data,
};

const KIB = 1024;

/** JSON of exactly so many bytes. */
const sized = (bytes: number) => {
  const frame = Buffer.byteLength(JSON.stringify({ data: '' }));
  return { data: 'x'.repeat(bytes - frame) };
};

const GOOD: readonly (readonly [what: string, body: object])[] = [
  ['the documented success', succeeded],
  ['the success of a payment that was started', started],
  [
    'a transaction that failed, looked up',
    {
      transaction_id: 'TXN-1',
      status: 'FAILED',
      error: { code: 'INSUFFICIENT_BALANCE', message: 'Insufficient balance' },
    },
  ],
  [
    'a transaction that failed, looked up in the envelope of a success',
    { status: 'SUCCESS', data: { status: 'FAILED', error_code: 'PROVIDER_ERROR', message: 'Declined' } },
  ],
  ['a success whose error is null', { success: true, error: null, data: { transaction_id: 'TXN-1' } }],
  ['an account whose error is null', { id: 'cm_1', kyc_status: 'approved', error: null }],
  ['an account with an empty error', { id: 'cm_1', kyc_status: 'approved', error: '' }],
  ['an account with a number for its status', { id: 'cm_1', status: 404, headers: 'none' }],
  ['a list', [{ transaction_id: 'TXN-1', status: 'FAILED' }]],
  ['an empty object', {}],
  ['16 KiB', sized(16 * KIB)],
  ['one byte less than 64 KiB', sized(64 * KIB - 1)],
  ['exactly 64 KiB', sized(64 * KIB)],
  ['one byte more than 64 KiB', sized(64 * KIB + 1)],
  ['100 KiB', sized(100 * KIB)],
  ['300 KiB', sized(300 * KIB)],
];

describe.each(GOOD)('%s', (_what, body) => {
  // The SDK throws whatever does not say SUCCESS: see below.
  const names = clientNames.filter(
    (name) => name !== 'sdk' || (body as { status?: unknown }).status === 'SUCCESS',
  );

  test.each(names)('comes through %s as it is', async (name) => {
    upstream.answer({ status: 200, body });
    let given: unknown;

    const result = await call(async ({ signal }) => {
      return (given = await clientNamed(name).send({ url: upstream.url, method: 'POST', json: {}, signal }));
    });

    expect(result === given).toBe(true);
    expect(await promptly(Promise.resolve(READ[name]!(result as never)))).toEqual(
      name === 'sdk' ? (body as typeof succeeded).data : body,
    );
  });
});

test('The SDK throws a payment that was started; then nobody knows, and it is not retried', async () => {
  upstream.answer({ status: 200, body: started });
  const { send } = clientNamed('sdk');

  const error = await rejection(
    call(({ signal }) => send({ url: upstream.url, method: 'POST', json: {}, signal }), {
      idempotencyKey: '1',
    }),
  );

  expect(error).toMatchObject({ kind: 'UNRECOGNISED' satisfies Kind, outcome: 'unknown', retryable: false });
});

describe('An answer without a body', () => {
  // The SDK and `response.json()` throw for want of JSON.
  const names = clientNames.filter((name) => !['sdk', 'fetch-json'].includes(name));

  test.each(names)('comes through %s as it is', async (name) => {
    for (const status of [200, 201, 204]) {
      upstream.answer({ status });
      let given: unknown;
      const result = await call(async ({ signal }) => {
        return (given = await clientNamed(name).send({ url: upstream.url, method: 'POST', signal }));
      });
      expect(result === given).toBe(true);
    }
  });
});

const HEADS: Record<string, (url: string, signal: AbortSignal) => Promise<unknown>> = {
  axios: (url, signal) => axios.head(url, { signal }),
  got: async (url, signal) => await got.head(url, { signal, retry: { limit: 0 } }),
  ky: async (url, signal) => await ky.head(url, { signal, retry: 0 }),
  ofetch: (url, signal) => ofetch.raw(url, { method: 'HEAD', signal, retry: 0 }),
  fetch: (url, signal) => fetch(url, { method: 'HEAD', signal }),
  undici: (url, signal) => undiciRequest(url, { method: 'HEAD', signal }),
  'node-fetch': (url, signal) => nodeFetch(url, { method: 'HEAD', signal }),
  superagent: async (url) => await superagent.head(url),
  needle: (url) => needle('head', url),
};

describe.each(Object.keys(HEADS))('HEAD through %s', (name) => {
  test('comes back as it is where the answer is good', async () => {
    upstream.answer({ status: 200, body: succeeded });
    let given: unknown;
    const result = await call(async ({ signal }) => (given = await HEADS[name]!(upstream.url, signal)), {
      method: 'HEAD',
    });
    expect(result === given).toBe(true);
  });

  test('is told by its status where it is not, and is never unknown', async () => {
    for (const [status, kind] of [
      [404, 'NOT_FOUND'],
      [500, 'INTERNAL_ERROR'],
    ] satisfies [number, Kind][]) {
      upstream.answer({ status, body: { message: 'never sent' } });
      const error = await rejection(
        call(({ signal }) => HEADS[name]!(upstream.url, signal), { method: 'HEAD' }),
      );
      expect(error).toMatchObject({ kind, outcome: 'rejected', upstream: { status } });
    }
  });
});

type Reader<T> = (result: T) => Promise<string>;

async function joined(chunks: AsyncIterable<unknown>): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk as Uint8Array);
  return Buffer.concat(read).toString();
}

const fromEvents = (stream: Readable) =>
  new Promise<string>((resolve, reject) => {
    let read = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => (read += chunk));
    stream.on('end', () => resolve(read)).on('error', reject);
  });

const UNDICI_READERS: Record<string, Reader<Undici>> = {
  'json()': async ({ body }) => JSON.stringify(await body.json()),
  'text()': ({ body }) => body.text(),
  'arrayBuffer()': async ({ body }) => Buffer.from(await body.arrayBuffer()).toString(),
  'bytes()': async ({ body }) => Buffer.from(await body.bytes()).toString(),
  'blob()': async ({ body }) => (await body.blob()).text(),
  'for await': ({ body }) => joined(body),
  'pipe()': ({ body }) => text(body.pipe(new PassThrough())),
  'data events': ({ body }) => fromEvents(body),
  'its web stream': ({ body }) => joined(body.body as unknown as AsyncIterable<unknown>),
};

const FETCH_READERS: Record<string, Reader<Response>> = {
  'json()': async (response) => JSON.stringify(await response.json()),
  'text()': (response) => response.text(),
  'arrayBuffer()': async (response) => Buffer.from(await response.arrayBuffer()).toString(),
  'blob()': async (response) => (await response.blob()).text(),
  'for await': ({ body }) => joined(body as unknown as AsyncIterable<unknown>),
  'a second clone': (response) => response.clone().text(),
};

const NODE_FETCH_READERS: Record<string, Reader<NodeResponse>> = {
  'json()': async (response) => JSON.stringify(await response.json()),
  'text()': (response) => response.text(),
  'arrayBuffer()': async (response) => Buffer.from(await response.arrayBuffer()).toString(),
  'for await': ({ body }) => joined(body as Readable),
  'pipe()': ({ body }) => text((body as Readable).pipe(new PassThrough())),
  'data events': ({ body }) => fromEvents(body as Readable),
};

const SIZES = [20, 16 * KIB, 16 * KIB + 1, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 300 * KIB];

async function readsAllSizes<T>(send: () => Promise<T>, read: Reader<T>): Promise<void> {
  for (const size of SIZES) {
    const body = sized(size);
    upstream.answer({ status: 200, body });
    expect((await promptly(read(await call(send)))) === JSON.stringify(body)).toBe(true);
  }
}

describe('A body that the client left unread is still whole', () => {
  test.each(Object.keys(UNDICI_READERS))('in undici, read by %s', (how) =>
    readsAllSizes(() => undiciRequest(upstream.url, { method: 'POST' }), UNDICI_READERS[how]!),
  );

  test.each(Object.keys(FETCH_READERS))('in fetch, read by %s', (how) =>
    readsAllSizes(() => fetch(upstream.url, { method: 'POST' }), FETCH_READERS[how]!),
  );

  test.each(Object.keys(NODE_FETCH_READERS))('in node-fetch, read by %s', (how) =>
    readsAllSizes(() => nodeFetch(upstream.url, { method: 'POST' }), NODE_FETCH_READERS[how]!),
  );

  test('in undici, and says that it is unread, what it holds and what it is', async () => {
    upstream.answer({ status: 200, body: sized(300 * KIB), headers: { 'x-trace': '1' } });
    const { body, headers, statusCode } = await call(() => undiciRequest(upstream.url, { method: 'POST' }));
    expect({ used: body.bodyUsed, statusCode, trace: headers['x-trace'] }).toEqual({
      used: false,
      statusCode: 200,
      trace: '1',
    });
    expect((await promptly(body.blob())).type).toBe('application/json; charset=utf-8');
  });

  test('in a stream of axios’, which nobody touches', async () => {
    upstream.answer({ status: 200, body: sized(100 * KIB) });
    const { data } = await call(() => axios.post<Readable>(upstream.url, {}, { responseType: 'stream' }));
    expect({ flowing: data.readableFlowing, read: data.readableDidRead }).toEqual({
      flowing: null,
      read: false,
    });
    expect(await text(data)).toBe(JSON.stringify(sized(100 * KIB)));
  });
});

describe('A body that the caller does not want', () => {
  test.each([20, 64 * KIB, 300 * KIB])('of %d bytes is dumped by undici', async (size) => {
    upstream.answer({ status: 200, body: sized(size) });
    const { body } = await call(() => undiciRequest(upstream.url, { method: 'POST' }));
    expect(await promptly(body.dump())).toBeUndefined();
  });

  test('may be destroyed after its beginning', async () => {
    upstream.answer({ status: 200, body: sized(300 * KIB) });
    const { body } = await call(() => undiciRequest(upstream.url, { method: 'POST' }));
    await body[Symbol.asyncIterator]().next();
    body.destroy();
    await aftermath();
  });

  test('may be left alone', async () => {
    upstream.answer({ status: 200, body: sized(300 * KIB) });
    await call(() => undiciRequest(upstream.url, { method: 'POST' }));
    await call(() => fetch(upstream.url, { method: 'POST' }));
    await call(() => nodeFetch(upstream.url, { method: 'POST' }));
    await aftermath();
  });
});

describe('A long body that breaks off after the part that was looked at', () => {
  test.each([
    ['undici', async () => (await call(() => undiciRequest(upstream.url))).body.text(), 'other side closed'],
    ['fetch', async () => (await call(() => fetch(upstream.url))).text(), 'terminated'],
    ['node-fetch', async () => (await call(() => nodeFetch(upstream.url))).text(), 'Invalid response body'],
  ] as const)(
    'fails the reader of %s as it does without `call`, and does not hang',
    async (_name, read, says) => {
      upstream.answer({ fault: 'cut', status: 200, body: sized(300 * KIB) });
      expect(await rejection(promptly(read()))).toMatchObject({ message: expect.stringContaining(says) });
      await aftermath();
    },
  );
});

describe('What is no answer', () => {
  class Money {
    readonly amount = 100;
  }
  const circular: { self?: unknown } = {};
  circular.self = circular;

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['false', false],
    ['zero', 0],
    ['an empty string', ''],
    ['text', 'Bad Gateway'],
    ['a page', '<html></html>'],
    ['an error as a text', '{"success":false,"message":"no"}'],
    ['a bigint', 10n],
    ['a symbol', Symbol('paid')],
    ['a function', () => 'paid'],
    ['a date', new Date(0)],
    ['a map', new Map([['success', false]])],
    ['bytes', Buffer.from('paid')],
    ['an instance', new Money()],
    ['a frozen object', Object.freeze({ paid: true })],
    ['an object without a prototype', Object.assign(Object.create(null), { paid: true })],
    ['a circle', circular],
    ['an error that was returned', new Error('not thrown')],
    ['a number for a status', { status: 500 }],
    ['a resource with a status and no headers', { statusCode: 422, amount: 100 }],
  ])('comes back: %s', async (_what, value) => {
    expect((await call(() => value)) === value).toBe(true);
    expect((await call(async () => value)) === value).toBe(true);
  });

  test('comes back: a stream, and nobody has begun to read it', async () => {
    const stream = Readable.from(['paid']);
    expect((await call(() => stream)) === stream).toBe(true);
    expect({ flowing: stream.readableFlowing, events: stream.eventNames() }).toEqual(
      (({ readableFlowing: flowing }, events) => ({ flowing, events }))(
        Readable.from(['']),
        Readable.from(['']).eventNames(),
      ),
    );
    expect(await text(stream)).toBe('paid');
  });

  test('comes back: a Response that was read already', async () => {
    upstream.answer({ status: 200, body: succeeded });
    const response = await call(async () => {
      const response = await fetch(upstream.url);
      await response.text();
      return response;
    });
    expect(response.bodyUsed).toBe(true);
  });

  test('comes back: a Response of the platform’s own making', async () => {
    const response = Response.json(succeeded);
    expect((await call(() => response)) === response).toBe(true);
    expect(await response.json()).toEqual(succeeded);
    const broken = Response.error();
    expect((await call(() => broken)) === broken).toBe(true);
  });

  test('comes back: undici’s answer, frozen', async () => {
    upstream.answer({ status: 200, body: succeeded });
    const answer = await call(async () =>
      Object.freeze(await undiciRequest(upstream.url, { method: 'POST' })),
    );
    expect(await promptly(answer.body.json())).toEqual(succeeded);
  });
});
