import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createLakiConnect, LakiConnectError, type Reader, type Reply } from 'lakiconnect-middleware';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { core, documented, ENVELOPES, flat } from '../envelopes.js';
import { answered, LINEAR_MS, milliseconds, UNPRINTABLE, URL_OF_A_PAYMENT } from './failures.js';

const KIB_16 = 16 * 1024;
const MEDIA = ['application/problem+json', 'application/json', 'text/html', 'text/plain'];
const { translate } = createLakiConnect();
const kyc = answered(403, documented('KYC_NOT_APPROVED'));
const tin = { field: 'business.tin', issue: 'is wrong' };
const invalid = answered(422, documented('VALIDATION_ERROR', { details: [tin] }));

describe('A translation', () => {
  test('is the documented reply', () => {
    expect(translate(kyc, { audience: 'merchant', acceptLanguage: 'en' })).toEqual({
      status: 403,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'content-language': 'en',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        vary: 'Accept, Accept-Language',
      },
      body: expect.any(String),
      problem: {
        type: 'urn:problem-type:lakiconnect:kyc-not-approved',
        title: 'Your account is not verified yet',
        status: 403,
        detail: expect.any(String),
        code: 'KYC_NOT_APPROVED',
        request_id: 'req_1a2b3c4d5e6f',
        retryable: false,
        outcome: 'rejected',
      },
    });
    const { body, problem } = translate(kyc) as Reply;
    expect(translate(answered(404))?.problem).not.toHaveProperty('request_id');
    expect(JSON.parse(body)).toEqual(problem);
  });

  test('of what is not LakiConnect’s is undefined', () => {
    for (const thrown of [
      undefined,
      null,
      new Error('x'),
      'x',
      5,
      {},
      answered(500, {}, {}, { url: 'https://a.example' }),
    ]) {
      expect(translate(thrown)).toBeUndefined();
    }
  });

  test('is the same every time, at once, and tells nobody', () => {
    const onEvent = jest.fn();
    const laki = createLakiConnect({ onEvent, now: () => 0 });
    const unmapped = answered(503, documented('SOMETHING_NEW'), { 'retry-after': '120' });
    for (const thrown of [kyc, invalid, unmapped]) {
      const first = laki.translate(thrown);
      expect(first).not.toBeInstanceOf(Promise);
      expect(laki.translate(thrown)).toEqual(first);
    }
    expect(onEvent).not.toHaveBeenCalled();
  });

  test('leaves what was thrown as it was', () => {
    const thrown = answered(422, documented('VALIDATION_ERROR', { details: [{ ...tin }] }));
    const before = JSON.stringify(thrown);
    translate(Object.freeze(thrown));
    expect(JSON.stringify(thrown)).toBe(before);
  });

  test.each<[string, Reader | undefined, string]>([
    ['nobody in particular', undefined, 'PAYMENTS_UNAVAILABLE'],
    ['a customer', { audience: 'customer' }, 'PAYMENTS_UNAVAILABLE'],
    ['a merchant', { audience: 'merchant' }, 'KYC_NOT_APPROVED'],
    ['an audience that is none', { audience: 'admin' as 'merchant' }, 'PAYMENTS_UNAVAILABLE'],
  ])('for %s has its code', (_, reader, code) => {
    expect(translate(kyc, reader)?.problem.code).toBe(code);
  });

  test('is for the option’s audience where the reader has none, and for a customer where that depends on the request', () => {
    const code = (audience: 'merchant' | (() => 'merchant'), reader?: Reader) =>
      createLakiConnect({ audience }).translate(kyc, reader)?.problem.code;
    expect(code('merchant')).toBe('KYC_NOT_APPROVED');
    expect(code('merchant', { audience: 'customer' })).toBe('PAYMENTS_UNAVAILABLE');
    expect(code(() => 'merchant')).toBe('PAYMENTS_UNAVAILABLE');
  });

  test.each<[Reader, string]>([
    [{}, 'en'],
    [{ acceptLanguage: 'am' }, 'am'],
    [{ locale: 'am', acceptLanguage: 'en' }, 'am'],
    [{ locale: 'fr', acceptLanguage: 'am' }, 'am'],
  ])('for %j is in %s', (reader, language) => {
    const reply = translate(kyc, reader);
    expect(reply?.headers['content-language']).toBe(language);
    expect(/\p{Script=Ethiopic}/u.test(reply?.problem.title ?? '')).toBe(language === 'am');
  });

  test('of an unknown outcome keeps the code, and tells to check before paying again', () => {
    const { problem } = translate(answered(503)) as Reply;
    expect(problem).toMatchObject({
      type: 'urn:problem-type:lakiconnect:internal-error',
      code: 'INTERNAL_ERROR',
      status: 502,
      outcome: 'unknown',
      retryable: false,
      title: 'We do not know yet whether you have paid',
    });
    expect(problem.detail).toMatch(/before you pay again/);
  });

  test('never says of an unknown outcome that the request may be sent again, or when', () => {
    const retryAfter = { 'retry-after': '1' };
    const { problem, headers } = translate(answered(500, documented('PROVIDER_ERROR'), retryAfter)) as Reply;
    expect(problem).toMatchObject({ outcome: 'unknown', retryable: false });
    expect(headers).not.toHaveProperty('retry-after');
  });

  test('tells which fields were refused', () => {
    expect(translate(invalid)?.problem).toMatchObject({
      status: 422,
      errors: [{ field: 'business.tin', detail: 'is wrong' }],
    });
    expect(translate(answered(400, flat('tin: is wrong.')))?.problem).toMatchObject({
      status: 400,
      errors: [{ field: 'tin' }],
    });
  });

  test.each(ENVELOPES)(
    'of $name quotes nothing of the provider but a field’s issue',
    ({ status, body, message }) => {
      const reply = translate(
        answered(status, body, { 'set-cookie': 'a=b', server: 'nginx', 'x-upstream': 'y' }),
      ) as Reply;
      expect(reply.body).not.toContain(message ?? 'Bad Gateway');
      expect(JSON.stringify(reply)).not.toMatch(/set-cookie|nginx|x-upstream|lakipay/);
    },
  );

  test('has the type that the platform gives to problems', () => {
    const laki = createLakiConnect({ problemTypeBase: 'https://example.com/problems/' });
    expect(laki.translate(kyc)?.problem.type).toBe('https://example.com/problems/payments-unavailable');
  });
});

describe('With names of the platform’s own', () => {
  const named = createLakiConnect({ fields: { 'business.tin': 'company.taxId' } });

  test('a named field is told, and another left out', () => {
    const details = [tin, { field: 'internal', issue: 'secret' }];
    const reply = named.translate(answered(422, documented('VALIDATION_ERROR', { details })));
    expect(reply?.problem.errors).toEqual([{ field: 'company.taxId', detail: 'is wrong' }]);
    expect(reply?.body).not.toMatch(/internal|secret/);
  });

  test('refused fields without a name are the platform’s doing: no validation error to anybody', () => {
    const details = [{ field: 'callback_url', issue: 'secret' }];
    for (const audience of ['merchant', 'customer'] as const) {
      const reply = named.translate(answered(400, documented('VALIDATION_ERROR', { details })), { audience });
      expect(reply).toMatchObject({ status: 502, problem: { code: 'PAYMENTS_UNAVAILABLE' } });
      expect(reply?.body).not.toMatch(/callback_url|secret/);
    }
  });

  test('they follow what the platform says of its own doing', () => {
    const laki = createLakiConnect({ fields: {}, rules: { FORBIDDEN: { status: 500, level: 'warn' } } });
    expect(laki.translate(invalid)).toMatchObject({ status: 500, problem: { code: 'PAYMENTS_UNAVAILABLE' } });
  });

  test('another kind keeps its own code, whatever fields came with it', () => {
    const thrown = answered(
      404,
      documented('NOT_FOUND', { details: [{ field: 'internal', issue: 'secret' }] }),
    );
    expect(named.translate(thrown)?.problem).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(named.translate(thrown)?.problem).not.toHaveProperty('errors');
  });

  test('a validation error without fields stays one', () => {
    expect(named.translate(answered(400, flat('unsupported medium: mpesa')))).toMatchObject({
      status: 400,
      problem: { code: 'VALIDATION_ERROR' },
    });
  });

  test('a function may name them', () => {
    const laki = createLakiConnect({ fields: (field) => (field === 'business.tin' ? 'tax' : undefined) });
    expect(laki.translate(invalid)?.problem.errors).toEqual([{ field: 'tax', detail: 'is wrong' }]);
  });

  test('a function that gives null names nothing', () => {
    const laki = createLakiConnect({ fields: () => null as unknown as undefined });
    expect(laki.translate(invalid)?.problem).toMatchObject({ status: 502, code: 'PAYMENTS_UNAVAILABLE' });
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is looked up in no prototype', (field) => {
    const details = [tin, { field, issue: 'x' }];
    expect(
      named.translate(answered(422, documented('VALIDATION_ERROR', { details })))?.problem.errors,
    ).toHaveLength(1);
  });
});

describe('The longest reply', () => {
  const worst = (unit: string) => {
    const text = unit.repeat(510 / unit.length);
    const details = Array.from({ length: 40 }, () => ({ field: text, issue: text }));
    return answered(422, documented('VALIDATION_ERROR', { message: text, details }));
  };

  const errorsOf = (thrown: unknown) => translate(thrown)?.problem.errors ?? [];

  test('tells twenty fields of 200 characters each', () => {
    const errors = errorsOf(worst('a'));
    expect(errors).toHaveLength(20);
    for (const { field, detail } of errors) expect([field.length, detail.length]).toEqual([200, 200]);
  });

  test.each(['"', '\\', 'ሀ', '👍'])('of fields full of %s tells as many whole ones as fit', (character) => {
    const errors = errorsOf(worst(character));
    expect(errors.length).toBeGreaterThan(8);
    expect(errors.length).toBeLessThan(20);
    for (const { field, detail } of errors) expect([field.length, detail.length]).toEqual([200, 200]);
  });

  test.each(['a', '"', '<', "'", '\\', 'ሀ', '👍'])(
    'of fields full of %s has at most 16 KiB in any form',
    (character) => {
      for (const laki of [createLakiConnect(), createLakiConnect({ format: 'envelope' })]) {
        for (const accept of MEDIA) {
          const { body } = laki.translate(worst(character), { accept, locale: 'am' }) as Reply;
          expect(Buffer.byteLength(body)).toBeLessThanOrEqual(KIB_16);
        }
      }
    },
  );

  test.each(['a', '-', ':', 'a:', 'lk_', '('])('of hostile fields of %s is had in no time', (unit) => {
    const thrown = worst(unit);
    expect(milliseconds(() => translate(thrown))).toBeLessThan(LINEAR_MS);
  });

  test.each([
    ['one word', 'a'.repeat(65_536)],
    ['keys', 'lk_pub_'.repeat(9000)],
    ['colons', 'a:'.repeat(32_000)],
    ['clauses', 'a: b; '.repeat(10_000)],
    ['nests', 'a: ('.repeat(8000) + ')'.repeat(8000)],
  ])('of a message of 64 KiB of %s is had in no time', (_, message) => {
    const bodies = [
      documented('VALIDATION_ERROR', { message }),
      core('INVALID_AMOUNT', { message, errors: message }),
      flat(message),
      message,
    ];
    for (const body of bodies) {
      expect(milliseconds(() => translate(answered(422, body)))).toBeLessThan(LINEAR_MS);
    }
  });
});

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

  test('a kind of a newer copy of the package is one that is not recognised', () => {
    const newer = Object.assign(new LakiConnectError({ kind: 'TIMEOUT' }), { kind: 'toString' });
    expect(translate(newer)).toMatchObject({ status: 502, problem: { code: 'UNRECOGNISED' } });
  });

  test('what is thrown again is translated again', () => {
    const error = new LakiConnectError({ kind: 'RATE_LIMITED', retryAfterMs: 1200 });
    expect(translate(error)).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
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
