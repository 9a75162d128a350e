import { peek } from '../translation/plain.js';
import { expressRoutes, stackOf, type ExpressLayer } from './express-routes.js';
import { koaAppRoutes, koaRoutes, routerOf, type KoaLayer } from './koa-routes.js';
import type { Route, Seen } from './route.js';

const NOTHING_TO_WALK =
  'lakiconnect: unguardedRoutes() walks an Express app or router, a Koa app that uses a router, or a Koa router. Hand it one of them.';

/**
 * The routes that no guard protects, for a test of the platform's: it fails when somebody adds a route and
 * forgets the guard. A guard in mode `'report'` protects nothing.
 *
 * A regular expression is matched with the path. Where the framework does not keep all of that (Express 4
 * keeps no path of a mounted router, no Express what is in a mounted app), the route is listed in any case;
 * audit that router or app by itself, or decide by a function. Middleware that answers by itself is no route.
 *
 * @throws TypeError if there is nothing that could be walked.
 */
export function unguardedRoutes(app: object, match: RegExp | ((route: Route) => boolean)): Route[] {
  const isAsked = typeof match === 'function' ? match : matching(match);
  return [...routesOf(app)]
    .filter(({ isGuarded }) => !isGuarded)
    .map(({ method, path, isWhole }) => ({ method, path, isWhole }))
    .filter(isAsked);
}

/** Without its memory: a global one would skip every other route. */
function matching({ source, flags }: RegExp): (route: Route) => boolean {
  const expression = new RegExp(source, flags.replace(/[gy]/g, ''));
  return ({ path, isWhole }) => !isWhole || expression.test(path);
}

function routesOf(app: object): Iterable<Seen> {
  const middleware = peek(app, 'middleware');
  if (Array.isArray(middleware) && middleware.some((used) => routerOf(used) !== undefined)) {
    return koaAppRoutes(middleware);
  }
  // Express 4 keeps its router under another name, and throws where Express 5 does.
  const stack = stackOf(app) ?? stackOf(peek(app, '_router')) ?? stackOf(peek(app, 'router'));
  if (stack === undefined) throw new TypeError(NOTHING_TO_WALK);
  return isOfKoa(stack) ? koaRoutes(stack) : expressRoutes(stack);
}

function isOfKoa(stack: readonly (ExpressLayer | KoaLayer)[]): stack is readonly KoaLayer[] {
  return stack.some((layer) => 'methods' in layer);
}
