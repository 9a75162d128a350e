import { json } from 'node:stream/consumers';
import Koa from 'koa';
import { isLakiConnectError } from 'lakiconnect-middleware';
import { lakiconnect } from 'lakiconnect-middleware/koa';
import { clientsFor } from './clients.mjs';
import { acceptOf, FIELDS } from './platform.mjs';

/** The platform in Koa. Customers buy under /shops, merchants sell under /seller/shops. */
export function koaPlatform({ apiKey, baseUrl, timeoutMs, onEvent }) {
  const laki = lakiconnect({
    apiKey,
    baseUrl,
    timeoutMs,
    onEvent,
    fields: FIELDS,
    audience: (ctx) => (ctx.path.startsWith('/seller/') ? 'merchant' : 'customer'),
    locale: (ctx) => ctx.query.lang,
  });
  const clientOf = clientsFor({ apiKey, baseUrl });

  async function charge(ctx, merchantId, body) {
    const client = clientOf(ctx.query.client);
    const answer = await laki.call(
      ({ signal }) => client.send({ method: 'POST', path: '/payment/direct', body, merchantId, signal }),
      { method: 'POST', merchantId },
    );
    ctx.status = 201;
    ctx.body = await client.read(answer);
  }

  async function payment(ctx, merchantId, id) {
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
  app.use((ctx, next) => {
    ctx.req.headers.accept = acceptOf(ctx.query.format) ?? ctx.req.headers.accept;
    return next();
  });
  app.use(laki.errorHandler({ httpErrors: true }));
  app.use(
    route('POST', /^(?:\/seller)?\/shops\/([^/]+)\/charges$/, async (ctx, merchantId) => {
      const body = await json(ctx.req).catch(() => ctx.throw(400, 'The body is not JSON.'));
      await charge(ctx, merchantId, body);
    }),
  );
  app.use(route('GET', /^(?:\/seller)?\/shops\/([^/]+)\/payments\/([^/]+)$/, payment));
  // For browsers, whose links can only GET: a charge with this reference.
  app.use(
    route('GET', /^(?:\/seller)?\/shops\/([^/]+)\/try\/([^/]+)$/, (ctx, merchantId, reference) =>
      charge(ctx, merchantId, { amount: 100, currency: 'ETB', reference }),
    ),
  );
  return app.callback();
}

function route(method, path, handle) {
  return (ctx, next) => {
    const found = ctx.method === method ? path.exec(ctx.path) : null;
    return found === null ? next() : handle(ctx, ...found.slice(1));
  };
}
