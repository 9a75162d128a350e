import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { LakiConnectEvent } from 'lakiconnect-middleware';
import {
  createFakeLakiConnect,
  ERROR_FIXTURES,
  matchers,
  unguardedRoutes,
  type FakeLakiConnect,
  type LakiConnectMatchers,
} from 'lakiconnect-middleware/testing';
import request, { type Test } from 'supertest';
import { createShop } from './shop.js';

expect.extend(matchers);
declare module 'expect' {
  interface Matchers<R> extends LakiConnectMatchers<R> {}
}

const PAYMENT = '/payment/direct';
const KEY = { 'Idempotency-Key': 'order-1' };

let fake: FakeLakiConnect;
let shop: ReturnType<typeof createShop>;
let events: LakiConnectEvent[];

beforeAll(async () => {
  fake = await createFakeLakiConnect();
});

beforeEach(() => {
  fake.reset();
  fake.merchants.set('cm_1', { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } });
  events = [];
  shop = createShop(fake.webhookSecret, {
    apiKey: fake.apiKey,
    baseUrl: fake.baseUrl,
    timeoutMs: 1000,
    sleep: async () => {}, // retries do not wait
    onEvent: (event) => events.push(event),
  });
});

afterAll(() => fake.close());

const post = (path: string): Test => request(shop).post(path);
const charge = (headers = {}): Test =>
  post('/shops/cm_1/charges').set(headers).send({ amount: 100, currency: 'ETB' });

test('a payment goes through, and is charged once', async () => {
  const response = await charge();
  expect(response.status).toBe(201);
  expect(fake.charges).toMatchObject([{ merchantId: 'cm_1', amount: 100, currency: 'ETB' }]);
});

test('a shop that is not verified is sent no payment', async () => {
  fake.merchants.set('cm_1', { kycStatus: 'pending' });
  expect(await charge()).toBeProblem('PAYMENTS_UNAVAILABLE', 409);
  expect(fake.requests.filter(({ path }) => path === PAYMENT)).toEqual([]);
});

test('a shop that was just approved is let in by the webhook', async () => {
  const approved = fake.merchants.get('cm_1')!;
  fake.merchants.set('cm_1', { ...approved, kycStatus: 'pending' });
  await charge().expect(409);
  fake.merchants.set('cm_1', approved);
  await charge().expect(409); // still remembered

  const webhook = fake.signWebhook({ event: 'kyc.updated', data: { connected_merchant_id: 'cm_1' } });
  await post('/webhooks/lakiconnect').set(webhook.headers).send(webhook.body).expect(200);
  await charge().expect(201);
});

test('a webhook of somebody else is refused', async () => {
  const webhook = fake.signWebhook({ merchant_id: 'cm_1' }, { secret: 'a guess' });
  await post('/webhooks/lakiconnect').set(webhook.headers).send(webhook.body).expect(401);
});

test.each([
  ['hang-headers', 'TIMEOUT', 504],
  ['cut', 'UNREACHABLE', 502],
  ['reset', 'UNREACHABLE', 502],
  ['bad-gateway', 'INTERNAL_ERROR', 502],
])('whose answer is lost (%s) is not told that the payment failed', async (fault, code, status) => {
  fake.failNext(fault, { path: PAYMENT });
  const response = await charge();
  expect(response).toBeProblem(code, status);
  expect(response.body).toMatchObject({ outcome: 'unknown', retryable: false });
  expect(fake.charges).toHaveLength(1); // it has not
});

test('who pays again with the same key pays once', async () => {
  fake.failNext('reset', { path: PAYMENT, times: 3 }); // all attempts of the client
  const lost = await charge(KEY);
  expect(lost.body).toMatchObject({ outcome: 'unknown', retryable: true });

  await charge(KEY).expect(201);
  expect(fake.requests.filter(({ path }) => path === PAYMENT)).toHaveLength(4);
  expect(fake.charges).toHaveLength(1);
});

test('too many requests are told when to come back', async () => {
  fake.failNext('RATE_LIMITED', { path: PAYMENT, retryAfter: 3 });
  const response = await charge();
  expect(response).toBeProblem('RATE_LIMITED', 503);
  expect(response.headers['retry-after']).toBe('3');
});

test('a guard that can learn nothing says so, and not that the shop is not verified', async () => {
  fake.failNext('INTERNAL_ERROR', { method: 'GET', times: 2 }); // both lookups
  expect(await charge()).toBeProblem('UNDETERMINED', 503);
  expect(fake.charges).toEqual([]);
});

test('an expired key is told to nobody but the log', async () => {
  fake.failNext('UNAUTHORIZED', { path: PAYMENT, message: `The key ${fake.apiKey} has expired.` });
  const response = await charge();
  expect(response).toBeProblem('PAYMENTS_UNAVAILABLE', 502);
  expect(response).toLeakNothingFrom([...fake.secrets, 'expired']);
  expect(events).toContainEqual(expect.objectContaining({ type: 'translated', level: 'error' }));
  expect(events).toLeakNothingFrom(fake.secrets);
});

test.each(ERROR_FIXTURES)('$name is no success, and leaks nothing', async (error) => {
  fake.answerNext(error, { path: PAYMENT });
  const response = await charge();
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response).toLeakNothingFrom(fake.secrets);
});

test('no payment route is without a guard', () => {
  expect(unguardedRoutes(shop, /\/(charges|payouts)$/)).toEqual([]);
});
