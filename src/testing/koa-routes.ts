import { markOf } from '../guards/mark.js';
import { isProtected, type Seen } from './route.js';

/** What Koa's routers keep of a route, or of middleware, which has no methods. */
export interface KoaLayer {
  readonly path: string | RegExp;
  readonly methods: readonly string[];
  readonly stack: readonly unknown[];
  readonly match: (path: string) => boolean;
}

/** Every route of a Koa router, those of nested ones included: it keeps them with their whole paths. */
export function* koaRoutes(stack: readonly KoaLayer[], isBehindGuard = false): Generator<Seen> {
  const guards: KoaLayer[] = [];
  for (const layer of stack) {
    const { path, methods } = layer;
    if (methods.length === 0) {
      if (layer.stack.some((handler) => markOf(handler) !== undefined)) guards.push(layer);
      continue;
    }
    const isGuarded =
      isBehindGuard ||
      isProtected(layer.stack) ||
      guards.some((guard) => typeof path === 'string' && guard.match(path));
    // A router answers HEAD wherever it answers GET.
    for (const method of methods.filter((name) => name !== 'HEAD' || !methods.includes('GET'))) {
      yield { method, path: String(path), isWhole: true, isGuarded };
    }
  }
}

/** Every route of the routers that a Koa app uses, behind the guards that it uses before them. */
export function* koaAppRoutes(middleware: readonly unknown[]): Generator<Seen> {
  let isBehindGuard = false;
  for (const used of middleware) {
    isBehindGuard ||= markOf(used) !== undefined;
    const router = routerOf(used);
    if (router !== undefined) yield* koaRoutes(router, isBehindGuard);
  }
}

/** The stack of the router behind `router.routes()`. */
export function routerOf(used: unknown): readonly KoaLayer[] | undefined {
  const { router } = Object(used) as { readonly router?: { readonly stack?: readonly KoaLayer[] } };
  return router?.stack;
}
