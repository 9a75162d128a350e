import timers from 'node:timers';

/** How long a handler may go on after its client has left, before its key is free, in milliseconds. */
const AFTER_CLOSE_MS = 60_000;

/** Emitted on a response when what its handler returned has settled, however it did. */
const SETTLED = Symbol.for('lakiconnect-middleware.handler-settled');

/** As much of Node's response as tells of the end of its handler; that of HTTP/2, too. */
export interface HandledResponse {
  once(event: string | symbol, listener: () => void): unknown;
  /** Without it a handler has ended with its connection. */
  readonly writableEnded?: boolean | undefined;
  readonly destroyed?: boolean | undefined;
  /** Of HTTP/2. */
  readonly stream?: { readonly destroyed: boolean } | undefined;
  readonly end?: unknown;
}

/** For adapters: tells that the handler of a request has returned, or its promise has settled. */
export function emitHandlerSettled(response: object): void {
  (response as { emit(event: symbol): unknown }).emit(SETTLED);
}

/** Calls `ended` once, when the handler of a response has ended. */
export type OnHandlerEnd = (response: HandledResponse, ended: () => void) => void;

/** A timer of Node's, as far as it is used. */
export interface Timers {
  readonly setTimeout: (ring: () => void, ms: number) => { unref(): unknown };
  readonly clearTimeout: (timer: never) => void;
}

/**
 * A handler has ended when its response was finished, or would have been: while the client is there, once all has been
 * handed over to it; of one that has hung up, once the handler settles or tries to end the response, and a minute later at
 * most. Until then it may still be paying.
 */
export function createOnHandlerEnd(
  closing: AbortSignal,
  { setTimeout, clearTimeout }: Timers = timers,
): OnHandlerEnd {
  const waiting = new Set<ReturnType<Timers['setTimeout']>>();
  closing.addEventListener('abort', () => {
    for (const timer of waiting) clearTimeout(timer as never);
    waiting.clear();
  });

  return (response, ended) => {
    let isOver = false;
    let hasSettled = false;

    /** Nothing reaches the client any more: it has all, or has left. */
    function over(): void {
      if (isOver) return;
      isOver = true;
      if (response.writableEnded === false && !hasSettled) awaitHandler();
      else ended();
    }

    function awaitHandler(): void {
      let hasEnded = false;
      const timer = setTimeout(end, AFTER_CLOSE_MS);
      timer.unref();
      waiting.add(timer);
      function end(): void {
        clearTimeout(timer as never);
        waiting.delete(timer);
        if (!hasEnded) ended();
        hasEnded = true;
      }
      response.once(SETTLED, end);
      onEnd(response, end);
    }

    response.once(SETTLED, () => {
      hasSettled = true;
    });
    for (const event of ['finish', 'close']) response.once(event, over);
    if (response.destroyed === true || response.stream?.destroyed === true) over();
  };
}

/** Node tells nobody that the response of a client that has hung up was ended. */
function onEnd(response: HandledResponse, ended: () => void): void {
  const end = response.end as (this: unknown, ...given: unknown[]) => unknown;
  Object.assign(response, {
    end(this: unknown, ...given: unknown[]): unknown {
      ended();
      return end.apply(this, given);
    },
  });
}
