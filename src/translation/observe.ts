import type { HeaderNames } from '../options.js';
import {
  bodyIn,
  hasFollowed,
  headerIn,
  isAnswer,
  methodIn,
  object,
  statusIn,
  unreadIn,
  urlIn,
} from './carrier.js';
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
    method: methodIn(requests),
    status,
    isFollowUp: [response, ...requests].some(hasFollowed),
    body: unread === undefined ? bodyIn(value, response) : undefined,
    unread,
    retryAfter: headerIn([response, value], 'retry-after'),
    transport: transportIn(value, status, requests),
    apiKey: headerIn(requests, sent.apiKey),
    merchantId: headerIn(requests, sent.merchant),
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

/** A request that its caller ended for a reason of their own, where the client says no more than that. */
function abortIn(requests: readonly unknown[]): Transport | undefined {
  return requests.some((request) => peek(peek(request, 'signal'), 'aborted') === true)
    ? { failure: 'aborted' }
    : undefined;
}

function isError(value: unknown): boolean {
  return typeof peek(value, 'stack') === 'string';
}
