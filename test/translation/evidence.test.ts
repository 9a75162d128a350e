import { expect, test } from '@jest/globals';
import { mayBeOurs } from '../../src/translation/evidence.js';

const ORIGINS = new Set(['https://api.lakipay.co']);

test.each([
  ['https://api.lakipay.co/api/v2/payment/direct', true],
  ['https://api.lakipay.co:444/api/v2/payment/direct', false],
  ['https://api.lakipay.co.example/api/v2/payment/direct', false],
  ['http://api.lakipay.co/api/v2/payment/direct', false],
  ['https://api.example.com/', false],
  ['/api/v2/payment/direct', false],
  ['', false],
  [undefined, true],
])('The body of an answer of %j is worth waiting for: %j', (url, expected) => {
  expect(mayBeOurs(url, ORIGINS)).toBe(expected);
});
