import type { HeaderNames } from '../options.js';
import { peek } from './plain.js';
import { transportOf, type Transport } from './transport.js';

/** What any HTTP client's error or response tells of a request. */
export interface Observation {
  /** The URL that was asked, if the client says. */
  readonly url: string | undefined;
  readonly method: string | undefined;
  readonly status: number | undefined;
  /** This is not the first answer to the request: the client followed a redirect, or sent it again. */
  readonly isFollowUp: boolean;
  /** What the client has read of the body: text, bytes or parsed. */
  readonly body: unknown;
  /** A response whose body nobody has read yet. */
  readonly unread: object | undefined;
  readonly retryAfter: string | undefined;
  readonly transport: Transport | undefined;
  /** What reading an unread body threw. */
  readonly broken?: Error;
  /** The API key that the request carried, so that an echo of it can be redacted. */
  readonly apiKey: string | undefined;
  /** The connected merchant that the request named. */
  readonly merchantId: string | undefined;
}

/** Looks at a thrown or returned value; never throws, whatever the value is. `sent` names request headers. */
export function observe(value: unknown, sent: HeaderNames): Observation {
  return isError(value) || isAnswer(value) || carriesAnswer(value)
    ? observeCarrier(value, sent)
    : { ...NOTHING, body: value };
}

const NOTHING: Observation = {
  url: undefined,
  method: undefined,
  status: undefined,
  isFollowUp: false,
  body: undefined,
  unread: undefined,
  retryAfter: undefined,
  transport: undefined,
  apiKey: undefined,
  merchantId: undefined,
};

function observeCarrier(value: unknown, sent: HeaderNames): Observation {
  const response = object(peek(value, 'response')) ?? value;
  const requests = [
    peek(value, 'config'),
    peek(value, 'options'),
    peek(value, 'request'),
    peek(response, 'config'),
    peek(response, 'request'),
    peek(response, 'req'),
  ];
  const unread = unreadIn(response);
  const status = statusIn(response) ?? statusIn(value);
  return {
    url: urlIn(response, requests),
    method: first(requests, (request) => text(peek(request, 'method')))?.toUpperCase(),
    status,
    isFollowUp: [response, ...requests].some(hasFollowed),
    body: unread === undefined ? bodyIn(value, response) : undefined,
    unread,
    retryAfter: headerIn(response, 'retry-after') ?? headerIn(value, 'retry-after'),
    transport: transportIn(value, status, requests),
    apiKey: first(requests, (request) => headerIn(request, sent.apiKey)),
    merchantId: first(requests, (request) => headerIn(request, sent.merchant)),
  };
}

/** Only an error speaks of its connection, and the code of the provider's SDK is the body's. */
function transportIn(
  value: unknown,
  status: number | undefined,
  requests: readonly unknown[],
): Transport | undefined {
  if (!isError(value) || peek(value, 'name') === 'LakipayError') return undefined;
  return transportOf(value) ?? (status === undefined ? abortIn(requests) : undefined);
}

/** A client's error that lost its prototype on the way, or the SDK's. */
function carriesAnswer(value: unknown): boolean {
  return (
    (statusIn(peek(value, 'response')) !== undefined && object(peek(value, 'config')) !== undefined) ||
    peek(value, 'name') === 'LakipayError'
  );
}

/** As a `Response`, superagent, got and follow-redirects (axios) tell of redirects, got and axios-retry of retries. */
function hasFollowed(carrier: unknown): boolean {
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

/** A whole HTTP answer as clients return it, and not a resource that happens to have a `status`. */
export function isAnswer(value: unknown): boolean {
  return statusIn(value) !== undefined && object(peek(value, 'headers')) !== undefined;
}

function statusIn(carrier: unknown): number | undefined {
  const status = peek(carrier, 'status') ?? peek(carrier, 'statusCode');
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 999
    ? status
    : undefined;
}

/** Where clients keep a body they have read; node-fetch warns on the console when its `data` is touched. */
const BODIES = ['_data', 'data', 'text', 'body', 'details'] as const;

/** An error or a response carries a body under a well-known name. */
function bodyIn(value: unknown, response: unknown): unknown {
  return first([response, value], (carrier) =>
    first(isResponse(carrier) ? ['_data'] : BODIES, (name) => content(peek(carrier, name))),
  );
}

function content(body: unknown): unknown {
  return body === null || typeof body === 'function' || isStream(body) ? undefined : body;
}

function unreadIn(response: unknown): object | undefined {
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

function isError(value: unknown): boolean {
  return typeof peek(value, 'stack') === 'string';
}

function headerIn(carrier: unknown, name: string): string | undefined {
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

/** The URL that was asked first: after a redirect, superagent and a `Response` only know where it ended. */
function urlIn(response: unknown, requests: readonly unknown[]): string | undefined {
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

/** A request that its caller ended for a reason of his own, where the client says no more than that. */
function abortIn(requests: readonly unknown[]): Transport | undefined {
  return requests.some((request) => peek(peek(request, 'signal'), 'aborted') === true)
    ? { failure: 'aborted' }
    : undefined;
}

/** An absolute http(s) URL, given as text or as a URL object. */
function address(url: unknown): string | undefined {
  const href = typeof url === 'string' ? url : text(peek(url, 'href'));
  return href !== undefined && /^https?:\/\//i.test(href) ? href : undefined;
}

function object(value: unknown): object | undefined {
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
