/** Further ways in which the same clients are used: told not to throw, to stream, or to give less or more. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import got from 'got';
import ky from 'ky';
import needle from 'needle';
import nodeFetch from 'node-fetch';
import { ofetch } from 'ofetch';
import superagent from 'superagent';
import { fetch as undiciFetch, request as undiciRequest } from 'undici';
import { originalError, type LakiConnect, type LakiConnectError, type Send } from 'lakiconnect-middleware';
import { core, documented, started } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { callTo, promptly, rejection } from './harness.js';

let upstream: Upstream;
let call: LakiConnect['call'];

beforeAll(async () => {
  upstream = await startUpstream();
  call = callTo(upstream.url);
});

afterAll(() => upstream.close());

const url = () => upstream.url;
const once = { limit: 0 };

/** What resolves to an answer, whatever its status. */
const ANSWERING: Record<string, Send<unknown>> = {
  'axios, with a stream that nobody throws': ({ signal }) =>
    axios.post(url(), {}, { responseType: 'stream', validateStatus: null, signal }),
  'axios, with bytes': ({ signal }) =>
    axios.post(url(), {}, { responseType: 'arraybuffer', validateStatus: null, signal }),
  'axios, with text': ({ signal }) =>
    axios.post(
      url(),
      {},
      { responseType: 'text', transformResponse: (data: unknown) => data, validateStatus: null, signal },
    ),
  'axios over fetch': ({ signal }) =>
    axios.post(url(), {}, { adapter: 'fetch', validateStatus: null, signal }),
  'got, told not to throw': ({ signal }) =>
    got.post(url(), { json: {}, throwHttpErrors: false, retry: once, signal }),
  'got, with bytes': ({ signal }) =>
    got.post(url(), { json: {}, throwHttpErrors: false, responseType: 'buffer', retry: once, signal }),
  'ky, told not to throw': ({ signal }) =>
    ky.post(url(), { json: {}, throwHttpErrors: false, retry: 0, signal }),
  'ofetch, raw and told not to throw': ({ signal }) =>
    ofetch.raw(url(), { method: 'POST', body: {}, ignoreResponseError: true, retry: 0, signal }),
  'superagent, told not to throw': () =>
    superagent
      .post(url())
      .send({})
      .ok(() => true),
  'needle, with text': () => needle('post', url(), {}, { json: true, parse_response: false }),
  'the fetch of undici': ({ signal }) => undiciFetch(url(), { method: 'POST', body: '{}', signal }),
  'a copy of fetch’s answer': async ({ signal }) => (await fetch(url(), { method: 'POST', signal })).clone(),
  'undici, unpacked': async ({ signal }) => {
    const { statusCode, headers, body } = await undiciRequest(url(), { method: 'POST', signal });
    return { statusCode, headers, body: await body.text() };
  },
};

describe.each(Object.keys(ANSWERING))('%s', (name) => {
  test('is told by the body of a refusal', async () => {
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    expect(await rejection(call(ANSWERING[name]!))).toMatchObject({
      kind: 'KYC_NOT_APPROVED',
      requestId: 'req_1a2b3c4d5e6f',
      outcome: 'rejected',
      upstream: { status: 403 },
    });
  });

  test('gives a payment that was started as it is', async () => {
    upstream.answer({ status: 201, body: started });
    let given: unknown;
    const result = await call(async (options) => (given = await ANSWERING[name]!(options)));
    expect(result === given).toBe(true);
  });
});

// A stream of axios’ is the caller's: it is not read at 2xx.
test.each(Object.keys(ANSWERING).filter((name) => !name.includes('stream')))(
  '%s is told by an ERROR at 200',
  async (name) => {
    upstream.answer({ status: 200, body: core('INVALID_AMOUNT') });
    expect(await rejection(call(ANSWERING[name]!))).toMatchObject({
      kind: 'VALIDATION_ERROR',
      code: 'INVALID_AMOUNT',
      outcome: 'rejected',
    });
  },
);

test('What axios throws with an unread stream is read', async () => {
  upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
  for (const adapter of ['http', 'fetch'] as const) {
    const send: Send<unknown> = () => axios.post(url(), {}, { adapter, responseType: 'stream' });
    expect(await rejection(call(send))).toMatchObject({ kind: 'KYC_NOT_APPROVED', outcome: 'rejected' });
  }
});

test('What got promises in one word is judged, too', async () => {
  upstream.answer({ status: 200, body: core('INVALID_AMOUNT') });
  const send: Send<unknown> = ({ signal }) => got.post(url(), { json: {}, retry: once, signal }).json();
  expect(await rejection(call(send))).toMatchObject({ kind: 'VALIDATION_ERROR', outcome: 'rejected' });
});

test('A body that came compressed is read where the client unpacks it', async () => {
  const body = gzipSync(JSON.stringify(documented('KYC_NOT_APPROVED')));
  upstream.answer({
    status: 403,
    body,
    headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
  });
  for (const send of [() => fetch(url(), { method: 'POST' }), () => nodeFetch(url(), { method: 'POST' })]) {
    expect(await rejection(call<unknown>(send))).toMatchObject({
      kind: 'KYC_NOT_APPROVED',
      outcome: 'rejected',
    });
  }
});

test('The original of a refusal can be read by whoever asks for it', async () => {
  upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
  const error = (await rejection(call(() => fetch(url(), { method: 'POST' })))) as LakiConnectError;
  expect(await (originalError(error) as Response).json()).toEqual(documented('KYC_NOT_APPROVED'));
});

describe('A good answer that is no JSON comes back as it is', () => {
  test.each([
    ['text', 'text/plain', 'paid'],
    ['CSV', 'text/csv', 'id,amount\nTXN-1,100\n'],
    ['CSV with quotes', 'text/csv', '"id","amount"\n"TXN-1","100"\n'],
    ['a line of JSON for each payment', 'application/x-ndjson', '{"id":"TXN-1"}\n{"id":"TXN-2"}\n'],
    ['a PDF', 'application/pdf', '%PDF-1.7\n%âãÏÓ'],
    ['a number', 'application/json', '100'],
    ['JSON text', 'application/json', '"paid"'],
    ['null', 'application/json', 'null'],
    ['white space', 'text/plain', ' \n'],
  ])('%s', async (_what, type, body) => {
    upstream.answer({ status: 200, body, headers: { 'content-type': type } });
    expect(await (await call(() => fetch(url()), { method: 'GET' })).text()).toBe(body);
    expect(await (await call(() => undiciRequest(url()), { method: 'GET' })).body.text()).toBe(body);
    expect((await call(() => axios.get(url(), { responseType: 'text' }), { method: 'GET' })).status).toBe(
      200,
    );
  });
});

test('Many calls at once are each answered for themselves', async () => {
  upstream.answer(({ url }) =>
    url.endsWith('/even')
      ? { status: 200, body: started }
      : { status: 403, body: documented('KYC_NOT_APPROVED') },
  );
  const paths = Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? 'even' : 'odd'));
  const outcomes = await promptly(
    Promise.allSettled(paths.map((path) => call(() => fetch(`${url()}/${path}`, { method: 'POST' })))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(
    paths.map((path) => (path === 'even' ? 'fulfilled' : 'rejected')),
  );
});

test('`call` without a function says what it takes, and does not wait', async () => {
  upstream.answer({ status: 200, body: started });
  const error = await rejection(call(fetch(url()) as never));
  expect(error).toBeInstanceOf(TypeError);
  expect(error).toMatchObject({ message: expect.stringContaining('call() takes a function') });
});

test('A date in Retry-After counts from the clock that is given', async () => {
  upstream.answer({ status: 429, headers: { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' } });
  const early = callTo(upstream.url, { now: () => Date.UTC(1994, 10, 6, 8, 49, 30) });
  const late = callTo(upstream.url, { now: () => Date.UTC(1994, 10, 6, 8, 49, 38) });
  const send = () => fetch(url(), { method: 'POST' });
  expect(await rejection(early(send))).toMatchObject({ kind: 'RATE_LIMITED', retryAfterMs: 7000 });
  expect(await rejection(late(send))).toMatchObject({ kind: 'RATE_LIMITED', retryAfterMs: 1000 });
});
