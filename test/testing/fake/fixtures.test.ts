/** The errors that LakiConnect documents, whole: complete, recognised, and contained by a platform on Express. */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { CATALOG, isLakiConnectError, type LakiConnectError } from 'lakiconnect-middleware';
import { lakiconnect } from 'lakiconnect-middleware/express';
import {
  createFakeLakiConnect,
  ERROR_FIXTURES,
  leaksIn,
  type ErrorFixture,
} from 'lakiconnect-middleware/testing';
import request from 'supertest';
import { order } from './ask.js';
import { CODES } from './codes.js';

const fake = await createFakeLakiConnect();
afterEach(fake.reset);
afterAll(fake.close);

/** What each status is recognised as where no code is known, and what it is for flat and nested bodies at 200. */
const STATUSES: Readonly<Record<number, string>> = {
  400: 'VALIDATION_ERROR',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'IDEMPOTENCY_CONFLICT',
  422: 'VALIDATION_ERROR',
  429: 'RATE_LIMITED',
  500: 'INTERNAL_ERROR',
  502: 'INTERNAL_ERROR',
};
const AT_200: Readonly<Record<string, string>> = { flat: 'VALIDATION_ERROR', nested: 'UNRECOGNISED' };

function expected({ code, envelope, status }: ErrorFixture): string | undefined {
  const row = CODES.find(([each]) => each === code);
  return row?.[2] ?? (status === 200 ? AT_200[envelope] : STATUSES[status]);
}

test('Every documented code is there with each of its statuses, in each form', () => {
  const names = new Set(ERROR_FIXTURES.map(({ name }) => name));
  for (const { code, statuses } of Object.values(CATALOG)) {
    const own = CODES.filter(([each]) => each === code).map(([, status]) => status);
    for (const status of new Set([...statuses, ...own])) {
      for (const envelope of ['documented', 'core', 'flat', 'nested']) {
        expect(names).toContain(`${code} ${String(status)}, ${envelope}`);
      }
    }
  }
  for (const [code, status] of CODES) expect(names).toContain(`${code} ${String(status)}, documented`);
  expect([...names].filter((name) => name.includes(' 200, ')).length).toBe(8);
});

test('No two have the same name', () => {
  const names = ERROR_FIXTURES.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('A code is named where the form has one', () => {
  for (const { code, envelope, body } of ERROR_FIXTURES) {
    if (envelope === 'documented') expect(body).toHaveProperty('error.code', code);
    else if (envelope === 'core') expect(body).toHaveProperty('error_code', code);
    else expect(code).toBeUndefined();
  }
});

test('Fields and a wait are told where they belong', () => {
  const bodies = ERROR_FIXTURES.map(({ body }) => JSON.stringify(body) ?? '');
  for (const field of ['business.tin', 'amount', 'phone_number', 'reference']) {
    expect(bodies.some((body) => body.includes(field))).toBe(true);
  }
  for (const { name, headers } of ERROR_FIXTURES) {
    expect([name, headers?.['retry-after']]).toEqual([
      name,
      name.startsWith('RATE_LIMITED') ? '3' : undefined,
    ]);
  }
});

test('They can be held against each other: none is changed by being sent', async () => {
  const before = structuredClone(ERROR_FIXTURES);
  for (const fixture of ERROR_FIXTURES) {
    fake.answerNext(fixture);
    await fetch(`${fake.baseUrl}/x`).then((response) => response.text());
  }
  expect(ERROR_FIXTURES).toEqual(before);
});

describe.each(ERROR_FIXTURES.map((fixture) => [fixture.name, fixture] as const))('%s', (_, fixture) => {
  test.each(['customer', 'merchant'] as const)(
    'is recognised and told to a %s, and leaks nothing',
    async (audience) => {
      const laki = lakiconnect({ baseUrl: fake.baseUrl, apiKey: fake.apiKey, audience, retry: false });
      let thrown: LakiConnectError | undefined;
      const app = express()
        .post('/charges', async (_req, res) => {
          res.json(await laki.client.post('/payment/direct', { body: order, merchantId: 'cm_1' }));
        })
        .use(((error, _req, _res, next) => {
          if (isLakiConnectError(error)) thrown = error;
          next(error);
        }) satisfies express.ErrorRequestHandler)
        .use(laki.errorHandler());
      fake.answerNext(fixture);
      const response = await request(app).post('/charges').set('accept', 'application/json');
      expect(thrown?.kind).toBe(expected(fixture));
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).not.toBe(401);
      expect(response.body.title).toEqual(expect.any(String));
      expect(leaksIn(response, [...fake.secrets, 'nginx', 'Basic realm', 'json: cannot'])).toEqual([]);
      expect(leaksIn(thrown, fake.secrets)).toEqual([]);
    },
  );
});
