import type { HeaderNames } from '../options.js';
import {
  abortIn,
  bodyIn,
  hasFollowed,
  headerIn,
  isAnswer,
  methodIn,
  object,
  statusIn,
  unreadIn,
  UNSEEN,
  urlIn,
} from './carrier.js';
import { networkFailureOf, type NetworkFailure } from './network-failure.js';
import { isPlainObject, peek } from './plain.js';

/** What any HTTP client's error or response tells of a request. */
export interface Observation {
  /** A body as such, without an answer or error around it. */
  readonly isBare: boolean;
  /** It has the status and headers of a HTTP answer, or the provider's SDK has read them. */
  readonly isAnswer: boolean;
  /** The URL that was asked, if the client says. */
  readonly url: string | undefined;
  readonly method: string | undefined;
  readonly status: number | undefined;
  /** This is not the first answer to the request: the client followed a redirect, or sent it again. */
  readonly isFollowUp: boolean;
  /** What the client has read of the body: text, bytes or parsed. */
  readonly body: unknown;
  /** The body's `Content-Encoding`, which the client may have left to its reader. */
  readonly encoding: string | undefined;
  /** A response whose body nobody has read yet. */
  readonly unread: object | undefined;
  readonly retryAfter: string | undefined;
  /** The answer's own clock. */
  readonly date: string | undefined;
  readonly networkFailure: NetworkFailure | undefined;
  /** By what a signal that the request shows was aborted. */
  readonly abort: 'timeout' | 'caller' | undefined;
  /** What reading an unread body threw. */
  readonly broken?: Error;
  /** The API key that the request carried, so that an echo of it can be redacted. */
  readonly apiKey: string | undefined;
  /** The connected merchant that the request named. */
  readonly merchantId: string | undefined;
}

/** Looks at a returned value; never throws, whatever the value is. `sent` names request headers. */
export function observe(value: unknown, sent: HeaderNames): Observation {
  return isError(value) || isAnswer(value) || carriesAnswer(value)
    ? observeCarrier(value, sent)
    : { ...NOTHING, isBare: true, body: value };
}

/** Looks at a thrown value: whatever is no bare body may tell of a request. */
export function observeThrown(thrown: unknown, sent: HeaderNames): Observation {
  const isCarrier = object(thrown) !== undefined && (!isPlainObject(thrown) || carriesBody(thrown));
  return isCarrier ? observeCarrier(thrown, sent) : observe(thrown, sent);
}

/** A status and a body, as interceptors of the platform's make of an answer. */
function carriesBody(value: unknown): boolean {
  return statusIn(value) !== undefined && bodyIn(value, value) !== undefined;
}

const NOTHING: Observation = {
  isBare: false,
  isAnswer: false,
  url: undefined,
  method: undefined,
  status: undefined,
  isFollowUp: false,
  body: undefined,
  encoding: undefined,
  unread: undefined,
  retryAfter: undefined,
  date: undefined,
  networkFailure: undefined,
  abort: undefined,
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
  const answer = [response, value];
  return {
    isBare: false,
    isAnswer: answer.some(isAnswer) || isSdkError(value),
    url: urlIn(response, requests),
    method: methodIn(requests),
    status: statusIn(response) ?? statusIn(value),
    isFollowUp: hasFollowed(value, [response, ...requests]),
    body: unread === undefined ? bodyIn(value, response) : UNSEEN,
    encoding: headerIn(answer, 'content-encoding'),
    unread,
    retryAfter: headerIn(answer, 'retry-after'),
    date: headerIn(answer, 'date'),
    // Only an error speaks of its connection, and the code of the provider's SDK is the body's.
    networkFailure:
      (isAnswer(value) && !isError(value)) || isSdkError(value) ? undefined : networkFailureOf(value),
    abort: abortIn(requests),
    apiKey: headerIn(requests, sent.apiKey),
    merchantId: headerIn(requests, sent.merchant),
  };
}

/** A client's error that lost its prototype on the way, or the SDK's. */
function carriesAnswer(value: unknown): boolean {
  return (
    (statusIn(peek(value, 'response')) !== undefined && object(peek(value, 'config')) !== undefined) ||
    isSdkError(value)
  );
}

/** What LakiPay's SDKs throw. */
export function isSdkError(value: unknown): boolean {
  return peek(value, 'name') === 'LakipayError';
}

function isError(value: unknown): boolean {
  return typeof peek(value, 'stack') === 'string';
}
