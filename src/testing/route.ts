import { markOf } from '../guards/mark.js';

/** One method of one route. */
export interface Route {
  /** In capitals; `ALL` for every method that no other entry of the route names. */
  readonly method: string;
  /** As it was given, after the paths of the routers that it is in; `…` for one that the framework does not keep. */
  readonly path: string;
  /** Whether the path says which requests it is for: all of it is kept, it is no expression, and has no wildcard. */
  readonly isWhole: boolean;
  /** Why it is not proven that every request for it passes a guard. For people: its words may change. */
  readonly reason: string;
}

/** What was found of a route: there is no reason if it is proven guarded. */
export type Audited = Omit<Route, 'reason'> & { readonly reason: string | undefined };

/** What keeps a route from being proven guarded. */
export const REASONS = {
  none: 'no guard stands before it',
  last: 'its guard stands behind its last handler',
  methods: 'the guard on its path does not run for all of its methods',
  paths: (guards: readonly string[]): string =>
    `a guard stands before it on ${guards.join(', ')}, which is not proven to match all of its paths`,
  errorHandler: 'an error handler between the guard and it may let a refused request go on',
  param: 'a guard in router.param() counts for nothing: put it before the handlers',
  exclusive: 'its router is exclusive: guards in other layers of it do not run',
  hidden: 'what is in a mounted app cannot be seen',
};

/** Why whoever comes to the last of some handlers may not have come past a guard. */
export function reasonIn(handlers: readonly unknown[]): string | undefined {
  const last = handlers.findLastIndex((handler) => !isErrorHandler(handler));
  let reason: string | undefined = handlers.some(isGuard) ? REASONS.last : REASONS.none;
  for (const [at, handler] of handlers.slice(0, last + 1).entries()) {
    if (markOf(handler) === 'guarded' || (isGuard(handler) && at < last)) reason = undefined;
    else if (isErrorHandler(handler) && reason === undefined) reason = REASONS.errorHandler;
  }
  return reason;
}

export function isGuard(handler: unknown): boolean {
  return markOf(handler) === 'guard';
}

/** Express calls it with the error, and it may let the request go on without one. */
export function isErrorHandler(handler: unknown): boolean {
  return typeof handler === 'function' && handler.length === 4;
}
