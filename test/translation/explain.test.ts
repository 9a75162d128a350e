import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createLakiConnect,
  defineRequirement,
  LakiConnectError,
  type Explanation,
  type Kind,
  type Options,
  type Reader,
} from 'lakiconnect-middleware';
import { core, documented, ENVELOPES, flat, htmlPage, nested } from '../envelopes.js';
import { KINDS, RULES } from '../../src/translation/rules.js';
import { answered, URL_OF_A_PAYMENT } from './failures.js';

const laki = createLakiConnect();
const config = { url: URL_OF_A_PAYMENT, method: 'post' };
const kyc = answered(403, documented('KYC_NOT_APPROVED'));
const bare = (parts: object) => Object.assign(new Error('x'), parts);
const unaddressed = (status: number, data?: unknown) => bare({ response: { status, data, headers: {} } });
const lost = (code?: string) => bare({ code, config });

const explained = (thrown: unknown, reader?: Reader, options: Options = {}) =>
  createLakiConnect(options).explain(thrown, reader);

/** What `call` rejects with. */
const rejected = (thrown: unknown, options: Options = {}): Promise<unknown> =>
  createLakiConnect(options)
    .call(() => Promise.reject(thrown as Error))
    .then(
      () => undefined,
      (error: unknown) => error,
    );

test('An explanation is flat, whole, and the same as JSON', () => {
  const explanation = laki.explain(kyc, { acceptLanguage: 'am' });
  expect(explanation).toEqual({
    kind: 'KYC_NOT_APPROVED',
    recognisedBy: 'origin',
    kindBy: 'code',
    upstream: { status: 403, code: 'KYC_NOT_APPROVED' },
    outcome: 'rejected',
    outcomeBy: 'status',
    row: 'KYC_NOT_APPROVED',
    rule: { ...RULES.KYC_NOT_APPROVED },
    overridden: [],
    audience: 'customer',
    audienceBy: 'option',
    masked: true,
    locale: 'am',
    localeBy: 'accept-language',
    text: { code: 'PAYMENTS_UNAVAILABLE', from: 'locales' },
    unmappedFields: [],
    reply: laki.translate(kyc, { acceptLanguage: 'am' }),
  });
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
});

test('An explanation holds no secret and none of the provider’s words', () => {
  const apiKey = 'lk_pub_1a2b3c:lk_sec_4d5e6f';
  const details = [{ field: apiKey, issue: apiKey }];
  const quoting = documented('LK_SEC_4D5E6F', {
    message: `No ${apiKey}`,
    details,
    requestId: 'lk_sec_4d5e6f',
  });
  const thrown = bare({
    config: { ...config, headers: { 'X-API-Key': apiKey } },
    response: { status: 422, data: quoting, headers: { 'set-cookie': 'laki_sid=1' } },
  });
  const explanation = JSON.stringify(explained(thrown, {}, { apiKey, fields: {} }));
  expect(explanation).toContain('"unmappedFields":["[redacted]"]');
  expect(explanation).not.toMatch(/lk_(?:pub|sec)|1a2b3c|4d5e6f|laki_sid|"No /i);
});

describe('The reply that is explained', () => {
  const bodies = fc.oneof(
    fc.constantFrom<unknown>(...ENVELOPES.map(({ body }) => body), undefined, '', htmlPage),
    fc.constantFrom(...KINDS, 'PAUSED', 'SOME_NEW').map((code) => documented(code)),
    fc.anything(),
  );
  const answers = fc
    .tuple(
      fc.option(fc.integer({ min: 100, max: 600 }), { nil: undefined }),
      bodies,
      fc.constantFrom(URL_OF_A_PAYMENT, 'https://api.example.com/', ''),
      fc.constantFrom('post', 'GET'),
    )
    .map(([status, body, url, method]) => answered(status, body, { 'retry-after': '7' }, { url, method }));
  const errors = fc
    .record({
      kind: fc.constantFrom(...KINDS),
      retryable: fc.boolean(),
      requestId: fc.constantFrom('req_1', '\n'),
    })
    .map((init) => new LakiConnectError(init));
  const failures = fc
    .constantFrom('ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ERR_CANCELED', 'ENOENT')
    .map(lost);
  const readers = fc.record<Reader>(
    {
      accept: fc.constantFrom('text/html', 'text/plain', '*/*', 'image/png'),
      acceptLanguage: fc.constantFrom('am', 'fr', 'en;q=0.1, am', ''),
      locale: fc.constantFrom('am', 'en', 'xx'),
      audience: fc.constantFrom('merchant', 'customer'),
    },
    { requiredKeys: [] },
  );
  const ways = [
    laki,
    createLakiConnect({
      audience: 'merchant',
      aliases: { PAUSED: 'KYC_NOT_APPROVED' },
      fields: { amount: 'sum' },
      rules: { KYC_NOT_APPROVED: { status: 409 }, TIMEOUT: { level: 'warn' } },
      messages: { en: { TIMEOUT: { customer: 'Wait.' } } },
      format: 'envelope',
    }),
  ];

  test.each(ways.map((way, at) => [at, way] as const))('is what translate gives (%i)', (_, way) => {
    fc.assert(
      fc.property(fc.oneof(answers, errors, failures, fc.anything()), readers, (thrown, reader) => {
        expect(way.explain(thrown, reader)?.reply).toEqual(way.translate(thrown, reader));
      }),
    );
  });

  test('is translated once, and nobody is told', () => {
    const [fields, format, onEvent] = [jest.fn((field: string) => field), jest.fn(() => ({})), jest.fn()];
    const details = [{ field: 'amount', issue: 'is wrong' }];
    explained(answered(422, documented('VALIDATION_ERROR', { details })), {}, { fields, format, onEvent });
    expect([fields, format, onEvent].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0]);
  });

  test('is nobody’s where the error is not LakiConnect’s', () => {
    expect(laki.explain(new Error('x'))).toBeUndefined();
    expect(laki.explain(undefined)).toBeUndefined();
  });
});

/** A row: what is said, of what, and the same without what is said to have decided, which is then told differently. */
type Row<Name extends keyof Explanation> = [
  by: Explanation[Name],
  thrown: unknown,
  other: unknown,
  options?: Options,
  otherwise?: Options,
];

describe('What an error is recognised by', () => {
  const sdk = { name: 'LakipayError' };
  test.each<Row<'recognisedBy'>>([
    ['origin', answered(500), answered(500, undefined, {}, { url: 'https://api.example.com/' })],
    ['body', unaddressed(403, documented('FORBIDDEN')), unaddressed(403, { error: { code: 'FORBIDDEN' } })],
    ['body', unaddressed(403, core('INVALID_PHONE')), unaddressed(403, { status: 'ERROR' })],
    ['brand', bare(sdk), bare({ name: 'Error' })],
    ['error', new LakiConnectError({ kind: 'NOT_FOUND' }), new Error('x')],
  ])('%s', (by, thrown, other) => {
    expect(laki.explain(thrown)?.recognisedBy).toBe(by);
    expect(laki.explain(other)).toBeUndefined();
  });

  test('is kept by the error that a call rejects with', async () => {
    expect(laki.explain(await rejected(unaddressed(500)))?.recognisedBy).toBe('call');
    expect(laki.explain(await rejected(answered(500)))?.recognisedBy).toBe('origin');
    expect(laki.explain(Object.freeze(await rejected(answered(500))))?.recognisedBy).toBe('origin');
    expect(laki.explain(unaddressed(500))).toBeUndefined();
  });
});

const REFUSING = createLakiConnect({ lookups: { kycStatus: () => 'pending', feeConfig: () => ({}) } });
const refused: unknown = await REFUSING.check('cm_1').catch((error: unknown) => error);
const aliases = { PAUSED: 'KYC_NOT_APPROVED' } as const;

describe('What tells the kind', () => {
  test.each<[...Row<'kindBy'>]>([
    ['code', kyc, answered(403, documented('FORBIDDEN'))],
    ['alias', answered(403, documented('PAUSED')), answered(403, documented('PAUSED')), { aliases }, {}],
    ['transport', lost('ETIMEDOUT'), lost('ECONNRESET')],
    ['transport', lost('ECONNREFUSED'), lost('ETIMEDOUT')],
    ['transport', lost('ERR_BODY_PARSE_FAILURE'), lost('ECONNRESET')],
    ['status', answered(404), answered(429)],
    ['status', answered(500), answered(600)],
    ['status', answered(200), answered(404)],
    ['body', answered(200, flat('amount: is wrong.')), answered(200, 'amount: is wrong.')],
    ['body', bare({ config, response: { data: nested('No') } }), bare({ config })],
    ['name', bare({ name: 'LakipayError' }), bare({ name: 'LakipayError', details: core('INVALID_PHONE') })],
    ['url', lost(), bare({ config, response: { status: 404 } })],
    ['guard', refused, new LakiConnectError({ kind: 'NOT_FOUND' })],
    ['error', new LakiConnectError({ kind: 'TIMEOUT' }), new LakiConnectError({ kind: 'NOT_FOUND' })],
  ])('%s', (by, thrown, other, options = {}, otherwise = options) => {
    const explanation = explained(thrown, {}, options);
    expect(explanation?.kindBy).toBe(by);
    expect(explained(other, {}, otherwise)?.kind).not.toBe(explanation?.kind);
  });

  test('is kept by the error that a call rejects with', async () => {
    const error = await rejected(answered(403, documented('PAUSED')), { aliases });
    expect(laki.explain(error)).toMatchObject({ kind: 'KYC_NOT_APPROVED', kindBy: 'alias' });
  });
});

describe('What tells the outcome', () => {
  const get = { url: URL_OF_A_PAYMENT, method: 'GET' };
  const redirected = (count: number) =>
    bare({
      config,
      request: { _redirectable: { _redirectCount: count } },
      response: { status: 404, headers: {} },
    });
  test.each<[Explanation['outcomeBy'], 'rejected' | 'unknown', thrown: unknown, other: unknown]>([
    ['method', 'rejected', answered(500, undefined, {}, get), answered(500)],
    ['follow-up', 'unknown', redirected(1), redirected(0)],
    ['transport', 'rejected', lost('ECONNREFUSED'), lost('ECONNRESET')],
    ['transport', 'unknown', lost('ECONNRESET'), lost('ECONNREFUSED')],
    ['code', 'rejected', answered(200, core('INVALID_AMOUNT')), answered(200, core('NEW'))],
    ['code', 'unknown', answered(200, core('NEW')), answered(200, core('INVALID_AMOUNT'))],
    [
      'code',
      'rejected',
      bare({ name: 'LakipayError', details: core('INVALID_PHONE') }),
      bare({ name: 'LakipayError', details: core('PROVIDER_ERROR') }),
    ],
    ['status', 'rejected', answered(404), answered(500)],
    ['status', 'unknown', answered(408), answered(404)],
    ['body', 'unknown', answered(403, htmlPage), answered(403, 'No')],
    ['guard', 'rejected', refused, new LakiConnectError({ kind: 'TIMEOUT' })],
    [
      'error',
      'unknown',
      new LakiConnectError({ kind: 'TIMEOUT' }),
      new LakiConnectError({ kind: 'TIMEOUT', outcome: 'rejected' }),
    ],
  ])('%s: %s', (by, outcome, thrown, other) => {
    expect(laki.explain(thrown)).toMatchObject({ outcome, outcomeBy: by });
    expect(laki.explain(other)?.outcome).not.toBe(outcome);
  });
});

describe('The row that answers', () => {
  const tin = answered(422, documented('VALIDATION_ERROR', { details: [{ field: 'tin', issue: 'No' }] }));

  test('is the kind’s, and tells which columns the platform has set', () => {
    const rules = {
      KYC_NOT_APPROVED: { status: 409, level: undefined },
      TIMEOUT: { level: 'info' },
    } as const;
    expect(explained(kyc, {}, { rules })).toMatchObject({
      row: 'KYC_NOT_APPROVED',
      rule: { status: 409, keeps: [] },
      overridden: ['status'],
    });
    expect(explained(kyc)).toMatchObject({ rule: { status: 403 }, overridden: [] });
    expect(explained(answered(404), {}, { rules })?.overridden).toEqual([]);
  });

  test('is the platform’s own doing where no field is one that a user fills in', () => {
    const rules = { FORBIDDEN: { level: 'warn' } } as const;
    expect(explained(tin, {}, { fields: {}, rules })).toMatchObject({
      kind: 'VALIDATION_ERROR',
      row: 'FORBIDDEN',
      overridden: ['level'],
      masked: true,
      unmappedFields: ['tin'],
    });
    expect(explained(tin, {}, { fields: { tin: 'tin' }, rules })).toMatchObject({
      row: 'VALIDATION_ERROR',
      overridden: [],
      masked: false,
      unmappedFields: [],
    });
  });

  test('of a kind that this copy does not know is that of what is not recognised', () => {
    const error = Object.assign(new LakiConnectError({ kind: 'NOT_FOUND' }), { kind: 'NEWER' as Kind });
    expect(laki.explain(error)).toMatchObject({ kind: 'NEWER', row: 'UNRECOGNISED' });
  });

  test('cannot be changed through an explanation', () => {
    Object.assign(laki.explain(kyc)!.rule, { status: 599 });
    expect(laki.explain(kyc)?.rule.status).toBe(403);
  });
});

describe('The reader', () => {
  test.each<[Explanation['audienceBy'], string, Reader, Options, other: Reader, otherwise: Options]>([
    ['reader', 'merchant', { audience: 'merchant' }, {}, { audience: 'customer' }, {}],
    ['reader', 'customer', { audience: 'customer' }, { audience: 'merchant' }, {}, { audience: 'merchant' }],
    ['option', 'merchant', {}, { audience: 'merchant' }, {}, { audience: 'customer' }],
    ['option', 'customer', {}, {}, {}, { audience: 'merchant' }],
    ['default', 'customer', {}, { audience: () => 'merchant' }, {}, { audience: 'merchant' }],
  ])('is said by the %s to be a %s', (by, audience, reader, options, other, otherwise) => {
    expect(explained(kyc, reader, options)).toMatchObject({ audience, audienceBy: by });
    expect(explained(kyc, other, otherwise)?.audience).not.toBe(audience);
  });

  test.each<[Explanation['localeBy'], string, Reader, other: Reader]>([
    ['locale', 'am', { locale: 'am', acceptLanguage: 'en' }, { locale: 'en', acceptLanguage: 'en' }],
    ['locale', 'en', { locale: 'en', acceptLanguage: 'am' }, { acceptLanguage: 'am' }],
    ['locale', 'en', { locale: 'en' }, { locale: 'am' }],
    ['accept-language', 'am', { acceptLanguage: 'fr, am' }, { acceptLanguage: 'fr' }],
    ['accept-language', 'en', { locale: 'fr', acceptLanguage: 'en' }, { locale: 'fr', acceptLanguage: 'am' }],
    ['default', 'en', {}, { acceptLanguage: 'am' }],
    ['default', 'en', { locale: 'fr', acceptLanguage: 'fr' }, { locale: 'am', acceptLanguage: 'fr' }],
  ])('reads by %s in %s: %j', (by, locale, reader, other) => {
    expect(laki.explain(kyc, reader)).toMatchObject({ locale, localeBy: by });
    expect(laki.explain(kyc, other)?.locale).not.toBe(locale);
  });
});

describe('The words', () => {
  const words = { title: 'No', detail: 'No.' };
  const messages = { en: { PAYOUT_MISSING: { merchant: words, customer: words } } };
  const unpaid = (own: Options['messages']) =>
    defineRequirement({
      name: 'payout',
      rule: { status: 409, code: 'PAYOUT_MISSING' },
      ...(own && { messages: own }),
      lookup: () => ({ met: false }),
    });
  const held = (own: Options['messages'], options: Options) =>
    createLakiConnect(options)
      .check('cm_1', [unpaid(own)])
      .catch((error: unknown) => error);

  test('are of the languages, unless the option messages has some for this reader, language and code', () => {
    const own = { en: { KYC_NOT_APPROVED: { merchant: 'Show us your papers.' } } };
    const reader: Reader = { audience: 'merchant' };
    expect(explained(kyc, reader)?.text).toEqual({ code: 'KYC_NOT_APPROVED', from: 'locales' });
    expect(explained(kyc, reader, { messages: own })?.text).toEqual({
      code: 'KYC_NOT_APPROVED',
      from: 'messages',
    });
    expect(explained(kyc, { ...reader, locale: 'am' }, { messages: own })?.text.from).toBe('locales');
    expect(explained(kyc, {}, { messages: own })?.text.from).toBe('locales');
  });

  test('of an unknown outcome are those for it', () => {
    expect(laki.explain(answered(500))?.text).toEqual({ code: 'OUTCOME_UNKNOWN', from: 'locales' });
  });

  test('of a requirement are its own, or the platform’s where it has none', async () => {
    const options = { locales: [(await import('lakiconnect-middleware')).en] };
    const error = await held(messages, options);
    expect(explained(error, {}, options)).toMatchObject({
      kind: 'PAYOUT_MISSING',
      kindBy: 'guard',
      row: 'PAYOUT_MISSING',
      rule: { status: 409, code: 'PAYOUT_MISSING' },
      overridden: [],
      text: { code: 'PAYOUT_MISSING', from: 'requirement' },
    });
    const rules = { TIMEOUT: { code: 'PAYOUT_MISSING' } };
    const shared = { ...options, rules, messages };
    expect(explained(await held(undefined, shared), {}, shared)?.text.from).toBe('messages');
  });
});
