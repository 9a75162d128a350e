/** What docs/guides/openapi.md says. Its code is run as it stands there, against a fake LakiConnect. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from '@jest/globals';
import type { ErrorResponses } from 'lakiconnect-middleware/openapi';
import request from 'supertest';
import { errorResponsesOptions } from '../../src/openapi/options.js';
import { judgeOf } from '../openapi/document.js';
import { fake } from './fake.js';
import { listedUnder, plainText, readPage, rowsUnder } from './pages.js';
import { answersOn, appOf, run } from './run.js';

const PAGE = 'docs/guides/openapi.md';
const CHARGES = '/shops/cm_7/charges';
const PAYMENT = { amount: 100, currency: 'ETB', reference: 'order-1' };

interface Described {
  readonly paths: Readonly<
    Record<string, { readonly post: { readonly responses: ErrorResponses['responses'] } }>
  >;
  readonly components: ErrorResponses['components'];
}

const partsOf = ({ paths, components }: Described): ErrorResponses => ({
  components,
  responses: paths['/shops/{merchantId}/charges']!.post.responses,
});

const chargesSent = () => fake.requests.filter(({ method }) => method === 'POST');

describe.each([
  ['Express', 'app'],
  ['Koa', 'koaApp'],
])('%s', (_, name) => {
  test('hands out its document, which is OpenAPI', async () => {
    const { body } = await request(appOf(run(PAGE, fake), name)).get('/openapi.json');
    expect(await new Validator().validate(body as Record<string, unknown>)).toMatchObject({ valid: true });
  });

  test('takes a payment, and fails as described', async () => {
    const app = appOf(run(PAGE, fake), name);
    const charge = () => request(app).post(CHARGES).set('idempotency-key', 'order-1').send(PAYMENT);
    const parts = partsOf((await request(app).get('/openapi.json')).body as Described);
    expect((await charge()).status).toBe(201);
    expect(chargesSent()).toHaveLength(1);

    fake.failNext('UNAUTHORIZED', { method: 'POST' });
    const { status, text } = await charge();
    expect(status).toBe(502);
    expect(judgeOf(parts).ofBody(status, 'application/problem+json', JSON.parse(text))).toBeUndefined();
  });
});

test('Swagger UI shows the document', async () => {
  const { status, text } = await request(appOf(run(PAGE, fake), 'app')).get('/docs/');
  expect([status, text.includes('swagger-ui')]).toEqual([200, true]);
});

test('A payment without a key is refused as the page says, and nothing is sent', async () => {
  const [said] = answersOn(PAGE);
  const { status, headers, text } = await request(appOf(run(PAGE, fake), 'app'))
    .post(CHARGES)
    .send(PAYMENT);
  expect(status).toBe(said?.status);
  expect(JSON.parse(text)).toEqual(said?.body);
  for (const [name, value] of said?.headers ?? []) expect(headers[name]).toBe(value);
  expect(chargesSent()).toEqual([]);
});

test('A request that is not as described is refused by the validator, in the platform’s own words', async () => {
  const app = appOf(run(PAGE, fake), 'app');
  const { status, body } = await request(app).post(CHARGES).set('idempotency-key', 'order-1').send({});
  expect({ status, body }).toEqual({ status: 400, body: { message: 'This request cannot be understood.' } });
  expect(chargesSent()).toEqual([]);
});

test('Operations have the codes listed', () => {
  const { responses } = partsOf(run(PAGE, fake).exports['document'] as unknown as Described);
  const described = Object.entries(responses)
    .filter(([status]) => status !== '201')
    .map(([status, { description }]) => [
      status,
      [...description.matchAll(/`(\w+)`/g)].map(([, code]) => code).join(', '),
    ]);
  const rows = rowsUnder(readPage(PAGE), 'What is described', 'status');
  expect(rows.map(({ status, codes }) => [status, plainText(codes!)])).toEqual(described);
});

test('What is laid over each other has the parts of both', () => {
  const { exports } = run(PAGE, fake);
  const { components } = exports['document'] as unknown as Described;
  const merged = exports['merged'] as unknown as Described['components'];
  expect(merged).toMatchObject(components);
  expect(Object.keys(merged.examples)).toEqual(
    expect.arrayContaining(['LakiConnect.403.KYC_NOT_APPROVED.merchant.en']),
  );
});

test('The options there are are listed', () => {
  expect(listedUnder(readPage(PAGE), 'What is described', 'option')).toEqual(
    Object.keys(errorResponsesOptions.shape),
  );
});
