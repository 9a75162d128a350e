import express, { type ErrorRequestHandler, type Request, type Response } from 'express';
import { lakiconnect } from 'lakiconnect-middleware/express';
import * as koa from 'lakiconnect-middleware/koa';
import { contract } from './contract.js';
import type { AnyRequest } from './contract/harness.js';

contract({
  name: 'Express 5',
  framework: 'express',
  lakiconnect: lakiconnect<AnyRequest>,
  madeForOther: () => koa.lakiconnect(),

  mount({ options, handler, mounted = true, first, route, own }) {
    const app = express().set('env', 'production');
    const laki = lakiconnect<AnyRequest>(options);
    const exchange = (req: Request, res: Response) => ({
      req,
      res,
      laki,
      send: (body: string, status = 200) => void res.status(status).send(body),
    });
    app.use((req, res, next) => {
      first?.(exchange(req, res));
      next();
    });
    app.use((req, res) => route(exchange(req, res)) as Promise<void>);
    if (mounted) app.use(laki.errorHandler(handler));
    app.use(((error, req, res, next) => {
      if (own?.(error, exchange(req, res)) !== true) next(error);
    }) satisfies ErrorRequestHandler);
    return app;
  },

  mountOther(own) {
    const app = express().set('env', 'production');
    app.use(koa.lakiconnect().errorHandler() as never); // what a JavaScript user may do
    app.use(((error, req, res, next) => {
      own(error);
      next(error);
    }) satisfies ErrorRequestHandler);
    return app;
  },
});
