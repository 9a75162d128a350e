import { isLakiConnectError, type Handle, type Reply } from '../../src/index.js';
import { writeHeaders, type Head } from '../head.js';

interface MiddlewareContext {
  readonly headers: { readonly accept?: string | undefined; readonly 'accept-language'?: string | undefined };
  readonly app: { emit(event: 'error', error: unknown, context: unknown): unknown };
  readonly res: Head & { readonly writableEnded: boolean; destroy(): unknown };
  readonly headerSent: boolean;
  readonly state: object;
  respond?: boolean | undefined;
  status: number;
  body: unknown;
  vary(fields: string): unknown;
}

/** Koa's middleware, in structural types. */
export type KoaMiddleware = (context: MiddlewareContext, next: () => Promise<unknown>) => Promise<void>;

export function errorHandlerOf<Req>(handle: Handle<Req>): KoaMiddleware {
  async function answer(thrown: unknown, context: MiddlewareContext): Promise<void> {
    const { accept, 'accept-language': acceptLanguage } = context.headers;
    const { state } = context;
    const isSent = (): boolean => context.headerSent || context.respond === false;
    const handled = await handle(thrown, { request: context as Req, accept, acceptLanguage, state, isSent });
    if (handled.reply !== undefined) {
      write(context, handled.reply);
      if (handled.level === 'error') context.app.emit('error', handled.error, context);
      return;
    }
    if (context.headerSent && isLakiConnectError(handled.pass)) cutOff(context);
    throw handled.pass;
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
function cutOff({ res }: MiddlewareContext): void {
  if (!res.writableEnded) res.destroy();
}

function write(context: MiddlewareContext, reply: Reply): void {
  context.status = reply.status;
  writeHeaders(context.res, reply, (fields) => context.vary(fields));
  context.body = reply.body;
}
