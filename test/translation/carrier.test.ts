/** Most of it is seen through observe.test.ts. */
import { describe, expect, test } from '@jest/globals';
import { isAnswer } from '../../src/translation/carrier.js';

describe('An answer', () => {
  test.each<[what: string, value: unknown, isOne: boolean]>([
    ['a Response', new Response('', { status: 404 }), true],
    ['axios’ answer', { status: 404, headers: {} }, true],
    ['undici’s answer', { statusCode: 404, headers: {} }, true],
    ['a resource with a status', { status: 404 }, false],
    ['a resource with a status and a text for headers', { status: 404, headers: 'none' }, false],
    ['a resource with a status word', { status: 'FAILED', headers: {} }, false],
    ['nothing', undefined, false],
  ])('is one or is not: %s', (_what, value, isOne) => {
    expect(isAnswer(value)).toBe(isOne);
  });
});
