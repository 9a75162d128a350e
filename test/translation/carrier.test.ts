/** Most of it is seen through observe.test.ts. */
import { describe, expect, test } from '@jest/globals';
import { bodyIn, hasFollowed, isAnswer, urlIn } from '../../src/translation/carrier.js';

describe('An answer', () => {
  test.each<[what: string, value: unknown, isOne: boolean]>([
    ['a Response', new Response('', { status: 404 }), true],
    ['axios’ answer', { status: 404, headers: {} }, true],
    ['undici’s answer', { statusCode: 404, headers: {} }, true],
    ['a resource with a status', { status: 404 }, false],
    ['a resource with a status and a text for headers', { status: 404, headers: 'none' }, false],
    ['a resource with a status word', { status: 'FAILED', headers: {} }, false],
    ['a resource with no headers', { status: 404, headers: null }, false],
    ['nothing', undefined, false],
  ])('is one or is not: %s', (_what, value, isOne) => {
    expect(isAnswer(value)).toBe(isOne);
  });
});

test('A body is found in what has one method of a Response alone', () => {
  expect(bodyIn(undefined, { clone: () => undefined, data: 'said' })).toBe('said');
  expect(bodyIn(undefined, { text: () => undefined, data: 'said' })).toBe('said');
});

test.each(['1', [1], true, {}])('A count that is %j counts nothing', (retryCount) => {
  expect(hasFollowed({ retries: retryCount, attemptNumber: retryCount }, [{ retryCount }])).toBe(false);
});

describe('A URL', () => {
  const asked = 'https://api.lakipay.co/payment/direct';

  test('is not that of the last request, where the client followed a redirect and says no more', () => {
    expect(urlIn({}, [{ url: asked }])).toBe(asked);
    expect(urlIn({ redirects: [] }, [{ url: asked }])).toBe(asked);
    expect(urlIn({ redirects: ['https://elsewhere.test/'] }, [{ url: asked }])).toBeUndefined();
  });

  test('is not found within other words', () => {
    expect(urlIn(undefined, [{ url: `see ${asked}` }])).toBeUndefined();
  });
});
