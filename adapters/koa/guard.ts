import { marked, markOf, type Guard } from '../../src/index.js';
import { guardedBy } from '../guarded.js';
import { misplaced } from './misplaced.js';

/** A guard as Koa's middleware, in structural types; generic, so that a router infers no context from it. */
export type KoaGuard = <C extends { readonly state: object }>(
  context: C,
  next: () => Promise<unknown>,
) => Promise<unknown>;

export function guardOf<Req>(enter: Guard<Req>): KoaGuard {
  return marked(function lakiconnectGuard(context: { readonly state: object }, next) {
    if (typeof next !== 'function') throw misplaced('lakiconnect');
    const waits = enter(context as Req, context.state);
    return waits === undefined ? next() : waits.then(() => next());
  }, markOf(enter));
}

/**
 * Puts guards before a handler: a wrapper, and a standard or legacy method decorator.
 *
 * @throws TypeError for anything but guards, and then for anything but one handler or method.
 */
export const guarded = guardedBy((guards, handler) => {
  return function (this: unknown, context: object, next: unknown): Promise<unknown> {
    if (typeof next === 'object') throw misplaced('guarded'); // Express's response
    const run = guards.reduceRight<() => Promise<unknown>>(
      (after, guard) => async () => await guard(context, after),
      async () => await handler.call(this, context, next),
    );
    return run();
  };
});
