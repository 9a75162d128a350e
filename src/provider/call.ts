import { types } from 'node:util';
import type { Settings } from '../settings.js';
import { abortedBy, attribute, originOf } from '../translation/attribution.js';
import { readBody } from '../translation/body.js';
import { isAnswer } from '../translation/carrier.js';
import { looksLikeError } from '../translation/envelopes.js';
import { isLakiConnectError, type LakiConnectError } from '../translation/error.js';
import type { Occasion } from '../translation/finding.js';
import { observe, observeThrown, type Observation } from '../translation/observe.js';
import { errorOf, recognise } from '../translation/recognise.js';
import { withDeadline } from './deadline.js';
import { readOut, type Note } from './failure.js';
import { following } from './signals.js';

/** What the platform says of the request that it makes inside `call`. */
export interface CallContext {
  /** The connected merchant that the request is about. */
  readonly merchantId?: string | undefined;
  /** The HTTP method. A request whose method is not known counts as a POST. */
  readonly method?: string | undefined;
  /**
   * The idempotency key that the request carries. An unclear payment is `retryable` only with one, and only if the
   * option `headers.idempotency` is set.
   */
  readonly idempotencyKey?: string | undefined;
  /** The number of this attempt, from 1: with a higher one, the same request was sent before. */
  readonly attempt?: number | undefined;
  /** Ends the request, as the deadline does. A failure after it was aborted is the caller's own, and stays. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes a request with any HTTP client, and is given a signal that ends it at the deadline. */
export type Send<T> = (options: { readonly signal: AbortSignal }) => T | Promise<T>;

const NO_FUNCTION =
  'lakiconnect: call() takes a function that makes the request, such as ({ signal }) => axios.post(url, body, { signal }), so that it can end it at the deadline.';

/**
 * Runs one request for at most `timeoutMs`: its good result as it is, everything else as a
 * {@link LakiConnectError}.
 */
export async function call<T>(
  send: Send<T>,
  context: Omit<Occasion, 'within'>,
  settings: Settings<never>,
  note: Note,
): Promise<T> {
  if (typeof send !== 'function') throw new TypeError(NO_FUNCTION);
  const occasion: Occasion = { ...context, within: true };
  return withDeadline(
    settings.timeoutMs,
    (deadline) =>
      following([deadline, context.signal], (signal) =>
        resultOf((options) => send({ ...options, signal }), occasion, settings, note, deadline),
      ),
    (reason) => {
      throw recognise(reason, { ...occasion, signal: undefined }, settings) as LakiConnectError;
    },
  );
}

/** The same without a deadline of its own. Nothing is noted of a request that `deadline` has ended. */
export async function resultOf<T>(
  send: Send<T>,
  occasion: Occasion,
  settings: Settings<never>,
  note: Note,
  deadline: AbortSignal,
): Promise<T> {
  const noted = (error: LakiConnectError): LakiConnectError => {
    if (!deadline.aborted) note(error);
    return error;
  };
  let result: T;
  try {
    result = await send({ signal: deadline });
  } catch (thrown) {
    const attributed = attribute(thrown, observeThrown(thrown, settings.headers), occasion, settings);
    if (attributed === undefined) throw thrown;
    const seen = await readOut(attributed.seen, true, deadline);
    throw noted(errorOf({ ...attributed, seen }, { ...occasion, isThrown: true }, settings));
  }
  const failed = await failedAnswer(result, settings, deadline);
  if (failed === undefined) return result;
  const { broken } = failed;
  if (broken !== undefined && isCallersAbort(broken, occasion, settings)) throw broken;
  const by = originOf(failed.url, settings.origins) === 'origin' ? 'origin' : 'call';
  const attributed = { thrown: result, source: result, by, seen: failed } as const;
  throw noted(errorOf(attributed, { ...occasion, signal: undefined }, settings));
}

/** Whether it was the caller who ended the reading of a body. */
function isCallersAbort(broken: Error, occasion: Occasion, settings: Settings<never>): boolean {
  return abortedBy(broken, observeThrown(broken, settings.headers), occasion) === 'caller';
}

/**
 * What a returned value says, if it is an answer that failed: not 2xx, broken off, garbled, or an
 * error at 2xx.
 */
async function failedAnswer(
  result: unknown,
  { origins, headers }: Settings<never>,
  signal: AbortSignal,
): Promise<Observation | undefined> {
  if (typeof result !== 'object' || result === null || isLakiConnectError(result)) return undefined;
  const seen = observe(result, headers);
  if (originOf(seen.url, origins) === 'other') return undefined;
  const { status = 0 } = seen;
  const isFailed = isAnswer(result) && (status < 200 || status > 299);
  const read = await readOut(seen, isFailed, signal);
  if (isFailed || read.broken !== undefined) return read;
  if (typeof read.body === 'object' && !ArrayBuffer.isView(read.body) && !types.isArrayBuffer(read.body)) {
    return looksLikeError(read.body) ? read : undefined;
  }
  const body = readBody(read.body, read.encoding);
  if (isAnswer(result) && body.is === 'garbled') return read;
  return body.is === 'object' && looksLikeError(body.object) ? read : undefined;
}
