/** A shop whose payments a guard protects: a process of its own, so that the test's own work does not slow it. */
import process from 'node:process';
import Koa from 'koa';
import express from 'express';
import { lakiconnect as lakiForExpress } from 'lakiconnect-middleware/express';
import { lakiconnect as lakiForKoa } from 'lakiconnect-middleware/koa';
import { redisStore } from 'lakiconnect-middleware/redis';
import { LIBRARIES } from './clients.mjs';

const { library, port, framework } = JSON.parse(process.argv[2]);
const { client, end } = LIBRARIES.find(({ name }) => name === library).open(port);
let failures = 0;
const options = {
  store: redisStore(client),
  merchantId: ({ headers }) => headers['x-merchant'],
  lookups: { kycStatus: () => 'approved' },
  // So short that most requests ask Redis.
  cache: { metMs: 200 },
  onEvent: ({ type }) => void (type === 'store-failed' && failures++),
};

function expressShop() {
  const laki = lakiForExpress(options);
  const app = express();
  app.post('/charges', laki.requireKycApproved(), (_request, response) => response.status(201).end());
  app.use(laki.errorHandler());
  return { laki, listener: app };
}

function koaShop() {
  const laki = lakiForKoa(options);
  const app = new Koa();
  app.use(laki.errorHandler());
  app.use(laki.requireKycApproved());
  app.use((context) => {
    context.status = 201;
  });
  return { laki, listener: app.callback() };
}

const { createServer } = await import('node:http');
const { laki, listener } = framework === 'Express' ? expressShop() : koaShop();
const server = createServer(listener).listen(0, '127.0.0.1', () => process.send(server.address().port));

const abandoned = () => process.exit(1);
process.on('disconnect', abandoned);
process.on('message', async (word) => {
  if (word === 'failures') process.send(failures);
  if (word === 'invalidate') process.send(await laki.invalidate('cm_0'));
  if (word !== 'close') return;
  process.off('disconnect', abandoned);
  await laki.close();
  end();
  server.close();
  server.closeAllConnections();
  process.disconnect();
});
