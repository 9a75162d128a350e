import createError, { type HttpError } from 'http-errors';
import { teller } from './events.js';
import { judged } from './judge.js';
import type { HandlerOptions, Options } from './options.js';
import { call, type CallContext, type Send } from './provider/call.js';
import { settleThrown } from './provider/failure.js';
import { handlerOptions } from './schemas/options.js';
import { settle } from './settle.js';
import type { LakiConnectError } from './translation/error.js';
import { audienceOf } from './translation/face.js';
import { bearable } from './translation/foreign.js';
import { asHttpError, httpReply } from './translation/http-error.js';
import { recognise } from './translation/recognise.js';
import type { Reply } from './translation/reply.js';
import type { Level } from './translation/rules.js';
import { translate, type Reader } from './translation/translate.js';

/** What an adapter reads of a request. */
export interface Incoming<Req> {
  /** What the platform's own functions get. */
  readonly request: Req;
  readonly accept: string | undefined;
  readonly acceptLanguage: string | undefined;
  /** The response has begun: nothing can be written any more. */
  readonly sent: boolean;
}

/** What an adapter is to do: write a reply, or pass a throwable on to the framework. */
export type Handled = Answered | { readonly reply?: undefined; readonly pass: unknown };

export interface Answered {
  readonly reply: Reply;
  /** What was thrown, in a form fit for logs. */
  readonly error: LakiConnectError | HttpError;
  readonly level: Level;
}

/** The library without a framework. */
export interface LakiConnect<Req = unknown> {
  /**
   * Translates an error that any HTTP client threw, from what has been read of it. Pure and synchronous.
   *
   * @returns `undefined` if the error is not LakiConnect's.
   */
  readonly translate: (error: unknown, reader?: Reader) => Reply | undefined;
  /**
   * Runs one request with any HTTP client, under the `timeoutMs` deadline.
   *
   * @returns what `send` gave, unchanged.
   * @throws LakiConnectError for a rejection, a non-2xx answer, an error body at 2xx or a timeout;
   * whatever else `send` threw as it is, such as another upstream's error or the caller's own abort.
   */
  readonly call: <T>(send: Send<T>, context?: CallContext) => Promise<T>;
  /**
   * For adapters: makes a function that recognises a throwable, translates it for its request and tells
   * `onEvent`. See docs/writing-an-adapter.md.
   *
   * @throws TypeError naming the path of a wrong option.
   */
  readonly handler: (
    options?: HandlerOptions<Req>,
  ) => (thrown: unknown, incoming: Incoming<Req>) => Promise<Handled>;
}

/**
 * The library without a framework, to call LakiConnect with and to write an adapter upon.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected.
 */
export function createLakiConnect<Req = unknown>(options: Options<Req> = {}): LakiConnect<Req> {
  const settings = settle(options);
  const tell = teller(settings.onEvent);

  function readerOf(
    { request, accept, acceptLanguage }: Incoming<Req>,
    audience = settings.audience,
  ): Reader {
    return {
      accept,
      acceptLanguage,
      locale: settings.locale?.(request),
      audience: audienceOf(typeof audience === 'function' ? audience(request) : audience),
    };
  }

  function answer(error: LakiConnectError, reader: Reader): Answered {
    const { reply, rule, audience, locale, unmappedFields } = translate(error, reader, settings);
    tell({
      type: 'translated',
      level: rule.level,
      kind: error.kind,
      code: reply.problem.code,
      status: reply.status,
      audience,
      locale,
      fault: rule.fault,
      outcome: error.outcome,
      retryable: error.retryable,
      origin: error.origin,
      merchantId: error.merchantId,
      requestId: error.requestId,
      upstreamStatus: error.upstream.status,
      upstreamCode: error.upstream.code,
      upstreamMessage: error.upstream.message,
      unmappedFields: unmappedFields.length === 0 ? undefined : unmappedFields,
    });
    return { reply, error, level: rule.level };
  }

  return {
    translate(thrown, reader = {}) {
      const error = recognise(thrown, { within: false }, settings);
      return error === undefined ? undefined : translate(error, reader, settings).reply;
    },

    call: (send, context = {}) => call(send, context, settings, tell),

    handler(options = {}) {
      const { audience, httpErrors = false, forward = false } = judged(handlerOptions, options);
      return async (thrown, incoming) => {
        const error = await settleThrown(thrown, settings, tell);
        if (incoming.sent) return { pass: error ?? bearable(thrown) };
        if (error !== undefined) {
          const handled = answer(error, readerOf(incoming, audience));
          return forward ? { pass: forwardable(handled.reply) } : handled;
        }
        const own = httpErrors && !forward ? asHttpError(thrown) : undefined;
        if (own === undefined) return { pass: bearable(thrown) };
        const reply = httpReply(own, readerOf(incoming, audience), settings);
        return { reply, error: own, level: own.status >= 500 ? 'error' : 'info' };
      };
    },
  };
}

/** A reply as an error for the platform's own handler; the body is that handler's to write. */
function forwardable({ status, headers, problem }: Reply): HttpError {
  const { 'cache-control': cacheControl, 'retry-after': retryAfter } = headers;
  return createError(status, problem.detail ?? problem.title, {
    expose: status < 500,
    headers: {
      'cache-control': cacheControl,
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    },
    problem,
  });
}
