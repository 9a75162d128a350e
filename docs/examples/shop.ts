import express from 'express';
import type { Options } from 'lakiconnect-middleware';
import { lakiconnect } from 'lakiconnect-middleware/express';

/** What differs in a test. */
type Settings = Pick<Options, 'apiKey' | 'baseUrl' | 'timeoutMs' | 'sleep' | 'onEvent'>;

export function createShop(webhookSecret: string, settings: Settings): express.Express {
  const laki = lakiconnect({
    ...settings,
    merchantId: (req) => req.params['merchantId'],
    headers: { idempotency: 'Idempotency-Key' }, // LakiConnect honours it
  });

  const app = express();
  app.post('/webhooks/lakiconnect', laki.webhook({ secret: webhookSecret }));
  app.use(express.json());
  app.post('/shops/:merchantId/charges', laki.preflight(), async (req, res) => {
    const idempotencyKey = req.get('Idempotency-Key');
    res
      .status(201)
      .json(await laki.clientFor(req).post('/payment/direct', { body: req.body, idempotencyKey }));
  });
  app.use(laki.errorHandler());
  return app;
}
