/** An answer that is the error reply it should be, whoever received it. */
import { afterAll, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import express from 'express';
import { createLakiConnect, type Reply } from 'lakiconnect-middleware';
import { lakiconnect } from 'lakiconnect-middleware/express';
import { assertProblem, createFakeLakiConnect, type Answered } from 'lakiconnect-middleware/testing';
import { AssertionError } from 'node:assert';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { request as undici } from 'undici';

const fake = await createFakeLakiConnect();
const { baseUrl, apiKey } = fake;
fake.merchants.set('cm_1', {});

const servers: Server[] = [];
const formats: ['problem' | 'envelope', url: string][] = [];
for (const format of ['problem', 'envelope'] as const) {
  const laki = lakiconnect({ baseUrl, apiKey, format, audience: 'merchant', merchantId: () => 'cm_1' });
  const app = express().get('/', laki.requireKycApproved()).use(laki.errorHandler());
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  formats.push([format, `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`]);
}
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await fake.close();
});

const CODE = 'KYC_NOT_APPROVED';

/** What an assertion tells; `undefined` if it holds. */
function told(answered: Answered, code = CODE, status = 403): string | undefined {
  try {
    assertProblem(answered, code, status);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(AssertionError);
    return (error as AssertionError).message;
  }
}

describe.each(formats)('A reply in the format %s', (format, url) => {
  const { translate } = createLakiConnect({ format, audience: 'merchant' });

  test.each<[string, () => Promise<Answered>]>([
    [
      'supertest',
      () =>
        request(url)
          .get('/')
          .then((response) => response),
    ],
    ['axios', () => axios.get(url, { validateStatus: null })],
    ['axios, as it threw it', () => axios.get(url).catch((error) => error.response)],
    ['axios, as a text', () => axios.get(url, { validateStatus: null, responseType: 'text' })],
    [
      'fetch, read',
      async () => {
        const response = await fetch(url);
        return { status: response.status, headers: response.headers, body: await response.text() };
      },
    ],
    [
      'fetch, read and parsed',
      async () => {
        const response = await fetch(url);
        return { status: response.status, headers: response.headers, body: await response.json() };
      },
    ],
    [
      'undici, read',
      async () => {
        const { statusCode, headers, body } = await undici(url);
        return { statusCode, headers, body: await body.text() };
      },
    ],
    [
      'translate',
      async () => {
        const data = { error: { code: CODE, message: 'no' }, request_id: 'req_1' };
        const response = { status: 403, headers: {}, data };
        return translate(Object.assign(new Error('no'), { response })) as Reply;
      },
    ],
  ])('is known from %s, and from no other', async (_, received) => {
    const answered = await received();
    expect(told(answered)).toBeUndefined();
    expect(told(answered, CODE, 409)).toBe(`expected the problem 409 ${CODE}, got 403 ${CODE}`);
    expect(told(answered, 'NOT_FOUND')).toBe(`expected the problem 403 NOT_FOUND, got 403 ${CODE}`);
  });

  test.each<[string, () => unknown]>([
    ['fetch', () => fetch(url)],
    ['undici', () => undici(url)],
    ['axios', () => axios.get(url, { validateStatus: null, responseType: 'stream' })],
  ])('that is still to be read is a mistake: %s', async (_, received) => {
    const answered = (await received()) as Answered & {
      body?: { text?: () => unknown };
      resume?: () => void;
    };
    expect(() => assertProblem(answered, CODE, 403)).toThrow(
      new TypeError(
        'lakiconnect: the body of a Response is still to be read. Hand in { status, headers, body: await response.text() }.',
      ),
    );
  });

  test('that is still to come is a mistake', () => {
    const coming = request(url).get('/') as Answered;
    expect(() => assertProblem(coming, CODE, 403)).toThrow(
      new TypeError('lakiconnect: a promise is still to be awaited.'),
    );
  });
});

describe('What came instead is told', () => {
  const json = { 'Content-Type': 'application/json; charset=utf-8' };
  const problem = { code: CODE, status: 403 };

  test.each<[string, Answered, string]>([
    ['success', { status: 200, headers: json, body: { id: 1 } }, 'got 200 without a code, {"id":1}'],
    ['no body', { status: 403, headers: {} }, 'got 403 without a code, '],
    ['no status', { headers: json, body: problem }, `got undefined ${CODE}`],
    ['null', { status: 403, headers: json, data: null }, 'got 403 without a code, null'],
    ['a page', { status: 403, headers: {}, body: {}, text: '<p>no' }, 'got 403 without a code, {} <p>no'],
    [
      'no end',
      { status: 403, headers: {}, text: 'x'.repeat(999) },
      `got 403 without a code, ${'x'.repeat(200)}`,
    ],
    [
      'a number for a code',
      { status: 403, headers: json, body: { code: 7 } },
      'got 403 without a code, {"code":7}',
    ],
    [
      'a text for an error',
      { status: 403, headers: json, body: { error: 'no' } },
      'got 403 without a code, {"error":"no"}',
    ],
  ])('%s', (_, answered, message) => {
    expect(told(answered)).toBe(`expected the problem 403 ${CODE}, ${message}`);
  });

  test.each<[string, unknown, string]>([
    ['no type', {}, 'none'],
    ['no headers', undefined, 'none'],
    ['a text', { 'content-type': 'text/plain' }, 'text/plain'],
    ['something like JSON', { 'content-type': 'application/jsonp' }, 'application/jsonp'],
    ['JSON of something else', { 'content-type': 'application/ld+json' }, 'application/ld+json'],
  ])('%s', (_, headers, type) => {
    expect(told({ status: 403, headers, body: problem })).toBe(
      `expected the problem 403 ${CODE} as JSON, its type is ${type}`,
    );
  });

  test('a body that contradicts its status', () => {
    const answered = { status: 403, headers: json, body: { ...problem, status: 409 } };
    expect(told(answered)).toBe(`expected the problem 403 ${CODE}, its body says status 409`);
  });

  test.each(['application/json', 'application/problem+json'])('no more than %s is asked for', (type) => {
    for (const headers of [
      { 'CONTENT-TYPE': type },
      new Headers({ 'content-type': type }),
      [['content-type', type]],
    ]) {
      expect(told({ statusCode: 403, headers, text: JSON.stringify(problem) })).toBeUndefined();
    }
  });
});
