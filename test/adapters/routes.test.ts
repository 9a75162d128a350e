/** The parts together, on routes with parameters: webhook, guard, client, error handler. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import bodyParser from '@koa/bodyparser';
import Router, { type RouterContext } from '@koa/router';
import express from 'express';
import express4 from 'express4';
import Koa from 'koa';
import Koa2 from 'koa2';
import type { RequestListener } from 'node:http';
import request from 'supertest';
import type { Options } from 'lakiconnect-middleware';
import * as forExpress from 'lakiconnect-middleware/express';
import * as forKoa from 'lakiconnect-middleware/koa';
import { documented } from '../envelopes.js';
import type { Upstream } from '../upstream.js';
import { approved, SECRET, signatureOf } from '../webhooks.js';
import { closeServers, serveUpstream } from './contract/server.js';

type Params = { readonly params: Readonly<Record<string, string>>; readonly path: string };

/** Options of a platform whose merchants stand in the path. */
const options = ({ url: baseUrl }: Upstream): Options<Params> => ({
  apiKey: 'lk_pub_1:lk_sec_1',
  baseUrl,
  merchantId: ({ params }) => params['merchantId'],
  audience: ({ path }) => (path.startsWith('/seller') ? 'merchant' : 'customer'),
});

function onExpress(framework: typeof express, upstream: Upstream): RequestListener {
  const laki = forExpress.lakiconnect(options(upstream));
  const app = framework().set('env', 'production');
  app.post('/webhook', laki.webhook({ secret: SECRET }));
  app.use(framework.json());
  const charge = (
    req: express.Request<{ merchantId: string }>,
    res: express.Response,
    next: express.NextFunction,
  ) => {
    laki.client
      .post('/payment/direct', { body: req.body as object, merchantId: req.params.merchantId })
      .then((paid) => res.status(201).json({ paid, kyc: laki.merchant(req)?.kycStatus }))
      .catch(next);
  };
  app.post('/shops/:merchantId/charges', laki.preflight(), charge);
  app.use('/seller', framework.Router().post('/:merchantId/charges', laki.preflight(), charge));
  const stall = framework.Router().post('/stalls/:merchantId/charges', laki.requireKycApproved(), charge);
  app.use('/markets/:merchantId', laki.requireKycApproved(), stall);
  app.post('/broken/:merchantId', laki.preflight(), () => {
    throw new Error('Out of paper');
  });
  app.use(laki.errorHandler());
  app.use(((error: Error, req, res, _next) => {
    res.status(500).json({ error: error.message, params: req.params, merchant: laki.merchant(req)?.id });
  }) satisfies express.ErrorRequestHandler);
  return app;
}

function onKoa(Application: typeof Koa, upstream: Upstream): RequestListener {
  const laki = forKoa.lakiconnect(options(upstream));
  const app = new Application();
  app.use(async (context, next) => {
    await next().catch((error: Error) => {
      context.status = 500;
      context.body = { error: error.message, params: {}, merchant: laki.merchant(context)?.id };
    });
  });
  app.use(laki.errorHandler());
  const charge = async (context: RouterContext) => {
    const { merchantId } = context.params;
    const paid = await laki.client.post('/payment/direct', { body: context.request.body, merchantId });
    context.status = 201;
    context.body = { paid, kyc: laki.merchant(context)?.kycStatus };
  };
  const router = new Router()
    .post('/webhook', laki.webhook({ secret: SECRET }))
    .use(bodyParser())
    .post('/shops/:merchantId/charges', laki.preflight(), charge)
    .use('/markets/:merchantId', laki.requireKycApproved())
    .post('/markets/:market/stalls/:merchantId/charges', laki.requireKycApproved(), charge)
    .post('/broken/:merchantId', laki.preflight(), () => {
      throw new Error('Out of paper');
    });
  const seller = new Router({ prefix: '/seller' }).use(bodyParser());
  seller.post('/:merchantId/charges', laki.preflight(), charge);
  app.use(router.routes()).use(seller.routes());
  const listener = app.callback();
  return (req, res) => void listener(req, res);
}

const PLATFORMS: readonly (readonly [string, (upstream: Upstream) => RequestListener])[] = [
  ['Express 4', (upstream) => onExpress(express4 as unknown as typeof express, upstream)],
  ['Express 5', (upstream) => onExpress(express, upstream)],
  ['Koa 2', (upstream) => onKoa(Koa2 as unknown as typeof Koa, upstream)],
  ['Koa 3', (upstream) => onKoa(Koa, upstream)],
];

describe.each(PLATFORMS)('%s', (_, platform) => {
  let upstream: Upstream;
  let app: RequestListener;
  let kycStatus: string;

  beforeEach(async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    kycStatus = 'approved';
    upstream = await serveUpstream();
    upstream.answer(({ method, body }) => {
      if (method === 'GET') return { status: 200, body: { kycStatus, feeModel: 'FREE' } };
      return body.includes('-1')
        ? { status: 422, body: documented('VALIDATION_ERROR') }
        : { status: 200, body: { id: 'txn_1' } };
    });
    app = platform(upstream);
  });

  afterEach(async () => {
    await closeServers();
    jest.restoreAllMocks();
  });

  const pay = (path: string, amount = 1) => request(app).post(path).send({ amount });

  test('a payment goes through for the merchant of its path', async () => {
    const { status, body } = await pay('/shops/cm_1/charges');

    expect({ status, body }).toEqual({ status: 201, body: { paid: { id: 'txn_1' }, kyc: 'approved' } });
    expect(upstream.requests.filter(({ method }) => method === 'POST')).toMatchObject([
      { body: '{"amount":1}', headers: { 'x-connected-merchant-id': 'cm_1' } },
    ]);
  });

  test('each audience is told its own, on a router of its own', async () => {
    kycStatus = 'pending';

    expect(await pay('/shops/cm_1/charges')).toMatchObject({
      status: 409,
      body: { code: 'PAYMENTS_UNAVAILABLE' },
    });
    expect(await pay('/seller/cm_1/charges')).toMatchObject({
      status: 403,
      body: { code: 'KYC_NOT_APPROVED' },
    });
    expect(upstream.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('an inner route is guarded for the merchant of its own parameters', async () => {
    upstream.answer(({ url }) => {
      const kyc_status = url.endsWith('/cm_2') ? 'pending' : 'approved';
      return { status: 200, body: { kyc_status, id: 'txn_1' } };
    });

    expect((await pay('/markets/cm_1/stalls/cm_3/charges')).body).toMatchObject({ kyc: 'approved' });
    expect((await pay('/markets/cm_1/stalls/cm_2/charges')).status).toBe(409);
    expect((await pay('/markets/cm_2/stalls/cm_1/charges')).status).toBe(409);
    expect(upstream.requests.filter(({ method }) => method === 'POST')).toMatchObject([
      { headers: { 'x-connected-merchant-id': 'cm_3' } },
    ]);
  });

  test('a refused payment is told as it is', async () => {
    expect(await pay('/shops/cm_1/charges', -1)).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_ERROR' },
    });
  });

  test('a webhook makes the route look again', async () => {
    await pay('/shops/cm_1/charges');
    kycStatus = 'suspended';
    expect((await pay('/shops/cm_1/charges')).status).toBe(201);

    const body = approved('cm_1');
    const { status } = await request(app)
      .post('/webhook')
      .set('content-type', 'application/json')
      .set('x-lakiconnect-signature', signatureOf(body))
      .send(body);
    expect(status).toBe(200);
    expect((await pay('/shops/cm_1/charges')).status).toBe(409);
  });

  test('an error of the platform’s keeps its merchant, where its parameters are gone', async () => {
    const { status, body } = await pay('/broken/cm_1');

    expect({ status, body }).toEqual({
      status: 500,
      body: { error: 'Out of paper', params: {}, merchant: 'cm_1' },
    });
  });
});
