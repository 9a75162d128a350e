import {
  createGuards,
  middlewareFactory,
  toCore,
  type Core,
  type Guarded,
  type Guards,
  type HandlerOptions,
  type LakiConnect,
  type Merchant,
  type MerchantClient,
  type Options,
  type WebhookOptions,
} from '../../src/adapter/index.js';
import { errorHandlerOf, type KoaMiddleware } from './error-handler.js';
import { guardOf, idempotencyGuardOf, type KoaGuard } from './guard.js';
import { webhookOf, type KoaWebhook } from './webhook.js';

export type { Guarded, KoaGuard, KoaMiddleware, KoaWebhook };
export { guarded } from './guard.js';

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

/** LakiConnect in a Koa app. */
export interface KoaLakiConnect<Req = KoaContext> extends Core<Req>, Guards<Req, KoaGuard> {
  /**
   * Middleware, to be mounted before everything else: answers LakiConnect's errors, and rethrows every
   * other error as it came. What an operator must hear of is emitted as the app's `error` event, too.
   *
   * @throws TypeError naming the path of a wrong option.
   */
  readonly errorHandler: (options?: HandlerOptions<Req>) => KoaMiddleware;
  /** What the guards of a request's route have learnt; `undefined` if there was none. */
  readonly merchant: (context: { readonly state: object }) => Merchant | undefined;
  /**
   * `client` for the merchant, and with the idempotency key, that the guards of a request's route have learnt. A `post`
   * or `put` may name another key; a `get` carries none.
   *
   * @throws TypeError if no guard has named a merchant, so that no payment goes out for the platform itself by mistake.
   */
  readonly clientFor: (context: { readonly state: object }) => MerchantClient;
  /** The idempotency key that a guard has found in a request; `undefined` if there was none. */
  readonly idempotencyKey: (context: { readonly state: object }) => string | undefined;
  /**
   * Receives LakiConnect's webhooks. Mount it before a body parser, or use one that keeps
   * `ctx.request.rawBody`: a signature is that of the raw body.
   *
   * @throws TypeError naming the path of a wrong option, such as a missing secret.
   */
  readonly webhook: (options: WebhookOptions) => KoaWebhook;
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
  const { clientIn, handler, guard, idempotencyGuard, idempotencyKeyIn, learnt, receiver, ...core } =
    toCore(options);
  return {
    ...core,
    ...createGuards({
      preflight: (requirements, guardOptions) => guardOf(guard(requirements, guardOptions)),
      requireIdempotencyKey: (keyOptions) => idempotencyGuardOf(idempotencyGuard(keyOptions)),
    }),
    errorHandler: middlewareFactory('errorHandler()', (handlerOptions?: HandlerOptions<Req>) =>
      errorHandlerOf(handler(handlerOptions)),
    ),
    merchant: ({ state }) => learnt(state),
    clientFor: ({ state }) => clientIn(state),
    idempotencyKey: ({ state }) => idempotencyKeyIn(state),
    webhook: middlewareFactory('webhook({ secret })', (webhookOptions: WebhookOptions) =>
      webhookOf(receiver(webhookOptions)),
    ),
  };
}
