import { expect, test } from '@jest/globals';
import { isMerchantId } from '../../src/provider/merchant-id.js';

test.each([
  ['cm_6f1e'],
  ['6f1e7a52-0b1c-4c7e-9a65-0f0f8a3c2b11'],
  ['7'],
  ['...'],
  ['a/b?c#d%2e'],
  ['a b'],
  ['wallets'],
  ['__proto__'],
  ['x'.repeat(256)],
])('%j can be the id of a merchant', (id) => {
  expect(isMerchantId(id)).toBe(true);
});

test.each([
  [''],
  [' '],
  [' cm_1'],
  ['cm_1 '],
  ['.'],
  ['..'],
  ['fee-config'],
  ['Fee-Config'],
  ['wallet'],
  ['webhook-settings'],
  ['kyc-documents'],
  ['cm_1\n'],
  ['cm\t1'],
  ['cm\u0000'],
  ['cm\u007f'],
  ['é'],
  ['x'.repeat(257)],
  [undefined],
  [null],
  [7],
  [['cm_1']],
  [{ toString: () => 'cm_1' }],
])('%j cannot', (id) => {
  expect(isMerchantId(id)).toBe(false);
});
