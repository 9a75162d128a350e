import { describe, expect, test } from '@jest/globals';
import Router, { type RouterMiddleware } from '@koa/router';
import express5, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
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
      ['POST /^\\/a/ ?'],
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

  test('tells the path of a router', () => {
    const deep = express.Router().use('/by/:shop', shops()).use('/v1.0/:shop/', shops());
    expect(audit((app) => app.use('/shops', shops()))).toEqual(inShops);
    expect(audit((app) => app.use('/a', guard).use('/shops', shops()))).toEqual(inShops);
    expect(audit((app) => app.use(['/shops', '/stores/:store'], shops()))).toEqual([
      ...inShops,
      'POST /stores/:store/:id/charges',
      'GET /stores/:store',
    ]);
    expect(audit((app) => app.use(['/', '/stores'], deep)).slice(0, 4)).toEqual([
      'POST /by/:shop/:id/charges',
      'GET /by/:shop',
      'POST /v1.0/:shop/:id/charges',
      'GET /v1.0/:shop',
    ]);
  });

  test('says where the path of a router is not kept, or does not say what it is for', () => {
    const isKept = name === 'Express 5';
    const wild = isKept ? '/*rest' : '/*';
    const at = (path: string) => [`POST ${path}/:id/charges ?`, `GET ${path} ?`];
    expect(audit((app) => app.use(wild, shops()))).toEqual(at(isKept ? wild : '/…'));
    expect(audit((app) => app.use(/^\/a/, shops()))).toEqual(at('/…'));
    expect(audit((app) => app.post(wild, handler))).toEqual([`POST ${wild} ?`]);
  });

  test('lists a router at the root by its own paths', () => {
    expect(audit((app) => app.use(shops()))).toEqual(['POST /:id/charges', 'GET /']);
    expect(audit((app) => app.use('/', shops()))).toEqual(['POST /:id/charges', 'GET /']);
  });

  test('says that it cannot see into a mounted app', () => {
    const admin = express().post('/charges', handler) as Express;
    const [line] = audit((app) => app.use('/admin', admin));
    expect(line).toBe('ALL /admin/… ?');
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
    const build = (app: Express) => app.use('/shops', shops()).use(/^\/stores/, shops());
    expect(audit(build, /^\/shops\/:id\/charges$/)).toEqual(['POST /shops/:id/charges', ...inUnknown]);
  });

  const everywhere = name === 'Express 5' ? '/{*rest}' : '*';
  const wild = name === 'Express 5' ? '/shops/*rest' : '/shops/*';
  const optional = name === 'Express 5' ? '/shops{/:id}' : '/shops/:id?';
  const forgive: ErrorRequestHandler = (_error, _req, _res, next) => void next();
  const after: RequestHandler = (_req, _res, next) => void next();

  test.each<[string, RegExp, (app: Express) => unknown]>([
    ['there is none', /^no guard/, (app) => app.post('/a', handler)],
    ['it comes last', /behind its last handler$/, (app) => app.post('/a', handler, guard)],
    ['it comes last, before an error handler', /behind/, (app) => app.post('/a', handler, guard, forgive)],
    [
      'the route matches more: a wildcard',
      /on '\/shops\/:id', which is not proven/,
      (app) => app.all('/shops/:id', guard).post(wild, handler),
    ],
    [
      'the route matches more: an optional parameter',
      /on '\/shops\/:id'/,
      (app) => app.use('/shops/:id', guard).post(optional, handler),
    ],
    [
      'the route matches more: an expression',
      /on '\/shops'/,
      (app) => app.use('/shops', guard).post(/^\/shop/, handler),
    ],
    [
      'the route is an expression, and the guard is on a pattern',
      /on '\/shops/,
      (app) => app.all(optional, guard).post(/^\/shops$/, handler),
    ],
    [
      'the guard is only on some: a route before a router',
      /on '\/shops'/,
      (app) => app.all('/shops', guard).use('/shops', express.Router().post('/:id', handler)),
    ],
    [
      'the guard is only on some: a parameter before a router',
      /on '\/shops\/:id'/,
      (app) => app.use('/shops/:id', guard).use('/shops', express.Router().post('/:id', handler)),
    ],
    [
      'the guard is on an expression that forgets half of the requests',
      /on \/\^\\\/a\$\/g/,
      (app) => app.all(/^\/a$/g, guard).post(/^\/a$/g, handler),
    ],
    [
      'the guard is mounted on an expression, which Express gives up within a path',
      /on \/charges\//,
      (app) => app.use(/charges/, guard).post(/charges/, handler),
    ],
    [
      'the guard is on a list with an expression',
      /on (?:'\/a' and \/b\/|\/.*b\/i)/,
      (app) => app.use(['/a', /b/], guard).post('/a', handler),
    ],
    ['it is for other methods', /for all of its methods$/, (app) => app.get('/a', guard).all('/a', handler)],
    [
      'HEAD goes another way',
      /for all of its methods$/,
      (app) => {
        app.route('/a').get(guard).head(after);
        app.get('/a', handler);
      },
    ],
    [
      'an error handler follows it',
      /^an error handler/,
      (app) => app.use(guard, forgive).post('/a', handler),
    ],
    [
      'one follows it in the route',
      /^an error handler/,
      (app) => app.post('/a', guard, forgive as never, handler),
    ],
    ['it is in param()', /router\.param/, (app) => app.param('id', guard).post('/a/:id', handler)],
    [
      'it cannot be seen',
      /^what is in a mounted app/,
      (app) => app.use(express().post('/a', handler) as Express),
    ],
    [
      'it is another framework’s, which is mounted as a function',
      /^what is in a mounted app/,
      (app) => app.use(Object.assign(after.bind(undefined), { stack: [{ route: '/a', handle: handler }] })),
    ],
  ])('gives as the reason that %s', (_, expected, build) => {
    const app = express();
    build(app);
    const [route, ...others] = unguardedRoutes(app, ({ method }) => method !== 'HEAD');
    expect(route?.reason).toMatch(expected);
    expect(others).toEqual([]);
  });

  test('proves a guard on the star of Express 4', () => {
    if (name === 'Express 5') return expect(() => express.Router().use('*', guard)).toThrow(TypeError);
    expect(audit((app) => app.use('*', guard).post(/a/, handler))).toEqual([]);
  });

  test('does not take the root in a list for the root in Express 5, which does not match it so', () => {
    const listed = audit((app) => app.use(['/'], guard).post('/a', handler).post(/b/, handler));
    expect(listed).toEqual(name === 'Express 5' ? ['POST /a', 'POST /b/ ?'] : []);
  });

  test.each<[string, (app: Express) => unknown]>([
    ['below its path', (app) => app.use('/shops', guard).post(wild, handler)],
    ['on every path', (app) => app.all(everywhere, guard).post(/a/, handler).post('/b/:c', handler)],
    ['on a wildcard', (app) => app.all(wild, guard).post('/shops/:id/pay', handler).post(wild, handler)],
    ['on a wildcard above a router', (app) => app.all(wild, guard).use('/shops/:id', shops())],
    ['on a list of paths', (app) => app.use(['/a', '/b/:c'], guard).post(['/a', '/b/:d/e'], handler)],
    ['on the same expression', (app) => app.all(/^\/a$/i, guard).post(/^\/a$/i, handler)],
    ['on the same expression as a router', (app) => app.use(/^\/a/, guard, shops())],
    ['on the same pattern', (app) => app.all(optional, guard).post(optional, handler)],
    ['for GET, where HEAD is asked for', (app) => app.get('/a', guard).head('/a', handler)],
    ['before an error handler at the end', (app) => app.post('/a', guard, handler, forgive as never)],
  ])('proves a guard %s', (_, build) => {
    expect(audit(build)).toEqual([]);
  });

  test('minds case and the slash at the end', () => {
    const strict = express.Router({ strict: true, caseSensitive: true });
    strict.all('/a', guard).post('/a/', handler).post('/A', handler).post('/a', handler);
    expect(lines(unguardedRoutes(strict, () => true))).toEqual(['POST /a/', 'POST /A']);
    const loose = express.Router();
    loose.all('/a', guard).post('/a/', handler);
    expect(unguardedRoutes(loose, () => true)).toEqual([]);
  });

  test('walks a router by itself', () => {
    expect(lines(unguardedRoutes(shops(), /charges/))).toEqual(['POST /:id/charges']);
  });

  test('a mount path that an older router does not keep covers nothing but by the root', () => {
    const router = shops();
    const parent = express.Router().all('/b', guard).use('/a', guard).use('/shops', router);
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
    ['is a pattern', (router) => router.use('/a', guard).post(/^.a$/, handler), ['POST /^.a$/ ?']],
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
    [
      'a guard in its router, under a parameter',
      (router) => router.prefix('/:shop').use(guard).post('/a', handler),
    ],
    ['a guard for all methods', (router) => router.all('/shops/:id', guard).post('/shops/:id', handler)],
    ['a guard on the same expression', (router) => router.all(/a$/, guard).post(/a$/, handler)],
    ['a guard before everything, an expression', (router) => router.use(guard).post(/a$/, handler)],
  ])('does not list a route with %s', (_, build) => {
    expect(audit(build)).toEqual([]);
  });

  test('a router of version 15 with a prefix minds case where it runs its middleware, and only there', () => {
    const [route, ...others] = unguardedRoutes(shops(guard), /charges/);
    expect(route?.reason).toMatch(/on '\/shops\(.*', which is not proven/);
    expect(others).toEqual([]);
    const sensitive = new Router({ prefix: '/shops', sensitive: true });
    sensitive.use(guard).post('/:id/charges', handler);
    expect(unguardedRoutes(sensitive, () => true)).toEqual([]);
    expect(unguardedRoutes(new Router().use('/v1', sensitive.routes()), () => true)).toEqual([]);
  });

  test.each<[string, RegExp, Router]>([
    ['there is none', /^no guard/, new Router().post('/a', handler)],
    ['the route matches more', /on '\/a'/, new Router().all('/a', guard).post('/a/*rest', handler)],
    ['it is on the root alone', /on '\/'/, new Router().use('/', guard).post('/a', handler)],
    ['it is for other methods', /methods$/, new Router().get('/a', guard).all('/a', handler)],
    ['it does not run', /exclusive/, new Router({ exclusive: true }).use(guard).post('/a', handler)],
    ['it is not there', /^no guard/, new Router({ exclusive: true }).post('/a', handler)],
  ])('gives as the reason that %s', (_, expected, router) => {
    const [route, ...others] = unguardedRoutes(router, () => true);
    expect(route?.reason).toMatch(expected);
    expect(others).toEqual([]);
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
