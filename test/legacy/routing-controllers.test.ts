/** The code of docs/guides/routing-controllers.md, run as it stands there on both Expresses, with real sockets. */
import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import express from 'express';
import express4 from 'express4';
import { assertLeaksNothing, assertProblem } from 'lakiconnect-middleware/testing';
import request from 'supertest';
import { fake } from '../docs/fake.js';
import { answersOn, appOf, codeOn, run } from '../docs/run.js';

const PAGE = 'docs/guides/routing-controllers.md';
const PAYMENT = { amount: 100, currency: 'ETB', reference: 'order-1' };

// Express logs there what nobody answers.
beforeAll(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterAll(() => {
  jest.restoreAllMocks();
});

describe.each([
  ['Express 4', express4],
  ['Express 5', express],
])('%s', (_, framework) => {
  const open = (code = codeOn(PAGE)) =>
    appOf(
      run(PAGE, fake, {
        code,
        env: { LAKICONNECT_WEBHOOK_SECRET: fake.webhookSecret },
        modules: { express: { default: framework } },
      }),
      'app',
    );
  const paymentsSent = () => fake.requests.filter(({ method }) => method === 'POST');

  test('a shop that may be paid is', async () => {
    const response = await request(open()).post('/shops/cm_7/charges').send(PAYMENT);
    expect(response.status).toBe(201);
    expect(response.body).toHaveProperty('transaction_id');
    expect(fake.charges).toMatchObject([{ merchantId: 'cm_7', amount: 100 }]);
  });

  test('a shop that may not is answered as the page says, and nothing is sent', async () => {
    fake.merchants.set('cm_7', { kycStatus: 'pending' });
    const [said] = answersOn(PAGE);
    const response = await request(open()).post('/shops/cm_7/charges').send(PAYMENT);
    expect(response.status).toBe(said?.status);
    expect(response.body).toEqual(said?.body);
    expect(response.get('content-type')?.toLowerCase()).toBe(said?.headers[0]?.[1]);
    expect(paymentsSent()).toEqual([]);
  });

  test('a guard before a method that asks for a parameter refuses, too', async () => {
    const app = open();
    await request(app).get('/shops/cm_7/charges/ch_1').expect(200, { id: 'ch_1' });
    assertProblem(await request(app).get('/shops/cm_9/charges/ch_1'), 'PAYMENTS_UNAVAILABLE', 409);
  });

  test('what fails later is answered, with its time to wait, and leaks nothing', async () => {
    fake.failNext('RATE_LIMITED', { method: 'POST', retryAfter: 7, times: 3 });
    const response = await request(open()).post('/shops/cm_7/charges').send(PAYMENT);
    assertProblem(response, 'RATE_LIMITED', 503);
    expect(response.get('retry-after')).toBe('7');
    assertLeaksNothing(response, fake.secrets);
  });

  test.each([
    [
      'its own error',
      '/shops/cm_7/charges/ch_2',
      404,
      { name: 'NotFoundError', message: 'There is no charge ch_2.' },
    ],
    ['a route that nobody has', '/nowhere', 404, {}],
  ])('%s stays what it is', async (_what, path, status, body) => {
    const response = await request(open()).get(path);
    expect([response.status, response.body]).toEqual([status, body]);
    expect(response.get('content-type')).not.toContain('problem');
  });

  test('the webhook finds the raw body', async () => {
    const app = open();
    const { headers, body } = fake.signWebhook({ connected_merchant_id: 'cm_7' });
    await request(app).post('/webhooks/lakiconnect').set(headers).send(body).expect(200);
    await request(app).post('/webhooks/lakiconnect').set(headers).send(`${body} `).expect(401);
  });

  test('with its default error handler, it answers 500 itself, and still leaks nothing', async () => {
    fake.failNext('UNAUTHORIZED', { method: 'POST' });
    const code = codeOn(PAGE).map((block) => block.replace('defaultErrorHandler: false', ''));
    const response = await request(open(code)).post('/shops/cm_7/charges').send(PAYMENT);
    expect(response.status).toBe(500);
    expect(response.get('content-type')).not.toContain('problem');
    assertLeaksNothing(response, fake.secrets);
  });
});
