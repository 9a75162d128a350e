import express from 'express';
import { lakiconnect } from 'lakiconnect-middleware/express';
import { clientsFor } from './clients.mjs';
import { acceptOf, FIELDS } from './platform.mjs';

/** The platform in Express. Customers buy under /shops, merchants sell under /seller/shops. */
export function expressPlatform({ apiKey, baseUrl, timeoutMs, onEvent }) {
  const laki = lakiconnect({
    apiKey,
    baseUrl,
    timeoutMs,
    onEvent,
    fields: FIELDS,
    audience: (req) => (req.path.startsWith('/seller/') ? 'merchant' : 'customer'),
    locale: (req) => req.query.lang,
  });
  const clientOf = clientsFor({ apiKey, baseUrl });

  async function charge(req, res, body) {
    const { merchantId } = req.params;
    const client = clientOf(req.query.client);
    const answer = await laki.call(
      ({ signal }) => client.send({ method: 'POST', path: '/payment/direct', body, merchantId, signal }),
      { method: 'POST', merchantId },
    );
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

  const shops = express.Router();
  shops.post('/:merchantId/charges', (req, res) => charge(req, res, req.body));
  shops.get('/:merchantId/payments/:id', payment);
  // For browsers, whose links can only GET: a charge with this reference.
  shops.get('/:merchantId/try/:reference', (req, res) =>
    charge(req, res, { amount: 100, currency: 'ETB', reference: req.params.reference }),
  );

  const app = express();
  app.disable('x-powered-by');
  app.use((req, _res, next) => {
    req.headers.accept = acceptOf(req.query.format) ?? req.headers.accept;
    next();
  });
  app.use(express.json());
  app.use(['/shops', '/seller/shops'], shops);
  app.use(laki.errorHandler({ httpErrors: true }));
  return app;
}
