import { METHODS } from 'node:http';
import { markOf } from '../guards/mark.js';
import { reasonBefore, type Asked, type Cover } from './cover.js';
import { isSpelledOut, patternOf, WILDCARDS, type Grammar, type Matcher } from './pattern.js';
import { isGuard, reasonIn, REASONS, type Audited } from './route.js';

/** What Koa's routers keep of a route, or of middleware, which has no methods. */
interface KoaLayer extends Matcher {
  readonly path: string | RegExp;
  readonly methods: readonly string[];
  readonly stack: readonly unknown[];
  readonly opts?: { readonly end?: boolean };
}

export interface KoaRouter {
  readonly stack: readonly KoaLayer[];
  /** Of all layers that match, only one runs. */
  readonly exclusive?: boolean;
}

/** What its routers write for middleware without a path of its own, version by version, behind their prefix. */
const KOA: Grammar = [
  [/\(\?:\\\/\|\$\)$/, 'prefix'],
  [/\(\[\^\\?\/\]\*\)$/, 'prefix'],
  [/\(\.\*\)$/, 'prefix'],
  ...WILDCARDS,
];

/** Every route of a Koa router, those of nested ones included: it keeps them with their whole paths. */
export function* koaRoutes({ stack, exclusive }: KoaRouter, isBehindGuard = false): Generator<Audited> {
  const guards: Cover[] = [];

  function reasonFor(asked: Asked): string | undefined {
    if (isBehindGuard) return undefined;
    const runs = exclusive === true ? [] : guards;
    return reasonBefore(runs, asked, guards.length > 0 ? REASONS.exclusive : REASONS.none);
  }

  for (const layer of stack) {
    const isMiddleware = layer.methods.length === 0;
    const pattern = patternOf(layer.path, isMiddleware && layer.opts?.end === false, KOA);
    if (isMiddleware || layer.stack.every(isGuard)) {
      const isMarked = layer.stack.some((handler) => markOf(handler) !== undefined);
      const methods = isMiddleware ? METHODS : layer.methods;
      if (isMarked) guards.push({ layer, patterns: [pattern], methods });
      continue;
    }
    const within = reasonIn(layer.stack);
    for (const { method, methods } of methodsOf(layer)) {
      const before = within && reasonFor({ layer, pattern, methods });
      const reason = before === REASONS.none ? within : before;
      yield { method, path: String(layer.path), isWhole: isSpelledOut(layer.path), reason };
    }
  }
}

/** A router answers HEAD wherever it answers GET. */
function methodsOf({ methods }: KoaLayer): readonly { method: string; methods: readonly string[] }[] {
  if (METHODS.every((method) => methods.includes(method))) return [{ method: 'ALL', methods: METHODS }];
  return methods
    .filter((method) => method !== 'HEAD' || !methods.includes('GET'))
    .map((method) => ({ method, methods: method === 'GET' ? ['GET', 'HEAD'] : [method] }));
}

/** Every route of the routers that a Koa app uses, behind the guards that it uses before them. */
export function* koaAppRoutes(middleware: readonly unknown[]): Generator<Audited> {
  let isBehindGuard = false;
  for (const used of middleware) {
    isBehindGuard ||= markOf(used) !== undefined;
    const router = koaRouterIn(used);
    if (router !== undefined) yield* koaRoutes(router, isBehindGuard);
  }
}

/** The router behind `router.routes()`. */
export function koaRouterIn(used: unknown): KoaRouter | undefined {
  const { router } = Object(used) as { readonly router?: Partial<KoaRouter> };
  return router?.stack === undefined ? undefined : (router as KoaRouter);
}
