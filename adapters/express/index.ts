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
import { errorHandlerOf, type ExpressErrorHandler } from './error-handler.js';
import { guardOf, idempotencyGuardOf, type ExpressGuard } from './guard.js';
import { webhookOf, type ExpressWebhook } from './webhook.js';

export type { ExpressErrorHandler, ExpressGuard, ExpressWebhook, Guarded };
export { guarded } from './guard.js';

/** What the platform's functions may rely on of an Express 4 or 5 request; name `Request` for more. */
export interface ExpressRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string;
  readonly originalUrl: string;
  readonly url: string;
  readonly path: string;
  readonly hostname: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  get(name: string): string | undefined;
}

/** LakiConnect in an Express app. */
export interface ExpressLakiConnect<Req = ExpressRequest> extends Core<Req>, Guards<Req, ExpressGuard> {
  /**
   * Error middleware, to be mounted after every route: answers LakiConnect's errors, and passes every
   * other error on as it came.
   *
   * @throws TypeError naming the path of a wrong option.
   */
  readonly errorHandler: (options?: HandlerOptions<Req>) => ExpressErrorHandler;
  /** What the guards of a request's route have learnt; `undefined` if there was none. */
  readonly merchant: (request: {
    readonly res?: { readonly locals: object } | undefined;
  }) => Merchant | undefined;
  /**
   * `client` for the merchant, and with the idempotency key, that the guards of a request's route have learnt. A `post`
   * or `put` may name another key; a `get` carries none.
   *
   * @throws TypeError if no guard has named a merchant, so that no payment goes out for the platform itself by mistake.
   */
  readonly clientFor: (request: { readonly res?: { readonly locals: object } | undefined }) => MerchantClient;
  /** The idempotency key that a guard has found in a request; `undefined` if there was none. */
  readonly idempotencyKey: (request: {
    readonly res?: { readonly locals: object } | undefined;
  }) => string | undefined;
  /**
   * Receives LakiConnect's webhooks. Mount it before `express.json()`: a signature is that of the raw body.
   *
   * @throws TypeError naming the path of a wrong option, such as a missing secret.
   */
  readonly webhook: (options: WebhookOptions) => ExpressWebhook;
}

/**
 * LakiConnect for Express 4 and 5. `Req` is what the options' functions get: `lakiconnect<Request>(…)`
 * for all that Express's own type has.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected.
 */
export function lakiconnect<Req = ExpressRequest>(
  options: Options<Req> | LakiConnect<Req> = {},
): ExpressLakiConnect<Req> {
  const { clientIn, handler, guard, idempotencyGuard, idempotencyKeyIn, learnt, receiver, ...core } =
    toCore(options);
  return {
    ...core,
    ...createGuards({
      preflight: (requirements, guardOptions) => guardOf(guard(requirements, guardOptions)),
      requireIdempotencyKey: (keyOptions) => idempotencyGuardOf(idempotencyGuard(keyOptions)),
    }),
    errorHandler: middlewareFactory(
      'errorHandler()',
      (handlerOptions?: HandlerOptions<Req>) => errorHandlerOf(handler(handlerOptions)),
      4,
    ),
    merchant: ({ res }) => learnt(res?.locals),
    clientFor: ({ res }) => clientIn(res?.locals),
    idempotencyKey: ({ res }) => idempotencyKeyIn(res?.locals),
    webhook: middlewareFactory('webhook({ secret })', (webhookOptions: WebhookOptions) =>
      webhookOf(receiver(webhookOptions)),
    ),
  };
}
