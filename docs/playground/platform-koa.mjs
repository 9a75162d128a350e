import { json } from 'node:stream/consumers';
import Koa from 'koa';
import { isLakiConnectError } from 'lakiconnect-middleware';
import { guarded, lakiconnect } from 'lakiconnect-middleware/koa';
import { clientsFor } from './clients.mjs';
import { FIELDS, SHOPS } from './platform.mjs';

/**
 * The platform in Koa. Customers buy under /shops, merchants sell under /seller/shops. Under /trial, and there
 * under /seller, too, the guards only report; under /keyed a payment needs an idempotency key. Payments go to
 * `gateway`, all else to `baseUrl`. `save` keeps an order before it is paid; `onExplain` hears why a reply is as it is.
 */
export function koaPlatform({ gateway, webhookSecret, save, onExplain, ...options }) {
  const laki = lakiconnect({
    ...options,
    origins: [new URL(gateway).origin],
    fields: FIELDS,
    headers: { idempotency: 'Idempotency-Key' }, // this LakiConnect honours it
    merchantId: (ctx) => ctx.params.merchantId,
    audience: audienceOf,
    locale: localeOf,
  });
  const clientOf = clientsFor({ apiKey: options.apiKey, baseUrl: gateway });

  async function charge(ctx) {
    const { merchantId } = ctx.params;
    const { body } = ctx.request;
    const idempotencyKey = laki.idempotencyKey(ctx);
    await save(body);
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
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      onExplain(laki.explain(error, readerOf(ctx)));
      throw error;
    }
  });
  for (const { prefix, mode, required } of SHOPS) {
    const shop = `(?:/seller)?${prefix}/shops/(?<merchantId>[^/]+)`;
    const preflight = laki.preflight(undefined, { mode });
    const pays = guarded(parse, preflight, laki.requireIdempotencyKey({ mode, required }));
    app.use(route('GET', shop, guarded(preflight)(open)));
    app.use(route('POST', `${shop}/charges`, pays(charge)));
    app.use(route('GET', `${shop}/payments/(?<id>[^/]+)`, payment));
  }
  return app.callback();
}

async function parse(ctx, next) {
  ctx.request.body = await json(ctx.req).catch(() => ctx.throw(400, 'The body is not JSON.'));
  return next();
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

function audienceOf(ctx) {
  return ctx.path.startsWith('/seller/') ? 'merchant' : 'customer';
}

function localeOf(ctx) {
  return ctx.query.lang;
}

function readerOf(ctx) {
  return {
    accept: ctx.get('accept'),
    acceptLanguage: ctx.get('accept-language'),
    locale: localeOf(ctx),
    audience: audienceOf(ctx),
  };
}
