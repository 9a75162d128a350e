/** A platform under load: guards hot and cold, errors and webhooks, in a process of its own. */
import { createServer } from 'node:http';
import process from 'node:process';
import express from 'express';
import Koa from 'koa';
import { lakiconnect as lakiForExpress } from 'lakiconnect-middleware/express';
import { guarded, lakiconnect as lakiForKoa } from 'lakiconnect-middleware/koa';
import { redisStore } from 'lakiconnect-middleware/redis';
import { LIBRARIES } from './clients.mjs';

const { port, framework, apiKey, webhookSecret, baseUrl } = JSON.parse(process.argv[2]);
const { client, end } = LIBRARIES[0].open(port);
const events = {};
const options = {
  apiKey,
  baseUrl,
  store: redisStore(client),
  timeoutMs: 300,
  lookupTimeoutMs: 300,
  cache: { metMs: 500, unmetMs: 50, staleIfErrorMs: 60_000, maxMerchants: 500 },
  onEvent({ type, reason = '' }) {
    // What a customer is told 503 of has a reason that must be known when it should not have been.
    const counted = type === 'undetermined' ? `${type}: ${reason}` : type;
    events[counted] = (events[counted] ?? 0) + 1;
  },
};
const body = { amount: 10, currency: 'ETB' };

function onExpress() {
  const laki = lakiForExpress({ ...options, merchantId: (req) => req.params.id });
  const app = express();
  app.post('/webhooks', laki.webhook({ secret: webhookSecret }));
  app.get('/shops/:id', laki.preflight(), (_req, res) => res.json({}));
  app.post('/shops/:id/charges', laki.preflight(), async ({ params: { id: merchantId } }, res) => {
    res.status(201).json(await laki.client.post('/payment/direct', { body, merchantId }));
  });
  app.get('/payments/:id', async ({ params: { id } }, res) => {
    res.json(await laki.client.get(`/payment/transaction/${id}`));
  });
  app.use(laki.errorHandler());
  return { laki, listener: app };
}

function onKoa() {
  const laki = lakiForKoa({ ...options, merchantId: (ctx) => ctx.state.id });
  const app = new Koa();
  app.silent = true;
  const webhook = laki.webhook({ secret: webhookSecret });
  const preflight = guarded(laki.preflight());
  const routes = {
    'GET shops': preflight((ctx) => void (ctx.body = {})),
    'POST charges': preflight(async (ctx) => {
      ctx.body = await laki.client.post('/payment/direct', { body, merchantId: ctx.state.id });
      ctx.status = 201;
    }),
    'GET payments': async (ctx) =>
      void (ctx.body = await laki.client.get(`/payment/transaction/${ctx.state.id}`)),
  };
  app.use(laki.errorHandler());
  app.use((ctx, next) => {
    const [, place, id, part = place] = ctx.path.split('/');
    ctx.state.id = id;
    return place === 'webhooks' ? webhook(ctx, next) : routes[`${ctx.method} ${part}`](ctx, next);
  });
  return { laki, listener: app.callback() };
}

const { laki, listener } = framework === 'Express' ? onExpress() : onKoa();
const server = createServer(listener).listen(0, '127.0.0.1', () => process.send(server.address().port));

const abandoned = () => process.exit(1);
process.on('disconnect', abandoned);
process.on('message', async (word) => {
  if (word === 'heap') {
    for (let times = 0; times < 3; times++) await globalThis.gc({ execution: 'async', type: 'major' });
    process.send({ heap: process.memoryUsage().heapUsed, events });
    return;
  }
  process.off('disconnect', abandoned);
  let isClosed = false;
  const tell = () =>
    console.error(isClosed ? 'closed, but alive:' : 'closing:', process.getActiveResourcesInfo());
  setTimeout(tell, 2500).unref();
  await laki.close();
  isClosed = true;
  end();
  server.close();
  server.closeAllConnections();
  process.disconnect(); // nothing else may keep it alive
});
