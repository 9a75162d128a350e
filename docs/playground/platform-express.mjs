import express from 'express';
import { lakiconnect } from 'lakiconnect-middleware/express';
import { clientsFor } from './clients.mjs';
import { FIELDS, SHOPS } from './platform.mjs';

/**
 * The platform in Express. Customers buy under /shops, merchants sell under /seller/shops. Under /trial, and there
 * under /seller, too, the guards only report; under /keyed a payment needs an idempotency key. Payments go to
 * `gateway`, all else to `baseUrl`. `save` keeps an order before it is paid; `onExplain` hears why a reply is as it is.
 */
export function expressPlatform({ gateway, webhookSecret, save, onExplain, ...options }) {
  const laki = lakiconnect({
    ...options,
    origins: [new URL(gateway).origin],
    fields: FIELDS,
    headers: { idempotency: 'Idempotency-Key' }, // this LakiConnect honours it
    merchantId: (req) => req.params.merchantId,
    audience: audienceOf,
    locale: localeOf,
  });
  const clientOf = clientsFor({ apiKey: options.apiKey, baseUrl: gateway });

  async function charge(req, res) {
    const { merchantId } = req.params;
    const idempotencyKey = laki.idempotencyKey(req);
    await save(req.body);
    const client = clientOf(req.query.client);
    const order = { method: 'POST', path: '/payment/direct', body: req.body, merchantId, idempotencyKey };
    const answer = await laki.call(({ signal }) => client.send({ ...order, signal }), {
      method: 'POST',
      merchantId,
      idempotencyKey,
    });
    res.status(201).json(await client.read(answer));
  }

  async function payment(req, res) {
    const { merchantId, id } = req.params;
    const client = clientOf(req.query.client);
    const path = `/payment/transaction/${encodeURIComponent(id)}`;
    const answer = await laki.call(({ signal }) => client.send({ method: 'GET', path, merchantId, signal }), {
      method: 'GET',
      merchantId,
    });
    res.json(await client.read(answer));
  }

  function shops(mode, required) {
    const preflight = laki.preflight(undefined, { mode });
    const router = express.Router();
    router.get('/:merchantId', preflight, (_req, res) => res.json({ takesPayments: true }));
    router.post('/:merchantId/charges', preflight, laki.requireIdempotencyKey({ mode, required }), charge);
    router.get('/:merchantId/payments/:id', payment);
    return router;
  }

  const app = express();
  app.disable('x-powered-by');
  app.post('/webhooks/lakiconnect', laki.webhook({ secret: webhookSecret }));
  app.use(express.json());
  for (const { prefix, mode, required } of SHOPS) {
    app.use([`${prefix}/shops`, `/seller${prefix}/shops`], shops(mode, required));
  }
  app.use((error, req, _res, next) => {
    onExplain(laki.explain(error, readerOf(req)));
    next(error);
  });
  app.use(laki.errorHandler({ httpErrors: true }));
  return app;
}

function audienceOf(req) {
  return req.path.startsWith('/seller/') ? 'merchant' : 'customer';
}

function localeOf(req) {
  return req.query.lang;
}

function readerOf(req) {
  return {
    accept: req.get('accept'),
    acceptLanguage: req.get('accept-language'),
    locale: localeOf(req),
    audience: audienceOf(req),
  };
}
