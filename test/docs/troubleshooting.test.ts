/** What docs/troubleshooting.md quotes is what the code says, and its causes have their symptoms. */
import { describe, expect, test } from '@jest/globals';
import axios from 'axios';
import express from 'express';
import Koa from 'koa';
import {
  createLakiConnect,
  defineRequirement,
  isLakiConnectError,
  kycApproved,
  LakiConnectError,
  type LakiConnectEvent,
  type MessageOverrides,
  type Options,
} from 'lakiconnect-middleware';
import * as forExpress from 'lakiconnect-middleware/express';
import * as forKoa from 'lakiconnect-middleware/koa';
import { redisStore } from 'lakiconnect-middleware/redis';
import request from 'supertest';
import { settled } from '../provider/harness.js';
import { fake } from './fake.js';
import { SECRET, signatureOf } from '../webhooks.js';
import { blocksOf, inAnyOrder, plainText, proseOf, readPage, rowsUnder } from './pages.js';

const PAGE = readPage('docs/troubleshooting.md');

/** A core whose provider is the fake, and what it tells. */
function listening(options: Options = {}) {
  const events: LakiConnectEvent[] = [];
  const { baseUrl, apiKey } = fake;
  const laki = createLakiConnect({ baseUrl, apiKey, onEvent: (event) => events.push(event), ...options });
  const handle = laki.handler();
  const answer = async (thrown: unknown) =>
    (await handle(thrown, { request: {}, accept: undefined, acceptLanguage: undefined, isSent: () => false }))
      .reply;
  const told = <T extends LakiConnectEvent['type']>(type: T) =>
    events.find((event): event is Extract<LakiConnectEvent, { type: T }> => event.type === type);
  return { laki, answer, told };
}

type Listening = ReturnType<typeof listening>;

const refused = () => new LakiConnectError({ kind: 'KYC_NOT_APPROVED' });

test('What an explanation says where a reply surprises is what the table lists', () => {
  const rows = rowsUnder(PAGE, 'A reply says something else than I expect');
  const told = rows.map((row) => plainText(row['it says']!));
  const details = [{ field: 'tin', issue: 'is wrong' }];
  const invalid = { error: { code: 'VALIDATION_ERROR', details }, request_id: 'req_1' };
  const explain = (thrown: unknown, options: Options = {}) => createLakiConnect(options).explain(thrown);
  const said = [
    explain(new Error('x')) === undefined && 'undefined',
    `kindBy ${explain({ status: 403, headers: {}, url: 'https://api.lakipay.co/', body: { error: { code: 'NEW' } } })!.kindBy}`,
    explain(invalid, { fields: {} })!.row !== 'VALIDATION_ERROR' && 'row another than kind',
    explain(refused(), { rules: { KYC_NOT_APPROVED: { status: 409 } } })!.overridden.length > 0 &&
      'overridden not empty',
    `audienceBy ${explain(refused(), { audience: () => 'merchant' })!.audienceBy}`,
    `localeBy ${explain(refused())!.localeBy}`,
    `text.code ${explain(new LakiConnectError({ kind: 'TIMEOUT' }))!.text.code}`,
  ];
  expect(told).toEqual(said);
});

describe('The error texts that it quotes', () => {
  const apiKey = 'lk_pub_1:lk_sec_1';
  const merchantId = () => 'cm_1';
  const text = { PAYOUT_ACCOUNT_MISSING: { merchant: { title: 'It is missing', detail: 'Add it.' } } };
  const account = (messages: MessageOverrides) =>
    defineRequirement({
      name: 'payoutAccount',
      rule: { status: 409, code: 'PAYOUT_ACCOUNT_MISSING', customer: { code: 'PAYMENTS_UNAVAILABLE' } },
      messages,
      lookup: () => ({ met: true }),
    });
  const wrongly = (options: object) => createLakiConnect(options);
  const inExpress = () => forExpress.lakiconnect({ apiKey, merchantId });
  const inKoa = () => forKoa.lakiconnect({ apiKey, merchantId });

  /** What an Express app answers with, and a Koa app, that uses some middleware of the other's. */
  async function heardInExpress(middleware: unknown): Promise<unknown> {
    let heard: unknown;
    const app = express().use(middleware as express.RequestHandler);
    app.use(((error, _req, res, _next) => {
      heard = error;
      res.sendStatus(500);
    }) satisfies express.ErrorRequestHandler);
    await request(app).get('/');
    throw heard;
  }
  async function heardInKoa(middleware: unknown): Promise<unknown> {
    let heard: unknown;
    const app = new Koa().use(middleware as Koa.Middleware).on('error', (error) => {
      heard = error;
    });
    await request(app.callback()).get('/');
    throw heard;
  }

  const MISTAKES: readonly (() => unknown)[] = [
    async () => {
      const { answer, told } = listening({ locale: () => Promise.resolve('am') as never });
      await answer(refused());
      throw told('translated')?.['readerError'];
    },
    () => createLakiConnect().receiveWebhook({} as never, signatureOf('{}'), { secret: SECRET }),
    () => wrongly({ audiance: 'merchant' }),
    () => wrongly({ apiKey: `${apiKey}\n` }),
    () => wrongly({ apiKey: `${apiKey}:${String(undefined)}` }),
    () => wrongly({ baseUrl: 'https://api.lakipay.co' }),
    () => wrongly({ baseUrl: 'http://gateway.example/api/v2' }),
    () => heardInExpress(inExpress().preflight),
    () => forExpress.lakiconnect({ merchantId }).preflight(),
    () => createLakiConnect().client.get('/wallet'),
    () => forExpress.lakiconnect({ apiKey }).preflight(),
    () => forExpress.lakiconnect().webhook({ secret: undefined }),
    () => inKoa().preflight({ mode: 'report' } as never),
    () => {
      const { check } = createLakiConnect();
      return [1, 2].reduce<Promise<unknown>>(
        (before) => before.then(() => check('cm_1', [account({ en: text, am: text })])),
        Promise.resolve(),
      );
    },
    () => createLakiConnect().check('cm_1', [account({ en: text })]),
    () => wrongly({ rules: { UNAUTHORIZED: { status: 401 } } }),
    () => wrongly({ defaultLocale: 'fr' }),
    () => createLakiConnect().call(Promise.resolve() as never),
    () => redisStore('redis://localhost' as never),
    () => heardInExpress(inKoa().errorHandler()),
    () => heardInKoa(inExpress().errorHandler()),
    () => heardInExpress(inKoa().preflight()),
    () => heardInKoa(inExpress().preflight()),
    () => forExpress.lakiconnect(inKoa() as never),
  ];

  test('are those that the code throws', async () => {
    const thrown = await Promise.all(
      MISTAKES.map(async (mistake) => {
        const { rejected } = await settled(Promise.resolve().then(mistake));
        return String(rejected);
      }),
    );
    const quoted = blocksOf(PAGE).flatMap(({ language, code }) => (language === 'text' ? code : []));
    expect(inAnyOrder(thrown)).toEqual(inAnyOrder(quoted));
  });
});

describe('The reasons that it quotes', () => {
  const quoted = rowsUnder(PAGE, 'A guard answers 503 UNDETERMINED').map((row) =>
    plainText(row['`reason`']!),
  );
  const looked = async ({ laki, told }: Listening) => {
    await settled(laki.check('cm_7', [kycApproved]));
    return String(told('lookup')?.['reason']);
  };

  test('of lookups are those that events tell', async () => {
    const reasons: string[] = [];
    reasons.push(await looked(listening({ apiKey: 'lk_pub_1:lk_sec_1' })));
    fake.answerNext({ status: 404, body: '404 page not found' });
    reasons.push(await looked(listening()));
    const cooled = listening();
    fake.failNext('RATE_LIMITED', { retryAfter: 60 });
    await settled(cooled.laki.client.get('/wallet'));
    reasons.push(await looked(cooled));
    fake.failNext('hang-headers');
    reasons.push((await looked(listening({ lookupTimeoutMs: 20 }))).replace(' 20 ms', ' 2000 ms'));
    fake.answerNext({ body: { id: 'cm_7' } });
    reasons.push(await looked(listening()));
    expect([...reasons, 'anything else']).toEqual(quoted);
  });

  test('of a wrong base URL is that of the 404', async () => {
    const { origin } = new URL(fake.baseUrl);
    fake.answerNext(
      { status: 404, body: '404 page not found' },
      { path: '/lakiconnect/connected-accounts/cm_7' },
    );
    expect(await looked(listening({ baseUrl: origin }))).toBe(quoted[1]);
  });

  test.each([
    [
      'an id that is none',
      async ({ laki, told }: Listening) => {
        await settled(laki.check(undefined));
        return told('refused');
      },
    ],
    [
      'an approved merchant',
      async ({ laki, told }: Listening) => {
        fake.merchants.set('cm_7', { kycStatus: 'verified' });
        await settled(laki.check('cm_7', [kycApproved]));
        return told('refused');
      },
    ],
    [
      'a bad signature',
      async ({ laki, told }: Listening) => {
        const { status } = await laki.receiveWebhook('{}', signatureOf('{}', `${SECRET}\n`), {
          secret: SECRET,
        });
        expect(status).toBe(401);
        return told('webhook');
      },
    ],
    [
      'a webhook about nobody',
      async ({ laki, told }: Listening) => {
        const { status } = await laki.receiveWebhook('{}', signatureOf('{}'), { secret: SECRET });
        expect(status).toBe(200);
        return told('webhook');
      },
    ],
  ])('of %s is told', async (_, story) => {
    const event = await story(listening());
    expect(proseOf(PAGE).join(' ')).toContain(`\`${String(event?.['reason'])}\``);
  });
});

describe('Causes and their symptoms', () => {
  const WALLET = '/lakiconnect/connected-accounts/wallet';
  const payment = { amount: 100, currency: 'ETB' };
  const pay = (baseUrl = fake.baseUrl) =>
    axios.post(`${baseUrl}/payment/direct`, payment, { headers: { 'X-API-Key': fake.apiKey } });

  test.each([
    ['UNAUTHORIZED', {}],
    ['FORBIDDEN', {}],
    ['VALIDATION_ERROR', { fields: { business: 'company' } }],
  ])('%s is 502 PAYMENTS_UNAVAILABLE, and the event says so', async (code, options) => {
    const { laki, answer, told } = listening(options);
    fake.failNext(code, { details: [{ field: 'amount', issue: 'is required' }] });
    const { rejected } = await settled(laki.client.post('/payment/direct', { body: payment }));
    expect((await answer(rejected))?.problem).toMatchObject({ status: 502, code: 'PAYMENTS_UNAVAILABLE' });
    expect(told('translated')).toMatchObject({ kind: code });
    expect(told('translated')?.['unmappedFields']).toEqual(
      code === 'VALIDATION_ERROR' ? ['amount'] : undefined,
    );
  });

  test.each([
    ['counts as POST', {}, 'We do not know yet whether you have paid', 'unknown'],
    ['is named', { method: 'GET' }, 'Something went wrong', 'rejected'],
  ])('a method that fetch does not tell %s', async (_, context, title, outcome) => {
    const { laki, answer } = listening();
    fake.failNext('INTERNAL_ERROR');
    const { rejected } = await settled(laki.call(() => fetch(fake.baseUrl + WALLET), context));
    expect((await answer(rejected))?.problem).toMatchObject({ title, outcome });
  });

  describe('an axios error of a host', () => {
    test.each([
      ['that is not named', () => ({ baseUrl: undefined }), undefined],
      ['that is an origin', () => ({ baseUrl: undefined, origins: [new URL(fake.baseUrl).origin] }), 409],
      ['at another port', () => ({ baseUrl: 'http://127.0.0.1:1/api/v2' }), undefined],
    ])('%s', async (_, options, status) => {
      const { laki, answer, told } = listening(options());
      fake.failNext('KYC_NOT_APPROVED', { times: 2 });
      const { rejected } = await settled(pay());
      expect((await answer(rejected))?.status).toBe(status);
      const { rejected: within } = await settled(laki.call(() => pay()));
      expect(isLakiConnectError(within)).toBe(status !== undefined);
      expect(told('translated') === undefined).toBe(status === undefined);
    });
  });

  test('a language that is not offered leaves the choice to the header', async () => {
    const { laki } = listening();
    const languageFor = (locale: string | undefined) =>
      laki.translate(refused(), { locale, acceptLanguage: 'am' })?.headers['content-language'];
    expect([languageFor('fr'), languageFor(undefined), languageFor('en')]).toEqual(['am', 'am', 'en']);
  });

  test.each([
    ['a number', 7],
    ["a word of LakiConnect's", 'wallet'],
    ['257 characters', 'x'.repeat(257)],
  ])('%s is no id of a merchant', async (_, id) => {
    const { rejected } = await settled(listening().laki.check(id as string));
    expect(rejected).toMatchObject({ kind: 'MERCHANT_UNIDENTIFIED', status: 400 });
  });

  test('a guard before any path is matched finds no params', async () => {
    const laki = forExpress.lakiconnect({
      apiKey: fake.apiKey,
      merchantId: (req) => req.params['merchantId'],
    });
    const app = express();
    app.use(laki.preflight());
    app.get('/shops/:merchantId', (_req, res) => res.sendStatus(200));
    app.use(laki.errorHandler());
    expect((await request(app).get('/shops/cm_7')).status).toBe(400);
  });

  test('a refusal by LakiConnect itself is told as such, and not as a refusal of a guard', async () => {
    const { laki, answer, told } = listening();
    fake.failNext('KYC_NOT_APPROVED');
    const { rejected } = await settled(
      laki.client.post('/payment/direct', { body: payment, merchantId: 'cm_7' }),
    );
    await answer(rejected);
    expect([told('refused'), told('translated')?.['origin']]).toEqual([undefined, 'upstream']);
  });

  test('a flat sentence has no fields, and is told to operators', async () => {
    const { laki, answer, told } = listening();
    fake.answerNext({ status: 400, body: { success: false, message: 'unsupported medium: mpesa' } });
    const { rejected } = await settled(laki.client.post('/payment/direct', { body: payment }));
    expect((await answer(rejected))?.problem).not.toHaveProperty('errors');
    expect(told('translated')?.['upstreamMessage']).toBe('unsupported medium: mpesa');
  });

  test('what stands behind await next() in Koa is skipped by a refusal, and finally is not', async () => {
    fake.merchants.set('cm_7', { kycStatus: 'pending' });
    const laki = forKoa.lakiconnect({ baseUrl: fake.baseUrl, apiKey: fake.apiKey, merchantId: () => 'cm_7' });
    const ran: string[] = [];
    const app = new Koa();
    app.use(async (_ctx, next) => {
      await next();
      ran.push('before errorHandler');
    });
    app.use(laki.errorHandler());
    app.use(async (_ctx, next) => {
      try {
        await next();
        ran.push('behind await next()');
      } finally {
        ran.push('finally');
      }
    });
    app.use(laki.requireKycApproved());
    expect((await request(app.callback()).get('/')).status).toBe(409);
    expect(ran).toEqual(['finally', 'before errorHandler']);
  });

  test('laki.merchant(req) is undefined in a trial without an id', async () => {
    const laki = forExpress.lakiconnect({ apiKey: fake.apiKey, merchantId: () => undefined });
    const app = express();
    app.get('/', laki.preflight(undefined, { mode: 'report' }), (req, res) => {
      res.json({ isKnown: laki.merchant(req) !== undefined });
    });
    expect((await request(app).get('/')).body).toEqual({ isKnown: false });
  });

  test('a copy of an error is none of ours', () => {
    const error = refused();
    expect(error).toBeInstanceOf(LakiConnectError);
    expect(structuredClone(error)).not.toBeInstanceOf(LakiConnectError);
    expect(JSON.parse(JSON.stringify(error))).not.toBeInstanceOf(LakiConnectError);
    class Own extends LakiConnectError {}
    expect(error).not.toBeInstanceOf(Own);
  });

  test('close() ends a wait before a retry', async () => {
    const { laki, told } = listening();
    fake.failNext('RATE_LIMITED', { retryAfter: 20, path: WALLET });
    const waiting = settled(laki.client.get(WALLET));
    while (told('retry') === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    await laki.close();
    expect((await waiting).rejected).toMatchObject({ kind: 'RATE_LIMITED' });
  });
});

test('Every symptom says what to do, and is in the list at the top', () => {
  const lines = proseOf(PAGE);
  const symptoms = lines.filter((line) => line.startsWith('## '));
  const intro = lines.slice(0, lines.indexOf(symptoms[0]!)).join(' ');
  expect(intro.match(/\]\(#/g)).toHaveLength(symptoms.length);
});
