import {
  isLakiConnectError,
  type HandlerOptions,
  type LakiConnect,
  type Options,
  type Reply,
} from '../../src/index.js';
import { coreOf } from '../core.js';
import { STALE } from '../stale.js';

/** What the platform's functions may rely on of a Koa 2 or 3 context; name `Context` for more. */
export interface KoaContext {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string;
  readonly originalUrl: string;
  readonly url: string;
  readonly path: string;
  readonly hostname: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[] | undefined>>;
  readonly state: Readonly<Record<string, unknown>>;
  get(name: string): string;
}

interface MiddlewareContext {
  readonly headers: { readonly accept?: string | undefined; readonly 'accept-language'?: string | undefined };
  readonly app: { emit(event: 'error', error: unknown, context: unknown): unknown };
  readonly res: { readonly writableEnded: boolean; destroy(): unknown };
  readonly headerSent: boolean;
  respond?: boolean | undefined;
  status: number;
  body: unknown;
  set(name: string, value: string): unknown;
  remove(name: string): unknown;
  vary(fields: string): unknown;
}

/** Koa's middleware, in structural types. */
export type KoaMiddleware = (context: MiddlewareContext, next: () => Promise<unknown>) => Promise<void>;

/** LakiConnect in a Koa app. */
export interface KoaLakiConnect<Req = KoaContext> extends Omit<LakiConnect<Req>, 'handler'> {
  /**
   * Middleware, to be mounted before everything else: answers LakiConnect's errors, and rethrows every
   * other error as it came. What an operator must hear of is emitted as the app's `error` event, too.
   *
   * @throws TypeError naming the path of a wrong option.
   */
  readonly errorHandler: (options?: HandlerOptions<Req>) => KoaMiddleware;
}

/**
 * LakiConnect for Koa 2 and 3. `Req` is what the options' functions get: `lakiconnect<Context>(…)` for
 * all that Koa's own type has.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected.
 */
export function lakiconnect<Req = KoaContext>(
  options: Options<Req> | LakiConnect<Req> = {},
): KoaLakiConnect<Req> {
  const { handler, ...core } = coreOf(options);
  return {
    ...core,
    errorHandler(handlerOptions) {
      const handle = handler(handlerOptions);
      async function answer(thrown: unknown, context: MiddlewareContext): Promise<void> {
        const { accept, 'accept-language': acceptLanguage } = context.headers;
        const isSent = (): boolean => context.headerSent || context.respond === false;
        const handled = await handle(thrown, { request: context as Req, accept, acceptLanguage, isSent });
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
    },
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

function write(context: MiddlewareContext, { status, headers, body }: Reply): void {
  for (const name of STALE) context.remove(name);
  context.status = status;
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'vary') context.vary(value);
    else context.set(name, value);
  }
  context.body = body;
}
