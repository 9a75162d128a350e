import { describe, expect, test } from '@jest/globals';
import createError from 'http-errors';
import { LakiConnectError, originalError, type Action, type Options } from 'lakiconnect-middleware';
import { core, documented, flat, htmlPage, nested, plainText } from '../envelopes.js';
import { recognise } from '../../src/translation/recognise.js';
import { settle } from '../../src/settle.js';
import { answered, URL_OF_A_PAYMENT } from './failures.js';

const ELSEWHERE = { url: 'https://api.example.com/charges' };
const settings = settle({ origins: ['https://sandbox.example'] });
const outside = (thrown: unknown) => recognise(thrown, { within: false }, settings);
const within = (thrown: unknown) => recognise(thrown, { within: true }, settings);

/** What a client throws that does not say where it asked. */
const unaddressed = (status: number, data?: unknown) =>
  Object.assign(new Error('Request failed'), { response: { status, data, headers: {} } });

test('An error has a stack where its request was made, and none where it ends up', () => {
  const thrown = answered(403, documented('KYC_NOT_APPROVED'));
  expect(within(thrown)?.stack).toContain('recognise.test');
  expect(outside(thrown)?.stack).toBe('LakiConnectError: LakiConnect did not complete the request.');
});

describe('Whose an error is', () => {
  test.each<[string, unknown]>([
    ['E1 with a known code', unaddressed(403, documented('KYC_NOT_APPROVED'))],
    ['E2 with a known code', unaddressed(400, core('INVALID_PHONE'))],
    ['a bare E1 body', documented('KYC_NOT_APPROVED')],
    ['an error of the SDK', Object.assign(new Error('x'), { name: 'LakipayError' })],
    ['an error of ours', new LakiConnectError({ kind: 'TIMEOUT' })],
    ['any status from LakiConnect', answered(418, 'teapot')],
    [
      'any status from a further origin',
      answered(500, undefined, {}, { url: 'https://sandbox.example/v2/x' }),
    ],
    [
      'a lost connection to LakiConnect',
      Object.assign(new Error('x'), { code: 'ECONNRESET', config: { url: URL_OF_A_PAYMENT } }),
    ],
  ])('%s is LakiConnect’s anywhere', (_, thrown) => {
    expect(outside(thrown)).toBeInstanceOf(LakiConnectError);
    expect(within(thrown)).toBeInstanceOf(LakiConnectError);
  });

  test.each<[string, unknown]>([
    ['E1 with neither known code nor request id', unaddressed(400, { error: { code: 'SOMETHING_NEW' } })],
    [
      'E1 with a request id that is none',
      unaddressed(400, { error: { code: 'SOMETHING_NEW' }, request_id: 'a\nb' }),
    ],
    ['E1 with a new code', unaddressed(403, documented('SOMETHING_NEW'))],
    ['E2 with a new code', unaddressed(400, core('SOMETHING_NEW'))],
    ['E2 without a code', unaddressed(400, { status: 'ERROR', message: 'No' })],
    ['E3', unaddressed(502, plainText)],
    ['E4', unaddressed(400, flat('amount: cannot be blank.'))],
    ['E5', unaddressed(401, nested('No'))],
    ['HTML', unaddressed(502, htmlPage)],
    ['a bare status', unaddressed(503)],
    ['a lost connection', Object.assign(new Error('x'), { code: 'ECONNRESET' })],
    ['a timeout', new DOMException('Too late', 'TimeoutError')],
    ['an answer in an error with an expose', Object.assign(unaddressed(500), { expose: false })],
  ])('%s is LakiConnect’s inside a call alone', (_, thrown) => {
    expect(outside(thrown)).toBeUndefined();
    expect(within(thrown)).toBeInstanceOf(LakiConnectError);
  });

  test.each<[string, unknown]>([
    ['E1 of another origin', answered(403, documented('KYC_NOT_APPROVED'), {}, ELSEWHERE)],
    ['E2 of another origin', answered(400, core('INVALID_AMOUNT'), {}, ELSEWHERE)],
    ['a status of another origin', answered(500, undefined, {}, ELSEWHERE)],
    [
      'an origin that only begins alike',
      answered(500, undefined, {}, { url: 'https://api.lakipay.co.evil.example/' }),
    ],
    [
      'LakiConnect’s host on another scheme',
      answered(500, undefined, {}, { url: 'http://api.lakipay.co/api/v2' }),
    ],
    [
      'LakiConnect’s host on another port',
      answered(500, undefined, {}, { url: 'https://api.lakipay.co:8443/' }),
    ],
    [
      'LakiConnect’s host as another’s user name',
      answered(500, undefined, {}, { url: 'https://api.lakipay.co@evil.example/' }),
    ],
    ['an address that is none', answered(500, undefined, {}, { url: 'https://' })],
    ['the platform’s own 409', createError(409, 'Sold out')],
    [
      'a body parser’s 400',
      Object.assign(createError(400, 'Bad JSON'), { type: 'entity.parse.failed', body: '{' }),
    ],
    ['an abort by the caller', new DOMException('Gone', 'AbortError')],
  ])('%s is not, not even inside a call', (_, thrown) => {
    expect(outside(thrown)).toBeUndefined();
    expect(within(thrown)).toBeUndefined();
  });
});

describe('Its kind', () => {
  test.each([
    [400, 'VALIDATION_ERROR'],
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [409, 'IDEMPOTENCY_CONFLICT'],
    [422, 'VALIDATION_ERROR'],
    [429, 'RATE_LIMITED'],
    [500, 'INTERNAL_ERROR'],
    [503, 'INTERNAL_ERROR'],
    [599, 'INTERNAL_ERROR'],
    [100, 'UNRECOGNISED'],
    [200, 'UNRECOGNISED'],
    [302, 'UNRECOGNISED'],
    [405, 'UNRECOGNISED'],
    [408, 'UNRECOGNISED'],
    [451, 'UNRECOGNISED'],
    [600, 'UNRECOGNISED'],
    [999, 'UNRECOGNISED'],
  ])('without a known code follows the status %i: %s', (status, kind) => {
    expect(outside(answered(status))?.kind).toBe(kind);
    expect(outside(answered(status, documented('SOMETHING_NEW')))?.kind).toBe(kind);
  });

  test.each([200, 302, 400, 401, 404, 418, 429, 500, 503])(
    'with a known code follows it, whatever the status %i',
    (status) => {
      expect(outside(answered(status, documented('KYC_NOT_APPROVED')))?.kind).toBe('KYC_NOT_APPROVED');
      expect(outside(answered(status, core('INVALID_API_KEY')))?.kind).toBe('UNAUTHORIZED');
    },
  );

  test.each(['ERROR', '401', 200, 403, 999, Number.NaN])(
    'never follows a status in the body: %p',
    (status) => {
      const { status: replied, kind } = outside(
        answered(400, { status, statusCode: status, ...flat('No') }),
      )!;
      expect([kind, replied]).toEqual(['VALIDATION_ERROR', 400]);
    },
  );

  test.each<[string, unknown, string]>([
    ['a flat error at HTTP 200', answered(200, flat('No')), 'VALIDATION_ERROR'],
    ['a flat error at HTTP 299', answered(299, flat('No')), 'VALIDATION_ERROR'],
    ['a flat error at HTTP 300', answered(300, flat('No')), 'UNRECOGNISED'],
    ['a nested error at HTTP 200', answered(200, nested('No')), 'UNRECOGNISED'],
    ['a status out of range', answered(1000), 'UNREACHABLE'],
    ['a refused connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'UNREACHABLE'],
    ['a reset connection', Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'UNREACHABLE'],
    ['a timeout', new DOMException('Too late', 'TimeoutError'), 'TIMEOUT'],
    ['a body that could not be parsed', new SyntaxError('Unexpected token'), 'UNRECOGNISED'],
    [
      'an error of the SDK without anything',
      Object.assign(new Error('x'), { name: 'LakipayError' }),
      'UNRECOGNISED',
    ],
    [
      'a request that failed without a word',
      Object.assign(new Error('x'), { config: { url: URL_OF_A_PAYMENT } }),
      'UNREACHABLE',
    ],
  ])('of %s is %s', (_, thrown, kind) => {
    expect(within(thrown)?.kind).toBe(kind);
  });

  test('of a word of an abort, where no signal is seen, is that of a connection that ended', () => {
    const aborted = (data?: unknown) => Object.assign(answered(403, data), { code: 'ERR_CANCELED' });
    expect(outside(aborted())).toMatchObject({ kind: 'UNREACHABLE', outcome: 'unknown' });
    expect(outside(aborted(documented('KYC_NOT_APPROVED')))?.kind).toBe('KYC_NOT_APPROVED');
  });

  test('of a new code is the one that the platform says', () => {
    const aliased = settle({ aliases: { SHOP_PAUSED: 'KYC_NOT_APPROVED', SLOW_DOWN: 'RATE_LIMITED' } });
    const kindOf = (code: string) =>
      recognise(answered(400, documented(code)), { within: false }, aliased)?.kind;
    expect(['SHOP_PAUSED', 'SLOW_DOWN', 'FORBIDDEN'].map(kindOf)).toEqual([
      'KYC_NOT_APPROVED',
      'RATE_LIMITED',
      'FORBIDDEN',
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'valueOf'])(
    'of the code %s is not looked up in a prototype',
    (code) => {
      const error = outside(answered(400, documented(code)));
      expect([error?.kind, error?.code]).toEqual(['VALIDATION_ERROR', undefined]);
    },
  );
});

describe('What an error tells', () => {
  const KEY = 'pub.lic!:sec.ret!';
  const keyed = settle({ apiKey: KEY });
  const recognised = (message: string, details?: unknown, requestId?: string) =>
    recognise(
      answered(
        422,
        documented('VALIDATION_ERROR', { message, details, ...(requestId !== undefined && { requestId }) }),
      ),
      { within: false },
      keyed,
    )!;

  test('is what the provider said, and where to find what was thrown', () => {
    const thrown = answered(
      422,
      documented('VALIDATION_ERROR', { details: [{ field: 'tin', issue: 'is wrong' }] }),
    );
    const error = outside(thrown)!;
    expect(error).toMatchObject({
      kind: 'VALIDATION_ERROR',
      code: 'VALIDATION_ERROR',
      details: [{ field: 'tin', issue: 'is wrong' }],
      requestId: 'req_1a2b3c4d5e6f',
      outcome: 'rejected',
      origin: 'upstream',
      upstream: { status: 422, code: 'VALIDATION_ERROR', message: 'The request was refused.' },
    });
    expect(originalError(error)).toBe(thrown);
  });

  test('of a transport is its code', () => {
    const error = within(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
    expect(error?.upstream).toStrictEqual({ code: 'ECONNRESET' });
    expect(outside(answered(418))?.upstream).toStrictEqual({ status: 418 });
    expect(error).not.toHaveProperty('code');
  });

  test.each([
    ['the occasion', 'cm_said', {}, 'cm_said'],
    ['the request', undefined, { 'X-Connected-Merchant-ID': 'cm_sent' }, 'cm_sent'],
    ['the occasion before the request', 'cm_said', { 'x-connected-merchant-id': 'cm_sent' }, 'cm_said'],
  ])('names the merchant of %s', (_, merchantId, headers, expected) => {
    const thrown = Object.assign(answered(404), { config: { url: URL_OF_A_PAYMENT, headers } });
    expect(recognise(thrown, { within: true, merchantId }, settings)?.merchantId).toBe(expected);
  });

  test('is on one line, printable and bounded', () => {
    const { upstream, details } = recognised(`a\r\nb\u202ec ${'d '.repeat(400)}`, [
      { field: `a\u0000${'b'.repeat(300)}`, issue: `x\u2028y\u202e ${'z '.repeat(200)}` },
    ]);
    expect(upstream.message).toMatch(/^a bc d d/);
    expect(upstream.message?.length).toBeLessThanOrEqual(512);
    expect(details[0]?.field).toMatch(/^a b+$/);
    expect(details[0]?.issue).toMatch(/^x y z z/);
    expect([details[0]?.field.length, details[0]?.issue.length]).toEqual([200, 200]);
  });

  test.each<[string, string]>([
    ['the platform’s key', KEY],
    ['the public half', 'pub.lic!'],
    ['the secret half', 'sec.ret!'],
    ['the secret half across a hidden character', 'sec\u200b.ret!'],
    ['another key', 'lk_pub_other:lk_sec_other'],
  ])('holds %s nowhere', (_, secret) => {
    const { upstream, details } = recognised(`Key ${secret} is wrong`, [
      { field: secret, issue: `${secret} is wrong` },
    ]);
    expect(JSON.stringify([upstream, details])).not.toMatch(/pub\.lic|sec\.ret|lk_/);
    expect(upstream.message).toMatch(/^Key .*\[redacted\].* is wrong$/);
  });

  test('holds no key that the request carried, whoever configured it', () => {
    const thrown = Object.assign(
      answered(401, documented('UNAUTHORIZED', { message: 'No account a.b.c!' })),
      {
        config: { url: URL_OF_A_PAYMENT, headers: { 'X-API-Key': 'a.b.c!:d.e.f!' } },
      },
    );
    expect(outside(thrown)?.upstream.message).toBe('No account [redacted]');
  });

  test('has no request id that is the API key', () => {
    const dotted = settle({ apiKey: 'pub.key.1:sec.key.2' });
    const ids = ['pub.key.1:sec.key.2', 'sec.key.2', 'lk_pub_abcdef:lk_sec_ghijkl'].map(
      (requestId) =>
        recognise(answered(401, documented('UNAUTHORIZED', { requestId })), { within: false }, dotted)
          ?.requestId,
    );
    expect(JSON.stringify(ids)).not.toMatch(/key|lk_/);
  });

  test.each([
    ['RATE_LIMITED', 429, undefined, 1000],
    ['RATE_LIMITED', 429, '7', 7000],
    ['INTERNAL_ERROR', 503, '7', 7000],
    ['INTERNAL_ERROR', 503, undefined, undefined],
    ['NOT_FOUND', 404, '7', undefined],
  ])('of %s (%i, Retry-After %j) is a wait of %j ms', (kind, status, field, wait) => {
    const error = outside(answered(status, undefined, field === undefined ? {} : { 'Retry-After': field }));
    expect([error?.kind, error?.retryAfterMs]).toEqual([kind, wait]);
  });

  test.each([
    ['that may be tried again, and an option forbids it', 'RATE_LIMITED', 429, false],
    ['that may not, and an option allows it', 'VALIDATION_ERROR', 422, true],
  ] as const)('is kept with a kind %s', (_, kind, status, retryable) => {
    const changed = settle({ rules: { [kind]: { retryable } } });
    const error = recognise(
      answered(status, documented(kind), { 'retry-after': '7' }),
      { within: true },
      changed,
    );
    expect(error).toMatchObject({ kind, retryable, retryAfterMs: 7000 });
  });

  test('is dropped with a kind that may not be tried again', () => {
    const refused = answered(422, documented('VALIDATION_ERROR'), { 'retry-after': '7' });
    expect(recognise(refused, { within: true }, settings)?.retryAfterMs).toBeUndefined();
  });

  test.each<[NonNullable<Options['audience']>, number, Action]>([
    ['merchant', 403, 'onboard'],
    ['customer', 409, 'other-way'],
    [() => 'merchant' as const, 409, 'other-way'],
  ])('has the status and the action of the audience %p', (audience, status, action) => {
    const error = recognise(
      answered(400, documented('KYC_NOT_APPROVED')),
      { within: false },
      settle({ audience }),
    );
    expect(error).toMatchObject({ status, statusCode: status, action });
  });

  test('of an error that is ours already is that error', () => {
    const error = new LakiConnectError({ kind: 'TIMEOUT' });
    expect(outside(error)).toBe(error);
  });
});
