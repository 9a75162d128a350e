import express from 'express';
import { lakiconnect } from 'lakiconnect-middleware/express';
import { clientsFor } from './clients.mjs';
import { FIELDS } from './platform.mjs';

/**
 * The platform in Express. Customers buy under /shops, merchants sell under /seller/shops; under /trial and
 * /seller/trial the guard only reports. Payments go to `gateway`, all else to `baseUrl`.
 */
export function expressPlatform({ gateway, webhookSecret, ...options }) {
  const laki = lakiconnect({
    ...options,
    origins: [new URL(gateway).origin],
    fields: FIELDS,
    merchantId: (req) => req.params.merchantId,
    audience: (req) => (req.path.startsWith('/seller/') ? 'merchant' : 'customer'),
    locale: (req) => req.query.lang,
  });
  const clientOf = clientsFor({ apiKey: options.apiKey, baseUrl: gateway });

  async function charge(req, res) {
    const { merchantId } = req.params;
    const idempotencyKey = req.get('idempotency-key');
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

  function shops(guard) {
    const router = express.Router();
    router.get('/:merchantId', guard, (_req, res) => res.json({ takesPayments: true }));
    router.post('/:merchantId/charges', guard, charge);
    router.get('/:merchantId/payments/:id', payment);
    return router;
  }

  const app = express();
  app.disable('x-powered-by');
  app.post('/webhooks/lakiconnect', laki.webhook({ secret: webhookSecret }));
  app.use(express.json());
  app.use(['/shops', '/seller/shops'], shops(laki.preflight()));
  app.use(['/trial/shops', '/seller/trial/shops'], shops(laki.preflight(undefined, { mode: 'report' })));
  app.use(laki.errorHandler({ httpErrors: true }));
  return app;
}
