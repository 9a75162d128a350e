import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { networkFailureOf, type Failure } from '../../src/translation/network-failure.js';
import { clientNamed, clientNames, rejection } from '../provider/harness.js';
import { refusedUrl, startUpstream, type Upstream } from '../upstream.js';

const code = (name: unknown) => Object.assign(new Error('no'), { code: name });

/** The failure and its code. */
function told(error: unknown): { failure: Failure; code?: string } | undefined {
  const found = networkFailureOf(error);
  if (found === undefined) return undefined;
  const { failure, code } = found;
  expect(found.isNeverSent).toEqual(expect.any(Boolean));
  return code === undefined ? { failure } : { failure, code };
}

const named = (name: string, parts: object = {}) => Object.assign(new Error('no'), { name, ...parts });

test.each([
  ['which axios tells by a body of undefined', { status: 200, data: undefined }, 'connection-lost'],
  ['not of an empty body', { status: 500, data: '' }, undefined],
  ['not of one that says something', { status: 500, data: {} }, undefined],
])('An answer was cut short, %s', (_, response, failure) => {
  const error = Object.assign(code('ERR_BAD_RESPONSE'), { response });
  expect(told(error)?.failure).toBe(failure);
});

describe('A code of the connection', () => {
  test.each<[code: string, failure: Failure]>([
    ['ECONNREFUSED', 'not-sent'],
    ['ENOTFOUND', 'not-sent'],
    ['EAI_AGAIN', 'not-sent'],
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
    ['ECONNRESET', 'connection-lost'],
    ['EPIPE', 'connection-lost'],
    ['EPROTO', 'connection-lost'],
    ['EHOSTUNREACH', 'connection-lost'],
    ['ENETUNREACH', 'connection-lost'],
    ['ERR_NETWORK', 'connection-lost'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'connection-lost'],
    ['ERR_FR_TOO_MANY_REDIRECTS', 'connection-lost'],
    ['UND_ERR_SOCKET', 'connection-lost'],
    ['UND_ERR_RESPONSE_EXCEEDED', 'connection-lost'],
    ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'connection-lost'],
    ['HPE_INVALID_CONSTANT', 'connection-lost'],
    ['HPE_HEADER_OVERFLOW', 'connection-lost'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'connection-lost'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'connection-lost'],
    ['CERT_HAS_EXPIRED', 'connection-lost'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'connection-lost'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'connection-lost'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'connection-lost'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'connection-lost'],
    ['ERR_HTTP2_STREAM_ERROR', 'connection-lost'],
    ['Z_DATA_ERROR', 'connection-lost'],
    ['ERR_BODY_PARSE_FAILURE', 'unparsable'],
    ['ENETRESET', 'connection-lost'],
    ['ERR_SOCKET_CLOSED', 'connection-lost'],
    ['ERR_HTTP_REQUEST_TIMEOUT', 'timeout'],
    ['ETIMEOUT', 'timeout'],
    ['EAI_FAIL', 'not-sent'],
    ['EOPENBREAKER', 'not-sent'],
    ['ERR_INVALID_ARG_TYPE', 'own-input'],
    ['ERR_HTTP_INVALID_HEADER_VALUE', 'own-input'],
    ['UND_ERR_INVALID_ARG', 'own-input'],
    ['ERR_FR_MAX_BODY_LENGTH_EXCEEDED', 'own-input'],
  ])('%s is %s', (name, failure) => {
    expect(told(code(name))).toEqual({ failure, code: name });
  });

  test.each([
    'ENOENT',
    'EACCES',
    'EADDRINUSE',
    'ERR_BAD_REQUEST',
    'UND_ERR_REQ_RETRY',
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
    expect(told(code(name))).toBeUndefined();
  });

  test.each([23, 20, -104, null, undefined, {}, Symbol('ECONNRESET'), ['ECONNRESET']])(
    'is text, not %p',
    (name) => {
      expect(told(code(name))).toBeUndefined();
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
    ['node-fetch’s redirects', named('FetchError', { type: 'max-redirect' }), 'connection-lost'],
    ['a fetch that failed', new TypeError('fetch failed'), 'connection-lost'],
    ['a body that broke off', new TypeError('terminated'), 'connection-lost'],
    ['needle’s silent body', new Error('read timeout'), 'timeout'],
  ])('%s', (_what, error, failure) => {
    expect(told(error)).toEqual({ failure });
  });

  test.each<[what: string, error: unknown]>([
    ['an Error', new Error('fetch failed')],
    ['a bug', new TypeError('Cannot read properties of undefined')],
    ['ofetch’s error for an answer', named('FetchError', { status: 500 })],
    ['a range', new RangeError('terminated')],
  ])('but not %s', (_what, error) => {
    expect(told(error)).toBeUndefined();
  });

  test.each([undefined, null, 'ECONNRESET', 0, Symbol('no'), () => undefined, [], {}])('nor %p', (error) => {
    expect(told(error)).toBeUndefined();
  });
});

describe('What is wrapped counts too', () => {
  function chained(depth: number): unknown {
    let error: unknown = code('ECONNRESET');
    for (let level = 0; level < depth; level++) error = { cause: error };
    return error;
  }

  test.each([0, 1, 2, 3, 4, 5])('%d causes deep', (depth) => {
    expect(told(chained(depth))).toEqual({ failure: 'connection-lost', code: 'ECONNRESET' });
  });

  test('but no deeper than five below it', () => {
    expect(told(chained(6))).toBeUndefined();
    expect(told(chained(100_000))).toBeUndefined();
  });

  test('once, where it wraps itself', () => {
    const error: Error & { errors?: unknown } = new Error('no');
    error.cause = error;
    error.errors = [error, error, code('ECONNRESET')];
    expect(told(error)).toEqual({ failure: 'connection-lost', code: 'ECONNRESET' });
  });

  test('by its code, where the wrapper says no more than that it failed', () => {
    expect(told(new TypeError('fetch failed', { cause: code('ECONNREFUSED') }))).toEqual({
      failure: 'not-sent',
      code: 'ECONNREFUSED',
    });
    expect(told(new TypeError('terminated', { cause: code('UND_ERR_SOCKET') }))).toEqual({
      failure: 'connection-lost',
      code: 'UND_ERR_SOCKET',
    });
  });

  test.each<[codes: string[], failure: Failure, worst: string]>([
    [['ECONNREFUSED', 'ECONNREFUSED'], 'not-sent', 'ECONNREFUSED'],
    [['ECONNREFUSED', 'ETIMEDOUT'], 'timeout', 'ETIMEDOUT'],
    [['ECONNREFUSED', 'ECONNRESET'], 'connection-lost', 'ECONNRESET'],
    [['ECONNREFUSED', 'ENETUNREACH'], 'connection-lost', 'ENETUNREACH'],
    [['ECONNRESET', 'ETIMEDOUT'], 'timeout', 'ETIMEDOUT'],
    [['ECONNRESET', 'ABORT_ERR'], 'aborted', 'ABORT_ERR'],
  ])('%j: what leaves the most open', (codes, failure, worst) => {
    const both = [codes, [...codes].reverse()];
    for (const order of both) {
      expect(told(new AggregateError(order.map(code)))).toEqual({ failure, code: worst });
    }
  });

  test.each<[name: string, failure: Failure]>([
    ['TimeoutError', 'timeout'],
    ['AbortError', 'aborted'],
  ])('a %s without a code that hides behind a refusal: nobody knows what was sent', (name, failure) => {
    expect(told(Object.assign(code('ECONNREFUSED'), { cause: named(name) }))).toEqual({ failure });
  });

  test('that a fetch failed, where no cause says how', () => {
    for (const cause of [undefined, new Error('no'), code('EUNKNOWN'), { errors: [code('EUNKNOWN')] }]) {
      expect(told(new TypeError('fetch failed', { cause }))).toEqual({ failure: 'connection-lost' });
    }
  });

  test('no more than 64 of all that it wraps', () => {
    const others = (count: number) => Array.from({ length: count }, () => new Error('no'));
    expect(told(new AggregateError([...others(62), code('ECONNRESET')]))?.failure).toBe('connection-lost');
    expect(told(new AggregateError([...others(63), code('ECONNRESET')]))).toBeUndefined();
  });

  test('a reset that hides behind a refusal', () => {
    const error = Object.assign(code('ECONNREFUSED'), { cause: code('ECONNRESET') });
    expect(told(error)?.failure).toBe('connection-lost');
  });

  test.each([{}, 'no', 1, { amount: [code('ECONNRESET')] }])(
    'but `errors` must be a list, not %j',
    (errors) => {
      expect(told(Object.assign(new Error('no'), { errors }))).toBeUndefined();
    },
  );
});

/** An error of Node's own, which names the system call that failed. */
const failedCall = (syscall: string, name: string) => Object.assign(code(name), { syscall, errno: -1 });

describe('A request was never sent', () => {
  const never = (error: unknown) => networkFailureOf(error)?.isNeverSent;

  test.each<[what: string, error: unknown]>([
    ...['ECONNREFUSED', 'EMFILE', 'EACCES', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ETIMEDOUT', 'ENEW'].map(
      (name): [string, unknown] => [`connect ${name}`, failedCall('connect', name)],
    ),
    ...['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EMFILE'].map((name): [string, unknown] => [
      `getaddrinfo ${name}`,
      failedCall('getaddrinfo', name),
    ]),
    ['queryAaaa ETIMEOUT', failedCall('queryAaaa', 'ETIMEOUT')],
    ['connect ECONNREFUSED by node-fetch', Object.assign(code('EMFILE'), { erroredSysCall: 'connect' })],
    ['ECONNREFUSED without a call, as of node-fetch 2', code('ECONNREFUSED')],
    ['by fetch', new TypeError('fetch failed', { cause: failedCall('connect', 'EMFILE') })],
    [
      'by axios, under the same code',
      Object.assign(code('EMFILE'), { cause: failedCall('connect', 'EMFILE') }),
    ],
    [
      'by axios, under a code of a lost connection',
      Object.assign(code('ENETUNREACH'), { cause: failedCall('connect', 'ENETUNREACH') }),
    ],
    [
      'at any address',
      Object.assign(
        new AggregateError([failedCall('connect', 'ECONNREFUSED'), failedCall('connect', 'ETIMEDOUT')]),
        {
          code: 'ETIMEDOUT',
        },
      ),
    ],
    ['without a message', Object.assign(failedCall('connect', 'ECONNREFUSED'), { message: undefined })],
    ['through a proxy that refused', refusedTunnel()],
    ['through a proxy that refused, by fetch', new TypeError('fetch failed', { cause: refusedTunnel() })],
    ['twice, by the same error', twice(failedCall('connect', 'ECONNREFUSED'))],
  ])('%s', (_what, error) => {
    expect(never(error)).toBe(true);
  });

  test.each<[what: string, error: unknown]>([
    ['read ECONNREFUSED', failedCall('read', 'ECONNREFUSED')],
    ['write EPIPE', failedCall('write', 'EPIPE')],
    ['open EMFILE', code('EMFILE')],
    ['a timeout of undici’s, which names no call', code('UND_ERR_CONNECT_TIMEOUT')],
    ['one of two', new AggregateError([failedCall('connect', 'ECONNREFUSED'), code('ECONNRESET')])],
    [
      'one of two, the other silent',
      new AggregateError([failedCall('connect', 'ECONNREFUSED'), new Error('no')]),
    ],
    ['one of two, the other a text', new AggregateError([failedCall('connect', 'ECONNREFUSED'), 'no'])],
    ['a refusal behind a timeout', named('TimeoutError', { cause: failedCall('connect', 'ECONNREFUSED') })],
    ['a refusal with a silent cause', Object.assign(code('ECONNREFUSED'), { cause: new Error('no') })],
    ['another word of an abort', code('UND_ERR_ABORTED')],
    ['in a circle', circular()],
    [
      'more than can be looked at',
      new AggregateError(Array.from({ length: 65 }, () => failedCall('connect', 'ECONNREFUSED'))),
    ],
  ])('is not proven by %s', (_what, error) => {
    expect(never(error) ?? false).toBe(false);
  });

  const proof = fc.constantFrom('connect', 'getaddrinfo', 'queryA').map((call) => failedCall(call, 'EANY'));
  const doubt = fc.constantFrom(
    code('ECONNRESET'),
    failedCall('read', 'ETIMEDOUT'),
    new Error('no'),
    'no',
    null,
  );
  const wrapped = (leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof(
      leaf,
      leaf.map((cause) => new TypeError('fetch failed', { cause })),
      fc.array(leaf, { minLength: 1, maxLength: 4 }).map((errors) => new AggregateError(errors)),
    );

  test('by proofs alone, however they are wrapped', () => {
    fc.assert(fc.property(wrapped(wrapped(proof)), (error) => never(error) === true));
  });

  test('but not where one doubt is among them', () => {
    const spoilt = fc
      .tuple(
        fc.array(wrapped(proof), { maxLength: 3 }),
        wrapped(doubt),
        fc.array(wrapped(proof), { maxLength: 3 }),
      )
      .map(([before, one, after]) => new AggregateError([...before, one, ...after]));
    fc.assert(fc.property(spoilt, (error) => never(error) !== true));
  });

  function refusedTunnel(): Error {
    const message = 'Proxy response (407) !== 200 when HTTP Tunneling';
    return Object.assign(new Error(message), { name: 'AbortError', code: 'UND_ERR_ABORTED' });
  }

  function twice(error: Error): Error {
    return Object.assign(new AggregateError([error, error]), { cause: error });
  }

  function circular(): Error {
    const outer = new Error('no');
    return Object.assign(outer, { cause: new Error('no', { cause: outer }), code: 'ENEW' });
  }
});

describe('Input that the client refused', () => {
  const url = () => Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' });

  test.each<[what: string, error: unknown]>([
    ['by its code', url()],
    ['by the code of its cause', new TypeError('Failed to parse URL from htp:', { cause: url() })],
    ['by axios, without an answer', Object.assign(code('ERR_BAD_REQUEST'), { isAxiosError: true })],
  ])('%s', (_what, error) => {
    expect(told(error)?.failure).toBe('own-input');
  });

  test.each<[what: string, error: unknown]>([
    ['fetch says that it had begun', new TypeError('fetch failed', { cause: url() })],
    ['axios’s fetch had begun', Object.assign(code('ERR_NETWORK'), { cause: url() })],
    ['a redirect led there', Object.assign(code('ERR_FR_REDIRECTION_FAILURE'), { cause: url() })],
    ['an answer came', Object.assign(url(), { response: { statusCode: 302 } })],
    ['axios had an answer', Object.assign(code('ERR_BAD_REQUEST'), { isAxiosError: true, response: {} })],
    ['a connection broke beside it', new AggregateError([url(), code('ECONNRESET')])],
  ])('is none where %s', (_what, error) => {
    expect(told(error)?.failure).not.toBe('own-input');
  });
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
    told(await rejection(clientNamed(name).send({ url, method: 'POST', json: {} })));

  test.each(clientNames)('%s is refused', async (name) => {
    expect(await failureOf(name, nobody)).toEqual({ failure: 'not-sent', code: 'ECONNREFUSED' });
  });

  test.each(clientNames)('%s is reset', async (name) => {
    upstream.answer({ fault: 'reset' });
    expect(await failureOf(name, upstream.url)).toEqual({ failure: 'connection-lost', code: 'ECONNRESET' });
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
