import bodyParser from '@koa/bodyparser';
import type Koa from 'koa';
import type { Context, Middleware } from 'koa';
import { json } from 'node:stream/consumers';
import * as express from 'lakiconnect-middleware/express';
import { guarded, lakiconnect, type KoaLakiConnect } from 'lakiconnect-middleware/koa';
import type { AnyRequest, Harness } from './contract/harness.js';

const keepsNothing: Middleware = async ({ method, req, request }, next) => {
  if (method !== 'GET') Object.assign(request, { body: await json(req) });
  await next();
};

/** Koa 2 and 3 are mounted in the same words. */
export const koaHarness = (version: 2 | 3, Application: typeof Koa): Harness => {
  const exchange: Harness['exchange'] = (laki, given) => {
    const [context] = given as [Context];
    return {
      req: context.req,
      res: context.res,
      laki,
      merchant: () => (laki as KoaLakiConnect<AnyRequest>).merchant(context),
      clientFor: () => (laki as KoaLakiConnect<AnyRequest>).clientFor(context),
      idempotencyKey: () => (laki as KoaLakiConnect<AnyRequest>).idempotencyKey(context),
      send(body, status = 200) {
        context.status = status;
        context.body = body;
      },
    };
  };

  return {
    name: `Koa ${String(version)}`,
    framework: 'koa',
    exchange,
    guarded,
    parsers: {
      keeping: { '@koa/bodyparser': bodyParser() },
      spoiling: { 'a parser that keeps nothing': keepsNothing },
    },
    lakiconnect: lakiconnect<AnyRequest>,
    madeForOther: (options = {}) => express.lakiconnect(options),
    guardedForOther: express.guarded,

    mount({ options, handler, mounted = true, mode = 'production', first, before, route, own, heard }) {
      const app = new Application();
      app.env = mode;
      const laki = lakiconnect<AnyRequest>(options);
      if (heard !== undefined) app.on('error', heard);
      app.use(async (context, next) => {
        try {
          await next();
        } catch (error) {
          if (own?.(error, exchange(laki, [context])) !== true) throw error;
        }
      });
      app.use((context, next) => {
        first?.(exchange(laki, [context]));
        return next();
      });
      if (mounted) app.use(laki.errorHandler(handler));
      for (const middleware of before?.(laki) ?? []) app.use(middleware as Middleware);
      app.use((context) => route(exchange(laki, [context])));
      return app.callback();
    },
  };
};
