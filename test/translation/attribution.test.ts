import { expect, test } from '@jest/globals';
import { originOf } from '../../src/translation/attribution.js';

const ORIGINS = new Set(['https://api.lakipay.co']);

test.each([
  ['https://api.lakipay.co/api/v2/payment/direct', 'origin'],
  ['https://api.lakipay.co:444/api/v2/payment/direct', 'other'],
  ['https://api.lakipay.co.example/api/v2/payment/direct', 'other'],
  ['http://api.lakipay.co/api/v2/payment/direct', 'other'],
  ['https://api.example.com/', 'other'],
  ['/api/v2/payment/direct', 'other'],
  ['', 'other'],
  [undefined, undefined],
])('The origin of %j is %j', (url, expected) => {
  expect(originOf(url, ORIGINS)).toBe(expected);
});
