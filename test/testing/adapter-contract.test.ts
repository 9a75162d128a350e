/** The adapters of this package pass the checks that adapters by others have to pass. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import bodyParser from '@koa/bodyparser';
import Router from '@koa/router';
import { describe, expect, test } from '@jest/globals';
import express, { type Request, type Response } from 'express';
import express4 from 'express4';
import Koa, { type Context } from 'koa';
import Koa2 from 'koa2';
import * as forExpress from 'lakiconnect-middleware/express';
import * as forKoa from 'lakiconnect-middleware/koa';
import { createLakiConnect, LakiConnectError } from 'lakiconnect-middleware';
import { adapterContract, type MountAdapter } from 'lakiconnect-middleware/testing';

async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${String(port)}`, close };
}

const onExpress =
  (framework: typeof express): MountAdapter<Request> =>
  async ({ laki: core, route, webhook }) => {
    const laki = forExpress.lakiconnect<Request>(core);
    const handler = async (request: Request, response: Response) => {
      const text = await route({
        setHeader: (name, value) => void response.setHeader(name, value),
        begin: (first) => void response.write(first),
        end: (whole) => void response.end(whole),
        merchantId: () => laki.merchant(request)?.id,
        idempotencyKey: () => laki.idempotencyKey(request),
      });
      response.send(text);
    };
    const app = framework().set('env', 'test');
    const caught: express.RequestHandler = (request, response, next) => {
      handler(request, response).catch(next);
    };
    app.get('/open', caught);
    app.post('/guarded', laki.preflight(), caught);
    app.post('/keyed', framework.json(), laki.requireIdempotencyKey(), caught);
    app.post('/webhook', laki.webhook(webhook));
    app.use(laki.errorHandler());
    return listen(app);
  };

const onKoa =
  (Framework: typeof Koa): MountAdapter<Context> =>
  async ({ laki: core, route, webhook }) => {
    const laki = forKoa.lakiconnect<Context>(core);
    const handler = async (context: Context) => {
      context.body = await route({
        setHeader: (name, value) => context.set(name, value),
        begin: (first) => void context.res.writeHead(200).write(first),
        end: (whole) => void context.res.writeHead(200).end(whole),
        merchantId: () => laki.merchant(context)?.id,
        idempotencyKey: () => laki.idempotencyKey(context),
      });
    };
    const router = new Router();
    router.get('/open', handler);
    router.post('/guarded', laki.preflight(), handler);
    router.post('/keyed', bodyParser(), laki.requireIdempotencyKey(), handler);
    router.post('/webhook', laki.webhook(webhook));
    const app = new Framework();
    app.silent = true;
    app.use(laki.errorHandler()).use(router.routes());
    const callback = app.callback();
    return listen((request, response) => void callback(request, response));
  };

describe.each([
  ['Express 4', onExpress(express4 as unknown as typeof express)],
  ['Express 5', onExpress(express)],
  ['Koa 2', onKoa(Koa2 as unknown as typeof Koa)],
  ['Koa 3', onKoa(Koa)],
] as [string, MountAdapter<unknown>][])('%s', (_, mount) => {
  for (const { name, run } of adapterContract(mount)) test(name, run);
});

describe('An adapter that answers everything alike', () => {
  const mount: MountAdapter<unknown> = () => listen((_request, response) => void response.end('whole'));

  test.each(adapterContract(mount, { begins: false }))('fails: $name', async ({ run }) => {
    await expect(run()).rejects.toThrow();
  });

  test('is asked of answers that begin unless it says that none does', () => {
    expect(adapterContract(mount)).toHaveLength(adapterContract(mount, { begins: false }).length + 2);
  });
});

test('An adapter that never frees a key fails', async () => {
  const reply = inProgress();
  const mount: MountAdapter<unknown> = ({ route }) => {
    let payments = 0;
    const exchange = Object.fromEntries(
      ['setHeader', 'begin', 'end', 'merchantId', 'idempotencyKey'].map((name) => [name, () => undefined]),
    ) as unknown as Parameters<typeof route>[0];
    return listen((_request, response) => {
      if (payments++ === 0) void route(exchange);
      else response.writeHead(409, reply.headers).end(reply.body);
    });
  };

  const held = adapterContract(mount).find(({ name }) => name.startsWith('a key is held'));

  await expect(held?.run()).rejects.toThrow(/409[^]*200/);
});

function inProgress() {
  const reply = createLakiConnect().translate(new LakiConnectError({ kind: 'IDEMPOTENCY_IN_PROGRESS' }));
  if (reply === undefined) throw new Error('it is an error of ours');
  return reply;
}
