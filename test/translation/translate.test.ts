import { describe, expect, jest, test } from '@jest/globals';
import {
  am,
  createLakiConnect,
  defineRequirement,
  en,
  LakiConnectError,
  type Audience,
  type Kind,
  type LakiConnectErrorInit,
  type Locale,
  type Reader,
  type Reply,
} from 'lakiconnect-middleware';
import { core, documented, ENVELOPES, flat } from '../envelopes.js';
import { answered, LINEAR_MS, milliseconds } from './failures.js';

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
        'content-type': 'application/problem+json',
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
        action: 'onboard',
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
  ])('for %s has its code', (_, reader, code) => {
    expect(translate(kyc, reader)?.problem.code).toBe(code);
  });

  test('is none for an audience that does not exist', () => {
    expect(() => translate(kyc, { audience: 'admin' as 'merchant' })).toThrow(
      new TypeError("lakiconnect: option `audience` is 'admin', expected one of 'merchant', 'customer'."),
    );
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

  test.each<[Kind, Audience, keyof typeof en.texts]>([
    ['IDEMPOTENCY_CONFLICT', 'customer', 'IDEMPOTENCY_CONFLICT'],
    ['DUPLICATE_REFERENCE', 'customer', 'DUPLICATE_REFERENCE'],
    ['DUPLICATE_REFERENCE', 'merchant', 'DUPLICATE_REFERENCE'],
    ['TIMEOUT', 'customer', 'OUTCOME_UNKNOWN'],
    ['KYC_NOT_APPROVED', 'customer', 'OUTCOME_UNKNOWN'],
    ['UNAUTHORIZED', 'merchant', 'OUTCOME_UNKNOWN'],
  ])('of %s with an unknown outcome has for a %s the words of %s', (kind, audience, words) => {
    const problem = translate(new LakiConnectError({ kind, outcome: 'unknown' }), { audience })?.problem;
    expect(problem).toMatchObject({ outcome: 'unknown', ...en.texts[words][audience] });
    expect(problem?.code).not.toBe('OUTCOME_UNKNOWN');
  });

  test('of a duplicate that the platform hides has the words of an unknown outcome', () => {
    const rules = { DUPLICATE_REFERENCE: { customer: { code: 'PAYMENTS_UNAVAILABLE' } } };
    const reply = createLakiConnect({ rules }).translate(
      new LakiConnectError({ kind: 'DUPLICATE_REFERENCE' }),
    );
    expect(reply?.problem).toMatchObject({
      code: 'PAYMENTS_UNAVAILABLE',
      title: en.texts.OUTCOME_UNKNOWN.customer.title,
    });
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
      errors: [{ field: 'business.tin', detail: 'is not valid' }],
    });
    expect(translate(invalid, { audience: 'merchant' })?.problem.errors).toEqual([
      { field: 'business.tin', detail: 'is wrong' },
    ]);
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

describe('A masked reply', () => {
  const problemOf = (init: Partial<LakiConnectErrorInit>, audience: Audience) => {
    const error = new LakiConnectError({ kind: 'KYC_NOT_APPROVED', details: [tin], ...init });
    return translate(error, { audience })?.problem;
  };

  test('tells of no retry, no wait and no field, which its merchant may know', () => {
    const init = { retryable: true, retryAfterMs: 3000 };
    const fields = [{ field: 'business.tin', detail: 'is wrong' }];
    expect(problemOf(init, 'merchant')).toMatchObject({ retryable: true, retry_after: 3, errors: fields });
    const masked = problemOf(init, 'customer');
    expect(masked).toMatchObject({ code: 'PAYMENTS_UNAVAILABLE', retryable: false });
    expect(masked).not.toHaveProperty('retry_after');
    expect(masked).not.toHaveProperty('errors');
  });

  test.each<[Kind, Audience, boolean]>([
    ['VALIDATION_ERROR', 'customer', true],
    ['KYC_NOT_APPROVED', 'merchant', true],
    ['UNAUTHORIZED', 'merchant', false],
    ['TIMEOUT', 'merchant', false],
    ['RATE_LIMITED', 'customer', false],
  ])('%s tells a %s of fields: %s', (kind, audience, isTold) => {
    expect(problemOf({ kind }, audience)?.errors !== undefined).toBe(isTold);
  });

  test.each<[Kind, boolean, number | undefined]>([
    ['RATE_LIMITED', true, 3],
    ['RATE_LIMITED', false, 3],
    ['TIMEOUT', true, 3],
    ['TIMEOUT', false, undefined],
  ])('%s that may be tried again (%s) says when: %s', (kind, retryable, wait) => {
    expect(problemOf({ kind, retryable, retryAfterMs: 3000 }, 'customer')?.retry_after).toBe(wait);
  });
});

test('What may be tried again says when only if somebody does', () => {
  const error = new LakiConnectError({ kind: 'TIMEOUT', retryable: true });
  expect(translate(error)?.problem).toMatchObject({ retryable: true });
  expect(translate(error)?.problem).not.toHaveProperty('retry_after');
});

describe('Without names of the platform’s own', () => {
  const refusedFields = (message: string, reader?: Reader) =>
    translate(answered(400, flat(message)), reader)?.problem;

  test.each([
    'kyc_status: must be approved.',
    'Authorization: Bearer eyJh.eyJz.c2ln.',
    's3: AccessDenied arn:aws:s3.',
  ])('nobody is told of “%s”', (message) => {
    for (const audience of ['merchant', 'customer'] as const) {
      const problem = refusedFields(message, { audience });
      expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', action: 'correct' });
      expect(problem).not.toHaveProperty('errors');
    }
  });

  test.each(['en', 'am'])('what is wrong is told in %s', (locale) => {
    const { issues } = locale === 'en' ? en : am;
    const message = 'amount: must be no less than 0.01; callback_url: must be a valid URL; kyc: no.';
    expect(refusedFields(message, { locale })?.errors).toEqual([
      { field: 'amount', detail: issues.minimum.replace('{min}', '0.01') },
      { field: 'callback_url', detail: issues.url },
    ]);
  });

  test('a language of the platform’s own without such texts says it in English', () => {
    const fr: Locale = { tag: 'fr', texts: en.texts };
    const laki = createLakiConnect({ locales: [fr] });
    const reply = laki.translate(answered(400, flat('amount: cannot be blank.')), { accept: 'text/html' });
    expect(reply?.problem.errors).toEqual([{ field: 'amount', detail: 'is required' }]);
    expect(reply?.body).toContain('<dt>amount</dt><dd lang="en">is required</dd>');
  });

  test('the provider’s words are marked as English on a page, and ours are not', () => {
    const message = 'amount: must be no less than 1; phone_number: must start with 251.';
    const page = (audience: Audience) =>
      translate(answered(400, flat(message)), { accept: 'text/html', locale: 'am', audience })?.body;
    const ours = `<dt>amount</dt><dd>${am.issues.minimum.replace('{min}', '1')}</dd>`;
    expect(page('merchant')).toContain(ours);
    expect(page('merchant')).toContain('<dt>phone_number</dt><dd lang="en">must start with 251</dd>');
    expect(page('customer')).toContain(`<dt>phone_number</dt><dd>${am.issues.invalid}</dd>`);
  });

  test('an error of another instance’s, in a language that is not offered here, has its issues in English', async () => {
    const fr: Locale = { tag: 'fr', texts: en.texts };
    const other = createLakiConnect({ locales: [fr] });
    const text = { title: 'Pas de compte', detail: 'Ajoutez un compte bancaire.' };
    const requirement = defineRequirement({
      name: 'payout',
      rule: { status: 409, code: 'PAYOUT_MISSING' },
      messages: { fr: { PAYOUT_MISSING: { merchant: text, customer: text } } },
      lookup: () => Promise.resolve({ met: false }),
    });
    const refused = await other.check('cm_1', [requirement]).catch((error: unknown) => error);
    const told = Object.assign(refused as object, {
      details: [{ field: 'amount', issue: 'cannot be blank' }],
    });
    expect(translate(told)?.problem).toMatchObject({
      ...text,
      errors: [{ field: 'amount', detail: 'is required' }],
    });
  });

  test('a text that is told without fields speaks of none', () => {
    const withFields = refusedFields('amount: cannot be blank.', { audience: 'merchant' });
    const without = refusedFields('unsupported medium: mpesa', { audience: 'merchant' });
    expect(without?.detail).toBe(withFields?.detail);
    expect(without?.detail).not.toMatch(/mark|below|field/);
  });
});

describe('With names of the platform’s own', () => {
  const named = createLakiConnect({ fields: { 'business.tin': 'company.taxId' } });

  test('a named field is told, and another left out', () => {
    const details = [tin, { field: 'internal', issue: 'secret' }];
    const reply = named.translate(answered(422, documented('VALIDATION_ERROR', { details })));
    expect(reply?.problem.errors).toEqual([{ field: 'company.taxId', detail: 'is not valid' }]);
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
    expect(laki.translate(invalid)?.problem.errors).toEqual([{ field: 'tax', detail: 'is not valid' }]);
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

  const passing = (field: string) => field;
  const errorsOf = (thrown: unknown) =>
    createLakiConnect({ fields: passing }).translate(thrown, { audience: 'merchant' })?.problem.errors ?? [];

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
      for (const format of ['problem', 'envelope'] as const) {
        const laki = createLakiConnect({ fields: passing, format });
        for (const accept of MEDIA) {
          const reader = { accept, locale: 'am', audience: 'merchant' } as const;
          const { body, problem } = laki.translate(worst(character), reader) as Reply;
          expect(problem.errors?.length).toBeGreaterThan(8);
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

describe('An error that was made before', () => {
  test('a kind of a newer copy of the package is one that is not recognised', () => {
    const newer = Object.assign(new LakiConnectError({ kind: 'TIMEOUT' }), { kind: 'toString' });
    expect(translate(newer)).toMatchObject({
      status: 502,
      problem: { code: 'UNRECOGNISED', action: 'check' },
    });
    Object.assign(newer, { outcome: 'rejected' });
    expect(translate(newer)?.problem.action).toBe('contact');
  });

  test('what is thrown again is translated again', () => {
    const error = new LakiConnectError({ kind: 'RATE_LIMITED', retryAfterMs: 1200 });
    expect(translate(error)).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
  });
});
