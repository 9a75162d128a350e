import {
  marked,
  markOf,
  refusalsOf,
  refusing,
  type Guard,
  type IdempotencyGuard,
  type IdempotentRequest,
} from '../../src/index.js';
import { guardedBy } from '../guarded.js';
import { misplaced } from './misplaced.js';

/** A guard as Koa's middleware, in structural types; generic, so that a router infers no context from it. */
export type KoaGuard = <C extends { readonly state: object }>(
  context: C,
  next: () => Promise<unknown>,
) => Promise<unknown>;

/** What is read of a context to tell its request from another. */
type KoaMessage = Pick<IdempotentRequest<unknown>, 'state' | 'method' | 'headers'> & {
  readonly originalUrl: string;
  readonly request: { readonly body?: unknown };
  readonly res: IdempotentRequest<unknown>['response'];
};

export function guardOf<Req>(enter: Guard<Req>): KoaGuard {
  return mounted(enter, (context) => enter(context as Req, context.state));
}

export function idempotencyGuardOf<Req>(enter: IdempotencyGuard<Req>): KoaGuard {
  return mounted(enter, (context) => {
    const { state, method, originalUrl: url, headers, request, res: response } = context as KoaMessage;
    return enter({ request: context as Req, state, method, url, headers, body: request.body, response });
  });
}

type Enter = (context: { readonly state: object }) => void | Promise<void>;

/** Middleware that `enter` lets pass, marked as the guard that it calls. */
function mounted(guard: object, enter: Enter): KoaGuard {
  const middleware: KoaGuard = function lakiconnectGuard(context, next) {
    if (typeof next !== 'function') throw misplaced('lakiconnect');
    const waits = enter(context);
    return waits === undefined ? next() : waits.then(() => next());
  };
  return refusing(marked(middleware, markOf(guard)), refusalsOf(guard));
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
