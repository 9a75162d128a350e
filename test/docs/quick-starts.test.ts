/** The code that a newcomer copies first does what the page below it says. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createFakeLakiConnect, matchers, type FakeLakiConnect } from 'lakiconnect-middleware/testing';
import request from 'supertest';
import { appOf, codeOn, run } from './run.js';

expect.extend(matchers);

let fake: FakeLakiConnect;
beforeEach(async () => {
  fake = await createFakeLakiConnect();
  // Their code asks LakiConnect itself.
  jest.spyOn(globalThis, 'fetch').mockImplementation((url, init) => fake.fetch(url as string, init ?? {}));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await fake.close();
});

/** The app of the first block of a page, which listens to nobody. */
function appOn(path: string, env: object = {}) {
  const [first = ''] = codeOn(path);
  const code = [first.replace(/^app\.listen\(\d+\);$/m, ''), 'export { app };'];
  return appOf(run(path, fake, { code, env, declared: { fetch: globalThis.fetch } }), 'app');
}

const order = { amount: 100, currency: 'ETB' };

test('README guards, pays and translates', async () => {
  const app = appOn('README.md', { LAKICONNECT_WEBHOOK_SECRET: fake.webhookSecret });
  const charge = () => request(app).post('/shops/cm_1/charges').send(order);

  expect(await charge()).toBeProblem('PAYMENTS_UNAVAILABLE', 409);
  expect(fake.requests.map(({ path }) => path)).not.toContain('/payment/direct');

  fake.merchants.set('cm_1', { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } });
  const { headers, body } = fake.signWebhook({ data: { connected_merchant_id: 'cm_1' } });
  await request(app).post('/webhooks/lakiconnect').set(headers).send(body).expect(200);
  await charge().expect(201);
  expect(fake.charges).toMatchObject([{ merchantId: 'cm_1', amount: 100 }]);

  fake.failNext('UNAUTHORIZED', { path: '/payment/direct' });
  const refused = await charge().set('accept-language', 'am');
  expect(refused).toBeProblem('PAYMENTS_UNAVAILABLE', 502);
  expect(refused.headers).toMatchObject({ 'content-language': 'am' });
  expect(refused).toLeakNothingFrom(fake.secrets);
});

test.each(['docs/express.md', 'docs/koa.md'])('%s answers an unknown key with 502', async (path) => {
  const app = appOn(path, { LAKICONNECT_API_KEY: 'lk_pub_unknown:lk_sec_unknown' });
  const refused = await request(app).post('/charges').send(order);

  expect(refused).toBeProblem('PAYMENTS_UNAVAILABLE', 502);
  expect(fake.charges).toEqual([]);
});

test.each(['docs/express.md', 'docs/koa.md'])('%s pays with a known one', async (path) => {
  fake.merchants.set('cm_1', { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } });
  // Without a merchant it is the platform's own payment, which the fake provider does not take.
  fake.answerNext({ status: 200, body: { transaction_id: 'txn_1' } }, { path: '/payment/direct' });
  await request(appOn(path)).post('/charges').send(order).expect(201, { transaction_id: 'txn_1' });
});
