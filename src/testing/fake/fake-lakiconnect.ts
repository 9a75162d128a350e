import { judged, shown } from '../../judge.js';
import type { Fetch, HeaderNames } from '../../options.js';
import { HEADERS } from '../../provider/api.js';
import { SANE_CODE } from '../../translation/codes.js';
import { defined } from '../../translation/override-rule.js';
import type { Answer } from './answer.js';
import type { Charge, FakeMerchant } from './books.js';
import { COOKIE, failureOf, type ErrorOptions } from './failures.js';
import { FAULT_NAMES, isFault, spoilt, type FaultName } from './faults.js';
import { onceByKey } from './idempotency.js';
import { createProvider } from './provider.js';
import { BASE_PATH, requestOf, type FakeRequest } from './request.js';
import { failOptions, fakeOptions, match, signOptions } from './schemas.js';
import { createScript, type Answering, type Match } from './script.js';
import { serve } from './server.js';
import { deliver, signed, type Delivered, type SignedWebhook } from './webhook.js';

/** Options of {@link createFakeLakiConnect}. */
export interface FakeOptions {
  /** The only key that is let in: `lk_pub_fake:lk_sec_fake` by default. */
  readonly apiKey?: string | undefined;
  /** `whsec_fake` by default. */
  readonly webhookSecret?: string | undefined;
  /** Of this machine; any that is free by default. */
  readonly port?: number | undefined;
  /** Names of headers, as in the option of the same name of `createLakiConnect`. */
  readonly headers?: { readonly [Header in keyof HeaderNames]?: HeaderNames[Header] | undefined } | undefined;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  /** Told of every request, and how it is answered, before it is. */
  readonly onAnswer?: ((request: FakeRequest, answer: Answer) => void) | undefined;
}

/** What befalls which request. */
export interface FailOptions extends ErrorOptions, Match {
  /** How long a `slow` answer is held back, in milliseconds: 1,000 by default. */
  readonly delayMs?: number | undefined;
  /**
   * Whether the request does its work, and only its answer fails: money moves, and nobody is told. So it is
   * with faults by default, and not with errors.
   */
  readonly processed?: boolean | undefined;
}

/** A provider that is not LakiConnect, and behaves as its documents say. */
export interface FakeLakiConnect {
  /** For the option of the same name: where it listens, `http://127.0.0.1:<port>/api/v2`. */
  readonly baseUrl: string;
  /** For the option of the same name. */
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** For the option of the same name: whatever host is asked, this provider answers. */
  readonly fetch: Fetch;
  /** What no reply of a platform and no log line may hold: key, webhook secret, the provider's cookie. */
  readonly secrets: readonly string[];
  /** The connected merchants, by id. */
  readonly merchants: Map<string, FakeMerchant>;
  /** All that was asked, the oldest first. */
  readonly requests: FakeRequest[];
  /** All money that moved, the oldest first. */
  readonly charges: Charge[];
  /**
   * The next request that is meant fails: with an error of LakiConnect's, by its code, or by a fault.
   * Several wait in line.
   */
  readonly failNext: (failure: FaultName | (string & {}), options?: FailOptions) => void;
  /**
   * The next request that is meant is answered so. A function that gives `undefined` leaves it to the provider;
   * one that throws cuts the connection.
   */
  readonly answerNext: (answer: Answer | Answering, match?: Match) => void;
  /** An event with its signature, for a test client. A text is signed as it is. */
  readonly signWebhook: (
    event: object | string,
    options?: { readonly secret?: string | undefined },
  ) => SignedWebhook;
  /** Sends an event, signed, and resolves to how it was answered. */
  readonly sendWebhook: (
    url: string,
    event: object | string,
    options?: { readonly secret?: string | undefined },
  ) => Promise<Delivered>;
  /** Forgets everything, as if it had just been made. */
  readonly reset: () => void;
  /** Ends every connection and frees the port. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a fake LakiConnect on this machine, for a platform's own tests: the documented endpoints with their
 * state, every documented error on demand, faults of the network, and a record of the money that moved.
 */
export async function createFakeLakiConnect(options: FakeOptions = {}): Promise<FakeLakiConnect> {
  judged(fakeOptions, options);
  const { apiKey = 'lk_pub_fake:lk_sec_fake', webhookSecret = 'whsec_fake', port = 0 } = options;
  const { now = Date.now, headers, onAnswer } = options;
  const names: HeaderNames = { ...HEADERS, ...defined(headers ?? {}) };
  const { fetch } = globalThis;

  const merchants = new Map<string, FakeMerchant>();
  const requests: FakeRequest[] = [];
  const charges: Charge[] = [];
  const script = createScript();
  let asProvider = provider();

  function provider() {
    return onceByKey(createProvider({ merchants, charges }, now));
  }

  function proceed(request: FakeRequest): Answer {
    return request.headers[names.apiKey.toLowerCase()] === apiKey
      ? asProvider(request)
      : failureOf('UNAUTHORIZED');
  }

  const { origin, close } = await serve(port, async (received, text) => {
    const request = requestOf(received, text, names);
    requests.push(request);
    let answer: Answer | undefined;
    const work = (): Answer => (answer = proceed(request));
    answer = (await script.next(request)?.(request, work)) ?? answer ?? work();
    onAnswer?.(request, answer);
    return answer;
  });

  const signWebhook: FakeLakiConnect['signWebhook'] = (event, how = {}) => {
    const { secret = webhookSecret } = judged(signOptions, how);
    return signed(event, secret, names.signature);
  };

  return {
    baseUrl: origin + BASE_PATH,
    apiKey,
    webhookSecret,
    async fetch(url, init) {
      const { pathname, search } = new URL(url);
      const response = await fetch(origin + pathname + search, init);
      return Object.defineProperty(response, 'url', { value: url }); // its origin is evidence
    },
    secrets: [...new Set([apiKey, ...apiKey.split(':'), webhookSecret, COOKIE])].filter(
      (text) => text !== '',
    ),
    merchants,
    requests,
    charges,
    failNext(failure, options = {}) {
      judged(failOptions, options);
      const { delayMs, processed, method, path, merchantId, times, ...how } = options;
      const failed = failing(failure, how, delayMs);
      const works = processed ?? isFault(failure);
      script.add((_, work) => failed(works ? work() : undefined), { method, path, merchantId, times });
    },
    answerNext(answer, meant = {}) {
      judged(match, meant);
      script.add(typeof answer === 'function' ? answer : () => answer, meant);
    },
    signWebhook,
    sendWebhook: (url, event, how) => deliver(url, signWebhook(event, how), fetch),
    reset() {
      merchants.clear();
      requests.length = 0;
      charges.length = 0;
      script.clear();
      asProvider = provider();
    },
    close,
  };
}

/** What becomes of an answer. */
function failing(
  failure: string,
  how: ErrorOptions,
  delayMs: number | undefined,
): (answer: Answer | undefined) => Answer {
  if (isFault(failure)) return (answer) => spoilt(failure, answer, delayMs);
  if (SANE_CODE.test(failure)) return () => failureOf(failure, how);
  throw new TypeError(
    `lakiconnect: failNext(${shown(failure)}) names neither a code, such as 'RATE_LIMITED', nor one of ${FAULT_NAMES.join(', ')}.`,
  );
}
