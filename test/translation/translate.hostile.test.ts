/** Whatever is thrown, a reply is safe. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLakiConnect, type Reply } from 'lakiconnect-middleware';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { answered, UNPRINTABLE, URL_OF_A_PAYMENT } from './failures.js';

const KIB_16 = 16 * 1024;
const MEDIA = ['application/problem+json', 'application/json', 'text/html', 'text/plain'];
const { translate } = createLakiConnect();

describe('Whatever comes from upstream', () => {
  const hostileText = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\u202e',
      '\r\nset-cookie: a=b',
      '<script>alert(1)</script>',
      '\u0000\u001b[31m',
      '\ud800',
      '__proto__',
      'lk_pub_abcdef:lk_sec_ghijkl',
    ),
  );
  const requestId = fc.oneof(fc.string(), fc.constantFrom('req_1a2b3c4d5e6f', 'a\r\nb', '\u202e', 5));
  const details = fc.oneof(
    fc.array(fc.record({ field: hostileText, issue: hostileText }), { maxLength: 30 }),
    fc.dictionary(hostileText, fc.oneof(hostileText, fc.array(hostileText))),
    hostileText,
    fc.anything({ maxDepth: 2 }),
  );
  const code = fc.constantFrom(
    'VALIDATION_ERROR',
    'KYC_NOT_APPROVED',
    'UNAUTHORIZED',
    'RATE_LIMITED',
    'NEW_CODE',
    '__proto__',
    'x\ny',
  );
  const envelope = fc.oneof(
    fc.record({ error: fc.record({ code, message: hostileText, details }), request_id: requestId }),
    fc.record({ status: fc.constant('ERROR'), message: hostileText, error_code: code, errors: details }),
    fc.record({ success: fc.constant(false), message: hostileText }),
    fc.record({ success: fc.constant(false), error: fc.record({ message: hostileText, type: code }) }),
  );
  const body = fc.oneof(
    { weight: 3, arbitrary: envelope },
    {
      weight: 1,
      arbitrary: envelope.map((sent) =>
        JSON.stringify(sent, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value)),
      ),
    },
    { weight: 1, arbitrary: fc.anything({ maxDepth: 3, withNullPrototype: true }) },
    { weight: 1, arbitrary: fc.oneof(hostileText, fc.json(), fc.uint8Array()) },
  );
  const status = fc.oneof(
    fc.integer({ min: 100, max: 599 }),
    fc.constantFrom(undefined, 0, 99, 600, Number.NaN, 401, 403, '401'),
  );
  const headers = fc.dictionary(
    fc.constantFrom('retry-after', 'set-cookie', 'www-authenticate', 'location'),
    hostileText,
  );
  const reader = fc.record(
    {
      accept: fc.oneof(hostileText, fc.constantFrom(...MEDIA)),
      acceptLanguage: hostileText,
      locale: hostileText,
      audience: fc.constantFrom('merchant' as const, 'customer' as const),
    },
    { requiredKeys: [] },
  );

  test('the reply is whole, safe and ours', () => {
    fc.assert(
      fc.property(status, body, headers, reader, (sent, data, sentHeaders, readBy) => {
        expect(flawsOf(translate(answered(sent as number, data, sentHeaders), readBy) as Reply)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('a throwable of any form is translated or left alone', () => {
    const throwable = fc.oneof(
      fc.anything({ maxDepth: 3, withNullPrototype: true }),
      fc.record(
        { name: fc.constant('LakipayError'), status, code: hostileText, details: fc.anything() },
        { requiredKeys: ['name'] },
      ),
      fc.record({
        config: fc.record({ url: fc.constantFrom(URL_OF_A_PAYMENT, 'x', 5), headers: fc.anything() }),
        response: fc.anything(),
      }),
      fc.record({ response: fc.record({ status, headers: fc.anything(), data: body }), code: hostileText }),
    );
    fc.assert(
      fc.property(throwable, (thrown) => {
        const reply = translate(thrown);
        expect(reply === undefined || reply.status >= 400).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[string, unknown]>([
    ['a revoked Proxy', revoked()],
    [
      'a Proxy that refuses everything',
      new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse }),
    ],
    [
      'getters that throw',
      Object.defineProperties(
        {},
        { response: { get: refuse }, name: { get: refuse }, config: { get: refuse } },
      ),
    ],
    ['a body that refuses', answered(400, new Proxy({}, { get: refuse, ownKeys: refuse }))],
    ['headers that refuse', answered(400, {}, new Proxy({}, { get: refuse, ownKeys: refuse }))],
    ['an error without a prototype', Object.setPrototypeOf(answered(400), null)],
  ])('%s throws nothing', (_, thrown) => {
    expect(() => translate(thrown)).not.toThrow();
  });
});

/** What is wrong with a reply, whatever it answers. */
function flawsOf({ status, headers, body, problem }: Reply): string[] {
  const [media = ''] = (headers['content-type'] ?? '').split(';');
  const promised = ['cache-control', 'content-language', 'content-type', 'vary', 'x-content-type-options'];
  if (problem.retry_after !== undefined) promised.push('retry-after');
  if (media === 'text/html') promised.push('content-security-policy');
  const holds = {
    'a status of an error': status >= 400 && status <= 599,
    'no status on which browsers act': ![401, 407, 408, 421, 425].includes(status),
    '403 only for KYC_NOT_APPROVED': (status === 403) === (problem.code === 'KYC_NOT_APPROVED'),
    'the status in the problem': status === problem.status,
    'the promised headers alone': Object.keys(headers).sort().join() === promised.sort().join(),
    'headers that can be sent': Object.entries(headers).every(isSendable),
    'a media type of ours': MEDIA.includes(media),
    'at most 16 KiB': Buffer.byteLength(body) <= KIB_16,
    'a printable body': !UNPRINTABLE.test(body.replaceAll('\n', '')),
    'printable members': strings(problem).every((text) => !UNPRINTABLE.test(text)),
    'no key': !/lk_(pub|sec)_/.test(body + JSON.stringify([headers, problem])),
    'JSON that says the same': !media.includes('json') || isDeepStrictEqual(JSON.parse(body), problem),
    'no script': media !== 'text/html' || !body.includes('<script'),
    'clean prototypes': !('polluted' in {}),
  };
  return Object.entries(holds).flatMap(([promise, kept]) => (kept ? [] : [promise]));
}

function isSendable([name, value]: [string, string]): boolean {
  validateHeaderName(name);
  validateHeaderValue(name, value);
  return true;
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((item) => strings(item))
    : [];
}

function refuse(): never {
  throw new Error('refused');
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
