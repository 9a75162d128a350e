import { afterAll, beforeEach } from '@jest/globals';
import { createFakeLakiConnect } from 'lakiconnect-middleware/testing';

/** The fake provider of a suite: before each test it is new, but for one merchant who may take payments. */
export const fake = await createFakeLakiConnect();

beforeEach(() => {
  fake.reset();
  fake.merchants.set('cm_7', { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } });
});
afterAll(fake.close);
