import { describe, expect, test } from '@jest/globals';
import { audienceOf, faceOf } from '../../src/translation/face.js';
import {
  KINDS,
  RULES,
  type Action,
  type Audience,
  type Kind,
  type Rule,
} from '../../src/translation/rules.js';

const as = (audience: Audience, kind: Kind, sent?: number) =>
  faceOf(RULES[kind], audience, { outcome: 'rejected', sent });

describe('A face', () => {
  test.each([
    [400, 400],
    [422, 422],
    [401, 422],
    [418, 422],
    [200, 422],
    [500, 422],
    [undefined, 422],
  ])('of a validation error sent with %j has the status %i', (sent, status) => {
    expect(as('merchant', 'VALIDATION_ERROR', sent)).toEqual({
      status,
      code: 'VALIDATION_ERROR',
      masked: false,
      tellsRequestId: true,
      action: 'correct',
    });
    expect(as('customer', 'VALIDATION_ERROR', sent)).toEqual({
      status,
      code: 'VALIDATION_ERROR',
      masked: false,
      tellsRequestId: true,
      action: 'correct',
    });
  });

  test.each(KINDS.filter((kind) => kind !== 'VALIDATION_ERROR'))(
    'of %s never has the status that was sent',
    (kind) => {
      for (const audience of ['merchant', 'customer'] as const) {
        for (const sent of [400, 401, 418, 451, 599]) {
          expect(as(audience, kind, sent)).toEqual(as(audience, kind));
        }
      }
    },
  );

  test.each<[Kind, boolean, boolean]>([
    ['KYC_NOT_APPROVED', false, true],
    ['FEE_CONFIG_NOT_SET', false, true],
    ['CONNECTED_MERCHANT_NOT_FOUND', false, true],
    ['UNAUTHORIZED', true, true],
    ['FORBIDDEN', true, true],
    ['NOT_FOUND', false, false],
  ])('of %s is masked to a merchant: %j, to a customer: %j', (kind, merchant, customer) => {
    expect([as('merchant', kind).masked, as('customer', kind).masked]).toEqual([merchant, customer]);
  });

  test.each<[Kind, boolean, boolean]>([
    ['KYC_NOT_APPROVED', true, false],
    ['FEE_CONFIG_NOT_SET', true, false],
    ['CONNECTED_MERCHANT_NOT_FOUND', true, false],
    ['UNAUTHORIZED', true, true],
    ['FORBIDDEN', true, true],
    ['NOT_FOUND', true, true],
    ['INTERNAL_ERROR', true, true],
  ])('of %s tells a merchant the request id: %j, a customer: %j', (kind, merchant, customer) => {
    expect([as('merchant', kind).tellsRequestId, as('customer', kind).tellsRequestId]).toEqual([
      merchant,
      customer,
    ]);
  });

  test('that the platform hides like a shop that cannot be paid tells nobody a request id', () => {
    const rule: Rule = { ...RULES.NOT_FOUND, status: 409, code: 'PAYMENTS_UNAVAILABLE' };
    expect(faceOf(rule, 'customer', { outcome: 'rejected' })).toEqual(as('customer', 'KYC_NOT_APPROVED'));
    expect(faceOf(rule, 'merchant', { outcome: 'rejected' }).tellsRequestId).toBe(false);
  });

  test('follows the rule it is given, not the standard one', () => {
    const rule: Rule = {
      ...RULES.NOT_FOUND,
      status: 410,
      code: 'GONE',
      action: 'contact',
      keeps: [404],
      customer: { status: 400, code: 'NO' },
    };
    const seen = (audience: Audience, sent: number) => faceOf(rule, audience, { outcome: 'rejected', sent });
    expect(seen('merchant', 404)).toEqual({
      status: 404,
      code: 'GONE',
      masked: false,
      tellsRequestId: true,
      action: 'contact',
    });
    expect(seen('merchant', 400)).toEqual({
      status: 410,
      code: 'GONE',
      masked: false,
      tellsRequestId: true,
      action: 'contact',
    });
    expect(seen('customer', 404)).toEqual({
      status: 400,
      code: 'NO',
      masked: true,
      tellsRequestId: false,
      action: 'other-way',
    });
  });
});

describe('An action', () => {
  const actions = (kind: Kind) =>
    (['merchant', 'customer'] as const).map((audience) => as(audience, kind).action);

  test.each<[Kind, Action, Action]>([
    ['VALIDATION_ERROR', 'correct', 'correct'],
    ['UNAUTHORIZED', 'contact', 'other-way'],
    ['FORBIDDEN', 'contact', 'other-way'],
    ['NOT_FOUND', 'correct', 'correct'],
    ['CONNECTED_MERCHANT_NOT_FOUND', 'onboard', 'other-way'],
    ['KYC_NOT_APPROVED', 'onboard', 'other-way'],
    ['FEE_CONFIG_NOT_SET', 'contact', 'other-way'],
    ['RATE_LIMITED', 'wait', 'wait'],
    ['IDEMPOTENCY_CONFLICT', 'check', 'check'],
    ['DUPLICATE_REFERENCE', 'check', 'check'],
    ['INSUFFICIENT_BALANCE', 'other-way', 'other-way'],
    ['PROVIDER_ERROR', 'wait', 'wait'],
    ['INTERNAL_ERROR', 'wait', 'wait'],
    ['UNREACHABLE', 'wait', 'wait'],
    ['TIMEOUT', 'wait', 'wait'],
    ['UNRECOGNISED', 'contact', 'contact'],
    ['MERCHANT_UNIDENTIFIED', 'correct', 'correct'],
    ['IDEMPOTENCY_KEY_REQUIRED', 'correct', 'correct'],
    ['IDEMPOTENCY_IN_PROGRESS', 'wait', 'wait'],
    ['UNDETERMINED', 'wait', 'wait'],
  ])('of %s is %s for a merchant, %s for a customer', (kind, merchant, customer) => {
    expect(actions(kind)).toEqual([merchant, customer]);
  });

  test.each(KINDS)('of %s with an unknown outcome is to check', (kind) => {
    for (const audience of ['merchant', 'customer'] as const) {
      expect(faceOf(RULES[kind], audience, { outcome: 'unknown' }).action).toBe('check');
    }
  });
});

test.each([undefined, null, 'customer', 'Merchant', 'admin', '', 1, {}, () => 'merchant'])(
  'Whoever is %p is told what a customer is',
  (audience) => {
    expect(audienceOf(audience)).toBe('customer');
  },
);

test('Only a merchant is told what a merchant is', () => {
  expect(audienceOf('merchant')).toBe('merchant');
});
