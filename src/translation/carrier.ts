/** Where HTTP clients keep what they know: in an error, a response or a request. Nothing here ever throws. */
import { isPlainObject, peek } from './plain.js';

/** A whole HTTP answer as clients return it, and not a resource that happens to have a `status`. */
export function isAnswer(value: unknown): boolean {
  return statusIn(value) !== undefined && object(peek(value, 'headers')) !== undefined;
}

/** An HTTP status, under either name. */
export function statusIn(carrier: unknown): number | undefined {
  const status = peek(carrier, 'status') ?? peek(carrier, 'statusCode');
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 999
    ? status
    : undefined;
}

/**
 * Whether this is not the first answer to the request: the client followed a redirect (a `Response`, superagent,
 * got, axios's follow-redirects), or sent it again (axios-retry, retry-axios, got, superagent, p-retry, undici's
 * RetryAgent).
 */
export function hasFollowed(error: unknown, carriers: readonly unknown[]): boolean {
  return (
    peek(error, 'code') === 'UND_ERR_REQ_RETRY' ||
    isAbove(0, peek(error, 'retries')) ||
    isAbove(1, peek(error, 'attemptNumber')) ||
    carriers.some(tellsOfAnother)
  );
}

function tellsOfAnother(carrier: unknown): boolean {
  return (
    peek(carrier, 'redirected') === true ||
    ['redirects', 'redirectUrls'].some((list) => peek(peek(carrier, list), '0') !== undefined) ||
    isAbove(0, peek(carrier, '_redirectCount')) ||
    isAbove(0, peek(peek(carrier, '_redirectable'), '_redirectCount')) ||
    isAbove(0, peek(carrier, 'retryCount')) ||
    isAbove(0, peek(carrier, '_retries')) ||
    peek(peek(peek(carrier, 'context'), 'history'), '1') !== undefined ||
    isAbove(0, peek(peek(carrier, 'axios-retry'), 'retryCount')) ||
    isAbove(0, peek(peek(carrier, 'raxConfig'), 'currentRetryAttempt'))
  );
}

function isAbove(least: number, count: unknown): boolean {
  return typeof count === 'number' && count > least;
}

/** By what a signal that the request carries was aborted, if it was: a timeout, or whatever its owner meant. */
export function abortIn(requests: readonly unknown[]): 'timeout' | 'caller' | undefined {
  return first(requests, (request) => abortOf(peek(request, 'signal')));
}

/** `AbortSignal.timeout()` aborts with a TimeoutError; any other reason is its owner's own. */
export function abortOf(signal: unknown): 'timeout' | 'caller' | undefined {
  if (peek(signal, 'aborted') !== true) return undefined;
  return peek(peek(signal, 'reason'), 'name') === 'TimeoutError' ? 'timeout' : 'caller';
}

/** In capitals. */
export function methodIn(requests: readonly unknown[]): string | undefined {
  return first(requests, (request) => text(peek(request, 'method')))?.toUpperCase();
}

/** A header of the first carrier that has it. */
export function headerIn(carriers: readonly unknown[], name: string): string | undefined {
  return first(carriers, (carrier) => headerOf(carrier, name));
}

function headerOf(carrier: unknown, name: string): string | undefined {
  const headers = peek(carrier, 'headers') ?? peek(carrier, 'header');
  try {
    if (typeof peek(headers, 'get') === 'function') {
      return text((headers as { get: (name: string) => unknown }).get(name));
    }
    const key = Object.keys(object(headers) ?? {}).find((key) => key.toLowerCase() === name.toLowerCase());
    return key === undefined ? undefined : text(peek(headers, key));
  } catch {
    return undefined;
  }
}

/** Where clients keep a body they have read; node-fetch warns on the console when its `data` is touched. */
const BODIES = ['_data', 'data', 'text', 'body', 'details'] as const;

/** Stands for a body that there is or was, and that cannot be seen any more. */
export const UNSEEN = Symbol('unseen');

/**
 * What a client has read of a body, under a well-known name of the answer or the error. `undefined`: there is none;
 * {@link UNSEEN}: there is one, and others have read it, or the client has left it out.
 */
export function bodyIn(value: unknown, response: unknown): unknown {
  const found = first([response, value], (carrier) =>
    first(isResponse(carrier) ? ['_data'] : BODIES, (name) => content(peek(carrier, name))),
  );
  return isNothing(found) && isElsewhere([response, value], sizeOf(found)) ? UNSEEN : found;
}

/** superagent has an empty object for a body of a type that it does not read. */
function isNothing(body: unknown): boolean {
  return body === undefined || body === '' || isEmptyObject(body);
}

function isEmptyObject(value: unknown): boolean {
  try {
    return isPlainObject(value) && Object.keys(value).length === 0;
  } catch {
    return false; // a Proxy
  }
}

/**
 * Whether there was a body that is not here, by the answer's length or framing (RFC 9112 section 6): others have read
 * it, or the client has left it out, as undici's responseError leaves HTML.
 */
function isElsewhere(carriers: readonly unknown[], size: number): boolean {
  const length = headerIn(carriers, 'content-length');
  if (length !== undefined) return Number(length) !== size;
  return carriers.some(isConsumed) || headerIn(carriers, 'transfer-encoding') !== undefined;
}

/** In bytes, of a body that says nothing: an empty object is written as `{}`. */
function sizeOf(nothing: unknown): number {
  return typeof nothing === 'object' ? 2 : 0;
}

function content(body: unknown): unknown {
  return body === null || typeof body === 'function' || isStream(body) ? undefined : body;
}

/** A stream, or a `Response`, that somebody has begun to read. */
function isConsumed(response: unknown): boolean {
  if (isResponse(response)) return object(peek(response, 'body')) !== undefined;
  return [peek(response, 'data'), peek(response, 'body')].some(isStream);
}

/** The response, if it has a body that nobody has read. */
export function unreadIn(response: unknown): object | undefined {
  if (statusIn(response) === undefined) return undefined;
  if (isResponse(response)) return peek(response, 'bodyUsed') === true ? undefined : (response as object);
  const body = peek(response, 'data') ?? peek(response, 'body');
  const isUnread = isBlob(body) || (isStream(body) && peek(body, 'readableDidRead') !== true);
  return isUnread ? (response as object) : undefined;
}

function isResponse(value: unknown): boolean {
  return typeof peek(value, 'clone') === 'function' && typeof peek(value, 'text') === 'function';
}

/** axios's fetch adapter gives one where it is asked for it; it can be read again and again. */
export function isBlob(value: unknown): value is Blob {
  return typeof peek(value, 'arrayBuffer') === 'function' && typeof peek(value, 'stream') === 'function';
}

function isStream(value: unknown): boolean {
  return typeof peek(value, 'pipe') === 'function' || typeof peek(value, 'getReader') === 'function';
}

/** The URL that was asked first: after a redirect, superagent and a `Response` only know where it ended. */
export function urlIn(response: unknown, requests: readonly unknown[]): string | undefined {
  const original = first([response, ...requests], (carrier) => address(peek(carrier, 'requestUrl')));
  if (original !== undefined || peek(peek(response, 'redirects'), '0') !== undefined) return original;
  return (
    first(requests, address) ??
    first(requests, (request) => joined(peek(request, 'baseURL'), peek(request, 'url'))) ??
    hostOf(peek(response, 'req')) ??
    (peek(response, 'redirected') === true ? undefined : address(peek(response, 'url')))
  );
}

/** Where a request of `node:http` went, for clients that do not say it otherwise. */
function hostOf(request: unknown): string | undefined {
  if (typeof peek(request, 'getHeader') !== 'function') return undefined;
  try {
    const host = (request as { getHeader: (name: string) => unknown }).getHeader('host');
    return typeof host === 'string' ? address(`${String(peek(request, 'protocol'))}//${host}`) : undefined;
  } catch {
    return undefined;
  }
}

/** `base` and `url` as axios joins them. */
function joined(base: unknown, url: unknown): string | undefined {
  return address(url) ?? (typeof url === 'string' || url === undefined ? address(base) : undefined);
}

/** An absolute http(s) URL, given as text or as a URL object. */
function address(url: unknown): string | undefined {
  const href = typeof url === 'string' ? url : text(peek(url, 'href'));
  return href !== undefined && /^https?:\/\//i.test(href) ? href : undefined;
}

export function object(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function first<T, R>(values: readonly T[], read: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
