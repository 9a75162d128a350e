import type { Guard } from '../../src/index.js';
import { guardedBy } from '../guarded.js';
import { MISPLACED } from './misplaced.js';

/** A guard as Koa's middleware, in structural types. */
export type KoaGuard = (
  context: { readonly state: object },
  next: () => Promise<unknown>,
) => Promise<unknown>;

export function guardOf<Req>(enter: Guard<Req>): KoaGuard {
  return function lakiconnectGuard(context, next) {
    if (typeof next !== 'function') throw new TypeError(MISPLACED);
    const waits = enter(context as Req, context.state);
    return waits === undefined ? next() : waits.then(() => next());
  };
}

/**
 * Puts guards before a handler: a wrapper, and a standard or legacy method decorator.
 *
 * @throws TypeError for anything but guards, and then for anything but one handler or method.
 */
export const guarded = guardedBy((guards, handler) => {
  return async function (this: unknown, context: object, next: unknown): Promise<unknown> {
    const run = guards.reduceRight<() => unknown>(
      (after, guard) => () => guard(context, async () => await after()),
      () => handler.call(this, context, next),
    );
    return await run();
  };
});
