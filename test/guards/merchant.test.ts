import { expect, test } from '@jest/globals';
import { merchantOf } from '../../src/guards/merchant.js';

test.each<[object, object]>([
  [{}, {}],
  [{ kycApproved: 'approved' }, { kycStatus: 'approved' }],
  [{ feeConfigured: { fee_model: 'FREE' } }, { feeConfig: { fee_model: 'FREE' } }],
  [
    { kycApproved: 'approved', feeConfigured: {}, payoutAccount: 1 },
    { kycStatus: 'approved', feeConfig: {} },
  ],
  [{ payoutAccount: undefined }, {}],
])('Of the facts %j a handler gets %j by name', (facts, named) => {
  const merchant = merchantOf('m1', facts as Record<string, unknown>);
  expect(merchant).toStrictEqual({ id: 'm1', ...named, facts });
});
