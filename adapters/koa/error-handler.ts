import { STATUS_CODES } from 'node:http';
import { types } from 'node:util';
import {
  isLakiConnectError,
  replyHeaders,
  type Handle,
  type Passed,
  type PresentHeaders,
  type Reply,
} from '../../src/adapter/index.js';

interface OutgoingResponse {
  readonly writableEnded: boolean;
  getHeaders(): PresentHeaders;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): void;
  destroy(): unknown;
}

interface MiddlewareContext {
  readonly headers: { readonly accept?: string | undefined; readonly 'accept-language'?: string | undefined };
  readonly app: { emit(event: 'error', error: unknown, context: unknown): unknown };
  readonly res: OutgoingResponse;
  readonly headerSent: boolean;
  readonly state: object;
  respond?: boolean | undefined;
  status: number;
  body: unknown;
  onerror(error: unknown): unknown;
}

/** Koa's middleware, in structural types. */
export type KoaMiddleware = (context: MiddlewareContext, next: () => Promise<unknown>) => Promise<void>;

export function errorHandlerOf<Req>(handle: Handle<Req>): KoaMiddleware {
  async function answer(thrown: unknown, context: MiddlewareContext): Promise<void> {
    const { accept, 'accept-language': acceptLanguage } = context.headers;
    const handled = await handle(thrown, {
      request: context as Req,
      accept,
      acceptLanguage,
      state: context.state,
      isSent: () => context.headerSent || context.respond === false,
      isComplete: () => context.res.writableEnded,
    });
    if (handled.late !== undefined) return;
    if (handled.reply !== undefined) {
      write(context, handled.reply);
      if (handled.level === 'error') context.app.emit('error', handled.error, context);
      return;
    }
    if (isLakiConnectError(handled.pass)) cutOff(context);
    throw survivable(context, handled);
  }
  return function lakiconnectErrorHandler(context, next) {
    if (typeof next !== 'function' || !('respond' in context || 'app' in context))
      throw new TypeError(MISPLACED);
    return run(next).catch((thrown: unknown) => answer(thrown, context));
  };
}

const MISPLACED =
  "lakiconnect: this middleware was made for Koa. For Express, import { lakiconnect } from 'lakiconnect-middleware/express' and mount errorHandler() after every route.";

async function run(next: () => Promise<unknown>): Promise<void> {
  await next();
}

/** An answer that broke off after its first bytes: Koa would leave its client waiting for the rest. */
function cutOff(context: MiddlewareContext): void {
  const { headerSent, res } = context;
  if (!headerSent || res.writableEnded) return;
  context.respond = false; // or Koa would write what the platform's own handler says behind them
  setImmediate(() => res.destroy()); // after what was written
}

/**
 * What to throw in a throwable's place: itself, and yet nothing that ends the process or hangs its client. Where
 * nobody outside handles it, Koa may try; what its last handler throws then (over an error that it cannot write on, or
 * a header that cannot be sent) is caught, and it gets a plain Error.
 */
function survivable(context: MiddlewareContext, { pass, replace }: Passed): unknown {
  const replaced = (): Error => {
    cutOff(context);
    return replace();
  };
  if (pass === undefined || pass === null) return replaced(); // to Koa no error: it would not answer
  const onerror = context.onerror.bind(context);
  context.onerror = (error) => {
    if (error !== pass) return onerror(error);
    try {
      if (context.headerSent || !isInterim(error)) return onerror(error);
    } catch {
      // It sends the answer last: nothing of it has been.
    }
    return onerror(replaced());
  };
  return pass;
}

/** Whether an error's status would not end the exchange: its client would wait for another answer. */
function isInterim(error: unknown): boolean {
  if (!types.isNativeError(error) && !(error instanceof Error)) return false; // Koa wraps it in a 500
  const said = error as { readonly status?: unknown; readonly statusCode?: unknown };
  const code = said.status || said.statusCode;
  return typeof code === 'number' && code < 200 && code in STATUS_CODES;
}

function write(context: MiddlewareContext, reply: Reply): void {
  context.status = reply.status;
  const { remove, set } = replyHeaders(reply, context.res.getHeaders());
  for (const name of remove) context.res.removeHeader(name);
  for (const [name, value] of Object.entries(set)) context.res.setHeader(name, value);
  context.body = reply.body;
}
