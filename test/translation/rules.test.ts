import { describe, expect, test } from '@jest/globals';
import {
  createLakiConnect,
  LakiConnectError,
  type Audience,
  type Fault,
  type Kind,
  type Level,
  type Rule,
} from 'lakiconnect-middleware';
import { KINDS, RULES } from '../../src/translation/rules.js';

const MASK = 'PAYMENTS_UNAVAILABLE';

interface Row {
  kind: Kind;
  merchant: [status: number, code: string];
  customer: [status: number, code: string];
  fault: Fault;
  retryable: boolean;
  level: Level;
}

const row = (
  kind: Kind,
  merchant: Row['merchant'],
  customer: Row['customer'],
  fault: Fault,
  retryable: boolean,
  level: Level,
): Row => ({ kind, merchant, customer, fault, retryable, level });

/** What is promised for every kind. */
const TABLE: readonly Row[] = [
  row('VALIDATION_ERROR', [422, 'VALIDATION_ERROR'], [422, 'VALIDATION_ERROR'], 'caller', false, 'info'),
  row('UNAUTHORIZED', [502, MASK], [502, MASK], 'platform', false, 'error'),
  row('FORBIDDEN', [502, MASK], [502, MASK], 'platform', false, 'error'),
  row('NOT_FOUND', [404, 'NOT_FOUND'], [404, 'NOT_FOUND'], 'caller', false, 'info'),
  row(
    'CONNECTED_MERCHANT_NOT_FOUND',
    [404, 'CONNECTED_MERCHANT_NOT_FOUND'],
    [409, MASK],
    'merchant',
    false,
    'warn',
  ),
  row('KYC_NOT_APPROVED', [403, 'KYC_NOT_APPROVED'], [409, MASK], 'merchant', false, 'info'),
  row('FEE_CONFIG_NOT_SET', [503, 'FEE_CONFIG_NOT_SET'], [409, MASK], 'platform', false, 'error'),
  row('RATE_LIMITED', [503, 'RATE_LIMITED'], [503, 'RATE_LIMITED'], 'platform', true, 'warn'),
  row(
    'IDEMPOTENCY_CONFLICT',
    [409, 'IDEMPOTENCY_CONFLICT'],
    [409, 'IDEMPOTENCY_CONFLICT'],
    'caller',
    false,
    'warn',
  ),
  row(
    'DUPLICATE_REFERENCE',
    [409, 'DUPLICATE_REFERENCE'],
    [409, 'DUPLICATE_REFERENCE'],
    'caller',
    false,
    'warn',
  ),
  row(
    'INSUFFICIENT_BALANCE',
    [422, 'INSUFFICIENT_BALANCE'],
    [422, 'INSUFFICIENT_BALANCE'],
    'merchant',
    false,
    'info',
  ),
  row('PROVIDER_ERROR', [502, 'PROVIDER_ERROR'], [502, 'PROVIDER_ERROR'], 'provider', true, 'warn'),
  row('INTERNAL_ERROR', [502, 'INTERNAL_ERROR'], [502, 'INTERNAL_ERROR'], 'provider', true, 'error'),
  row('UNREACHABLE', [502, 'UNREACHABLE'], [502, 'UNREACHABLE'], 'provider', true, 'error'),
  row('TIMEOUT', [504, 'TIMEOUT'], [504, 'TIMEOUT'], 'provider', true, 'error'),
  row('UNRECOGNISED', [502, 'UNRECOGNISED'], [502, 'UNRECOGNISED'], 'provider', false, 'error'),
  row(
    'MERCHANT_UNIDENTIFIED',
    [400, 'MERCHANT_UNIDENTIFIED'],
    [400, 'MERCHANT_UNIDENTIFIED'],
    'caller',
    false,
    'warn',
  ),
  row(
    'IDEMPOTENCY_KEY_REQUIRED',
    [400, 'IDEMPOTENCY_KEY_REQUIRED'],
    [400, 'IDEMPOTENCY_KEY_REQUIRED'],
    'caller',
    false,
    'warn',
  ),
  row(
    'IDEMPOTENCY_IN_PROGRESS',
    [409, 'IDEMPOTENCY_IN_PROGRESS'],
    [409, 'IDEMPOTENCY_IN_PROGRESS'],
    'caller',
    true,
    'info',
  ),
  row('UNDETERMINED', [503, 'UNDETERMINED'], [503, 'UNDETERMINED'], 'provider', true, 'warn'),
];
const AUDIENCES: readonly Audience[] = ['merchant', 'customer'];

const { translate } = createLakiConnect();
const told = (kind: Kind, audience: Audience) =>
  translate(new LakiConnectError({ kind, outcome: 'rejected' }), { audience });

describe('The table of rules', () => {
  test('has one row for every kind and no other', () => {
    expect([...KINDS].sort()).toEqual(TABLE.map(({ kind }) => kind).sort());
  });

  test.each(TABLE)('answers $kind to a merchant with $merchant, to a customer with $customer', (expected) => {
    for (const audience of AUDIENCES) {
      const [status, code] = expected[audience];
      const type = `urn:problem-type:lakiconnect:${code.toLowerCase().replaceAll('_', '-')}`;
      expect(told(expected.kind, audience)).toMatchObject({ status, problem: { status, code, type } });
    }
  });

  test.each(TABLE)('calls $kind the doing of the $fault, retryable: $retryable, level $level', (expected) => {
    const { fault, retryable, level } = expected;
    expect(RULES[expected.kind]).toMatchObject({ fault, retryable, level });
    expect(told(expected.kind, 'merchant')?.problem.retryable).toBe(retryable);
  });

  test('keeps an upstream status only where it says more: the 400 of a validation error', () => {
    const rows: readonly (readonly [string, Rule])[] = Object.entries(RULES);
    expect(rows.filter(([, { keeps }]) => keeps !== undefined)).toEqual([
      ['VALIDATION_ERROR', expect.objectContaining({ keeps: [400] })],
    ]);
  });

  test('sends 403 for nothing but KYC_NOT_APPROVED told to a merchant, and no status on which browsers act', () => {
    const statuses = TABLE.flatMap(({ kind }) =>
      AUDIENCES.map((audience) => ({ kind, audience, status: told(kind, audience)?.status as number })),
    );
    expect(statuses.filter(({ status }) => status === 403)).toEqual([
      { kind: 'KYC_NOT_APPROVED', audience: 'merchant', status: 403 },
    ]);
    for (const { status } of statuses) {
      expect([401, 407, 408, 421, 425]).not.toContain(status);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThanOrEqual(599);
    }
  });
});

describe('What is masked', () => {
  const group = (kinds: readonly Kind[], audience: Audience) =>
    kinds.flatMap((kind) =>
      ['application/json', 'text/html', 'text/plain'].flatMap((accept) =>
        ['en', 'am'].map((locale) => {
          const details = [{ field: 'tin', issue: kind }];
          const error = new LakiConnectError({ kind, details, retryAfterMs: 1000, retryable: false });
          return { in: accept + locale, ...translate(error, { accept, locale, audience }) };
        }),
      ),
    );
  const distinct = (replies: readonly object[]) =>
    new Set(replies.map((reply) => JSON.stringify(reply))).size;

  test.each(AUDIENCES)(
    'the platform’s broken key reads the same to a %s, whichever way it is broken',
    (audience) => {
      expect(distinct(group(['UNAUTHORIZED', 'FORBIDDEN'], audience))).toBe(6);
    },
  );

  test('a shop without approval, fees or link reads byte for byte the same to a customer', () => {
    const hidden = group(
      ['KYC_NOT_APPROVED', 'FEE_CONFIG_NOT_SET', 'CONNECTED_MERCHANT_NOT_FOUND'],
      'customer',
    );
    expect(distinct(hidden)).toBe(6);
  });

  test('is told neither fields nor a wait', () => {
    for (const { problem } of group(['UNAUTHORIZED', 'KYC_NOT_APPROVED'], 'customer')) {
      expect(problem).not.toHaveProperty('errors');
      expect(problem).not.toHaveProperty('retry_after');
    }
  });

  test('is told to the merchant whom it concerns', () => {
    const kinds: Kind[] = ['KYC_NOT_APPROVED', 'FEE_CONFIG_NOT_SET', 'CONNECTED_MERCHANT_NOT_FOUND'];
    expect(distinct(group(kinds, 'merchant'))).toBe(18);
  });
});
