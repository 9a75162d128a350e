/** Errors on demand: their form, and what the library recognises in them. */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { createLakiConnect, type LakiConnectError } from 'lakiconnect-middleware';
import { createFakeLakiConnect, type Envelope, type FailOptions } from 'lakiconnect-middleware/testing';
import { ENVELOPE_NAMES } from '../../../src/testing/fake/envelopes.js';
import { FAILURES } from '../../../src/testing/fake/failures.js';
import { ask, link, order, pay } from './ask.js';
import { CODES } from './codes.js';

const fake = await createFakeLakiConnect();
afterEach(fake.reset);
afterAll(fake.close);

/** What the library's client makes of the next answer. */
async function failure(): Promise<LakiConnectError> {
  const { client } = createLakiConnect({ baseUrl: fake.baseUrl, apiKey: fake.apiKey, retry: false });
  return client.post('/payment/direct', { body: order, merchantId: 'cm_1' }).then(
    () => Promise.reject(new Error('it was paid')),
    (error: LakiConnectError) => error,
  );
}

const CODED: readonly Envelope[] = ['documented', 'core'];
const UNREADABLE: readonly Envelope[] = ['html', 'broken-json'];

test('Every code of the documents can be asked for', () => {
  expect(CODES.map(([code]) => code).sort()).toEqual([...FAILURES.keys()].sort());
});

describe.each(CODES)('%s', (code, status, kind, byStatus) => {
  test.each(ENVELOPE_NAMES)('is recognised for what it is: %s', async (envelope) => {
    link(fake, 'cm_1');
    fake.failNext(code, { envelope });
    const error = await failure();
    expect([error.name, error.upstream.status, error.kind, error.code, error.requestId]).toEqual([
      'LakiConnectError',
      status,
      CODED.includes(envelope) ? kind : byStatus,
      CODED.includes(envelope) ? code : undefined,
      envelope === 'documented' ? 'req_1a2b3c4d5e6f' : undefined,
    ]);
    const isUnknown = status >= 500 || UNREADABLE.includes(envelope);
    expect(error.outcome).toBe(isUnknown ? 'unknown' : 'rejected');
    expect(fake.charges).toEqual([]);
  });

  test('moves money if it is processed, and only then', async () => {
    link(fake, 'cm_1');
    for (const [processed, charges] of [
      [undefined, 0],
      [false, 0],
      [true, 1],
    ] as const) {
      fake.failNext(code, { processed });
      expect((await pay(fake)).status).toBe(status);
      expect(fake.charges).toHaveLength(charges);
    }
  });
});

describe('The form', () => {
  const options: FailOptions = {
    message: 'No.',
    details: [
      { field: 'amount', issue: 'is required' },
      { field: 'currency', issue: 'is required' },
    ],
    requestId: 'req_2',
  };
  const { details } = options;

  test.each<[Envelope, string, unknown]>([
    [
      'documented',
      'INVALID_AMOUNT',
      { error: { code: 'INVALID_AMOUNT', message: 'No.', details }, request_id: 'req_2' },
    ],
    [
      'core',
      'INVALID_AMOUNT',
      {
        status: 'ERROR',
        message: 'No.',
        error_code: 'INVALID_AMOUNT',
        errors: { amount: ['is required'], currency: ['is required'] },
      },
    ],
    ['flat', 'INVALID_AMOUNT', { success: false, message: 'amount: is required; currency: is required.' }],
    ['nested', 'INVALID_AMOUNT', { success: false, error: { message: 'No.', type: 'invalid_amount' } }],
    ['nested', 'UNAUTHORIZED', { success: false, error: { message: 'No.', type: 'auth_error' } }],
  ])('%s of %s', async (envelope, code, body) => {
    fake.failNext(code, { ...options, envelope });
    const answer = await ask(fake, 'GET', '/x');
    expect(answer.body).toEqual(body);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  test.each<[Envelope, unknown]>([
    ['documented', { error: { code: 'FORBIDDEN', message: 'No.' }, request_id: 'req_2' }],
    ['core', { status: 'ERROR', message: 'No.', error_code: 'FORBIDDEN' }],
    ['flat', { success: false, message: 'No.' }],
    ['nested', { success: false, error: { message: 'No.', type: 'forbidden' } }],
  ])('%s without fields', async (envelope, body) => {
    fake.failNext('FORBIDDEN', { ...options, details: undefined, envelope });
    expect((await ask(fake, 'GET', '/x')).body).toEqual(body);
  });

  test.each<[Envelope, type: string | null, RegExp]>([
    ['text', 'text/plain; charset=utf-8', /^No\.$/],
    ['html', 'text/html; charset=utf-8', /^<html>.*No\..*<\/html>$/],
    ['empty', null, /^$/],
    ['broken-json', 'application/json; charset=utf-8', /^\{"error":\{"code":"FORBIDDEN","mess$/],
  ])('%s', async (envelope, type, text) => {
    fake.failNext('FORBIDDEN', { ...options, envelope });
    const answer = await ask(fake, 'GET', '/x');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, type]);
    expect(answer.text).toMatch(text);
  });
});

describe('The options', () => {
  test('reach whoever asks through the library', async () => {
    fake.failNext('RATE_LIMITED', {
      status: 418,
      message: 'Not now.',
      details: [{ field: 'amount', issue: 'too many' }],
      retryAfter: 7,
      requestId: 'req_2',
    });
    expect(await failure()).toMatchObject({
      kind: 'RATE_LIMITED',
      retryAfterMs: 7000,
      requestId: 'req_2',
      details: [{ field: 'amount', issue: 'too many' }],
      upstream: { status: 418, code: 'RATE_LIMITED', message: 'Not now.' },
    });
  });

  test.each<[FailOptions['retryAfter'], string | null]>([
    [undefined, null],
    [0, '0'],
    [1.5, '1.5'],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT'],
    ['soon', 'soon'],
  ])('send retryAfter %j as it is', async (retryAfter, sent) => {
    fake.failNext('RATE_LIMITED', { retryAfter });
    expect((await ask(fake, 'GET', '/x')).headers.get('retry-after')).toBe(sent);
  });

  test('add headers to those that no platform may relay, and replace them', async () => {
    fake.failNext('UNAUTHORIZED');
    const { headers: usual } = await ask(fake, 'GET', '/x');
    const [name = ''] = usual.getSetCookie();
    expect(fake.secrets.some((secret) => name.includes(secret))).toBe(true);
    expect([usual.get('server'), usual.get('www-authenticate')]).toEqual([
      'nginx',
      'Basic realm="LakiConnect"',
    ]);

    fake.failNext('FORBIDDEN', { headers: { server: 'Caddy', 'x-a': ['b', 'c'] } });
    const { headers } = await ask(fake, 'GET', '/x');
    expect([headers.get('server'), headers.get('x-a')]).toEqual(['Caddy', 'b, c']);
    expect(headers.get('www-authenticate')).toBeNull();
  });

  test.each([
    [{}, 400],
    [{ status: 418 }, 418],
  ])('tell a code that nobody knows yet with %j', async (options, status) => {
    fake.failNext('ACCOUNT_FROZEN', options);
    const { body, ...answer } = await ask(fake, 'GET', '/x');
    expect(answer.status).toBe(status);
    expect(body).toEqual({
      error: { code: 'ACCOUNT_FROZEN', message: 'The request was refused.' },
      request_id: 'req_1a2b3c4d5e6f',
    });
  });
});
