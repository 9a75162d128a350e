/** Where HTTP clients keep what they know: in an error, a response or a request. Nothing here ever throws. */
import { peek } from './plain.js';

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

/** As a `Response`, superagent, got and follow-redirects (axios) tell of redirects, got and axios-retry of retries. */
export function hasFollowed(carrier: unknown): boolean {
  const counts = [
    peek(carrier, '_redirectCount'),
    peek(peek(carrier, '_redirectable'), '_redirectCount'),
    peek(carrier, 'retryCount'),
    peek(peek(carrier, 'axios-retry'), 'retryCount'),
  ];
  return (
    peek(carrier, 'redirected') === true ||
    ['redirects', 'redirectUrls'].some((list) => peek(peek(carrier, list), '0') !== undefined) ||
    counts.some((count) => typeof count === 'number' && count > 0)
  );
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

/** An error or a response carries a body under a well-known name. */
export function bodyIn(value: unknown, response: unknown): unknown {
  return first([response, value], (carrier) =>
    first(isResponse(carrier) ? ['_data'] : BODIES, (name) => content(peek(carrier, name))),
  );
}

function content(body: unknown): unknown {
  return body === null || typeof body === 'function' || isStream(body) ? undefined : body;
}

/** The response, if it has a body that nobody has read. */
export function unreadIn(response: unknown): object | undefined {
  if (statusIn(response) === undefined) return undefined;
  if (isResponse(response)) return peek(response, 'bodyUsed') === true ? undefined : (response as object);
  const body = peek(response, 'data') ?? peek(response, 'body');
  return isStream(body) && peek(body, 'readableDidRead') !== true ? (response as object) : undefined;
}

function isResponse(value: unknown): boolean {
  return typeof peek(value, 'clone') === 'function' && typeof peek(value, 'text') === 'function';
}

function isStream(value: unknown): boolean {
  return typeof peek(value, 'pipe') === 'function' || typeof peek(value, 'getReader') === 'function';
}

/** The URL that was asked first: after a redirect, superagent and a `Response` only know where it ended. */
export function urlIn(response: unknown, requests: readonly unknown[]): string | undefined {
  const original = first([response, ...requests], (carrier) => address(peek(carrier, 'requestUrl')));
  if (original !== undefined || peek(peek(response, 'redirects'), '0') !== undefined) return original;
  return (
    first(
      requests,
      (request) => address(request) ?? joined(peek(request, 'baseURL'), peek(request, 'url')),
    ) ??
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
