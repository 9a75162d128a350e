import {
  copyGuardMetadata,
  createGuarded,
  emitHandlerSettled,
  type Guard,
  type IdempotencyGuard,
  type IdempotentRequest,
} from '../../src/adapter/index.js';
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
  return mounted(enter, (context, next) => {
    const waits = enter(context as Req, context.state);
    return waits === undefined ? next() : waits.then(() => next());
  });
}

export function idempotencyGuardOf<Req>(enter: IdempotencyGuard<Req>): KoaGuard {
  return mounted(enter, async (context, next) => {
    const { state, method, originalUrl: url, headers, request, res: response } = context as KoaMessage;
    await enter({ request: context as Req, state, method, url, headers, body: request.body, response });
    try {
      return await next();
    } finally {
      emitHandlerSettled(response);
    }
  });
}

type Enter = (context: { readonly state: object }, next: () => Promise<unknown>) => Promise<unknown>;

/** Middleware that goes on where `enter` does, marked as the guard that it calls. */
function mounted(guard: object, enter: Enter): KoaGuard {
  const middleware: KoaGuard = function lakiconnectGuard(context, next) {
    if (typeof next !== 'function') throw misplaced('lakiconnect');
    return enter(context, next);
  };
  return copyGuardMetadata(guard, middleware);
}

/**
 * Puts guards before a handler: a wrapper, and a standard or legacy method decorator.
 *
 * @throws TypeError for anything but guards, and then for anything but one handler or method.
 */
export const guarded = createGuarded((guards, handler) => {
  return function (this: unknown, context: object, next: unknown): Promise<unknown> {
    if (typeof next === 'object') throw misplaced('guarded'); // Express's response
    const run = guards.reduceRight<() => Promise<unknown>>(
      (after, guard) => async () => await guard(context, after),
      async () => await handler.call(this, context, next),
    );
    return run();
  };
});
