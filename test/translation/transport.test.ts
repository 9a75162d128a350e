import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { transportOf, type Failure } from '../../src/translation/transport.js';
import { clientNamed, clientNames, rejection } from '../provider/harness.js';
import { refusedUrl, startUpstream, type Upstream } from '../upstream.js';

const code = (name: unknown) => Object.assign(new Error('no'), { code: name });
const named = (name: string, parts: object = {}) => Object.assign(new Error('no'), { name, ...parts });

test.each([
  ['which axios tells by a body of undefined', { status: 200, data: undefined }, 'lost'],
  ['not of an empty body', { status: 500, data: '' }, undefined],
  ['not of one that says something', { status: 500, data: {} }, undefined],
])('An answer was cut short, %s', (_, response, failure) => {
  const error = Object.assign(code('ERR_BAD_RESPONSE'), { response });
  expect(transportOf(error)?.failure).toBe(failure);
});

describe('A code of the connection', () => {
  test.each<[code: string, failure: Failure]>([
    ['ECONNREFUSED', 'unsent'],
    ['ENOTFOUND', 'unsent'],
    ['EAI_AGAIN', 'unsent'],
    ['ETIMEDOUT', 'timeout'],
    ['ESOCKETTIMEDOUT', 'timeout'],
    ['ECONNABORTED', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['ABORT_ERR', 'aborted'],
    ['ERR_ABORTED', 'aborted'],
    ['ERR_CANCELED', 'aborted'],
    ['UND_ERR_ABORTED', 'aborted'],
    ['ABORTED', 'aborted'],
    ['ECONNRESET', 'lost'],
    ['EPIPE', 'lost'],
    ['EPROTO', 'lost'],
    ['EHOSTUNREACH', 'lost'],
    ['ENETUNREACH', 'lost'],
    ['ERR_NETWORK', 'lost'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'lost'],
    ['ERR_FR_TOO_MANY_REDIRECTS', 'lost'],
    ['UND_ERR_SOCKET', 'lost'],
    ['UND_ERR_RESPONSE_EXCEEDED', 'lost'],
    ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'lost'],
    ['HPE_INVALID_CONSTANT', 'lost'],
    ['HPE_HEADER_OVERFLOW', 'lost'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'lost'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'lost'],
    ['CERT_HAS_EXPIRED', 'lost'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'lost'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'lost'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'lost'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'lost'],
    ['ERR_HTTP2_STREAM_ERROR', 'lost'],
    ['Z_DATA_ERROR', 'lost'],
    ['ERR_BODY_PARSE_FAILURE', 'unparsable'],
  ])('%s is %s', (name, failure) => {
    expect(transportOf(code(name))).toEqual({ failure, code: name });
  });

  test.each([
    'ENOENT',
    'EACCES',
    'EADDRINUSE',
    'ERR_INVALID_ARG_TYPE',
    'ERR_BAD_REQUEST',
    'ERR_NON_2XX_3XX_RESPONSE',
    'UND_ERR_RESPONSE',
    'XHPE_INVALID',
    'MY_CERT_EXPIRED',
    'KYC_NOT_APPROVED',
    'econnreset',
    '__proto__',
    'toString',
    '',
  ])('%s is none', (name) => {
    expect(transportOf(code(name))).toBeUndefined();
  });

  test.each([23, 20, -104, null, undefined, {}, Symbol('ECONNRESET'), ['ECONNRESET']])(
    'is text, not %p',
    (name) => {
      expect(transportOf(code(name))).toBeUndefined();
    },
  );
});

describe('A name tells where there is no code', () => {
  test.each<[what: string, error: unknown, failure: Failure]>([
    ['a deadline', new DOMException('no', 'TimeoutError'), 'timeout'],
    ['ky’s deadline', named('TimeoutError'), 'timeout'],
    ['an abort', new DOMException('no', 'AbortError'), 'aborted'],
    ['node-fetch’s abort', named('AbortError', { type: 'aborted' }), 'aborted'],
    ['axios’ abort', named('CanceledError'), 'aborted'],
    ['broken JSON', new SyntaxError('no'), 'unparsable'],
    ['node-fetch’s redirects', named('FetchError', { type: 'max-redirect' }), 'lost'],
    ['a fetch that failed', new TypeError('fetch failed'), 'lost'],
    ['a body that broke off', new TypeError('terminated'), 'lost'],
    ['needle’s silent body', new Error('read timeout'), 'timeout'],
  ])('%s', (_what, error, failure) => {
    expect(transportOf(error)).toEqual({ failure });
  });

  test.each<[what: string, error: unknown]>([
    ['an Error', new Error('fetch failed')],
    ['a bug', new TypeError('Cannot read properties of undefined')],
    ['ofetch’s error for an answer', named('FetchError', { status: 500 })],
    ['a range', new RangeError('terminated')],
  ])('but not %s', (_what, error) => {
    expect(transportOf(error)).toBeUndefined();
  });

  test.each([undefined, null, 'ECONNRESET', 0, Symbol('no'), () => undefined, [], {}])('nor %p', (error) => {
    expect(transportOf(error)).toBeUndefined();
  });
});

describe('What is wrapped counts too', () => {
  function chained(depth: number): unknown {
    let error: unknown = code('ECONNRESET');
    for (let level = 0; level < depth; level++) error = { cause: error };
    return error;
  }

  test.each([0, 1, 2, 3, 4])('%d causes deep', (depth) => {
    expect(transportOf(chained(depth))).toEqual({ failure: 'lost', code: 'ECONNRESET' });
  });

  test('but no deeper than five', () => {
    expect(transportOf(chained(5))).toBeUndefined();
    expect(transportOf(chained(100_000))).toBeUndefined();
  });

  test('once, where it wraps itself', () => {
    const error: Error & { errors?: unknown } = new Error('no');
    error.cause = error;
    error.errors = [error, error, code('ECONNRESET')];
    expect(transportOf(error)).toEqual({ failure: 'lost', code: 'ECONNRESET' });
  });

  test('by its code, where the wrapper says no more than that it failed', () => {
    expect(transportOf(new TypeError('fetch failed', { cause: code('ECONNREFUSED') }))).toEqual({
      failure: 'unsent',
      code: 'ECONNREFUSED',
    });
    expect(transportOf(new TypeError('terminated', { cause: code('UND_ERR_SOCKET') }))).toEqual({
      failure: 'lost',
      code: 'UND_ERR_SOCKET',
    });
  });

  test.each<[codes: string[], failure: Failure, code: string]>([
    [['ECONNREFUSED', 'ECONNREFUSED'], 'unsent', 'ECONNREFUSED'],
    [['ECONNREFUSED', 'ETIMEDOUT'], 'timeout', 'ETIMEDOUT'],
    [['ECONNREFUSED', 'ECONNRESET'], 'lost', 'ECONNRESET'],
    [['ECONNREFUSED', 'ENETUNREACH'], 'lost', 'ENETUNREACH'],
    [['ECONNRESET', 'ETIMEDOUT'], 'timeout', 'ETIMEDOUT'],
    [['ECONNRESET', 'ABORT_ERR'], 'aborted', 'ABORT_ERR'],
  ])('%j: what leaves the most open', (codes, failure, told) => {
    const both = [codes, [...codes].reverse()];
    for (const order of both) {
      expect(transportOf(new AggregateError(order.map(code)))).toEqual({ failure, code: told });
    }
  });

  test.each<[name: string, failure: Failure]>([
    ['TimeoutError', 'timeout'],
    ['AbortError', 'aborted'],
  ])('a %s without a code that hides behind a refusal: nobody knows what was sent', (name, failure) => {
    expect(transportOf(Object.assign(code('ECONNREFUSED'), { cause: named(name) }))).toEqual({ failure });
  });

  test('that a fetch failed, where no cause says how', () => {
    for (const cause of [undefined, new Error('no'), code('EUNKNOWN'), { errors: [code('EUNKNOWN')] }]) {
      expect(transportOf(new TypeError('fetch failed', { cause }))).toEqual({ failure: 'lost' });
    }
  });

  test('no more than 64 of all that it wraps', () => {
    const wrapping = (last: readonly unknown[]) => ({
      errors: [...Array.from({ length: 15 }, () => ({ errors: [{}, {}, {}] })), { errors: last }],
    });
    expect(transportOf(wrapping([{}, code('ECONNRESET')]))?.failure).toBe('lost'); // 1 + 16 + 45 + 2
    expect(transportOf(wrapping([{}, {}, code('ECONNRESET')]))).toBeUndefined();
  });

  test('a reset that hides behind a refusal', () => {
    const error = Object.assign(code('ECONNREFUSED'), { cause: code('ECONNRESET') });
    expect(transportOf(error)?.failure).toBe('lost');
  });

  test.each([{}, 'no', 1, { amount: [code('ECONNRESET')] }])(
    'but `errors` must be a list, not %j',
    (errors) => {
      expect(transportOf(Object.assign(new Error('no'), { errors }))).toBeUndefined();
    },
  );
});

describe('Real clients', () => {
  let upstream: Upstream;
  let nobody: string;

  beforeAll(async () => {
    upstream = await startUpstream();
    nobody = await refusedUrl();
  });

  afterAll(() => upstream.close());

  const failureOf = async (name: string, url: string) =>
    transportOf(await rejection(clientNamed(name).send({ url, method: 'POST', json: {} })));

  test.each(clientNames)('%s is refused', async (name) => {
    expect(await failureOf(name, nobody)).toEqual({ failure: 'unsent', code: 'ECONNREFUSED' });
  });

  test.each(clientNames)('%s is reset', async (name) => {
    upstream.answer({ fault: 'reset' });
    expect(await failureOf(name, upstream.url)).toEqual({ failure: 'lost', code: 'ECONNRESET' });
  });

  test.each(clientNames.filter((name) => !clientNamed(name).returns))(
    '%s is answered: no failure',
    async (name) => {
      for (const status of [401, 422, 500]) {
        upstream.answer({ status, body: { message: 'no' } });
        expect(await failureOf(name, upstream.url)).toBeUndefined();
      }
    },
  );
});
