import { types } from 'node:util';
import type { Settings } from '../settings.js';
import { looksLikeError } from '../translation/envelopes.js';
import { isLakiConnectError, type LakiConnectError } from '../translation/error.js';
import { mayBeOurs } from '../translation/evidence.js';
import type { Occasion } from '../translation/finding.js';
import { isAnswer } from '../translation/carrier.js';
import { observe, type Observation } from '../translation/observe.js';
import { readBody } from '../translation/plain.js';
import { recognise } from '../translation/recognise.js';
import { withDeadline } from './deadline.js';
import { readOut, type Note } from './failure.js';

/** What the platform says of the request that it makes inside `call`. */
export interface CallContext {
  /** The connected merchant that the request is about. */
  readonly merchantId?: string | undefined;
  /** The HTTP method. A request whose method is not known counts as a POST. */
  readonly method?: string | undefined;
  /** The idempotency key that the request carries. Only with one may an unclear payment be sent again. */
  readonly idempotencyKey?: string | undefined;
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
    (signal) => resultOf(send, occasion, settings, note, signal),
    (reason) => {
      throw recognise(reason, occasion, settings) as LakiConnectError;
    },
  );
}

/** The same without a deadline of its own. Nothing is noted of a request that `signal` has ended. */
export async function resultOf<T>(
  send: Send<T>,
  occasion: Occasion,
  settings: Settings<never>,
  note: Note,
  signal: AbortSignal,
): Promise<T> {
  const failure = (thrown: unknown, seen: Observation): LakiConnectError | undefined => {
    const error = recognise(thrown, occasion, settings, seen);
    if (error !== undefined && error !== thrown && !signal.aborted) note(error);
    return error;
  };
  let result: T;
  try {
    result = await send({ signal });
  } catch (thrown) {
    const seen = observe(thrown, settings.headers);
    const read = mayBeOurs(seen.url, settings.origins) ? await readOut(seen, true, signal) : seen;
    throw failure(thrown, read) ?? thrown;
  }
  const failed = await failedAnswer(result, settings, signal);
  const error = failed && (failure(result, failed) ?? failed.broken);
  if (error !== undefined) throw error;
  return result;
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
  if (!mayBeOurs(seen.url, origins)) return undefined;
  const { status = 0 } = seen;
  const isFailed = isAnswer(result) && (status < 200 || status > 299);
  const read = await readOut(seen, isFailed, signal);
  if (isFailed || read.broken !== undefined) return read;
  if (typeof read.body === 'object' && !ArrayBuffer.isView(read.body) && !types.isArrayBuffer(read.body)) {
    return looksLikeError(read.body) ? read : undefined;
  }
  const body = readBody(read.body);
  if (isAnswer(result) && body.is === 'garbled') return read;
  return body.is === 'object' && looksLikeError(body.object) ? read : undefined;
}
