import type Express from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { guarded, lakiconnect, type ExpressLakiConnect } from 'lakiconnect-middleware/express';
import * as koa from 'lakiconnect-middleware/koa';
import type { AnyRequest, Harness } from './contract/harness.js';

/** Express 4 and 5 are mounted in the same words; only 5 waits for what a route gives. */
export const expressHarness = (version: 4 | 5, express: typeof Express): Harness => {
  const exchange: Harness['exchange'] = (laki, given) => {
    const [req, res] = given as [Request, Response];
    return {
      req,
      res,
      laki,
      merchant: () => (laki as ExpressLakiConnect<AnyRequest>).merchant(req),
      clientFor: () => (laki as ExpressLakiConnect<AnyRequest>).clientFor(req),
      idempotencyKey: () => (laki as ExpressLakiConnect<AnyRequest>).idempotencyKey(req),
      send: (body, status = 200) => void res.status(status).send(body),
    };
  };

  return {
    name: `Express ${String(version)}`,
    framework: 'express',
    exchange,
    guarded,
    parsers: {
      keeping: {
        'express.raw': express.raw({ type: '*/*' }),
        'express.text': express.text({ type: '*/*' }),
        'express.json that keeps rawBody': express.json({
          verify: (request, _response, rawBody) => void Object.assign(request, { rawBody }),
        }),
      },
      spoiling: { 'express.json': express.json() },
    },
    lakiconnect: lakiconnect<AnyRequest>,
    madeForOther: (options = {}) => koa.lakiconnect(options),
    guardedForOther: koa.guarded,

    mount({ options, handler, mounted = true, mode = 'production', first, before, route, own }) {
      const app = express().set('env', mode);
      const laki = lakiconnect<AnyRequest>(options);
      app.use((req, res, next) => {
        first?.(exchange(laki, [req, res]));
        next();
      });
      for (const middleware of before?.(laki) ?? []) app.use(middleware as RequestHandler);
      app.use((req, res, next) => {
        const returned: unknown = route(exchange(laki, [req, res]));
        return version === 5 ? returned : Promise.resolve(returned).catch(next);
      });
      if (mounted) app.use(laki.errorHandler(handler));
      app.use(((error, req, res, next) => {
        if (own?.(error, exchange(laki, [req, res])) !== true) next(error);
      }) satisfies ErrorRequestHandler);
      return app;
    },
  };
};
