import express from 'express';
import type { Options } from 'lakiconnect-middleware';
import { lakiconnect } from 'lakiconnect-middleware/express';

/** What differs in a test. */
type Settings = Pick<Options, 'apiKey' | 'baseUrl' | 'timeoutMs' | 'sleep' | 'onEvent'>;

export function createShop(webhookSecret: string, settings: Settings): express.Express {
  const laki = lakiconnect({ ...settings, merchantId: (req) => req.params['merchantId'] });

  const app = express();
  app.post('/webhooks/lakiconnect', laki.webhook({ secret: webhookSecret }));
  app.use(express.json());
  app.post('/shops/:merchantId/charges', laki.preflight(), async (req, res) => {
    const payment = await laki.client.post('/payment/direct', {
      body: req.body,
      merchantId: req.params.merchantId,
      idempotencyKey: req.get('Idempotency-Key'),
    });
    res.status(201).json(payment);
  });
  app.use(laki.errorHandler());
  return app;
}
