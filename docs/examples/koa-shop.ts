import bodyParser from '@koa/bodyparser';
import Router from '@koa/router';
import Koa from 'koa';
import type { Options } from 'lakiconnect-middleware';
import { lakiconnect } from 'lakiconnect-middleware/koa';

/** What differs in a test. */
type Settings = Pick<Options, 'apiKey' | 'baseUrl' | 'timeoutMs' | 'sleep' | 'onEvent'>;

export function createShop(webhookSecret: string, settings: Settings): Koa {
  const laki = lakiconnect({
    ...settings,
    merchantId: (ctx) => ctx.params['merchantId'],
    headers: { idempotency: 'Idempotency-Key' }, // LakiConnect honours it
  });

  const router = new Router();
  router.post('/webhooks/lakiconnect', laki.webhook({ secret: webhookSecret }));
  router.post('/shops/:merchantId/charges', bodyParser(), laki.preflight(), async (ctx) => {
    ctx.status = 201;
    ctx.body = await laki.clientFor(ctx).post('/payment/direct', {
      body: ctx.request.body as object,
      idempotencyKey: ctx.get('Idempotency-Key') || undefined,
    });
  });

  const app = new Koa();
  app.use(laki.errorHandler());
  app.use(router.routes());
  return app;
}
