import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  am,
  createLakiConnect,
  defineRequirement,
  en,
  feeConfigured,
  kycApproved,
} from 'lakiconnect-middleware';
import type { Audience, Options } from 'lakiconnect-middleware';
import { lakiconnect } from 'lakiconnect-middleware/express';
import * as koa from 'lakiconnect-middleware/koa';
import {
  errorResponses,
  type ErrorResponses,
  type ErrorResponsesOptions,
} from 'lakiconnect-middleware/openapi';
import type { OpenAPIV3_1 } from 'openapi-types';
import { documentWith, faultsOf, judgeOf, resolved } from './document.js';

const KEY = { apiKey: 'lk_pub_1:lk_sec_1', merchantId: () => 'cm_1' };
const MERCHANT = { audience: 'merchant' } as const;

const texts = (code: string, title: string) => {
  const text = { title, detail: `${title}, says the shop.` };
  return { [code]: { merchant: text, customer: text } };
};
const own = (name: string, status: number, code: string, customer?: { status?: number; code?: string }) =>
  defineRequirement({
    name,
    rule: { status, code, ...(customer === undefined ? {} : { customer }) },
    messages: { en: texts(code, name), am: texts(code, name) },
    lookup: () => ({ met: true }),
  });

const described = (options: Options<object> = {}, which?: ErrorResponsesOptions): ErrorResponses =>
  errorResponses(createLakiConnect<object>({ ...KEY, ...options }), which);

/** `409: PAYMENTS_UNAVAILABLE`, each status with its codes. */
const told = ({ responses }: ErrorResponses): string[] =>
  Object.entries(responses).map(([status, { description }]) => {
    const codes = [...description.matchAll(/`(\w+)`/g)].map(([, code]) => code);
    return `${status}: ${codes.join(', ')}`;
  });

const STATED: Readonly<Record<string, [Options<object>, ErrorResponsesOptions?]>> = {
  'everything, to a customer': [{}],
  'everything, to a merchant': [MERCHANT],
  'our own guards': [{}, { guards: [kycApproved, feeConfigured] }],
  'guards and calls': [MERCHANT, { guards: [kycApproved, own('a', 409, 'A_MISSING')], calls: true }],
  'the shape of LakiConnect': [{ format: 'envelope' }],
  'a shape of their own': [{ format: ({ code }) => [code] }],
  'a page of their own': [{ html: ({ title }) => title }],
  'no page': [{ html: false }],
  'one language': [{ locales: [am] }],
  nothing: [{}, { guards: [] }],
};

describe.each(Object.entries(STATED))('What is described of %s', (_, [options, which]) => {
  let made: ErrorResponses;
  beforeAll(() => {
    made = described(options, which);
  });

  test('is OpenAPI', async () => {
    expect(await faultsOf(made)).toBeUndefined();
    documentWith(made) satisfies OpenAPIV3_1.Document;
  });

  test('refers to what is there, and has nothing besides', () => {
    const referred = new Set(JSON.stringify(made).match(/#\/components\/[\w./-]+/g));
    for (const $ref of referred)
      expect({ $ref, is: typeof resolved(made, { $ref }) }).toEqual({ $ref, is: 'object' });
    const listed = Object.entries(made.components).flatMap(([section, named]) =>
      Object.keys(named).map((name) => `#/components/${section}/${name}`),
    );
    expect([...referred].sort()).toEqual(listed.sort());
    expect(listed.filter((name) => !/^#\/components\/\w+\/LakiConnect[\w.-]*$/.test(name))).toEqual([]);
  });

  test('has examples that its schemas accept', () => {
    const judge = judgeOf(made);
    for (const [status, { content }] of Object.entries(made.responses)) {
      for (const [media, { examples = {} }] of Object.entries(content)) {
        expect(Object.keys(examples).length > 0).toBe(media !== 'text/html');
        for (const reference of Object.values(examples)) {
          const { value } = resolved(made, reference) as { value: unknown };
          expect(judge.ofBody(Number(status), media, value)).toBeUndefined();
        }
      }
    }
  });

  test('is the same each time, in the same order, its caller’s own, and not long', () => {
    const again = described(options, which);
    expect(JSON.stringify(again)).toBe(JSON.stringify(made));
    for (const section of Object.values(made.components)) {
      expect(Object.keys(section as object)).toEqual(Object.keys(section as object).sort());
    }
    Object.assign(again.components.schemas['LakiConnectProblem'] ?? {}, { type: 'changed' });
    expect(described(options, which)).toEqual(made);
    expect(JSON.stringify(made).length).toBeLessThan(64 * 1024);
  });

  test('holds no object twice, which would be an anchor in YAML', () => {
    const seen = new Set<object>();
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      expect(seen.has(value)).toBe(false);
      seen.add(value);
      Object.values(value).forEach(walk);
    };
    walk(made);
  });
});

describe('Without guards, what a call can end in', () => {
  test('is told to a customer with its masks', () => {
    expect(told(described())).toEqual([
      '400: MERCHANT_UNIDENTIFIED, VALIDATION_ERROR',
      '404: NOT_FOUND',
      '409: DUPLICATE_REFERENCE, IDEMPOTENCY_CONFLICT, PAYMENTS_UNAVAILABLE',
      '422: INSUFFICIENT_BALANCE, VALIDATION_ERROR',
      '502: INTERNAL_ERROR, PAYMENTS_UNAVAILABLE, PROVIDER_ERROR, UNREACHABLE, UNRECOGNISED',
      '503: RATE_LIMITED',
      '504: TIMEOUT',
    ]);
  });

  test('is told to a merchant as it is', () => {
    expect(told(described(MERCHANT))).toEqual([
      '400: MERCHANT_UNIDENTIFIED, VALIDATION_ERROR',
      '403: KYC_NOT_APPROVED',
      '404: CONNECTED_MERCHANT_NOT_FOUND, NOT_FOUND',
      '409: DUPLICATE_REFERENCE, IDEMPOTENCY_CONFLICT',
      '422: INSUFFICIENT_BALANCE, VALIDATION_ERROR',
      '502: INTERNAL_ERROR, PAYMENTS_UNAVAILABLE, PROVIDER_ERROR, UNREACHABLE, UNRECOGNISED',
      '503: FEE_CONFIG_NOT_SET, RATE_LIMITED',
      '504: TIMEOUT',
    ]);
  });

  test('has a paragraph for each code of a status', () => {
    const { FEE_CONFIG_NOT_SET, RATE_LIMITED } = en.texts;
    expect(described(MERCHANT).responses['503']?.description).toBe(
      `\`FEE_CONFIG_NOT_SET\`: ${FEE_CONFIG_NOT_SET.merchant.title}.\n\n\`RATE_LIMITED\`: ${RATE_LIMITED.merchant.title}.`,
    );
  });

  test('is what aliases make of it', () => {
    const made = described({ aliases: { SHOP_BUSY: 'IDEMPOTENCY_IN_PROGRESS' } });
    expect(told(made)).toContain(
      '409: DUPLICATE_REFERENCE, IDEMPOTENCY_CONFLICT, IDEMPOTENCY_IN_PROGRESS, PAYMENTS_UNAVAILABLE',
    );
  });

  test('asks for no key', () => {
    expect(Object.keys(errorResponses(createLakiConnect()).responses)).toHaveLength(7);
  });

  test('has Retry-After where a reply can have it, and only there', () => {
    const having = (made: ErrorResponses) =>
      Object.entries(made.responses).flatMap(([status, { headers }]) =>
        'Retry-After' in headers ? status : [],
      );
    expect(having(described())).toEqual(['502', '503', '504']);
    const rules = { PROVIDER_ERROR: { retryable: false }, TIMEOUT: { retryable: false } };
    const others = { INTERNAL_ERROR: { retryable: false }, UNREACHABLE: { retryable: false } };
    expect(having(described({ rules: { ...rules, ...others } }))).toEqual(['503']);
    const asked = { INSUFFICIENT_BALANCE: { retryable: true }, NOT_FOUND: { status: 503 } };
    expect(having(described({ rules: { ...rules, ...others, ...asked } }))).toEqual(['422', '503']);
  });

  test('says of each what comes of it, where that is known or not', () => {
    const { components } = described();
    const of = (name: string) => components.examples[`LakiConnect.${name}`]?.value;
    expect(of('504.TIMEOUT.customer.en')).toMatchObject({ outcome: 'rejected', retryable: true });
    expect(of('504.TIMEOUT.unknown.customer.am')).toEqual({
      type: 'urn:problem-type:lakiconnect:timeout',
      ...am.texts.OUTCOME_UNKNOWN.customer,
      status: 504,
      code: 'TIMEOUT',
      request_id: 'req_1a2b3c4d5e6f',
      retryable: false,
      outcome: 'unknown',
      action: 'check',
    });
    expect(of('404.NOT_FOUND.unknown.customer.en')).toBeUndefined();
  });

  test('names fields where a field was refused, and nowhere else', () => {
    const { examples } = described().components;
    const naming = Object.entries(examples).filter(([, { value }]) =>
      /amount[^0-9]*0\.01/.test(JSON.stringify(value)),
    );
    expect(naming.map(([name]) => name)).toEqual(
      ['400', '422'].flatMap((status) =>
        ['am', 'am.text', 'en', 'en.text'].map(
          (form) => `LakiConnect.${status}.VALIDATION_ERROR.customer.${form}`,
        ),
      ),
    );
    for (const [name, { value }] of naming) {
      const { minimum } = (name.includes('.am') ? am : en).issues;
      const detail = minimum.replace('{min}', '0.01');
      if (typeof value === 'string') expect(value.endsWith(`\namount: ${detail}\n`)).toBe(true);
      else expect(value).toMatchObject({ errors: [{ field: 'amount', detail }] });
    }
  });

  test('has the fields by the platform’s names, and none where none has one', () => {
    const errorsOf = (fields: Options['fields'] & object) =>
      described({ fields }).components.examples['LakiConnect.422.VALIDATION_ERROR.customer.en']?.value;
    expect(errorsOf({ amount: 'total' })).toMatchObject({ errors: [{ field: 'total' }] });
    expect(errorsOf({ 'business.tin': 'company.taxId' })).not.toHaveProperty('errors');
  });
});

describe('A customer’s document', () => {
  const HIDDEN =
    /KYC|FEE_CONFIG|CONNECTED|UNAUTHORIZED|FORBIDDEN|verif|approv|linked|missing a fee|A_MISSING/i;
  const customers = (...guards: NonNullable<ErrorResponsesOptions['guards']>) =>
    JSON.stringify(described(MERCHANT, { guards, audience: 'customer' }));

  test('names no reason that is not a customer’s to know', () => {
    const masked = own('payoutAccount', 409, 'A_MISSING', { code: 'PAYMENTS_UNAVAILABLE' });
    const which = { guards: [kycApproved, feeConfigured, masked], calls: true };
    expect(JSON.stringify(described({}, which))).not.toMatch(HIDDEN);
    expect(JSON.stringify(described(MERCHANT, which))).toMatch(HIDDEN);
  });

  test('is the same whichever masked requirement is guarded', () => {
    const masked = own('payoutAccount', 422, 'A_MISSING', { status: 409, code: 'PAYMENTS_UNAVAILABLE' });
    expect(
      new Set([
        customers(kycApproved),
        customers(feeConfigured),
        customers(feeConfigured, kycApproved),
        customers(masked),
      ]).size,
    ).toBe(1);
  });

  test('is also that of readers who depend on the request', () => {
    expect(described({ audience: () => 'merchant' })).toEqual(described());
    expect(described(MERCHANT, { audience: 'customer' })).toEqual(described());
  });
});

describe('Guards', () => {
  const express = lakiconnect<object>({ ...KEY, audience: 'merchant' });
  const forKoa = koa.lakiconnect<object>({ ...KEY, audience: 'merchant' });

  test.each([
    ['Express', express],
    ['Koa', forKoa],
  ])('of %s are described by what they refuse with', (_, laki) => {
    const of = (...guards: NonNullable<ErrorResponsesOptions['guards']>) =>
      told(errorResponses(laki, { guards }));
    expect(of(laki.requireKycApproved())).toEqual([
      '400: MERCHANT_UNIDENTIFIED',
      '403: KYC_NOT_APPROVED',
      '404: CONNECTED_MERCHANT_NOT_FOUND',
      '503: UNDETERMINED',
    ]);
    expect(of(laki.requireFeeConfig())).toEqual([
      '400: MERCHANT_UNIDENTIFIED',
      '404: CONNECTED_MERCHANT_NOT_FOUND',
      '503: FEE_CONFIG_NOT_SET, UNDETERMINED',
    ]);
    expect(of(laki.requireIdempotencyKey())).toEqual([
      '400: IDEMPOTENCY_KEY_REQUIRED, MERCHANT_UNIDENTIFIED',
      '409: IDEMPOTENCY_CONFLICT, IDEMPOTENCY_IN_PROGRESS',
      '422: VALIDATION_ERROR',
      '503: UNDETERMINED',
    ]);
    expect(of(laki.preflight())).toEqual(of(kycApproved, feeConfigured));
    expect(of(laki.preflight(undefined, { mode: 'report' }))).toEqual([]);
    expect(of(laki.preflight([own('b', 423, 'B_MISSING')], { whenUndetermined: 'allow' }))).toEqual([
      '400: MERCHANT_UNIDENTIFIED',
      '423: B_MISSING',
    ]);
  });

  test('have no id of a request, and the calls behind them have one', () => {
    const guards = [kycApproved];
    const ids = (made: ErrorResponses) =>
      ['403.KYC_NOT_APPROVED', '400.MERCHANT_UNIDENTIFIED'].map(
        (name) =>
          (made.components.examples[`LakiConnect.${name}.merchant.en`]!.value as { request_id?: string })
            .request_id,
      );
    expect(ids(errorResponses(express, { guards }))).toEqual([undefined, undefined]);
    expect(ids(errorResponses(express, { guards, calls: true }))).toEqual(['req_1a2b3c4d5e6f', undefined]);
  });

  test.each<[string, Audience | (() => Audience) | undefined, Audience | undefined, string]>([
    ['nobody', undefined, undefined, '409'],
    ['a guard', 'merchant', undefined, '403'],
    ['a guard, by the request', () => 'merchant', undefined, '409'],
    ['the document', undefined, 'merchant', '403'],
    ['the document, against a guard', 'merchant', 'customer', '409'],
  ])('are told to whom %s says', (_, ofGuard, audience, status) => {
    const laki = lakiconnect<object>(KEY);
    const guards = [laki.requireKycApproved({ audience: ofGuard })];
    const statuses = Object.keys(errorResponses(laki, { guards, audience }).responses);
    expect(statuses.filter((one) => one === '403' || one === '409')).toEqual([status]);
  });

  test('say who reads what comes after them, too', () => {
    const laki = lakiconnect<object>(KEY);
    const guards = [laki.requireFeeConfig(), laki.requireKycApproved({ audience: 'merchant' })];
    expect(told(errorResponses(laki, { guards }))).toEqual([
      '400: MERCHANT_UNIDENTIFIED',
      '403: KYC_NOT_APPROVED',
      '404: CONNECTED_MERCHANT_NOT_FOUND',
      '409: PAYMENTS_UNAVAILABLE',
      '503: UNDETERMINED',
    ]);
    expect(told(errorResponses(laki, { guards: [...guards, feeConfigured] }))).toContain(
      '503: FEE_CONFIG_NOT_SET, UNDETERMINED',
    );
    expect(told(errorResponses(laki, { guards, calls: true }))).toContain(
      '503: FEE_CONFIG_NOT_SET, RATE_LIMITED, UNDETERMINED',
    );
  });

  test('of one document and another have equal parts by equal names', () => {
    const one = errorResponses(express, { guards: [kycApproved] }).components;
    const other = errorResponses(express, { guards: [kycApproved, feeConfigured] }).components;
    for (const section of ['schemas', 'headers', 'examples'] as const)
      expect(other[section]).toMatchObject(one[section]);
  });
});

test('Words are those of the default language first, and of the platform’s own', () => {
  const made = described({
    locales: [en, am],
    defaultLocale: 'am',
    messages: { am: { TIMEOUT: { customer: { title: 'ዘገየ' } } } },
  });
  expect(made.responses['504']?.description).toBe('`TIMEOUT`: ዘገየ.');
  expect(made.components.headers['LakiConnectContentLanguage']?.schema).toEqual({
    type: 'string',
    enum: ['am', 'en'],
  });
});

test('A shape of the platform’s own is left open', () => {
  const { components, responses } = described({ format: () => null });
  expect(components.schemas).toEqual({});
  expect(Object.keys(responses['504']!.content)).toEqual(['application/json', 'text/html', 'text/plain']);
  expect(responses['504']!.content['application/json']!.schema).toEqual({});
});

test.each<[string, unknown, string]>([
  ['guards', { guards: kycApproved }, 'expected an array of guards, such as [laki.preflight()].'],
  ['a guard', { guards: [() => undefined] }, 'expected a guard such as laki.preflight(), or a requirement'],
  ['calls', { calls: 'yes' }, "option `calls` is 'yes', expected true or false."],
  [
    'a reader',
    { audience: 'seller' },
    "option `audience` is 'seller', expected one of 'merchant', 'customer'.",
  ],
  ['an option', { guard: [] }, 'there is no option `guard`. Did you mean `guards`?'],
])('%s that is wrong is told of by its path', (_, which, message) => {
  expect(() => described({}, which as ErrorResponsesOptions)).toThrow(TypeError);
  expect(() => described({}, which as ErrorResponsesOptions)).toThrow(message);
});

test('A requirement that cannot be looked up is told of', () => {
  expect(() => errorResponses(createLakiConnect(), { guards: [kycApproved] })).toThrow(
    'option `apiKey` is undefined',
  );
});

test('What a function of the platform’s throws is thrown', () => {
  const format = () => {
    throw new Error('no shape');
  };
  expect(() => described({ format })).toThrow('no shape');
});
