import { describe, expect, test } from '@jest/globals';
import Router, { type RouterMiddleware } from '@koa/router';
import express5, { type Express, type RequestHandler } from 'express';
import express4 from 'express4';
import Koa from 'koa';
import * as forExpress from 'lakiconnect-middleware/express';
import * as forKoa from 'lakiconnect-middleware/koa';
import { unguardedRoutes, type Route } from 'lakiconnect-middleware/testing';

const options = { apiKey: 'lk_pub_1:lk_sec_1', merchantId: () => 'cm_1' };
const all = () => true;
const lines = (routes: readonly Route[]) =>
  routes.map(({ method, path, isWhole }) => `${method} ${path}${isWhole ? '' : ' ?'}`);

describe.each([
  ['Express 4', express4 as unknown as typeof express5],
  ['Express 5', express5],
])('%s', (name, express) => {
  const laki = forExpress.lakiconnect(options);
  const guard = laki.preflight() as RequestHandler;
  const handler: RequestHandler = (_req, res) => void res.json({});
  const audit = (build: (app: Express) => unknown, match: Parameters<typeof unguardedRoutes>[1] = all) => {
    const app = express();
    build(app);
    return lines(unguardedRoutes(app, match));
  };
  const shops = (...before: RequestHandler[]) => {
    const router = express.Router();
    if (before.length > 0) router.use(...before);
    return router.post('/:id/charges', handler).get('/', handler);
  };
  const inShops = ['POST /shops/:id/charges', 'GET /shops'];
  const inUnknown = ['POST /…/:id/charges ?', 'GET /… ?'];

  test.each<[string, (app: Express) => unknown, string[]]>([
    ['has no guard', (app) => app.post('/charges', handler), ['POST /charges']],
    ['has its guard behind the handler', (app) => app.post('/charges', handler, guard), ['POST /charges']],
    [
      'has a guard that only reports',
      (app) => app.post('/charges', laki.preflight(undefined, { mode: 'report' }), handler),
      ['POST /charges'],
    ],
    ['comes before the guard', (app) => app.post('/charges', handler).use(guard), ['POST /charges']],
    [
      'has a guard for another method',
      (app) => app.route('/c').get(guard, handler).post(handler),
      ['POST /c'],
    ],
    [
      'lies beside a guarded path',
      (app) => app.use('/shops/a', guard).post('/shops/:id', handler),
      ['POST /shops/:id'],
    ],
    [
      'is a pattern without a guard before all',
      (app) => app.use('/a', guard).post(/^\/a/, handler),
      ['POST /^\\/a/'],
    ],
    ['has another method than the guard', (app) => app.get('/a', guard).post('/a', handler), ['POST /a']],
    [
      'has two paths, one of them guarded',
      (app) => app.use('/a', guard).post(['/a', '/b'], handler),
      ['POST /b'],
    ],
    ['answers every method', (app) => app.all('/charges', handler), ['ALL /charges']],
    [
      'is wrapped without a guard',
      (app) => app.post('/c', forExpress.guarded(handler)(handler)),
      ['POST /c'],
    ],
  ])('lists a route that %s', (_, build, expected) => {
    expect(audit(build)).toEqual(expected);
  });

  test.each<[string, (app: Express) => unknown]>([
    ['a guard', (app) => app.post('/charges', guard, handler)],
    ['a guard among others', (app) => app.post('/charges', handler, guard, handler)],
    ['a wrapper', (app) => app.post('/charges', forExpress.guarded(guard)(handler))],
    [
      'a guard before everything',
      (app) =>
        app
          .use(guard)
          .post('/charges', handler)
          .post(/charges/, handler),
    ],
    ['a wrapper before everything', (app) => app.use(forExpress.guarded(guard)(handler)).post('/a', handler)],
    ['a guard on its path', (app) => app.use('/shops/:shop', guard).post('/shops/:id/charges', handler)],
    ['a guard for its method', (app) => app.post('/a', guard).post('/a', handler)],
    ['a guard on the very route', (app) => app.all('/shops/:id', guard).post('/shops/:id', handler)],
    ['a guard in its router', (app) => app.use('/shops', shops(guard))],
    ['a guard before its router', (app) => app.use('/shops', guard, shops())],
    [
      'a guard before all routers',
      (app) => app.use(guard).use('/shops', express.Router().use('/:a', shops())),
    ],
    ['a guard for all of the route', (app) => app.route('/c').all(guard).post(handler)],
  ])('does not list a route with %s', (_, build) => {
    expect(audit(build)).toEqual([]);
  });

  test('says where the path of a router is not kept', () => {
    const isKept = name === 'Express 5';
    expect(audit((app) => app.use('/shops', shops()))).toEqual(isKept ? inShops : inUnknown);
    expect(audit((app) => app.use('/a', guard).use('/shops', shops()))).toEqual(isKept ? inShops : inUnknown);
    expect(audit((app) => app.use(['/shops', '/stores'], shops()))).toHaveLength(isKept ? 4 : 2);
  });

  test('lists a router at the root by its own paths', () => {
    expect(audit((app) => app.use(shops()))).toEqual(['POST /:id/charges', 'GET /']);
    expect(audit((app) => app.use('/', shops()))).toEqual(['POST /:id/charges', 'GET /']);
  });

  test('says that it cannot see into a mounted app', () => {
    const admin = express().post('/charges', handler) as Express;
    const [line] = audit((app) => app.use('/admin', admin));
    expect(line).toBe(name === 'Express 5' ? 'ALL /admin/… ?' : 'ALL /…/… ?');
    expect(audit((app) => app.use(guard).use('/admin', admin))).toEqual([]);
    expect(audit((app) => app.use(admin))).toEqual(['ALL /… ?']);
  });

  test('lists what is asked for', () => {
    const build = (app: Express) =>
      app.get('/health', handler).post('/charges', handler).post('/refunds', handler);
    expect(audit(build, /charges|refunds/g)).toEqual(['POST /charges', 'POST /refunds']);
    expect(audit(build, ({ method }) => method === 'GET')).toEqual(['GET /health']);
    expect(audit(build, /nothing/)).toEqual([]);
  });

  test('lists by an expression what could match for all that is known', () => {
    const routes = audit((app) => app.use('/shops', shops()), /^\/shops\/:id\/charges$/);
    expect(routes).toEqual(name === 'Express 5' ? ['POST /shops/:id/charges'] : inUnknown);
  });

  test('walks a router by itself', () => {
    expect(lines(unguardedRoutes(shops(), /charges/))).toEqual(['POST /:id/charges']);
  });

  test('a mount path that an older router does not keep covers nothing but by the root', () => {
    const router = shops();
    const parent = express.Router().use('/a', guard).use('/shops', router);
    for (const layer of (parent as unknown as { stack: { rawPath?: unknown; regexp?: unknown }[] }).stack) {
      delete layer.rawPath;
      delete layer.regexp;
    }
    expect(lines(unguardedRoutes(parent, all))).toEqual(inUnknown);
  });
});

describe('Koa', () => {
  const laki = forKoa.lakiconnect(options);
  const guard = laki.preflight() as RouterMiddleware;
  const handler: RouterMiddleware = (ctx) => void (ctx.body = {});
  const audit = (build: (router: Router) => unknown, match: Parameters<typeof unguardedRoutes>[1] = all) => {
    const router = new Router();
    build(router);
    return lines(unguardedRoutes(router, match));
  };
  const shops = (...before: RouterMiddleware[]) => {
    const router = new Router({ prefix: '/shops' });
    if (before.length > 0) router.use(...before);
    return router.post('/:id/charges', handler).get('/', handler);
  };

  test.each<[string, (router: Router) => unknown, string[]]>([
    ['has no guard', (router) => router.post('/charges', handler), ['POST /charges']],
    [
      'has its guard behind the handler',
      (router) => router.post('/charges', handler, guard),
      ['POST /charges'],
    ],
    ['comes before the guard', (router) => router.post('/charges', handler).use(guard), ['POST /charges']],
    ['lies beside a guarded path', (router) => router.use('/a', guard).post('/b', handler), ['POST /b']],
    ['is a pattern', (router) => router.use('/a', guard).post(/^.a$/, handler), ['POST /^.a$']],
    ['is behind other middleware', (router) => router.use(handler).post('/a', handler), ['POST /a']],
    [
      'answers two methods',
      (router) => router.register('/a', ['GET', 'POST'], handler),
      ['GET /a', 'POST /a'],
    ],
    ['answers HEAD alone', (router) => router.register('/a', ['HEAD'], handler), ['HEAD /a']],
    [
      'is in a nested router',
      (router) => router.use('/v1', shops().routes()),
      ['POST /v1/shops/:id/charges', 'GET /v1/shops'],
    ],
  ])('lists a route that %s', (_, build, expected) => {
    expect(audit(build).map((line) => line.replace(/\/$/, ''))).toEqual(expected);
  });

  test.each<[string, (router: Router) => unknown]>([
    ['a guard', (router) => router.post('/charges', guard, handler)],
    ['a wrapper', (router) => router.post('/charges', forKoa.guarded(guard)(handler))],
    ['a guard before everything', (router) => router.use(guard).post('/charges', handler)],
    ['a guard on its path', (router) => router.use('/shops/:id', guard).post('/shops/:id/charges', handler)],
    ['a guard in its router', (router) => router.use('/v1', shops(guard).routes())],
  ])('does not list a route with %s', (_, build) => {
    expect(audit(build)).toEqual([]);
  });

  test('walks the routers of an app, behind the guards before them', () => {
    const open = new Koa()
      .use(async (_, next) => next())
      .use(shops().routes())
      .use(guard as never);
    const behind = new Koa().use(guard as never).use(shops().routes());
    expect(lines(unguardedRoutes(open, /charges/))).toEqual(['POST /shops/:id/charges']);
    expect(unguardedRoutes(behind, all)).toEqual([]);
  });
});

test.each([
  ['nothing', undefined],
  ['an app without a router', new Koa()],
  ['a function', () => undefined],
  ['an object', {}],
])('%s cannot be walked', (_, app) => {
  expect(() => unguardedRoutes(app as object, all)).toThrow(/Hand it one of them/);
});
