import type { z } from 'zod';
import type { Tell } from '../events.js';
import { judged } from '../judge.js';
import { clientOptions, merchantClientOptions } from '../schemas/client.js';
import type { Settings } from '../settings.js';
import { isReasonOf } from '../translation/attribution.js';
import { abortOf } from '../translation/carrier.js';
import { isLakiConnectError, type LakiConnectError } from '../translation/error.js';
import { isKey, type Occasion } from '../translation/finding.js';
import { createBudget } from './budget.js';
import { call } from './call.js';
import type { Cooldown } from './cooldown.js';
import { exchange } from './exchange.js';
import type { Note } from './failure.js';
import { requestOf, type ProviderRequest, type RequestOptions } from './request.js';
import type { Running } from './running.js';
import { following } from './signals.js';

export interface ClientOptions extends RequestOptions {
  /** Ends the request, its retries and its waits. Your own abort is thrown as it is; `AbortSignal.timeout()` is a `TIMEOUT`. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a client that knows its merchant. */
export type MerchantClientOptions = Omit<ClientOptions, 'merchantId'>;

/** Makes a request. @returns the body of the answer, parsed; `undefined` if it is empty. */
export type SendJson<O = ClientOptions> = <T = unknown>(path: string, options?: O) => Promise<T>;

/**
 * A small client for LakiConnect. `path` is one below `baseUrl`, such as `/payment/direct`.
 *
 * Each attempt has `timeoutMs`. A GET is sent again after a failure that may pass, never earlier than the provider
 * asks, and so is a request with an idempotency key if the option `headers.idempotency` is set; any other POST or PUT
 * is never sent twice. After a 429, until its `Retry-After` has passed, nothing is sent.
 *
 * @throws LakiConnectError for everything but a good answer; an empty answer to a POST of `/payment/…` is none.
 * @throws TypeError if the request cannot be made as it is meant, or for an option that does not exist.
 */
export interface Client {
  readonly get: SendJson<Omit<ClientOptions, 'body'>>;
  readonly post: SendJson;
  readonly put: SendJson;
}

/**
 * The client for one merchant. A `post` or `put` carries the idempotency key of the request that it is made for,
 * unless its options name another; `''` sends none. A `get` carries the one that its options name.
 */
export interface MerchantClient {
  readonly get: SendJson<Omit<MerchantClientOptions, 'body'>>;
  readonly post: SendJson<MerchantClientOptions>;
  readonly put: SendJson<MerchantClientOptions>;
}

/** What the guards of a request have learnt. */
interface Learnt {
  readonly merchant?: { readonly id: string } | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** The longest wait before the first retry, where the provider asks for none; it doubles with each. */
const BASE_MS = 250;

export interface ClientParts {
  readonly settings: Settings<never>;
  readonly cooldown: Cooldown;
  readonly tell: Tell;
  readonly note: Note;
  readonly running: Running;
}

export interface Clients {
  readonly client: Client;
  /** @throws TypeError if no guard has named a merchant: the payment would be the platform's own. */
  readonly clientFor: (learnt: Learnt) => MerchantClient;
}

const NO_MERCHANT =
  'lakiconnect: clientFor() was called for a request whose merchant no guard has named. Put a guard before its handler, such as laki.preflight(), or name the merchant: laki.client.post(path, { merchantId }).';

export function createClients({ settings, cooldown, tell, note, running }: ClientParts): Clients {
  const { retry, random, sleep } = settings;
  const budget = createBudget();

  async function send<T>(method: string, path: string, options: ClientOptions): Promise<T> {
    const { merchantId, idempotencyKey, signal } = options;
    const request = requestOf(method, path, options, settings);
    const refused = cooldown.refusal(merchantId);
    if (refused !== undefined) throw refused;
    budget.earn();

    let occasion: Omit<Occasion, 'within'> = { method, merchantId, idempotencyKey, signal };
    const isRepeatable = method === 'GET' || (isKey(idempotencyKey) && settings.honoursIdempotencyKeys);
    for (let number = 1; ; number++) {
      try {
        return (await attempt(request, occasion)) as T;
      } catch (thrown) {
        // Its caller has ended it, and says why.
        if (!isLakiConnectError(thrown) || isReasonOf(signal, thrown)) signal?.throwIfAborted();
        if (!isRepeatable || !isPassing(thrown)) throw thrown;
        await untilNext(thrown, number, signal);
        if (thrown.outcome === 'unknown') occasion = { ...occasion, isFollowUp: true };
      }
    }
  }

  /** Sends a request once. */
  async function attempt(request: ProviderRequest, occasion: Omit<Occasion, 'within'>): Promise<unknown> {
    const { data } = await call(
      (deadline) => exchange(request, deadline.signal, settings),
      occasion,
      settings,
      note,
    );
    return data;
  }

  /** Waits until a request may be sent again; throws what it failed with if it may not. */
  async function untilNext(
    error: LakiConnectError,
    made: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const askedMs = Math.max(error.retryAfterMs ?? 0, cooldown.remaining());
    const isAllowed = made < retry.attempts && askedMs <= retry.maxDelayMs && !running.closing.aborted;
    if (!isAllowed || !budget.spend()) throw error;
    const spreadMs = random() * BASE_MS * 2 ** (made - 1);
    const delayMs = Math.min(askedMs + spreadMs, retry.maxDelayMs);
    const { kind, merchantId, requestId, outcome } = error;
    tell({ type: 'retry', level: 'info', kind, merchantId, requestId, outcome, attempt: made + 1, delayMs });

    const cooledDown = cooldown.until();
    const rested = await following([signal, running.closing], (either) => rest(delayMs, either));
    if (abortOf(signal) === 'caller') signal?.throwIfAborted();
    const isCooledDown = cooldown.until() === cooledDown || cooldown.remaining() === 0;
    if (!rested || !isCooledDown) throw error;
  }

  /** @returns whether the whole time has passed. */
  function rest(ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const stop = (): void => {
        resolve(false);
      };
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop);
      Promise.resolve()
        .then(() => sleep(ms, signal))
        .then(() => {
          resolve(true);
        }, stop);
    });
  }

  /** One method. Its options are judged once, then completed by `known`. */
  function method(name: string, schema: z.ZodType, known: Partial<ClientOptions> = {}): SendJson {
    const judge = async <T>(path: string, options: ClientOptions): Promise<T> => {
      const { idempotencyKey = known.idempotencyKey, ...others } = judged(schema, options);
      return send<T>(name, path, { ...others, ...known, idempotencyKey });
    };
    return (path, options = {}) => running.add(judge(path, options));
  }

  return {
    client: {
      get: method('GET', clientOptions),
      post: method('POST', clientOptions),
      put: method('PUT', clientOptions),
    },
    clientFor({ merchant, idempotencyKey }) {
      if (merchant === undefined) throw new TypeError(NO_MERCHANT);
      const { id: merchantId } = merchant;
      return {
        get: method('GET', merchantClientOptions, { merchantId }),
        post: method('POST', merchantClientOptions, { merchantId, idempotencyKey }),
        put: method('PUT', merchantClientOptions, { merchantId, idempotencyKey }),
      };
    },
  };
}

/** A conflict of idempotency keys never passes: another key is the platform's decision. */
function isPassing(thrown: unknown): thrown is LakiConnectError {
  return (
    isLakiConnectError(thrown) &&
    thrown.retryable &&
    thrown.kind !== 'IDEMPOTENCY_CONFLICT' &&
    thrown.upstream.status !== 409
  );
}
