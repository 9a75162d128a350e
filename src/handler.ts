import createError from 'http-errors';
import type { Tell } from './events.js';
import type { Contradict } from './guards/contradiction.js';
import type { Locals } from './guards/locals.js';
import { judged } from './judge.js';
import { orElse, tellingOf } from './misconfigured.js';
import { judging, thrownIn, type OptionFailure } from './option-functions.js';
import type { HandlerOptions } from './options.js';
import { settleThrown, type Note } from './provider/failure.js';
import { handlerOptions } from './schemas/options.js';
import type { Settings } from './settings.js';
import type { LakiConnectError } from './translation/error.js';
import { httpReply, readHttpError } from './translation/http-error.js';
import type { Reply } from './translation/reply.js';
import type { Audience, Level } from './translation/rules.js';
import { describeThrown, toPlainError } from './translation/throwables.js';
import { translate, type Reader } from './translation/translate.js';
import { withoutFailing } from './without-option.js';

/** What an adapter reads of a request. */
export interface Incoming<Req> {
  /** What the platform's own functions get. */
  readonly request: Req;
  readonly accept: string | undefined;
  readonly acceptLanguage: string | undefined;
  /** Where guards have kept what they learnt of the request, if there are any. */
  readonly state?: object | undefined;
  /** Whether the response has begun, so that nothing can be written any more; asked last. */
  readonly isSent: () => boolean;
  /** Whether all of the response has been handed over, so that nothing is missing from it; `false` unless told. */
  readonly isComplete?: (() => boolean) | undefined;
}

/** What an adapter is to do: write a reply, pass a throwable on to the framework, or nothing. */
export type Handled = Answered | Passed | Late;

export interface Answered {
  readonly reply: Reply;
  /** What was thrown, in a form fit for logs. */
  readonly error: Error;
  readonly level: Level;
  readonly late?: undefined;
}

export interface Passed {
  readonly reply?: undefined;
  /** What was thrown: the same object, unless it is LakiConnect's. */
  readonly pass: unknown;
  /** For what the framework would hang or end its process on: tells an event, and makes a plain Error to pass on. */
  readonly replace: () => Error;
  readonly late?: undefined;
}

export interface Late {
  readonly reply?: undefined;
  readonly pass?: undefined;
  /** LakiConnect's error that came after a complete answer: an event was told, and there is nothing left to do. */
  readonly late: LakiConnectError;
}

/**
 * Decides what becomes of a throwable, in the same tick: a promise is returned only if the body of LakiConnect's
 * answer must still be read. Neither throws nor rejects.
 */
export type Handle<Req> = (thrown: unknown, incoming: Incoming<Req>) => Handled | Promise<Handled>;

/** What a handler works with. */
export interface HandlerParts<Req> {
  readonly settings: Settings<Req>;
  readonly locals: Locals;
  readonly tell: Tell;
  readonly note: Note;
  readonly contradict: Contradict;
}

/** @throws TypeError naming the path of a wrong option. */
export function createHandler<Req>(
  options: HandlerOptions<Req>,
  { settings, locals, tell, note, contradict }: HandlerParts<Req>,
): Handle<Req> {
  const { audience, httpErrors = false, forward = false } = judged(handlerOptions, options);

  const tellOf = tellingOf(tell);
  const reads =
    typeof audience === 'function' ? judging('audience', audience) : (audience ?? settings.audience);

  /** Where the platform's own functions fail, the reader is a customer, whose language is that of the header. */
  function readerOf(
    { request, accept, acceptLanguage, state }: Incoming<Req>,
    note: (failure: OptionFailure) => void,
  ): Reader {
    const audienceOf = (): Audience => (typeof reads === 'function' ? reads(request) : reads);
    return {
      accept,
      acceptLanguage,
      locale: orElse(
        () => settings.locale?.(request),
        () => undefined,
        note,
      ),
      audience: locals.of(state).audience ?? orElse(audienceOf, () => 'customer', note),
    };
  }

  /** A payment's error is answered even where the platform's own functions fail; events tell of them. */
  function answer(
    error: LakiConnectError,
    merchantId: string | undefined,
    incoming: Incoming<Req>,
  ): Answered {
    const failures: OptionFailure[] = [];
    const noteFailure = (failure: OptionFailure): void => void failures.push(failure);
    const reader = readerOf(incoming, noteFailure);
    const translation = withoutFailing(settings, (kept) => translate(error, reader, kept), noteFailure);
    failures.forEach(tellOf);
    const { reply, rule } = translation;
    const { upstream } = error;
    const [failure] = failures;
    const level = failure === undefined ? rule.level : 'error';
    tell({
      type: 'translated',
      level,
      kind: error.kind,
      code: reply.problem.code,
      status: reply.status,
      audience: translation.audience,
      locale: translation.locale,
      fault: rule.fault,
      outcome: error.outcome,
      retryable: error.retryable,
      action: reply.problem.action,
      origin: error.origin,
      merchantId,
      requestId: error.requestId,
      upstreamStatus: upstream.status,
      upstreamCode: upstream.code,
      upstreamMessage: upstream.message,
      unmappedFields: translation.unmappedFields.length === 0 ? undefined : translation.unmappedFields,
      readerError: failure && describeThrown(thrownIn(failure)),
    });
    return { reply, error, level };
  }

  function decide(
    thrown: unknown,
    error: LakiConnectError | undefined,
    routeMerchantId: string | undefined,
    incoming: Incoming<Req>,
  ): Handled {
    if (error !== undefined) {
      const merchantId = error.merchantId ?? routeMerchantId;
      contradict(error, merchantId);
      if (incoming.isComplete?.() === true) {
        tellLate(error, merchantId);
        return { late: error };
      }
      if (incoming.isSent()) {
        tellLate(error, merchantId);
        return passed(error);
      }
      const answered = answer(error, merchantId, incoming);
      return forward ? passed(forwardable(answered.reply)) : answered;
    }
    const own = httpErrors && !forward && !incoming.isSent() ? readHttpError(thrown) : undefined;
    if (own === undefined) return passed(thrown);
    const reader = readerOf(incoming, tellOf);
    const reply = withoutFailing(settings, (kept) => httpReply(own, reader, kept), tellOf);
    return { reply, error: own.error, level: own.status >= 500 ? 'error' : 'info' };
  }

  /** There is nobody left to answer: the client has its answer, and the next request may be on its connection. */
  function tellLate({ kind, outcome, requestId }: LakiConnectError, merchantId: string | undefined): void {
    tell({ type: 'late', level: 'warn', kind, outcome, merchantId, requestId });
  }

  function passed(thrown: unknown): Passed {
    return {
      pass: thrown,
      replace() {
        tell({ type: 'replaced', level: 'error', reason: describeThrown(thrown) });
        return toPlainError(thrown);
      },
    };
  }

  return (thrown, incoming) => {
    // What throws in there is a function of the platform's, such as `format`: its own error.
    try {
      const merchantId = locals.of(incoming.state).merchant?.id;
      const settled = settleThrown(thrown, merchantId, settings, note);
      if (!(settled instanceof Promise)) return decide(thrown, settled, merchantId, incoming);
      return settled.then((error) => decide(thrown, error, merchantId, incoming)).catch(passed);
    } catch (own) {
      return passed(own);
    }
  };
}

/** A reply as an error for the platform's own handler; the body is that handler's to write. */
function forwardable({ status, headers, problem }: Reply): Error {
  const { 'cache-control': cacheControl, 'retry-after': retryAfter } = headers;
  return createError(status, problem.detail as string, {
    expose: status < 500,
    headers: {
      'cache-control': cacheControl,
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    },
    problem,
  });
}
