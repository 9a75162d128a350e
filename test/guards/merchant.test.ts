import { expect, test } from '@jest/globals';
import { merchantOf } from '../../src/guards/merchant.js';
import { APPROVED, FREE, start } from './harness.js';

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

test('No handler can write on what others get of the same merchant', async () => {
  const { laki } = start();
  const first = await laki.check('m1');
  expect(() => Object.assign(first, { kycStatus: 'changed' })).toThrow(TypeError);
  expect(() => Object.assign(first.facts, { note: 'of one request' })).toThrow(TypeError);
  expect(await laki.check('m1')).toEqual({
    id: 'm1',
    kycStatus: APPROVED,
    feeConfig: FREE,
    facts: { kycApproved: APPROVED, feeConfigured: FREE },
  });
});
