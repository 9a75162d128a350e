import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CATALOG } from 'lakiconnect-middleware';
import { CODES, SANE_CODE, STATUSES } from '../../src/translation/codes.js';

describe('A known code', () => {
  test.each(Object.keys(CATALOG))('%s is a kind of its own', (code) => {
    expect(CODES.get(code)).toBe(code);
  });

  test.each([
    ['INVALID_API_KEY', 'UNAUTHORIZED'],
    ['INVALID_AMOUNT', 'VALIDATION_ERROR'],
    ['INVALID_PHONE', 'VALIDATION_ERROR'],
    ['INSUFFICIENT_BALANCE', 'INSUFFICIENT_BALANCE'],
    ['PROVIDER_ERROR', 'PROVIDER_ERROR'],
  ])('%s of the core API means %s', (code, kind) => {
    expect(CODES.get(code)).toBe(kind);
  });

  test('is one of seventeen', () => {
    expect(CODES.size).toBe(17);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'kyc_not_approved', 'TIMEOUT'])(
    'is not %j',
    (code) => {
      expect(CODES.get(code)).toBeUndefined();
    },
  );
});

describe('A status without a known code', () => {
  test.each([
    [400, 'VALIDATION_ERROR'],
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [409, 'IDEMPOTENCY_CONFLICT'],
    [422, 'VALIDATION_ERROR'],
    [429, 'RATE_LIMITED'],
  ])('%i means %s', (status, kind) => {
    expect(STATUSES.get(status)).toBe(kind);
  });

  test.each([200, 302, 402, 405, 408, 410, 418, 451, 500, 503])('%i means nothing by itself', (status) => {
    expect(STATUSES.has(status)).toBe(false);
  });
});

describe('A code that is believed', () => {
  test.each(['AB', 'KYC_NOT_APPROVED', 'A1', 'A_', `A${'B'.repeat(63)}`])('may be %s', (code) => {
    expect(code).toMatch(SANE_CODE);
  });

  test.each([
    '',
    'A',
    `A${'B'.repeat(64)}`,
    '1AB',
    '_AB',
    'kyc_not_approved',
    'Kyc',
    'A B',
    'A-B',
    'AB\n',
    '\nAB',
    'AB\r\nSet-Cookie: a=b',
    'ÀB',
    'ሀለ',
    '__proto__',
    'constructor',
    'AB\u202e',
  ])('is not %j', (code) => {
    expect(code).not.toMatch(SANE_CODE);
  });

  test('is always a short word of capitals, digits and underscores', () => {
    const nearly = fc.string({ unit: fc.constantFrom('A', 'Z', '0', '_', 'a', ' ', '\n', 'é', '\u202e') });
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        const isShort = text.length > 1 && text.length <= 64;
        const isPlain = [...text].every((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'.includes(letter));
        expect(SANE_CODE.test(text) && !(isShort && isPlain)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
