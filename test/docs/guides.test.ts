/**
 * What docs/guides says. The code of a guide is run as it stands on its page, against a fake LakiConnect, and its
 * `http` and `json` blocks are what comes of it.
 */
import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  createLakiConnect,
  LakiConnectError,
  type Kind,
  type LakiConnect,
  type LakiConnectEvent,
} from 'lakiconnect-middleware';
import type { ExpressLakiConnect } from 'lakiconnect-middleware/express';
import type { FailOptions } from 'lakiconnect-middleware/testing';
import request, { type Response } from 'supertest';
import { RULES } from '../../src/translation/rules.js';
import { settled } from '../provider/harness.js';
import { fake } from './fake.js';
import { blocksOf, inAnyOrder, plainText, readPage, rowsUnder } from './pages.js';
import { answersOn, appOf, jsonOn, run } from './run.js';

function expectAnswer(response: Response, said: ReturnType<typeof answersOn>[number] | undefined): void {
  expect(response.status).toBe(said?.status);
  expect(JSON.parse(response.text)).toEqual(said?.body);
  for (const [name, value] of said?.headers ?? []) expect(response.headers[name]?.toLowerCase()).toBe(value);
  const sent = JSON.stringify([response.headers, response.text]);
  expect(fake.secrets.filter((secret) => sent.includes(secret))).toEqual([]);
}

const PAYMENT = { amount: 100, currency: 'ETB', reference: 'order-1' };
/** Lookups of the test before may still be under way: only payments are meant. */
const failPayment = (failure: string, options: FailOptions = {}) => {
  fake.failNext(failure, { method: 'POST', ...options });
};
const paymentsSent = () => fake.requests.filter(({ method }) => method === 'POST');

describe('docs/guides/block-payouts.md', () => {
  const PAGE = 'docs/guides/block-payouts.md';
  const PAYOUTS = '/seller/cm_7/payouts';
  const accounts = (account: object | undefined) => ({
    declared: { accounts: { find: async () => account } },
  });

  beforeEach(() => {
    fake.answerNext({ body: { status: 'SUCCESS', data: {} } }, { path: '/payment/withdrawal' });
  });

  describe.each([
    ['Express 5', 'app'],
    ['Koa 3', 'koaApp'],
  ])('%s', (_, name) => {
    test('a verified account is paid out to', async () => {
      const app = appOf(run(PAGE, fake, accounts({ bank: 'CBE', isVerified: true })), name);
      const response = await request(app).post(PAYOUTS).send(PAYMENT);
      expect(response.status).toBe(202);
      expect(paymentsSent()).toMatchObject([{ merchantId: 'cm_7', body: PAYMENT }]);
    });

    test('an account that nobody has checked is answered as the page says, and nothing is sent', async () => {
      const ran = run(PAGE, fake, accounts({ bank: 'CBE', isVerified: false }));
      const [said] = answersOn(PAGE);
      expectAnswer(await request(appOf(ran, name)).post(PAYOUTS).set('accept-language', 'am').send({}), said);
      expect(paymentsSent()).toEqual([]);
    });

    test.each([
      ['pending', 403, 'KYC_NOT_APPROVED'],
      ['approved', 409, 'PAYOUT_ACCOUNT_UNVERIFIED'],
    ])('KYC that is %s and no account: %i %s', async (kycStatus, status, code) => {
      fake.merchants.set('cm_7', { kycStatus, feeConfig: { fee_model: 'FREE' } });
      const response = await request(appOf(run(PAGE, fake, accounts(undefined)), name))
        .post(PAYOUTS)
        .send({});
      expect([response.status, (response.body as { code: string }).code]).toEqual([status, code]);
      expect(paymentsSent()).toEqual([]);
    });

    test('a database that is down is undetermined, and nothing is sent', async () => {
      const find = () => Promise.reject(new Error('down'));
      const app = appOf(run(PAGE, fake, { declared: { accounts: { find } } }), name);
      const response = await request(app).post(PAYOUTS).send({});
      expect(response).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      expect(paymentsSent()).toEqual([]);
    });

    test('in a trial it passes, and the event is as the page says', async () => {
      const ran = run(PAGE, fake, {
        ...accounts({ bank: 'CBE', isVerified: false }),
        env: { PAYOUT_GUARD: 'report' },
      });
      const response = await request(appOf(ran, name)).post(PAYOUTS).send(PAYMENT);
      expect(response.status).toBe(202);
      const events = ran.logged.map(([event]) => event as LakiConnectEvent);
      expect(events.filter(({ type }) => type === 'refused')).toEqual(jsonOn(PAGE));
    });
  });
});

describe('docs/guides/tell-the-seller.md', () => {
  const PAGE = 'docs/guides/tell-the-seller.md';
  const [told, masked] = answersOn(PAGE);

  test.each([
    ['the shop, by the option', 'GET', '/seller/cm_7/till', told],
    ['the shop, by the handler', 'GET', '/back-office/shops/cm_7', told],
    ['the shop, by the guard', 'POST', '/shops/cm_7/test-charge', told],
    ['its customer', 'POST', '/shops/cm_7/charges', masked],
  ])('%s is told what the page says', async (_, method, path, said) => {
    fake.merchants.set('cm_7', { kycStatus: 'pending' });
    const app = appOf(run(PAGE, fake), 'app');
    expectAnswer(await (method === 'GET' ? request(app).get(path) : request(app).post(path)), said);
  });

  test('the masks are those of the rules', () => {
    const laki = createLakiConnect();
    const rows = rowsUnder(readPage(PAGE), 'What each is told');
    expect(rows).toHaveLength(5);
    for (const row of rows) {
      const kind = plainText(row['of']!) as Kind;
      for (const audience of ['merchant', 'customer'] as const) {
        const { status, problem } = laki.translate(new LakiConnectError({ kind }), { audience })!;
        const cell = problem.code === kind ? String(status) : `${String(status)} ${problem.code}`;
        expect(plainText(row[`a ${audience} is told`]!)).toBe(cell);
      }
    }
  });
});

describe('docs/guides/show-amharic.md', () => {
  const PAGE = 'docs/guides/show-amharic.md';
  const charge = (headers: Record<string, string>) => {
    failPayment('KYC_NOT_APPROVED');
    return request(appOf(run(PAGE, fake), 'app'))
      .post('/charges')
      .set(headers)
      .send(PAYMENT);
  };

  test('Amharic is answered as the page says', async () => {
    expectAnswer(await charge({ 'accept-language': 'am' }), answersOn(PAGE)[0]);
  });

  test('a browser gets a page with these words', async () => {
    const { text, headers } = await charge({ accept: 'text/html', 'accept-language': 'am' });
    expect(headers['content-type']).toMatch(/^text\/html/);
    const [shown] = blocksOf(readPage(PAGE)).filter(({ language }) => language === 'html');
    const parts = (shown?.code ?? []).map((line) => line.trim()).filter((line) => line !== '</html>');
    expect(parts).toHaveLength(4);
    for (const part of parts) expect(text).toContain(part);
  });

  test.each([
    [
      "the user's own choice before the header",
      { cookie: 'a=1; language=en', 'accept-language': 'am' },
      'en',
    ],
    ['the header before the default', { 'accept-language': 'en-US' }, 'en'],
    ['a choice that is not offered is none', { cookie: 'language=fr', 'accept-language': 'en' }, 'en'],
    ['the default for a language that is not offered', { 'accept-language': 'fr' }, 'am'],
    ['a region', { 'accept-language': 'am-ET' }, 'am'],
    ['three letters', { 'accept-language': 'amh' }, 'am'],
  ])('%s', async (_, headers, language) => {
    expect((await charge(headers as Record<string, string>)).headers['content-language']).toBe(language);
  });
});

describe('docs/guides/own-error-shape.md', () => {
  const PAGE = 'docs/guides/own-error-shape.md';
  const [refused, missing] = answersOn(PAGE);
  const refuse = () => {
    failPayment('VALIDATION_ERROR', {
      status: 422,
      details: [{ field: 'amount', issue: 'must be no less than 0.01' }],
    });
  };

  test.each([
    ['Express 5', 'app'],
    ['Koa 3', 'koaApp'],
  ])('%s answers in the shape of the page', async (_, name) => {
    const app = appOf(run(PAGE, fake), name);
    refuse();
    expectAnswer(await request(app).post('/charges').send(PAYMENT), refused);
    expectAnswer(await request(app).get('/nowhere'), missing);
    expect((await request(app).post('/charges').send(PAYMENT)).status).toBe(201);
  });

  test('forwarded errors are safe to write, and keep their status', async () => {
    const app = appOf(run(PAGE, fake), 'forwarding');
    refuse();
    expectAnswer(await request(app).post('/charges').send(PAYMENT), {
      status: 422,
      headers: [['cache-control', 'no-store']],
      body: { ok: false, reason: 'VALIDATION_ERROR', text: 'Some details are not valid' },
    });
    failPayment('UNAUTHORIZED');
    expectAnswer(await request(app).post('/charges').send(PAYMENT), {
      status: 502,
      headers: [],
      body: { ok: false, reason: 'PAYMENTS_UNAVAILABLE', text: 'Payments are not available' },
    });
    const broken = await request(app).post('/charges').type('json').send('{');
    expect([broken.status, (broken.body as { reason: string }).reason]).toEqual([400, 'ERROR']);
  });
});

describe('docs/guides/http-clients.md', () => {
  const PAGE = 'docs/guides/http-clients.md';
  const [told] = jsonOn(PAGE) as [Record<string, unknown>];

  test.each(['withAxios', 'withGot', 'withFetch', 'withSdk', 'withOurs'])(
    '%s pays, and fails as the page says',
    async (name) => {
      const pay = run(PAGE, fake).exports[name] as unknown as () => Promise<unknown>;
      fake.answerNext({ body: { status: 'SUCCESS', data: {} } });
      await expect(pay()).resolves.toEqual(expect.any(Object));

      failPayment('KYC_NOT_APPROVED');
      const { rejected: error } = await settled(pay());
      const { merchantId, ...unnamed } = told;
      const expected = name === 'withSdk' ? unnamed : { merchantId, ...unnamed };
      expect(JSON.parse(JSON.stringify(error))).toEqual(expected);
      expect(paymentsSent()).toHaveLength(2);
    },
  );
});

describe('docs/guides/nestjs.md', () => {
  const PAGE = 'docs/guides/nestjs.md';
  let nest: INestApplication;

  const start = async () => {
    const ran: Record<string, unknown> = run(PAGE, fake).exports;
    nest = await NestFactory.create(ran['Platform'] as object & (new () => object), {
      logger: false,
      rawBody: true,
    });
    nest.use('/webhooks', (ran['laki'] as ExpressLakiConnect).webhook({ secret: fake.webhookSecret }));
    await nest.init();
    return nest.getHttpServer() as Parameters<typeof request>[0];
  };

  afterEach(() => nest.close());

  test('a shop that may be paid is', async () => {
    const response = await request(await start())
      .post('/shops/cm_7/charges')
      .send(PAYMENT);
    expect(response.status).toBe(201);
    expect(fake.charges).toMatchObject([{ merchantId: 'cm_7' }]);
  });

  test('a shop that may not is answered as the page says, and nothing is sent', async () => {
    fake.merchants.set('cm_7', { kycStatus: 'pending' });
    const [said] = answersOn(PAGE);
    expectAnswer(
      await request(await start())
        .post('/shops/cm_7/charges')
        .send(PAYMENT),
      said,
    );
    expect(paymentsSent()).toEqual([]);
  });

  test('what fails later is answered, and what is not LakiConnect’s stays Nest’s', async () => {
    const app = await start();
    failPayment('UNAUTHORIZED');
    const refused = await request(app).post('/shops/cm_7/charges').send(PAYMENT);
    expect([refused.status, refused.get('set-cookie')]).toEqual([502, undefined]);
    const missing = await request(app).get('/nowhere');
    expect(missing.body).toEqual({ message: 'Cannot GET /nowhere', error: 'Not Found', statusCode: 404 });
  });

  test('the webhook finds the raw body', async () => {
    const { headers, body } = fake.signWebhook({ connected_merchant_id: 'cm_7' });
    const app = await start();
    expect((await request(app).post('/webhooks').set(headers).send(body)).status).toBe(200);
    expect((await request(app).post('/webhooks').set(headers).send(`${body} `)).status).toBe(401);
  });
});

describe('docs/guides/page-the-operator.md', () => {
  const PAGE = readPage('docs/guides/page-the-operator.md');

  test('the event is as the page says', async () => {
    const records: unknown[][] = [];
    const told = (level: string) => ({ [level]: (...given: unknown[]) => records.push([level, ...given]) });
    const ran = run(PAGE.path, fake, {
      declared: { logger: { ...told('info'), ...told('warn'), ...told('error') } },
    });
    const laki = ran.exports['laki'] as unknown as LakiConnect;
    failPayment('UNAUTHORIZED');
    const charge = laki.client.post('/payment/direct', { body: PAYMENT, merchantId: 'cm_7' });
    const { rejected } = await settled(charge);
    await laki.handler()(rejected, {
      request: {},
      accept: undefined,
      acceptLanguage: 'en',
      isSent: () => false,
    });
    expect(records).toEqual([['error', jsonOn(PAGE.path)[0], 'lakiconnect translated']]);
    expect(ran.logged).toEqual([['The key of LakiConnect is refused.']]);
  });

  test('every kind is listed once, with the level of its rule', () => {
    const rows = rowsUnder(PAGE, 'Whom to wake', 'kind').flatMap((row) =>
      plainText(row['kind']!)
        .split(', ')
        .map((kind) => [kind, row['level']]),
    );
    const rules = Object.entries(RULES).map(([kind, { level }]) => [kind, level]);
    expect(rows.sort()).toEqual(rules.sort());
  });

  test('every other event is listed, with the levels that the reference has', () => {
    const reference = rowsUnder(readPage('docs/configuration.md'), 'Guards, client and webhooks', 'type');
    const levelsOf = (cell: string) => inAnyOrder(new Set(cell.match(/\b(?:info|warn|error)\b/g)));
    const rows = rowsUnder(PAGE, 'Whom to wake', 'type').map((row) => [
      plainText(row['type']!),
      levelsOf(row['level']!),
    ]);
    const expected = reference.map((row) => [plainText(row['type']!), levelsOf(plainText(row['level']!))]);
    expect(rows.sort()).toEqual([...expected, ['unmapped', ['error', 'warn']]].sort());
  });
});

describe('docs/guides/move-from-try-catch.md', () => {
  const PAGE = 'docs/guides/move-from-try-catch.md';
  const ROWS = rowsUnder(readPage(PAGE), 'What each line did', 'LakiConnect').map((row) => ({
    ...row,
    happens: plainText(row['LakiConnect']!),
  }));
  const HAPPENS: Readonly<Record<string, () => void>> = {
    'takes the payment': () => undefined,
    'refuses our key': () => {
      failPayment('UNAUTHORIZED');
    },
    'refuses the shop': () => {
      failPayment('KYC_NOT_APPROVED');
    },
    'says ERROR at HTTP 200': () => {
      failPayment('INVALID_AMOUNT', { envelope: 'core', status: 200 });
    },
    'takes it, and does not answer in time': () => {
      failPayment('hang-headers', { times: 2 });
    },
    'takes it, and the connection breaks': () => {
      failPayment('reset');
    },
  };
  const charge = (name: string) =>
    request(appOf(run(PAGE, fake, { env: { LAKICONNECT_TIMEOUT_MS: '500' } }), name))
      .post('/shops/cm_7/charges')
      .send(PAYMENT);

  test('everything that happens is measured', () => {
    expect(ROWS.map(({ happens }) => happens)).toEqual(Object.keys(HAPPENS));
  });

  test.each(
    ROWS.flatMap((row) =>
      ['before', 'after'].flatMap((when) => [
        { ...row, when, name: when },
        { ...row, when, name: when === 'before' ? 'koaBefore' : 'koaAfter' },
      ]),
    ),
  )('LakiConnect $happens: $name', async ({ happens, when, name, ...row }) => {
    HAPPENS[happens]!();
    const response = await charge(name);
    const cells = row as Record<string, string>;
    expect([response.status, fake.charges.length].map(String)).toEqual([
      cells[when],
      cells[`charged ${when}`],
    ]);
    const sent = JSON.stringify([response.headers, response.text]);
    if (when === 'after') expect(fake.secrets.filter((secret) => sent.includes(secret))).toEqual([]);
  });

  test.each(['after', 'koaAfter'])('an unclear payment is answered as the page says: %s', async (name) => {
    failPayment('hang-headers');
    expectAnswer(await charge(name), answersOn(PAGE)[0]);
    expect(paymentsSent()).toHaveLength(1);
  });
});
