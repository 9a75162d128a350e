import { describe, expect, jest, test } from '@jest/globals';
import {
  createLakiConnect,
  defineRequirement,
  feeConfigured,
  kycApproved,
  type Fetch,
  type Lookups,
  type Requirement,
  type RequirementDefinition,
} from 'lakiconnect-middleware';
import { rejection } from '../provider/harness.js';
import { APPROVED, FREE, spoken, start } from './harness.js';

describe('kycApproved', () => {
  test.each<[unknown, readonly string[] | undefined]>([
    ['approved', undefined],
    ['APPROVED', undefined],
    ['Approved', undefined],
    [' approved\n', undefined],
    ['verified', ['Verified', 'approved']],
    ['ጸድቋል', ['ጸድቋል']],
    ['Bon', [' BON ']],
  ])(
    'is met by %j where %j is approved; the fact is the status as it came',
    async (status, approvedStatuses) => {
      const { laki } = start({ lookups: { kycStatus: () => status as string }, approvedStatuses });
      expect(await laki.check('m1', [kycApproved])).toEqual({
        id: 'm1',
        kycStatus: status,
        facts: { kycApproved: status },
      });
    },
  );

  test.each<[unknown, readonly string[] | undefined, string]>([
    ['pending', undefined, "its KYC status is 'pending'"],
    ['not approved', undefined, "its KYC status is 'not approved'"],
    ['approve', undefined, "its KYC status is 'approve'"],
    ['approved', ['verified'], "its KYC status is 'approved'"],
    ['constructor', undefined, "its KYC status is 'constructor'"],
    ['p'.repeat(100), undefined, `its KYC status is '${'p'.repeat(60)}'... 40 more characters`],
  ])('is not met by %j where %j is approved', async (status, approvedStatuses, reason) => {
    const { laki, events } = start({ lookups: { kycStatus: () => status as string }, approvedStatuses });
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });
    expect(events.at(-1)).toMatchObject({ type: 'refused', kind: 'KYC_NOT_APPROVED', reason });
  });

  test('is not met by a merchant that is not linked', async () => {
    const { laki, events } = start({ lookups: { kycStatus: () => ({ linked: false }) } });
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({
      kind: 'CONNECTED_MERCHANT_NOT_FOUND',
      origin: 'guard',
    });
    expect(events.at(-1)).toMatchObject({ type: 'refused', reason: 'it is not linked' });
  });

  test.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    ['', "''"],
    [' ', "' '"],
    [true, 'true'],
    [1, '1'],
    [{ linked: true }, '{ linked: true }'],
    [{ status: 'approved' }, "{ status: 'approved' }"],
    [['approved'], "[ 'approved' ]"],
  ])('cannot be determined by %j', async (status, given) => {
    const { laki, events } = start({ lookups: { kycStatus: () => status as string } });
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({ kind: 'UNDETERMINED' });
    expect(events.at(-1)).toMatchObject({
      type: 'undetermined',
      reason: `TypeError: the lookup kycStatus gave ${given}`,
    });
  });
});

describe('feeConfigured', () => {
  test.each<[object]>([[FREE], [{ feeModel: 'PERCENT', value: 2 }], [{}]])(
    'is met by %j, which is the fact',
    async (config) => {
      const { laki } = start({ lookups: { feeConfig: () => config } });
      const merchant = await laki.check('m1', [feeConfigured]);
      expect(merchant).toEqual({ id: 'm1', feeConfig: config, facts: { feeConfigured: config } });
      expect(merchant.feeConfig).toBe(config);
    },
  );

  test('is not met by a merchant that is not linked', async () => {
    const { laki, events } = start({ lookups: { feeConfig: () => ({ linked: false }) } });
    expect(await rejection(laki.check('m1', [feeConfigured]))).toMatchObject({
      kind: 'CONNECTED_MERCHANT_NOT_FOUND',
      origin: 'guard',
    });
    expect(events.at(-1)).toMatchObject({ type: 'refused', reason: 'it is not linked' });
  });

  test.each<[undefined | null]>([[undefined], [null]])('is not met by %j', async (config) => {
    const { laki, events } = start({ lookups: { feeConfig: () => config } });
    expect(await rejection(laki.check('m1', [feeConfigured]))).toMatchObject({ kind: 'FEE_CONFIG_NOT_SET' });
    expect(events.at(-1)).toMatchObject({ type: 'refused', reason: 'it has no fee configuration' });
  });

  test.each<[unknown, string]>([
    ['FREE', "'FREE'"],
    [0, '0'],
    [false, 'false'],
    [() => FREE, '[Function (anonymous)]'],
  ])('cannot be determined by %p', async (config, given) => {
    const { laki, events } = start({ lookups: { feeConfig: () => config as object } });
    expect(await rejection(laki.check('m1', [feeConfigured]))).toMatchObject({ kind: 'UNDETERMINED' });
    expect(events.at(-1)).toMatchObject({
      type: 'undetermined',
      reason: `TypeError: the lookup feeConfig gave ${given}`,
    });
  });
});

test.each<[keyof Lookups, Requirement, unknown]>([
  ['kycStatus', kycApproved, APPROVED],
  ['feeConfig', feeConfigured, FREE],
])('%s is asked for the merchant, with a signal that ends it', async (name, requirement, found) => {
  const lookup = jest.fn(() => found);
  await start({ lookups: { [name]: lookup } }).laki.check('m1', [requirement]);
  expect(lookup.mock.calls).toEqual([['m1', { signal: expect.any(AbortSignal) as unknown }]]);
});

const DEFINITION: RequirementDefinition = {
  name: 'payoutAccount',
  rule: { status: 409, code: 'PAYOUT_ACCOUNT_MISSING' },
  messages: spoken('PAYOUT_ACCOUNT_MISSING'),
  lookup: () => ({ met: false }),
};

describe('A requirement of the platform’s own', () => {
  const own = (lookup: RequirementDefinition['lookup']) => defineRequirement({ ...DEFINITION, lookup });

  test.each<[string, unknown]>([
    ['an object', { iban: 'ET1' }],
    ['a text', 'ET1'],
    ['nothing', undefined],
  ])('is met with %s for a fact', async (_what, facts) => {
    const { laki } = start();
    expect(await laki.check('m1', [own(async () => ({ met: true, facts }))])).toEqual({
      id: 'm1',
      facts: { payoutAccount: facts },
    });
  });

  test.each<[string, unknown, string | undefined]>([
    ['with its reason', { met: false, reason: 'no account' }, 'no account'],
    ['without one', { met: false }, undefined],
    ['with what is none', { met: false, reason: 3 }, undefined],
  ])('is refused %s', async (_how, found, reason) => {
    const { laki, events } = start();
    const requirement = own(() => found as { met: false });
    expect(await rejection(laki.check('m1', [requirement]))).toMatchObject({
      kind: 'PAYOUT_ACCOUNT_MISSING',
      origin: 'guard',
      outcome: 'rejected',
      status: 409,
      retryable: false,
      merchantId: 'm1',
    });
    expect(events.at(-1)).toEqual({
      type: 'refused',
      level: 'info',
      kind: 'PAYOUT_ACCOUNT_MISSING',
      mode: 'enforce',
      passed: false,
      merchantId: 'm1',
      requirement: 'payoutAccount',
      ...(reason === undefined ? {} : { reason }),
    });
  });

  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'undefined'],
    ['true', true, 'true'],
    ['an object without a verdict', {}, '{}'],
    ['a verdict that is no boolean', { met: 'yes' }, "{ met: 'yes' }"],
  ])('cannot be determined by %s', async (_what, found, given) => {
    const { laki, events } = start();
    const requirement = own(() => found as { met: true });
    expect(await rejection(laki.check('m1', [requirement]))).toMatchObject({ kind: 'UNDETERMINED' });
    expect(events.at(-1)).toMatchObject({
      requirement: 'payoutAccount',
      reason: `TypeError: the lookup payoutAccount gave ${given}`,
    });
  });

  test('is asked for the merchant, with a signal that ends it', async () => {
    const lookup = jest.fn<RequirementDefinition['lookup']>(() => ({ met: true }));
    await start().laki.check('m1', [own(lookup)]);
    expect(lookup.mock.calls).toEqual([['m1', { signal: expect.any(AbortSignal) as unknown }]]);
  });

  test('is the merchant’s to mend, unless its rule says otherwise', async () => {
    const incoming = { request: {}, accept: undefined, acceptLanguage: undefined, isSent: () => false };
    for (const [fault, rule] of [
      ['merchant', DEFINITION.rule],
      ['platform', { ...DEFINITION.rule, fault: 'platform' }],
    ] as const) {
      const { laki, events } = start();
      const refused = await rejection(laki.check('m1', [defineRequirement({ ...DEFINITION, rule })]));
      await laki.handler()(refused, incoming);
      expect(events.at(-1)).toMatchObject({ type: 'translated', level: 'info', retryable: false, fault });
    }
  });

  test('needs no key, and no lookup of LakiConnect’s', async () => {
    const fetch = jest.fn<Fetch>();
    const laki = createLakiConnect({ fetch });
    expect(await laki.check('m1', [own(() => ({ met: true, facts: 1 }))])).toEqual({
      id: 'm1',
      facts: { payoutAccount: 1 },
    });
    expect(fetch).not.toHaveBeenCalled();
  });

  test.each<[string, unknown, string]>([
    ['no object', undefined, 'options must be an object, got undefined'],
    ['no name', { ...DEFINITION, name: undefined }, 'option `name` is undefined'],
    ['a name that is none', { ...DEFINITION, name: 'payout account' }, "option `name` is 'payout account'"],
    ['a name like a prototype', { ...DEFINITION, name: '__proto__' }, "option `name` is '__proto__'"],
    ['a long name', { ...DEFINITION, name: 'a'.repeat(65) }, 'option `name` is '],
    ['a built-in one’s name', { ...DEFINITION, name: 'kycApproved' }, 'that no built-in requirement has'],
    ['another’s name', { ...DEFINITION, name: 'feeConfigured' }, 'that no built-in requirement has'],
    ['no rule', { ...DEFINITION, rule: undefined }, 'option `rule` is undefined'],
    ['no status', { ...DEFINITION, rule: { code: 'A_CODE' } }, 'option `rule.status` is undefined'],
    ['a 403', { ...DEFINITION, rule: { status: 403, code: 'A_CODE' } }, 'option `rule.status` is 403'],
    ['a 200', { ...DEFINITION, rule: { status: 200, code: 'A_CODE' } }, 'option `rule.status` is 200'],
    ['no code', { ...DEFINITION, rule: { status: 409 } }, 'option `rule.code` is undefined'],
    ['a code that is none', { ...DEFINITION, rule: { status: 409, code: 'no-code' } }, "is 'no-code'"],
    [
      'a mask that browsers act on',
      { ...DEFINITION, rule: { status: 409, code: 'A_CODE', customer: { status: 401 } } },
      'option `rule.customer.status` is 401',
    ],
    ['another fault', { ...DEFINITION, rule: { ...DEFINITION.rule, fault: 'mine' } }, '`rule.fault` is '],
    ['no lookup', { ...DEFINITION, lookup: undefined }, 'option `lookup` is undefined'],
    ['texts that are none', { ...DEFINITION, messages: { en: 'no' } }, "option `messages.en` is 'no'"],
    ['what there is not', { ...DEFINITION, cacheMs: 3 }, 'there is no option `cacheMs`'],
  ])('is not defined with %s', (_what, definition, told) => {
    const define = () => defineRequirement(definition as RequirementDefinition);
    expect(define).toThrow(TypeError);
    expect(define).toThrow(told);
  });
});
