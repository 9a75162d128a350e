import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeThrown, isErrorStatus, toPlainError } from '../../src/translation/throwables.js';

const raise = (): never => {
  throw new Error('read');
};
const throwing = (property: string): object =>
  Object.defineProperty(new Error('x'), property, { get: raise });
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

describe('What was thrown is described by', () => {
  test.each<[string, unknown, string]>([
    ['the name and the message of an error', new TypeError('x is wrong'), 'TypeError: x is wrong'],
    [
      'the message of an object that has one',
      { message: 'no such shop', password: 'secret' },
      'no such shop',
    ],
    ['the name alone of an error without a message', new RangeError(), 'RangeError'],
    ['the message of an error whose name throws', throwing('name'), 'x'],
    ['the name of an error whose message throws', throwing('message'), 'Error'],
    ['the name of an error whose message is no text', Object.assign(new Error(), { message: 5 }), 'Error'],
    ['the type of another object', { password: 'secret' }, 'object'],
    ['the type of an object with an empty message', { message: '' }, 'object'],
    ['the type of what cannot be read', revoked, 'object'],
    ['the name of a function', raise, 'raise'],
    [
      'the type of a function without a name',
      (
        () => () =>
          1
      )(),
      'function',
    ],
    ['the value of a text', 'oops', "'oops'"],
    ['the value of a number', 404, '404'],
    ['the value of undefined', undefined, 'undefined'],
    ['the value of null', null, 'null'],
    ['the value of a symbol', Symbol('oops'), 'Symbol(oops)'],
  ])('%s', (_, thrown, described) => {
    expect(describeThrown(thrown)).toBe(described);
  });

  test('at most 200 characters of a scalar, and 4,096 of a message, whole words of it', () => {
    expect(describeThrown('a'.repeat(10_000))).toHaveLength(200);
    expect(describeThrown(new Error('key '.repeat(5000)))).toHaveLength('Error: '.length + 4096);
    expect(describeThrown(new Error(`${'a'.repeat(4090)} secret-key`))).not.toContain('secr');
  });

  test('a text, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(describeThrown(thrown)).toMatch(/./s);
      }),
    );
  });
});

describe('A plain error in its place', () => {
  test('keeps message, stack and status', () => {
    const frozen = Object.freeze(Object.assign(new TypeError('no such shop'), { status: 404, secret: 'x' }));
    const error = toPlainError(frozen);
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
    expect(error).toMatchObject({
      message: 'no such shop',
      stack: frozen.stack,
      status: 404,
      statusCode: 404,
    });
    expect(Object.isExtensible(error)).toBe(true);
    expect(error).not.toHaveProperty('secret');
  });

  test.each<[string, unknown, number | undefined]>([
    ['a statusCode', { statusCode: 410 }, 410],
    ['the first that is one of an error', { status: 100, statusCode: 503 }, 503],
    ['an interim status', { status: 100 }, undefined],
    ['a status as a text', { status: '404' }, undefined],
    ['a status that throws', throwing('status'), undefined],
  ])('has of %s what can be answered', (_, thrown, status) => {
    expect((toPlainError(thrown) as { status?: number }).status).toBe(status);
    expect('statusCode' in toPlainError(thrown)).toBe(status !== undefined);
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'No Error was thrown, but: null'],
    ['a text', 'oops', "No Error was thrown, but: 'oops'"],
    ['an object', {}, 'No Error was thrown, but: object'],
    ['a message that throws', throwing('message'), 'No Error was thrown, but: Error'],
  ])('says what was thrown of %s', (_, thrown, message) => {
    expect(toPlainError(thrown).message).toBe(message);
  });

  test('has a stack of its own where that cannot be read', () => {
    expect(toPlainError(throwing('stack')).stack).toMatch(/^Error: x\n/);
  });
});

test.each([
  [400, true],
  [599, true],
  [399, false],
  [600, false],
  [404.5, false],
  ['404', false],
  [NaN, false],
])('%p is the status of an error: %p', (status, is) => {
  expect(isErrorStatus(status)).toBe(is);
});
