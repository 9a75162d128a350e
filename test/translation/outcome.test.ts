import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { core, documented, flat, htmlPage, nested, plainText } from '../envelopes.js';
import type { Occasion } from '../../src/translation/finding.js';
import { createLakiConnect } from '../../src/index.js';
import { recognise } from '../../src/translation/recognise.js';
import { settle } from '../../src/settle.js';
import { answered, URL_OF_A_PAYMENT } from './failures.js';

const settings = settle({});
const config = { url: URL_OF_A_PAYMENT, method: 'post' };
const failed = (code: string) => Object.assign(new Error(code), { code, config });
const outcome = (thrown: unknown, occasion: Partial<Occasion> = {}) =>
  recognise(thrown, { within: true, ...occasion }, settings)?.outcome;

describe('Of a payment it is known that it was rejected', () => {
  test.each<[string, unknown]>([
    ['after a documented 4xx', answered(422, documented('VALIDATION_ERROR'))],
    ['after a 4xx in plain text', answered(400, plainText)],
    ['after a 4xx without a body', answered(404)],
    ['after a flat 400', answered(400, flat('amount: cannot be blank.'))],
    ['after a 429', answered(429)],
    ['after an error with a known code at HTTP 200', answered(200, core('INVALID_AMOUNT'))],
    ['after an error with a known code at HTTP 299', answered(299, core('INVALID_AMOUNT'))],
    ['after a 499', answered(499)],
    ['where the connection was refused', failed('ECONNREFUSED')],
    ['where the host has no address', failed('ENOTFOUND')],
    [
      'from an SDK that lost the status, but not the code',
      Object.assign(new Error('x'), { name: 'LakipayError', details: core('INVALID_PHONE') }),
    ],
  ])('%s', (_, thrown) => {
    expect(outcome(thrown)).toBe('rejected');
  });
});

/** What LakiPay answers 400 where its own call to a telco has failed. */
const BROKEN_LINES = [
  'context deadline exceeded',
  'Post "https://telco": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  'read tcp 10.0.0.1:443: connection reset by peer',
  'dial tcp 10.0.0.1:443: i/o timeout',
  'dial tcp: connection refused',
  'write: broken pipe',
  'unexpected EOF',
  'the request timed out',
  'socket hang up',
  'DEADLINE_EXCEEDED',
  'operation timed-out',
  'java.net.SocketTimeoutException',
  'Lost connection to MySQL server during query',
  'http: server closed idle connection',
  'upstream connect error, reset reason: connection termination',
  'Empty reply from server',
  'GATEWAY_TIMEOUT',
];

const consumed = () => {
  const stream = Readable.from(['<html>']).on('error', () => undefined);
  stream.read();
  stream.resume().destroy();
  return Object.defineProperty(stream, 'readableDidRead', { value: true });
};

describe('Of a payment nobody knows whether it was made', () => {
  test.each<[string, unknown]>([
    ['after a 500', answered(500, documented('INTERNAL'))],
    ['after a 5xx with a code that sounds like a refusal', answered(500, documented('KYC_NOT_APPROVED'))],
    ['after a status beyond 599', answered(999, documented('VALIDATION_ERROR'))],
    ['after a status below 200 with a known code', answered(199, core('INVALID_AMOUNT'))],
    ['after a 408', answered(408, documented('VALIDATION_ERROR'))],
    ['after a redirect', answered(302)],
    ['after a redirect with a known code', answered(300, core('INVALID_AMOUNT'))],
    ['after a 4xx in HTML, which a proxy may have sent', answered(404, htmlPage)],
    ['after a 4xx in an array', answered(422, '[]')],
    ['after a 4xx cut short', answered(422, '{"error":{"code":"VALID')],
    ['after an unreadable 200', answered(200, '<html>')],
    ['after a flat error at HTTP 200', answered(200, flat('duplicate'))],
    ['after an error with an unknown code at HTTP 200', answered(200, core('SOMETHING_NEW'))],
    ['where the connection was reset', failed('ECONNRESET')],
    ['where the answer did not come in time', failed('ETIMEDOUT')],
    ['where TLS broke', failed('EPROTO')],
    ['where the 4xx never ended', Object.assign(answered(422), { code: 'ECONNRESET' })],
    [
      'from an SDK that lost the status, and the provider was to blame',
      Object.assign(new Error('x'), { name: 'LakipayError', details: core('PROVIDER_ERROR') }),
    ],
    [
      'from an SDK that lost the status, after a flat error',
      Object.assign(new Error('x'), { name: 'LakipayError', details: flat('amount: cannot be blank.') }),
    ],
    ['after a 425', answered(425)],
    ['after the provider’s own trouble at 400', answered(400, documented('PROVIDER_ERROR'))],
    ['after the provider’s own trouble at 200', answered(200, core('PROVIDER_ERROR'))],
    ...BROKEN_LINES.flatMap((text): [string, unknown][] => [
      [`after a flat 400 that tells of a broken line: ${text}`, answered(400, flat(text))],
      [`after a nested 400 that does: ${text}`, answered(400, nested(text))],
      [
        `after a nested 400 whose type does: ${text}`,
        answered(400, { success: false, error: { type: text, message: '' } }),
      ],
      [`after a text at 422 that does: ${text}`, answered(422, text)],
      [`after an error at 200 that does: ${text}`, answered(200, core('INVALID_AMOUNT', { message: text }))],
    ]),
    ['after a 4xx whose body nobody has read', new Response('<html>', { status: 400 })],
    ['after a 4xx whose body others have read', answered(400, consumed())],
    ['after a 4xx whose type superagent does not read', answered(400, {}, { 'content-length': '9' })],
    ['after a 4xx in a Blob', answered(400, new Blob(['<html>']))],
    ['after a 4xx whose client left out its body', answered(400, '', { 'content-length': '9' })],
    [
      'after a 4xx whose client left out its chunks',
      answered(400, undefined, { 'transfer-encoding': 'chunked' }),
    ],
    ['from an SDK that lost everything', Object.assign(new Error('x'), { name: 'LakipayError' })],
  ])('%s', (_, thrown) => {
    expect(outcome(thrown)).toBe('unknown');
  });
});

/** Where clients tell that they have sent a request again. */
const RETRIES: readonly (readonly [client: string, parts: object])[] = [
  ['axios-retry', { config: { ...config, 'axios-retry': { retryCount: 1 } } }],
  ['retry-axios', { config: { ...config, raxConfig: { currentRetryAttempt: 1 } } }],
  ['got', { request: { retryCount: 1 } }],
  ['superagent', { retries: 1 }],
  ['superagent, whose answer was taken', { request: { _retries: 1 } }],
  ['undici’s redirects', { response: { status: 422, headers: {}, data: {}, context: { history: [1, 2] } } }],
  ['p-retry', { attemptNumber: 2 }],
  ['undici’s RetryAgent', { code: 'UND_ERR_REQ_RETRY' }],
];

describe('A connection that was refused proves it of LakiConnect’s own host alone', () => {
  const refused = (parts: object) =>
    outcome(Object.assign(failed('ECONNREFUSED'), { syscall: 'connect', ...parts }));

  test.each<[what: string, parts: object, expected: string]>([
    ['its port', { address: '10.0.0.1', port: 443 }, 'rejected'],
    ['its host', { syscall: 'getaddrinfo', hostname: 'API.lakipay.co' }, 'rejected'],
    ['nothing', {}, 'rejected'],
    ['another port, after a redirect or by another line', { port: 6379 }, 'unknown'],
    ['another host', { syscall: 'getaddrinfo', hostname: 'crm.example' }, 'unknown'],
    [
      'its URL',
      { message: `request to ${URL_OF_A_PAYMENT} failed, reason: connect ECONNREFUSED` },
      'rejected',
    ],
    ['a port that its URL does not name', { message: 'request to http://api.lakipay.co/ failed' }, 'unknown'],
    ['another URL', { message: 'request to http://127.0.0.1:9/ failed, reason: connect' }, 'unknown'],
    ['a URL that is none', { message: 'request to nowhere failed' }, 'rejected'],
  ])('told by %s', (_what, parts, expected) => {
    expect(refused(parts)).toBe(expected);
  });
});

describe('One of several failures proves nothing of the others', () => {
  const refusal = () => answered(400, documented('VALIDATION_ERROR'));
  const unsent = () => Object.assign(failed('ECONNREFUSED'), { syscall: 'connect', port: 443 });

  test.each<[what: string, errors: Error[], expected: string]>([
    ['a refusal and a reset', [refusal(), failed('ECONNRESET')], 'unknown'],
    ['a reset and a refusal', [failed('ECONNRESET'), refusal()], 'unknown'],
    ['a refusal and an outage', [refusal(), answered(502)], 'unknown'],
    ['a refused connection and a reset', [unsent(), failed('ECONNRESET')], 'unknown'],
    ['two refused connections', [unsent(), unsent()], 'rejected'],
    ['one alone', [refusal()], 'rejected'],
  ])('%s', (_what, errors, expected) => {
    expect(outcome(new AggregateError(errors))).toBe(expected);
    expect(outcome(new Error('no', { cause: new AggregateError(errors) }))).toBe(expected);
  });
});

test('A body that is thrown as such inside `call` may be of any answer', async () => {
  const { call } = createLakiConnect();
  const body = documented('KYC_NOT_APPROVED');
  await expect(call(() => Promise.reject(body as never))).rejects.toMatchObject({ outcome: 'unknown' });
  await expect(call(() => body)).rejects.toMatchObject({ outcome: 'rejected' });
});

describe('After a redirect or a retry', () => {
  const refused = answered(422, documented('VALIDATION_ERROR'));
  const followed = Object.assign(answered(422, documented('VALIDATION_ERROR')), {
    request: { _redirectable: { _redirectCount: 1 } },
  });

  test.each<[string, unknown, Partial<Occasion>]>([
    ['of the client', followed, {}],
    ['of which the client says nothing', refused, { isFollowUp: true }],
    ['of both', followed, { isFollowUp: true }],
    ...RETRIES.map(([what, parts]): [string, unknown, Partial<Occasion>] => [
      `that ${what} tells of`,
      Object.assign(answered(422, documented('VALIDATION_ERROR')), parts),
      {},
    ]),
    [
      'that was made to a GET',
      Object.assign(failed('ECONNREFUSED'), { config: { ...config, method: 'get' } }),
      { isFollowUp: true },
    ],
  ])('%s no refusal proves that nothing was done', (_, thrown, occasion) => {
    expect(outcome(thrown, occasion)).toBe('unknown');
  });

  test('a refusal proves it where there was none', () => {
    expect(outcome(refused, { isFollowUp: false })).toBe('rejected');
    const first = { retries: 0, attemptNumber: 1, config: { ...config, retries: 3, retry: { limit: 2 } } };
    expect(outcome(Object.assign(refused, first))).toBe('rejected');
  });

  test('what was asked for by GET moved no money', () => {
    expect(outcome(followed, { method: 'GET', isFollowUp: true })).toBe('rejected');
  });
});

describe('A method', () => {
  const lost = (method?: string) => Object.assign(failed('ECONNRESET'), { config: { ...config, method } });

  test.each([
    ['get', undefined, 'rejected'],
    ['HEAD', undefined, 'rejected'],
    [undefined, 'get', 'rejected'],
    ['GET', 'HEAD', 'rejected'],
    [undefined, undefined, 'unknown'],
    ['POST', undefined, 'unknown'],
    ['put', undefined, 'unknown'],
    ['DELETE', undefined, 'unknown'],
    ['OPTIONS', undefined, 'unknown'],
    ['GET', 'POST', 'unknown'],
    ['POST', 'GET', 'unknown'],
    ['', '', 'unknown'],
  ])('of %j, said to be %j, leaves a lost request %s', (seen, said, expected) => {
    expect(outcome(lost(seen), { method: said })).toBe(expected);
  });
});

describe('A request', () => {
  const honouring = settle({ headers: { idempotency: 'Idempotency-Key' } });

  test.each([
    ['of a payment without a key', 'POST', undefined, false],
    ['of a payment with a key', 'POST', 'key-1', true],
    ['of a payment with an empty key', 'POST', '', false],
    ['that moves no money', 'GET', undefined, true],
  ])('%s may be sent again after it was lost: %j %j → %j', (_, method, idempotencyKey, retryable) => {
    const error = recognise(
      Object.assign(failed('ECONNRESET'), { config: { ...config, method } }),
      { within: true, idempotencyKey },
      honouring,
    );
    expect(error).toMatchObject({ kind: 'UNREACHABLE', retryable });
  });

  test('of a payment may not, key or no key, unless the platform says that keys are honoured', () => {
    for (const idempotencyKey of [undefined, 'key-1']) {
      const lostPayment = Object.assign(failed('ECONNRESET'), { config: { ...config, method: 'POST' } });
      const error = recognise(lostPayment, { within: true, idempotencyKey }, settings);
      expect(error).toMatchObject({ kind: 'UNREACHABLE', outcome: 'unknown', retryable: false });
    }
  });

  test('that was refused for its content may not, key or no key', () => {
    const occasion = { within: true, idempotencyKey: 'key-1' };
    expect(recognise(answered(422, documented('VALIDATION_ERROR')), occasion, honouring)?.retryable).toBe(
      false,
    );
  });
});
