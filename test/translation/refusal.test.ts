import { afterEach, describe, expect, test } from '@jest/globals';
import { LakiConnectError } from 'lakiconnect-middleware';
import { settle } from '../../src/settle.js';
import { refusal, type Reason } from '../../src/translation/refusal.js';

const HEADLINE = 'LakiConnectError: LakiConnect did not complete the request.';
const settings = settle({});
const refuse = (reason: Reason = { kind: 'KYC_NOT_APPROVED' }) => refusal(reason, {}, settings);
const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;

afterEach(() => void Object.defineProperty(Error, 'stackTraceLimit', before));

describe('A refusal', () => {
  test('tells who and why, and that nothing was done', () => {
    const about = { merchantId: 'm1', retryAfterMs: 3000 };
    const error = refusal({ kind: 'UNDETERMINED' }, about, settings);
    expect(error).toBeInstanceOf(LakiConnectError);
    expect(error).toMatchObject({
      ...about,
      kind: 'UNDETERMINED',
      status: 503,
      outcome: 'rejected',
      retryable: true,
      origin: 'guard',
    });
  });

  test.each([
    ['merchant', 403, 'onboard'],
    ['customer', 409, 'other-way'],
  ] as const)(
    'has the status and the action of a %s, if such are the readers',
    (audience, status, action) => {
      const error = refusal({ kind: 'KYC_NOT_APPROVED' }, {}, settle({ audience }));
      expect(error).toMatchObject({ status, action });
    },
  );

  test('has no stack, and leaves those of others as they were', () => {
    expect(refuse().stack).toBe(HEADLINE);
    expect(new Error('other').stack).toContain('refusal.test');
    Error.stackTraceLimit = 3;
    refuse();
    expect(Error.stackTraceLimit).toBe(3);
  });

  test('leaves stacks as they were when it cannot be made', () => {
    const unknown = { kind: 'NO_KIND', ownRow: undefined } as never;
    expect(() => refuse(unknown)).toThrow(TypeError);
    expect(Error.stackTraceLimit).toBe(before.value);
  });

  test('is made where what is built in is frozen', () => {
    Object.defineProperty(Error, 'stackTraceLimit', { ...before, writable: false });
    expect(refuse()).toMatchObject({ kind: 'KYC_NOT_APPROVED', status: 409 });
    expect(Error.stackTraceLimit).toBe(before.value);
  });
});
