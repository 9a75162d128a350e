import {
  copyGuardMetadata,
  createGuarded,
  emitHandlerSettled,
  type Guard,
  type Handler,
  type IdempotencyGuard,
  type IdempotentRequest,
} from '../../src/adapter/index.js';
import { misplaced } from './misplaced.js';

/** A guard as Express's middleware, in structural types. */
export type ExpressGuard = (
  request: object,
  response: { readonly locals: object },
  next: (error?: unknown) => void,
) => void;

/** What is read of a request to tell it from another. */
type ExpressMessage = Pick<IdempotentRequest<unknown>, 'method' | 'headers' | 'body'> & {
  readonly originalUrl: string;
};

type Ending = { readonly locals: object } & IdempotentRequest<unknown>['response'];

export function guardOf<Req>(enter: Guard<Req>): ExpressGuard {
  return mounted(enter, (request, { locals }) => enter(request as Req, locals));
}

export function idempotencyGuardOf<Req>(enter: IdempotencyGuard<Req>): ExpressGuard {
  return mounted(enter, (given, response) => {
    const { method, originalUrl: url, headers, body } = given as ExpressMessage;
    const { locals: state } = response;
    return enter({ request: given as Req, state, method, url, headers, body, response: response as Ending });
  });
}

type Enter = (request: object, response: { readonly locals: object }) => void | Promise<void>;

/** Middleware that `enter` lets pass, marked as the guard that it calls. */
function mounted(guard: object, enter: Enter): ExpressGuard {
  const middleware: ExpressGuard = function lakiconnectGuard(request, response, next) {
    if (typeof next !== 'function') throw misplaced('lakiconnect');
    let waits: void | Promise<void>;
    try {
      waits = enter(request, response);
    } catch (refused) {
      fail(refused, next);
      return;
    }
    if (waits === undefined) next();
    else {
      waits.then(
        () => {
          next();
        },
        (refused: unknown) => {
          fail(refused, next);
        },
      );
    }
  };
  return copyGuardMetadata(guard, middleware);
}

/**
 * Puts guards before a handler: a wrapper, and a standard or legacy method decorator. What the handler
 * throws or rejects with goes to `next`, which Express 4 needs.
 *
 * @throws TypeError for anything but guards, and then for anything but one handler or method.
 */
export const guarded = createGuarded((guards, handler) => {
  return async function (this: unknown, request: object, response: object, next?: Next): Promise<unknown> {
    if (typeof response === 'function') throw misplaced('guarded'); // Koa's next
    try {
      for (const guard of guards) {
        const refusal = await refusalOf(guard, request, response);
        if (refusal !== undefined) throw refusal.with;
      }
      return await untilSettled(handler.bind(this), request, response, next);
    } catch (thrown) {
      if (typeof next !== 'function') throw thrown;
      fail(thrown, next);
      return undefined;
    }
  };
});

type Next = (error?: unknown) => void;

/**
 * Calls a handler, and tells when its promise has settled: a handler may find that its client has left, and answer nothing.
 * One that gives no promise may still be at work, and one that calls `next` has left the rest to another.
 */
async function untilSettled(
  handler: Handler,
  request: object,
  response: object,
  next: Next | undefined,
): Promise<unknown> {
  let isLast = true;
  const pass =
    next &&
    ((error?: unknown): void => {
      isLast = false;
      next(error);
    });
  const returned = handler(request, response, pass);
  if (!(returned instanceof Promise)) return returned;
  try {
    return await returned;
  } finally {
    if (isLast) emitHandlerSettled(response);
  }
}

/** What a guard hands to `next`, be it `'route'`; `undefined` if it lets the request pass. */
function refusalOf(
  guard: Handler,
  request: object,
  response: object,
): Promise<{ readonly with: unknown } | undefined> {
  return new Promise((resolve, reject) => {
    const next: Next = (refused) => {
      resolve(refused ? { with: refused } : undefined);
    };
    Promise.resolve(guard(request, response, next)).catch(reject);
  });
}

/** To Express, an empty error is none: it would go on to the next handler. */
function fail(thrown: unknown, next: Next): void {
  next(thrown || new Error('Nothing was thrown.'));
}
