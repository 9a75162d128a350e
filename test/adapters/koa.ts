import type Koa from 'koa';
import type { Context } from 'koa';
import * as express from 'lakiconnect-middleware/express';
import { lakiconnect } from 'lakiconnect-middleware/koa';
import type { AnyRequest, Harness } from './contract/harness.js';

/** Koa 2 and 3 are mounted in the same words. */
export const koaHarness = (name: string, Application: typeof Koa): Harness => ({
  name,
  framework: 'koa',
  lakiconnect: lakiconnect<AnyRequest>,
  madeForOther: () => express.lakiconnect(),

  mount({ options, handler, mounted = true, first, route, own, heard }) {
    const app = new Application();
    const laki = lakiconnect<AnyRequest>(options);
    const exchange = (context: Context) => ({
      req: context.req,
      res: context.res,
      laki,
      send(body: string, status = 200) {
        context.status = status;
        context.body = body;
      },
    });
    if (heard !== undefined) app.on('error', heard);
    app.use(async (context, next) => {
      try {
        await next();
      } catch (error) {
        if (own?.(error, exchange(context)) !== true) throw error;
      }
    });
    app.use((context, next) => {
      first?.(exchange(context));
      return next();
    });
    if (mounted) app.use(laki.errorHandler(handler));
    app.use((context) => route(exchange(context)));
    return app.callback();
  },

  mountOther(own) {
    const app = new Application();
    app.use(async (context, next) => {
      try {
        await next();
      } catch (error) {
        own(error);
        throw error;
      }
    });
    app.use(express.lakiconnect().errorHandler() as never); // what a JavaScript user may do
    return app.callback();
  },
});
