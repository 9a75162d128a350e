import { json } from 'node:stream/consumers';
import Koa from 'koa';
import { isLakiConnectError } from 'lakiconnect-middleware';
import { guarded, lakiconnect } from 'lakiconnect-middleware/koa';
import { clientsFor } from './clients.mjs';
import { FIELDS } from './platform.mjs';

/**
 * The platform in Koa. Customers buy under /shops, merchants sell under /seller/shops; under /trial and
 * /seller/trial the guard only reports. Payments go to `gateway`, all else to `baseUrl`.
 */
export function koaPlatform({ gateway, webhookSecret, ...options }) {
  const laki = lakiconnect({
    ...options,
    origins: [new URL(gateway).origin],
    fields: FIELDS,
    merchantId: (ctx) => ctx.params.merchantId,
    audience: (ctx) => (ctx.path.startsWith('/seller/') ? 'merchant' : 'customer'),
    locale: (ctx) => ctx.query.lang,
  });
  const clientOf = clientsFor({ apiKey: options.apiKey, baseUrl: gateway });

  async function charge(ctx) {
    const { merchantId } = ctx.params;
    const idempotencyKey = ctx.get('idempotency-key') || undefined;
    const body = await json(ctx.req).catch(() => ctx.throw(400, 'The body is not JSON.'));
    const client = clientOf(ctx.query.client);
    const order = { method: 'POST', path: '/payment/direct', body, merchantId, idempotencyKey };
    const answer = await laki.call(({ signal }) => client.send({ ...order, signal }), {
      method: 'POST',
      merchantId,
      idempotencyKey,
    });
    ctx.status = 201;
    ctx.body = await client.read(answer);
  }

  function open(ctx) {
    ctx.body = { takesPayments: true };
  }

  async function payment(ctx) {
    const { merchantId, id } = ctx.params;
    const client = clientOf(ctx.query.client);
    const path = `/payment/transaction/${encodeURIComponent(id)}`;
    const answer = await laki.call(({ signal }) => client.send({ method: 'GET', path, merchantId, signal }), {
      method: 'GET',
      merchantId,
    });
    ctx.body = await client.read(answer);
  }

  const app = new Koa();
  // LakiConnect's errors are already in `onEvent`'s log.
  app.on('error', (error) => {
    if (!isLakiConnectError(error)) console.error(error);
  });
  app.use(laki.errorHandler({ httpErrors: true }));
  app.use(route('POST', '/webhooks/lakiconnect', laki.webhook({ secret: webhookSecret })));
  for (const [prefix, guard] of [
    ['(?:/seller)?', guarded(laki.preflight())],
    ['(?:/seller)?/trial', guarded(laki.preflight(undefined, { mode: 'report' }))],
  ]) {
    const shop = `${prefix}/shops/(?<merchantId>[^/]+)`;
    app.use(route('GET', shop, guard(open)));
    app.use(route('POST', `${shop}/charges`, guard(charge)));
    app.use(route('GET', `${shop}/payments/(?<id>[^/]+)`, payment));
  }
  return app.callback();
}

function route(method, path, handle) {
  const pattern = new RegExp(`^${path}$`);
  return (ctx, next) => {
    const found = ctx.method === method ? pattern.exec(ctx.path) : null;
    if (found === null) return next();
    ctx.params = { ...found.groups };
    return handle(ctx, next);
  };
}
