import { peek } from '../translation/plain.js';
import { expressRouterIn } from './express-layers.js';
import { expressRoutes } from './express-routes.js';
import { koaAppRoutes, koaRouterIn, koaRoutes, type KoaRouter } from './koa-routes.js';
import type { Audited, Route } from './route.js';

const NOTHING_TO_WALK =
  'lakiconnect: unguardedRoutes() walks an Express app or router, a Koa app that uses a router, or a Koa router. Hand it one of them.';

/**
 * The routes that no guard is proven to protect, each with the reason, for a test of the platform's: it fails when
 * somebody adds a route and forgets the guard. A guard in mode `'report'` protects nothing.
 *
 * A guard protects a route of which it is a handler, or that comes later in the same router and whose paths and methods
 * are all the guard's, too. Where that cannot be proven, the route is listed. What rewrites the method or the path of a
 * request between the two is not seen.
 *
 * A regular expression is matched with the path. Where the framework does not keep all of that (Express 4 keeps no
 * pattern of a mounted router, no Express what is in a mounted app), the route is listed in any case; audit that router
 * or app by itself, or decide by a function. Middleware that answers by itself is no route.
 *
 * @throws TypeError if there is nothing that could be walked.
 * @example
 * assert.deepEqual(unguardedRoutes(app, /\/(charges|payouts)$/), []);
 */
export function unguardedRoutes(app: object, match: RegExp | ((route: Route) => boolean)): Route[] {
  const isAsked = typeof match === 'function' ? match : matching(match);
  return [...routesOf(app)].filter(isUnguarded).filter(isAsked);
}

function isUnguarded(audited: Audited): audited is Route {
  return audited.reason !== undefined;
}

/** Without its memory: a global one would skip every other route. */
function matching({ source, flags }: RegExp): (route: Route) => boolean {
  const expression = new RegExp(source, flags.replace(/[gy]/g, ''));
  return ({ path, isWhole }) => !isWhole || expression.test(path);
}

function routesOf(app: object): Iterable<Audited> {
  const middleware = peek(app, 'middleware');
  if (Array.isArray(middleware) && middleware.some((used) => koaRouterIn(used) !== undefined)) {
    return koaAppRoutes(middleware);
  }
  // Express 4 keeps its router under another name, and throws where Express 5 does.
  const router = [app, peek(app, '_router'), peek(app, 'router')].map(expressRouterIn).find(Boolean);
  if (router === undefined) throw new TypeError(NOTHING_TO_WALK);
  return isOfKoa(router) ? koaRoutes(router) : expressRoutes(router);
}

function isOfKoa(router: { readonly stack: readonly object[] }): router is KoaRouter {
  return router.stack.some((layer) => 'methods' in layer);
}
