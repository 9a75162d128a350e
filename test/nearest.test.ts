import { describe, expect, test } from '@jest/globals';
import { nearest } from '../src/nearest.js';
import { KINDS } from '../src/translation/rules.js';

describe('The nearest name', () => {
  test.each([
    ['KYC_NOT_APROVED', 'KYC_NOT_APPROVED'],
    ['KYC_NOTT_APPROVED', 'KYC_NOT_APPROVED'],
    ['KYC_NOT_APPROVEE', 'KYC_NOT_APPROVED'],
    ['TIMOUT', 'TIMEOUT'],
    ['TIME_OUT', 'TIMEOUT'],
    ['IDEMPOTENCY_REQUIRED', 'IDEMPOTENCY_KEY_REQUIRED'],
    ['FORBIDDEN', 'FORBIDDEN'],
  ])('of %s is %s', (typed, name) => {
    expect(nearest(typed, KINDS)).toBe(name);
  });

  test.each([
    ['nothing', ''],
    ['one letter', 'X'],
    ['other letters', 'QQQQQQQQ'],
    ['100,000 letters', 'T'.repeat(100_000)],
  ])('of %s is none', (_, typed) => {
    expect(nearest(typed, KINDS)).toBeUndefined();
  });

  test('is the first of those that are as near', () => {
    expect(nearest('BAX', ['BAR', 'BAZ'])).toBe('BAR');
    expect(nearest('BA', [])).toBeUndefined();
  });

  test('heeds the last letter', () => {
    expect(nearest('BAX', ['BA', 'BAX'])).toBe('BAX');
  });

  test('is no farther than half of it', () => {
    expect(nearest('ABXX', ['ABCD'])).toBe('ABCD');
    expect(nearest('AXXX', ['ABCD'])).toBeUndefined();
  });
});
