/** Whatever is mounted where: a route that one real request can reach past guards that refuse everything is listed. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Router15 from '@koa/router';
import express5 from 'express';
import express4 from 'express4';
import fc from 'fast-check';
import Koa from 'koa';
import { unguardedRoutes, type Route } from 'lakiconnect-middleware/testing';
import { marked } from '../../src/guards/mark.js';
import { rounds } from '../long/rounds.js';

const require = createRequire(import.meta.url);
const Router13 = createRequire(require.resolve('routing-controllers'))('@koa/router') as typeof Router15;

const RUNS = rounds(100);
const METHODS = ['GET', 'HEAD', 'POST'] as const;
const ID = 'x-id';

let server: Server;
let listener: RequestListener;
const reached = new Set<string>();

beforeAll(async () => {
  server = createServer((req, res) => void listener(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

/** What of some requests reaches the route, as `METHOD path`. They are sent at once, on one connection. */
async function leaksOf(handle: RequestListener): Promise<string[]> {
  listener = handle;
  reached.clear();
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
  const asked = METHODS.flatMap((verb) => PATHS.map((path) => `${verb} ${path}`));
  for (const line of asked) socket.write(`${line} HTTP/1.1\r\nHost: a\r\n${ID}: ${line}\r\n\r\n`);
  socket.write('PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await once(socket, 'close');
  return [...reached];
}

/** Every path of up to three of these, some of them as only a computer writes them. */
const PARTS = ['/shops', '/1', '/pay', '/PAY', '/SHOPS', '/%zz'];
const PATHS = ['', ...PARTS]
  .flatMap((one) => ['', ...PARTS].map((two) => one + two))
  .flatMap((path) => [path, `${path}/`, ...(path.endsWith('1') ? [`${path}/pay`, `${path}/PAY/`] : [])])
  .map((path) => path || '/')
  .filter((path, at, all) => all.indexOf(path) === at);

function isListed(routes: readonly Route[], leak: string): boolean {
  const method = leak.split(' ', 1)[0];
  return routes.some(
    (route) =>
      route.method === 'ALL' || route.method === method || (route.method === 'GET' && method === 'HEAD'),
  );
}

/** How much of what is safe is proven: an audit that lists everything is sound, and of no use. */
const tally = { safe: 0, proven: 0 };

function check(routes: readonly Route[], leaks: readonly string[]): void {
  const unseen = leaks.filter((leak) => !isListed(routes, leak));
  expect({ unseen, listed: unseen.length === 0 ? [] : routes }).toEqual({ unseen: [], listed: [] });
  if (leaks.length > 0) return;
  tally.safe++;
  if (routes.length === 0) tally.proven++;
}

type Segment = '/shops' | '/:id' | '/pay';
const plain = fc
  .array(fc.constantFrom<Segment>('/shops', '/:id', '/pay'), { minLength: 0, maxLength: 3 })
  .map((segments) =>
    segments.map((segment, at) => (segment === '/:id' ? `/:id${String(at)}` : segment)).join(''),
  );
const slash = fc.constantFrom('', '', '', '/');
const plainPath = fc.tuple(plain, slash).map(([path, end]) => path + end || '/');
const either = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: usual, weight: 3 }, { arbitrary: odd, weight: 1 });
const expressions = fc.constantFrom(/^\/shops/, /pay/, /^\/shops\/[^/]+\/pay$/i, /^\/shops/g);

type Method = 'get' | 'post' | 'head' | 'all';
const method = fc.constantFrom<Method>('get', 'post', 'head', 'all', 'all');
const options = fc.record({ sensitive: fc.boolean(), strict: fc.boolean() });

interface Step<Path> {
  readonly does: 'use' | 'route' | 'forgive' | 'param';
  readonly path: Path | readonly Path[];
  readonly method: Method;
}

interface Target<Path> {
  readonly path: Path | readonly Path[];
  readonly method: Method;
  readonly before: readonly (readonly ['guard' | 'pass' | 'forgive', Method | 'same'])[];
}

interface Level<Path> {
  readonly options: { readonly sensitive: boolean; readonly strict: boolean };
  readonly steps: readonly Step<Path>[];
  readonly mount: Path | readonly Path[];
  readonly isWithGuard: boolean;
}

/** Guards and others on some levels, each mounted in the one before, and the one route in the last. */
interface Plan<Path> {
  readonly levels: readonly Level<Path>[];
  readonly target: Target<Path>;
}

function plans<Path>(path: fc.Arbitrary<Path>): fc.Arbitrary<Plan<Path>> {
  const paths = either<Path | readonly Path[]>(path, fc.array(path, { minLength: 1, maxLength: 2 }));
  return fc.record({
    levels: fc.array(
      fc.record({
        options,
        steps: fc.array(
          fc.record({
            does: fc.constantFrom<Step<Path>['does']>(
              'use',
              'use',
              'use',
              'route',
              'route',
              'forgive',
              'param',
            ),
            path: paths,
            method,
          }),
          { maxLength: 3 },
        ),
        mount: paths,
        isWithGuard: fc.boolean(),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    target: fc.record({
      path: paths,
      method,
      before: fc.array(
        fc.tuple(
          fc.constantFrom('guard', 'pass', 'forgive'),
          fc.constantFrom<Method | 'same'>('get', 'post', 'head', 'all', 'same'),
        ),
        { maxLength: 2 },
      ),
    }),
  });
}

describe.each([
  [
    'Express 4',
    express4 as unknown as typeof express5,
    fc.constantFrom('*', '/*', '/shops/*', '/shops/:opt?'),
  ],
  [
    'Express 5',
    express5,
    fc.constantFrom('/*rest', '/{*rest}', '/shops/*rest', '/shops{/*rest}', '/shops{/:opt}', '/shops/*a/pay'),
  ],
])('%s', (_, express, patterns) => {
  type Path = string | RegExp;
  const refuse = marked(
    ((_req, _res, next) => next(new Error('refused'))) as express5.RequestHandler,
    'guard',
  );
  const pass: express5.RequestHandler = (_req, _res, next) => next();
  const forgive: express5.ErrorRequestHandler = (_error, _req, _res, next) => next();
  const arrive: express5.RequestHandler = (req, _res, next) => {
    reached.add(String(req.headers[ID]));
    next();
  };
  const handlers = { guard: refuse, pass, forgive } as unknown as Record<string, express5.RequestHandler>;

  function build({ levels, target }: Plan<Path>): express5.Router {
    const [level, ...below] = levels;
    const { sensitive, strict } = level!.options;
    const router = express.Router({ caseSensitive: sensitive, strict });
    for (const { does, path, method: verb } of level!.steps) {
      if (does === 'use') router.use(path as string, refuse);
      else if (does === 'route') router[verb](path as string, refuse);
      else if (does === 'param') router.param('id1', refuse);
      else router.use(forgive);
    }
    if (below.length > 0) {
      const inner = build({ levels: below, target });
      router.use(level!.mount as string, ...(level!.isWithGuard ? [refuse] : []), inner);
    } else {
      const route = router.route(target.path as string);
      for (const [kind, verb] of target.before) {
        route[kind === 'guard' && verb !== 'same' ? verb : target.method](handlers[kind]!);
      }
      route[target.method](arrive);
    }
    return router;
  }

  test('lists what can be reached', async () => {
    const path = either<Path>(plainPath, either<Path>(patterns, expressions));
    Object.assign(tally, { safe: 0, proven: 0 });
    await fc.assert(
      fc.asyncProperty(plans(path), async (plan) => {
        const router = build(plan);
        const app = express().set('env', 'test').use(router);
        app.use(((_error, _req, res, _next) => void res.status(403).end()) as express5.ErrorRequestHandler);
        check(
          unguardedRoutes(app, () => true),
          await leaksOf(app),
        );
      }),
      { numRuns: RUNS },
    );
    expect(tally.proven).toBeGreaterThan(tally.safe / 3);
  }, 60_000);
});

describe.each([
  ['@koa/router 15', Router15, fc.constantFrom('/*rest', '/{*rest}', '/shops/*rest', '/shops{/*rest}')],
  ['@koa/router 13', Router13, fc.constantFrom('(.*)', '/shops/(.*)', '/shops/:opt?')],
])('%s', (_, Router, patterns) => {
  const refuse = marked(((context) => context.throw(403)) as Koa.Middleware, 'guard');
  const pass: Koa.Middleware = (_context, next) => next();
  const arrive: Koa.Middleware = (context, next) => {
    reached.add(String(context.headers[ID]));
    return next();
  };

  function build({ levels, target }: Plan<string>, isExclusive: boolean): Router15 {
    const [level, ...below] = levels;
    // Version 15 cannot mount a router with middleware under a parameter.
    const odd = below.length > 0 ? /[:*({?]/ : /[*({?]/;
    const prefix = typeof level!.mount === 'string' && !odd.test(level!.mount) ? level!.mount : '';
    const router = new Router({
      ...level!.options,
      prefix: prefix.replace(/\/$/, ''),
      exclusive: isExclusive,
    });
    for (const { does, path, method: verb } of level!.steps) {
      if (does === 'use') router.use(path as string, refuse as never);
      else if (does === 'route') router[verb](path as string, refuse as never);
      else router.use((does === 'param' ? refuse : pass) as never);
    }
    if (below.length > 0) router.use(build({ levels: below, target }, false).routes());
    else {
      const before = target.before.map(([kind]) => (kind === 'guard' ? refuse : pass));
      router[target.method](target.path as string, ...([...before, arrive] as never[]));
    }
    return router;
  }

  test('lists what can be reached', async () => {
    Object.assign(tally, { safe: 0, proven: 0 });
    await fc.assert(
      fc.asyncProperty(plans(either(plainPath, patterns)), fc.nat(7), async (plan, dice) => {
        const app = new Koa().use(build(plan, dice === 0).routes());
        app.silent = true;
        const handle = app.callback();
        check(
          unguardedRoutes(app, () => true),
          await leaksOf((req, res) => void handle(req, res)),
        );
      }),
      { numRuns: RUNS },
    );
    expect(tally.proven).toBeGreaterThan(tally.safe / 3);
  }, 60_000);
});
