import { describe, expect, jest, test } from '@jest/globals';
import {
  createLakiConnect,
  defineRequirement,
  en,
  feeConfigured,
  kycApproved,
  type Audience,
  type Lookups,
  type MessageOverrides,
  type Options,
  type Requirement,
  type RequirementDefinition,
} from 'lakiconnect-middleware';
import { createAdmission } from '../../src/guards/admission.js';
import { settle } from '../../src/settle.js';
import { rejection } from '../provider/harness.js';
import { APPROVED, FREE, spoken, start, type Asked } from './harness.js';

const CODE = 'PAYOUT_ACCOUNT_MISSING';
const WHOLE = { title: 'A title', detail: 'A detail.' };

const payoutAccount = (definition: Partial<RequirementDefinition> = {}): Requirement =>
  defineRequirement({
    name: 'payoutAccount',
    rule: { status: 409, code: CODE },
    messages: spoken(CODE),
    lookup: () => ({ met: false }),
    ...definition,
  });

/** How a refusal is answered, by `translate` and by the handler of errors. */
async function repliesTo(
  requirement: Requirement,
  reader: { readonly audience: Audience; readonly locale: string },
  options: Options<Asked> = {},
) {
  const { laki, events } = start(options);
  const error = await rejection(laki.check('m1', [requirement]));
  const translated = laki.translate(error, reader);
  const { reply } = await laki.handler({ audience: reader.audience })(error, {
    request: {},
    accept: undefined,
    acceptLanguage: reader.locale,
    isSent: () => false,
  });
  return { error, translated, reply, told: events.at(-1) };
}

test('The same requirements in the same order are one list, wherever they are given', () => {
  const admit = createAdmission(settle({ apiKey: 'a-key' }));
  const own = payoutAccount();
  const list = admit([kycApproved, own]);
  for (let time = 0; time < 3; time++) expect(admit([kycApproved, own])).toBe(list);
  expect(admit(undefined)).toBe(admit([kycApproved, feeConfigured]));
  expect(admit([own, kycApproved]).map(({ name }) => name)).toEqual(['payoutAccount', 'kycApproved']);
});

describe('A refusal of the platform’s own requirement', () => {
  test.each(
    (['merchant', 'customer'] as const).flatMap((audience) =>
      ['en', 'am'].map((locale) => [audience, locale] as const),
    ),
  )('is answered to a %s in %s by its own row, in its own sentences', async (audience, locale) => {
    const { translated, reply, told } = await repliesTo(payoutAccount(), { audience, locale });
    const problem = {
      type: 'urn:problem-type:lakiconnect:payout-account-missing',
      title: `${locale} title to the ${audience}`,
      status: 409,
      detail: `${locale} detail to the ${audience}`,
      code: CODE,
      retryable: false,
      outcome: 'rejected',
      action: 'onboard',
    };
    expect(translated).toMatchObject({ status: 409, headers: { 'content-language': locale } });
    expect(translated?.problem).toEqual(problem);
    expect(reply?.problem).toEqual(problem);
    expect(told).toMatchObject({
      type: 'translated',
      level: 'info',
      kind: CODE,
      code: CODE,
      status: 409,
      audience,
      locale,
      fault: 'merchant',
      origin: 'guard',
      merchantId: 'm1',
    });
  });

  test.each([
    ['merchant', 422, CODE, 'en title to the merchant'],
    ['customer', 409, 'PAYMENTS_UNAVAILABLE', en.texts.PAYMENTS_UNAVAILABLE.customer.title],
  ] as const)('may be masked: to a %s it is %i %s', async (audience, status, code, title) => {
    const masked = payoutAccount({
      rule: { status: 422, code: CODE, customer: { status: 409, code: 'PAYMENTS_UNAVAILABLE' } },
      messages: spoken(CODE, (tag, reader) => ({ title: `${tag} title to the ${reader}`, detail: 'No.' })),
    });
    const { error, translated, reply } = await repliesTo(masked, { audience, locale: 'en' });
    expect(error).toMatchObject({ kind: CODE, status: 409 }); // the customer's, as nobody in particular reads it
    expect(translated?.problem).toMatchObject({ status, code, title });
    expect(reply?.problem).toEqual(translated?.problem);
  });

  test('that is masked needs no words for a customer of its own', async () => {
    const masked = payoutAccount({
      rule: { status: 422, code: CODE, customer: { status: 409, code: 'PAYMENTS_UNAVAILABLE' } },
      messages: Object.fromEntries(
        ['en', 'am'].map((tag) => [tag, { [CODE]: { merchant: { title: tag, detail: tag } } }]),
      ),
    });
    const { translated } = await repliesTo(masked, { audience: 'merchant', locale: 'am' });
    expect(translated?.problem).toMatchObject({ title: 'am', detail: 'am' });
  });

  test.each<[string, Partial<RequirementDefinition['rule']>, object, object]>([
    [
      'status and code alone',
      {},
      { fault: 'merchant', level: 'info' },
      { retryable: false, action: 'onboard' },
    ],
    [
      'all it can',
      { fault: 'caller', level: 'error', retryable: true, action: 'contact' },
      { fault: 'caller', level: 'error', action: 'contact' },
      { retryable: true, action: 'contact' },
    ],
  ])('follows a row that says %s', async (_what, rule, event, problem) => {
    const requirement = payoutAccount({ rule: { status: 409, code: CODE, ...rule } });
    const { reply, told } = await repliesTo(requirement, { audience: 'merchant', locale: 'en' });
    expect(reply?.problem).toMatchObject(problem);
    expect(told).toMatchObject(event);
  });

  test('takes a public code of the library’s with its words', async () => {
    const borrowed = payoutAccount({ rule: { status: 503, code: 'KYC_NOT_APPROVED' }, messages: {} });
    const { translated } = await repliesTo(borrowed, { audience: 'merchant', locale: 'en' });
    expect(translated?.problem).toMatchObject({
      status: 503,
      code: 'KYC_NOT_APPROVED',
      ...en.texts.KYC_NOT_APPROVED.merchant,
    });
  });

  test('takes words from the platform’s `messages`, too, under its own', async () => {
    const requirement = payoutAccount({ messages: { en: { [CODE]: { customer: 'Try another shop.' } } } });
    const options: Options<Asked> = { messages: spoken(CODE), rules: { FORBIDDEN: { code: CODE } } };
    const { translated } = await repliesTo(requirement, { audience: 'customer', locale: 'en' }, options);
    expect(translated?.problem).toMatchObject({
      title: 'en title to the customer',
      detail: 'Try another shop.',
    });
  });

  test.each<[string, Options<Asked>]>([
    ['a map of fields', { fields: { 'business.tin': 'taxId' } }],
    ['a map of no fields', { fields: {} }],
    ['a rule for the same code', { rules: { VALIDATION_ERROR: { status: 400, level: 'error' } } }],
  ])('is its own, whatever %s says of LakiConnect’s', async (_what, options) => {
    const borrowed = payoutAccount({ rule: { status: 422, code: 'VALIDATION_ERROR' }, messages: {} });
    const { reply, told } = await repliesTo(borrowed, { audience: 'merchant', locale: 'en' }, options);
    expect(reply).toMatchObject({ status: 422, problem: { code: 'VALIDATION_ERROR' } });
    expect(reply?.problem).not.toHaveProperty('errors');
    expect(told).toMatchObject({ kind: 'VALIDATION_ERROR', level: 'info', origin: 'guard' });
    expect(told).not.toHaveProperty('unmappedFields');
  });

  test('is translated in the form that the platform asks for', async () => {
    const { translated, reply } = await repliesTo(
      payoutAccount(),
      { audience: 'customer', locale: 'am' },
      { format: 'envelope', problemTypeBase: 'https://shop.example/problems/' },
    );
    expect(JSON.parse(translated?.body ?? '')).toEqual({
      error: { code: CODE, message: 'am detail to the customer', details: [] },
    });
    expect(reply?.problem).toMatchObject({ type: 'https://shop.example/problems/payout-account-missing' });
  });

  test('keeps its row and words where the platform’s `format` throws', async () => {
    const format = () => {
      throw new Error('Out of paper');
    };
    const { laki, events } = start({ format });
    const error = await rejection(laki.check('m1', [payoutAccount()]));
    const { reply } = await laki.handler()(error, {
      request: {},
      accept: undefined,
      acceptLanguage: 'am',
      isSent: () => false,
    });
    expect(reply).toMatchObject({
      status: 409,
      headers: { 'content-type': expect.stringContaining('application/problem+json') as unknown },
      problem: { code: CODE, detail: 'am detail to the customer' },
    });
    expect(events.at(-1)).toMatchObject({
      type: 'translated',
      level: 'error',
      kind: CODE,
      readerError: 'Error: Out of paper',
    });
  });

  test('keeps its row and words where somebody froze it', async () => {
    const { laki } = start();
    const error = Object.freeze(await rejection(laki.check('m1', [payoutAccount()])));
    const handled = await laki.handler()(error, {
      request: {},
      accept: undefined,
      acceptLanguage: 'en',
      isSent: () => false,
    });
    expect(handled.reply).toMatchObject({ status: 409, problem: { code: CODE } });
  });

  test('is answered by another core in the same way', async () => {
    const error = await rejection(start().laki.check('m1', [payoutAccount()]));
    expect(start({ locales: [en] }).laki.translate(error, { locale: 'am' })?.problem).toMatchObject({
      status: 409,
      code: CODE,
      title: 'am title to the customer',
    });
  });

  test('shows its row and texts neither in JSON nor in print', async () => {
    const error = await rejection(start().laki.check('m1', [payoutAccount()]));
    expect(JSON.stringify(error)).not.toContain('title');
    expect(Object.keys(error as object)).not.toContain('ownRow');
  });
});

describe('A requirement is judged where it is first needed', () => {
  const wordless = (locale: string, reader: Audience): MessageOverrides => {
    const { [locale]: texts, ...others } = spoken(CODE);
    const { [reader]: _, ...rest } = texts?.[CODE] ?? {};
    return { ...others, [locale]: { [CODE]: rest } };
  };

  test.each([
    ['am', 'merchant'],
    ['am', 'customer'],
    ['en', 'merchant'],
    ['en', 'customer'],
  ] as const)('and refused without words in %s for a %s', async (locale, reader) => {
    const { laki } = start();
    const requirement = payoutAccount({ messages: wordless(locale, reader) });
    const path = `option \`payoutAccount.messages.${locale}.${CODE}.${reader}\` is`;
    const thrown = await rejection(laki.check('m1', [requirement]));
    expect(thrown).toBeInstanceOf(TypeError);
    expect(thrown).toMatchObject({ message: expect.stringContaining(path) as unknown });
    expect(() => laki.guard([requirement])).toThrow(path);
  });

  test.each<[string, MessageOverrides | undefined, string]>([
    ['any words', undefined, `\`payoutAccount.messages.en.${CODE}.merchant\` is undefined`],
    ['a whole text', spoken(CODE, () => 'No.'), `\`payoutAccount.messages.en.${CODE}.merchant\` is`],
    ['a code of its own or the library’s', { ...spoken('OTHER') }, '`payoutAccount.messages.en.OTHER` is'],
  ])('and refused without %s', (_what, messages, told) => {
    const { laki } = start();
    expect(() => laki.guard([payoutAccount({ messages })])).toThrow(told);
  });

  test('and needs words in no language that is not offered', async () => {
    const { laki } = start({ locales: [en] });
    const english = { [CODE]: { merchant: WHOLE, customer: WHOLE } };
    const requirement = payoutAccount({
      messages: { en: english, fr: { [CODE]: { merchant: 'Non.' } } },
    });
    const error = await rejection(laki.check('m1', [requirement]));
    expect(laki.translate(error, { locale: 'fr' })?.problem).toMatchObject({
      title: 'A title',
    });
  });

  test.each<[string, unknown]>([
    ['no array', kycApproved],
    ['a guard’s options', { mode: 'report' }],
    ['none at all', []],
    ['null', null],
    ['a name', ['kycApproved']],
    ['a hole', [undefined]],
    ['what has no lookup', [{ name: 'mine' }]],
    ['what has no name', [{ look: () => undefined }]],
    ['one good and one bad', [kycApproved, {}]],
  ])('and is not %s', async (_what, requirements) => {
    const { laki } = start();
    const told = 'expected an array such as [kycApproved, feeConfigured]';
    const thrown = await rejection(laki.check('m1', requirements as never));
    expect(thrown).toBeInstanceOf(TypeError);
    expect(thrown).toMatchObject({ message: expect.stringContaining(told) as unknown });
    expect(() => laki.guard(requirements as never)).toThrow(told);
  });

  test('and may not have the name of another', async () => {
    const { laki } = start();
    const requirement = payoutAccount({ lookup: () => ({ met: true }) });
    await laki.check('m1', [requirement]);
    await laki.check('m1', [requirement]);
    const told = "two requirements are named 'payoutAccount'. Make each once";
    expect(() => laki.guard([payoutAccount()])).toThrow(told);
    expect(await rejection(laki.check('m1', [payoutAccount()]))).toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining(told) as unknown,
    });
    expect(() => start().laki.guard([requirement, payoutAccount()])).toThrow(told);
    expect(() => start().laki.guard([payoutAccount()])).not.toThrow();
  });

  test('and is the same from every copy of the package, if it is built in', async () => {
    const kycStatus = jest.fn(() => APPROVED);
    const { laki } = start({ lookups: { kycStatus, feeConfig: () => FREE } });
    await laki.check('m1', [kycApproved]);
    await laki.check('m1', [{ ...kycApproved }, { ...feeConfigured }]);
    expect(kycStatus).toHaveBeenCalledTimes(1);
  });

  test.each<[string, Partial<Lookups> | undefined, readonly Requirement[] | undefined, string]>([
    ['both', undefined, undefined, 'lookups.kycStatus'],
    ['KYC', { feeConfig: () => FREE }, undefined, 'lookups.kycStatus'],
    ['the fee', { kycStatus: () => APPROVED }, undefined, 'lookups.feeConfig'],
    ['the fee alone', undefined, [feeConfigured], 'lookups.feeConfig'],
  ])(
    'and needs a key where LakiConnect has to be asked for %s',
    async (_what, lookups, requirements, option) => {
      const laki = createLakiConnect<Asked>({
        apiKey: undefined,
        merchantId: () => 'm1',
        lookups,
        fetch: async () => Promise.reject(new Error('Nothing should be sent.')),
      });
      const told = `option \`apiKey\` is undefined, but a guard has to ask LakiConnect. Set it, or the option \`${option}\`.`;
      const thrown = await rejection(laki.check('m1', requirements));
      expect(thrown).toBeInstanceOf(TypeError);
      expect(thrown).toMatchObject({ message: `lakiconnect: ${told}` });
      expect(() => laki.guard(requirements)).toThrow(told);
      expect(await rejection(laki.check('m1', requirements))).toEqual(thrown);
    },
  );
});
