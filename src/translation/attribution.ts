import { chainOf } from './causes.js';
import { abortOf, object, statusIn } from './carrier.js';
import { groundsOf, isLakiConnectError, type LakiConnectError } from './error.js';
import { readEnvelope } from './envelopes.js';
import type { Occasion } from './finding.js';
import { observeThrown, isSdkError, type Observation } from './observe.js';
import { readBody } from './body.js';
import { isPlainObject, peek } from './plain.js';
import type { Settings } from '../settings.js';

export type Attribution = 'origin' | 'call' | 'brand' | 'body';

/**
 * What proves that a failure is LakiConnect's, the strongest first: its request had LakiConnect's origin; it happened
 * inside `call`; it has our brand, or the SDK's; its body is one that nobody else has.
 *
 * `teaches`: it may start a cooldown, invalidate a merchant or contradict a guard. What others can forge may not.
 */
const ATTRIBUTIONS = {
  origin: { teaches: true },
  call: { teaches: true },
  brand: { teaches: false },
  body: { teaches: false },
} as const satisfies Readonly<Record<Attribution, { readonly teaches: boolean }>>;

/** Whether something may be learnt from an error: not from what a guard or the platform has made. */
export function teaches(error: LakiConnectError): boolean {
  const by = groundsOf(error)?.recognisedBy;
  return by !== undefined && Object.hasOwn(ATTRIBUTIONS, by) && ATTRIBUTIONS[by].teaches;
}

/** The part of what was thrown that is LakiConnect's failure. */
export interface Attributed {
  readonly thrown: unknown;
  readonly by: Attribution;
  /** The error itself, or one that it wraps. */
  readonly source: unknown;
  readonly seen: Observation;
}

/**
 * Finds LakiConnect's failure in what was thrown: in the error itself, or in what it wraps by `cause` and `errors`
 * if the framework would answer it with 500. `undefined`: it is not LakiConnect's, or it is the caller's own (see
 * {@link isCallers}).
 */
export function attribute(
  thrown: unknown,
  first: Observation,
  occasion: Occasion,
  settings: Settings<never>,
): Attributed | undefined {
  if (isReasonOf(occasion.signal, thrown)) return undefined;
  const isInsideCall = occasion.within && !isHttpError(thrown);
  const links = isInsideCall || isWrapper(thrown) ? chainOf(thrown) : [thrown];
  let isElsewhere = false;
  for (const source of links) {
    const seen = source === thrown ? first : observeThrown(source, settings.headers);
    const origin = originOf(seen.url, settings.origins);
    if (origin === 'other') {
      if (source === thrown) return undefined;
      isElsewhere = true;
      continue;
    }
    const own =
      origin === 'origin' ? (isData(source) ? 'body' : 'origin') : groundWithoutUrl(source, seen, settings);
    if (own === undefined) continue;
    if (isCallers(source, seen, occasion)) return undefined;
    return { thrown, by: isInsideCall && own !== 'origin' ? 'call' : own, source, seen };
  }
  const isCalls = isInsideCall && !isElsewhere && !isCallers(thrown, first, occasion);
  return isCalls ? { thrown, by: 'call', source: thrown, seen: first } : undefined;
}

/** `'other'`: a known origin that is not LakiConnect's; `undefined`: the client does not say. */
export function originOf(
  url: string | undefined,
  origins: ReadonlySet<string>,
): 'origin' | 'other' | undefined {
  if (url === undefined) return undefined;
  return URL.canParse(url) && origins.has(new URL(url).origin) ? 'origin' : 'other';
}

/**
 * Whether all that a thrown value shows could stand in a request that a stranger sends: a plain object, or an
 * http-error that was given its properties. It is answered, and teaches nothing.
 */
function isData(source: unknown): boolean {
  const shown = ['config', 'options', 'request', 'response'].map((name) => peek(source, name));
  const isOwn = isPlainObject(source) || typeof peek(source, 'expose') === 'boolean';
  return isOwn && shown.every((part) => part === undefined || isJson(part));
}

/** What axios's configuration has beside its data. */
const FUNCTIONS = ['validateStatus', 'adapter', 'get', 'transformRequest'] as const;

/** An object without functions and without a class is one that JSON can hold. */
function isJson(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return typeof part !== 'function';
  return isPlainObject(part) && !FUNCTIONS.some((name) => typeof peek(part, name) === 'function');
}

function groundWithoutUrl(
  source: unknown,
  seen: Observation,
  settings: Settings<never>,
): 'brand' | 'body' | undefined {
  if (isBranded(source)) return 'brand';
  return isProvenByBody(source, seen, settings) ? 'body' : undefined;
}

function isBranded(source: unknown): boolean {
  return isLakiConnectError(source) || isSdkError(source);
}

/**
 * A documented body with a known code and a request id, or a core body with a known code: thrown as such, or in an
 * answer. What a parser or the platform's own class quotes is no answer.
 */
function isProvenByBody(source: unknown, seen: Observation, { codes }: Settings<never>): boolean {
  if (!seen.isBare && !isAnswerOfClient(source, seen)) return false;
  const { shape, code, requestId } = readEnvelope(readBody(seen.body, seen.encoding));
  if (code === undefined || !codes.has(code)) return false;
  return shape === 'core' || (shape === 'documented' && requestId !== undefined);
}

function isAnswerOfClient(source: unknown, { isAnswer }: Observation): boolean {
  return isAnswer && (object(peek(source, 'response')) !== undefined || !isHttpError(source));
}

/** The platform's own, as `http-errors` makes them, and body parsers with it. */
function isHttpError(thrown: unknown): boolean {
  return typeof peek(thrown, 'expose') === 'boolean' && peek(thrown, 'response') === undefined;
}

/** Whether it is what the caller aborted with, whatever that looks like. */
export function isReasonOf(signal: AbortSignal | undefined, thrown: unknown): boolean {
  return abortOf(signal) === 'caller' && signal?.reason === thrown;
}

const DECIDED = Symbol.for('lakiconnect-middleware.decided');

/** Marks an error of ours as a decision: it is answered as it is, whatever its cause. */
export function decided<E extends Error>(error: E): E {
  return Object.defineProperty(error, DECIDED, { value: true });
}

/** Another 4xx or 5xx of its own is the platform's decision. */
function isWrapper(thrown: unknown): boolean {
  if (peek(thrown, DECIDED) === true) return false;
  const status = statusIn(thrown);
  return status === undefined || status < 400 || status > 599 || status === 500;
}

/**
 * Whether a failure is the caller's own: input that the client refused to send, or the caller's own abort.
 * It is rethrown as it is.
 */
function isCallers(source: unknown, seen: Observation, occasion: Occasion): boolean {
  if (source === undefined || source === null) return false;
  const hasAnswered = seen.status !== undefined && seen.networkFailure === undefined;
  return !hasAnswered && (abortedBy(source, seen, occasion) === 'caller' || isOwnInput(seen, occasion));
}

/** After an answer, a redirect or another attempt, what was refused is not what was sent first. */
function isOwnInput({ status, networkFailure, isFollowUp }: Observation, occasion: Occasion): boolean {
  const isFirst = status === undefined && !isFollowUp && occasion.isFollowUp !== true;
  return isFirst && networkFailure?.failure === 'own-input';
}

/**
 * What ended the request: the signal that the platform named, else the client's word of a timeout (ky ends its own
 * signal with it), else the signal that the request shows, else the reason that fetch, ky and undici throw.
 */
export function abortedBy(
  source: unknown,
  seen: Observation,
  { signal }: Occasion,
): 'timeout' | 'caller' | undefined {
  const named = abortOf(signal);
  if (named !== undefined) return named;
  if (seen.networkFailure?.failure === 'timeout') return 'timeout';
  if (seen.abort !== undefined) return seen.abort;
  return isAbortReason(source) || isAbortReason(nodeAbortReason(source)) ? 'caller' : undefined;
}

function isAbortReason(thrown: unknown): boolean {
  return (
    peek(thrown, 'name') === 'AbortError' &&
    Object.prototype.toString.call(thrown) === '[object DOMException]'
  );
}

/** Node's own AbortError has the signal's reason as its cause. */
function nodeAbortReason(thrown: unknown): unknown {
  return peek(thrown, 'code') === 'ABORT_ERR' ? peek(thrown, 'cause') : undefined;
}
