import type { Listener } from './events.js';
import type { Locale, Text } from './messages/locale.js';
import type { Store } from './sharing/store.js';
import type { Detail } from './translation/error.js';
import type { Problem } from './translation/problem.js';
import type { Action, Audience, ErrorKind, Fault, Kind, Level } from './translation/rules.js';

/** What may be waited for. */
export type Awaitable<T> = T | Promise<T>;

/** What a rule may change; the rest of its row stays. */
export interface RuleOverride {
  /** 400-599, but never a status on which browsers and proxies act: 401, 407, 408, 421, 425. */
  readonly status?: number | undefined;
  /** A public code of yours needs texts in `messages`. */
  readonly code?: string | undefined;
  readonly fault?: Fault | undefined;
  readonly retryable?: boolean | undefined;
  readonly level?: Level | undefined;
  /** What a reader does next, unless a mask or an unknown outcome decides. */
  readonly action?: Action | undefined;
  readonly customer?:
    { readonly status?: number | undefined; readonly code?: string | undefined } | undefined;
}

/** A text of yours: whole, in part, or its `detail` alone as a string. */
export type TextOverride = string | Partial<Text>;

export type MessageOverrides = Readonly<
  Record<string, Readonly<Record<string, Readonly<Partial<Record<Audience, TextOverride>>>>>>
>;

/** What a custom body is told beside the problem. `kind` is absent for the platform's own http-errors. */
export interface FormatContext {
  readonly kind: ErrorKind | undefined;
  readonly audience: Audience;
  readonly locale: string;
}

export type AudienceOf<Req> = Audience | ((request: Req) => Audience);

export type MerchantIdOf<Req> = (request: Req) => Awaitable<string | undefined>;

/** Where guards learn what they ask for. A lookup that throws, or takes too long, leaves it undetermined. */
export interface Lookups {
  /** The merchant's KYC status; `{ linked: false }` if it is no merchant of the platform's; `undefined` if it cannot be told. */
  readonly kycStatus: (
    merchantId: string,
    options: LookupOptions,
  ) => Awaitable<string | { readonly linked: false } | undefined>;
  /**
   * What fee is configured for the merchant; `undefined` or `null` if none is; `{ linked: false }` if it is no merchant
   * of the platform's.
   */
  readonly feeConfig: (merchantId: string, options: LookupOptions) => Awaitable<object | undefined | null>;
}

export interface LookupOptions {
  /** Ends the lookup at its deadline. */
  readonly signal: AbortSignal;
}

/** What LakiConnect said when it refused a request, as far as it could be read. */
export interface UpstreamRefusal {
  /** HTTP status of the answer. */
  readonly status: number | undefined;
  /** Its error code, as sent. */
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** The refused fields, by LakiConnect's names. */
  readonly details: readonly Detail[];
}

/** All in milliseconds but `maxMerchants`. */
export interface CacheOptions {
  /** How long "yes" is believed: 60,000. */
  readonly metMs?: number | undefined;
  /** How long "no" is believed: 5,000. */
  readonly unmetMs?: number | undefined;
  /** How long beyond `metMs` a "yes" is believed while its lookup fails: 300,000. */
  readonly staleIfErrorMs?: number | undefined;
  /** Of how many merchants anything is remembered: 10,000. */
  readonly maxMerchants?: number | undefined;
}

export interface HeaderNames {
  /** `X-API-Key`. */
  readonly apiKey: string;
  /** `X-Connected-Merchant-ID`. */
  readonly merchant: string;
  /** `X-LakiConnect-Signature`. */
  readonly signature: string;
  /**
   * `Idempotency-Key`. Setting it says that LakiConnect honours that header, which its documents do not: only then is
   * a payment with a key sent again.
   */
  readonly idempotency: string;
}

export interface RetryOptions {
  /** Attempts in all, the first included: 3. */
  readonly attempts?: number | undefined;
  /** The longest wait before a retry, in milliseconds: 30,000. Where the provider asks for more, there is none. */
  readonly maxDelayMs?: number | undefined;
}

/** As much of `fetch` as is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Options of `createLakiConnect` and of both adapters' `lakiconnect`. `Req` is what a request is. */
export interface Options<Req = unknown> {
  /**
   * `public:secret`. Needed by `client` and by the built-in lookups; redacted wherever the provider
   * could quote it.
   */
  readonly apiKey?: string | undefined;
  /** Where LakiConnect lives. Also evidence: a failed request to its origin is LakiConnect's. */
  readonly baseUrl?: string | undefined;
  /** Further origins that are LakiConnect: a sandbox host, a gateway. */
  readonly origins?: readonly string[] | undefined;
  /** Whose money a request is about. Needed by guards, here or at each guard. */
  readonly merchantId?: MerchantIdOf<Req> | undefined;
  /** Who reads the reply. The default, `'customer'`, tells the least. */
  readonly audience?: AudienceOf<Req> | undefined;
  /** The user's own language, asked before `Accept-Language`. */
  readonly locale?: ((request: Req) => string | undefined) | undefined;
  /** Per kind, what to change of its row. */
  readonly rules?: Readonly<Partial<Record<Kind, RuleOverride>>> | undefined;
  /**
   * LakiConnect's field names → the platform's. A field that is not named is left out of replies. Without it, the
   * request fields pass that LakiConnect documents.
   */
  readonly fields?: Readonly<Record<string, string>> | ((field: string) => string | undefined) | undefined;
  /** Languages offered, `[en, am]` by default. */
  readonly locales?: readonly Locale[] | undefined;
  /** Used where nothing better is asked for: `'en'`, or the first of `locales` if English is not offered. */
  readonly defaultLocale?: string | undefined;
  /** Texts of yours: `messages[locale][code][audience]`, by public code. */
  readonly messages?: MessageOverrides | undefined;
  /** `'problem'` (RFC 9457), `'envelope'` (LakiConnect's own shape), or a function that returns the body. */
  readonly format?:
    'problem' | 'envelope' | ((problem: Problem, context: FormatContext) => unknown) | undefined;
  /** `false` offers no HTML; a function returns the whole page and must escape what it inserts. */
  readonly html?: false | ((problem: Problem, context: Omit<FormatContext, 'kind'>) => string) | undefined;
  /** Prefix of every problem's `type`. */
  readonly problemTypeBase?: string | undefined;
  /** Where guards learn what they ask for: the platform's own database instead of LakiConnect's API. */
  readonly lookups?: { readonly [Lookup in keyof Lookups]?: Lookups[Lookup] | undefined } | undefined;
  /** Words of a KYC status that mean "approved", compared without case. `['approved']` by default. */
  readonly approvedStatuses?: readonly string[] | undefined;
  /**
   * Whether a refusal says that the `reference` of a payment was used before, in place of the built-in reading of the
   * refused field and its text. It must answer at once; what it throws, or a promise, counts as
   * "yes", as nothing is proven then.
   */
  readonly duplicateReference?: ((refusal: UpstreamRefusal) => boolean) | undefined;
  /** Lives of what guards learnt. */
  readonly cache?: CacheOptions | undefined;
  /** Where processes share facts, invalidations and cooldowns: `redisStore(client)`. This process alone by default. */
  readonly store?: Store | undefined;
  /** Deadline of one lookup, headers and body together, in milliseconds. 2,000 by default. */
  readonly lookupTimeoutMs?: number | undefined;
  /**
   * Deadline of one `call`, and of each attempt of `client`, headers and body together, in milliseconds.
   * 15,000 by default.
   */
  readonly timeoutMs?: number | undefined;
  /** Names of the headers that the provider's documents leave open. */
  readonly headers?: { readonly [Header in keyof HeaderNames]?: HeaderNames[Header] | undefined } | undefined;
  /** Codes that the provider's documents do not know yet, and the kind each one means. */
  readonly aliases?: Readonly<Record<string, Kind>> | undefined;
  /** How often `client` sends a request that may be sent again; `false` for once. */
  readonly retry?: false | RetryOptions | undefined;
  /** What `client` and the built-in lookups send with. The global `fetch` by default. */
  readonly fetch?: Fetch | undefined;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  /** A number from 0 up to 1, as `Math.random` gives: it spreads retries. */
  readonly random?: (() => number) | undefined;
  /** Waits so many milliseconds before a retry. */
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
  /**
   * Told of everything worth a log line; what it throws is ignored. By default events of level `warn` and `error` are
   * written to the console, one line each; `false` for silence.
   */
  readonly onEvent?: false | Listener | undefined;
}

/** Options of `errorHandler`, the same in every adapter. */
export interface HandlerOptions<Req = unknown> {
  /** Who reads the replies, in place of the option of the same name. */
  readonly audience?: AudienceOf<Req> | undefined;
  /** Answer the platform's own http-errors in the same format. */
  readonly httpErrors?: boolean | undefined;
  /** Hand a safe http-errors error on to the platform's own handler instead of writing a reply. */
  readonly forward?: boolean | undefined;
}

/** A webhook's body, parsed after its signature was found good. Its shape is not documented. */
export type WebhookEvent = Readonly<Record<string, unknown>>;

/** Options of a webhook receiver, the same in every adapter. */
export interface WebhookOptions {
  /** The webhook secret, or several while it is rotated. */
  readonly secret: string | readonly string[] | undefined;
  /** The ids of the merchants that an event is about, in place of the search for them. */
  readonly merchantIds?: ((event: WebhookEvent) => readonly string[]) | undefined;
  /** Told of every genuine event, after its merchants were forgotten. The reply waits for it. */
  readonly onDelivery?: ((event: WebhookEvent) => unknown) | undefined;
}
