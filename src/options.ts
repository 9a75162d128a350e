import type { LakiConnectEvent } from './events.js';
import type { Locale, Text } from './messages/locale.js';
import type { Problem } from './translation/problem.js';
import type { Audience, Fault, Kind, Level } from './translation/rules.js';

type Awaitable<T> = T | Promise<T>;

/** What a rule may change; the rest of its row stays. */
export interface RuleOverride {
  /** 400-599, but never a status on which browsers and proxies act: 401, 407, 408, 421, 425. */
  readonly status?: number | undefined;
  /** A public code of yours needs texts in `messages`. */
  readonly code?: string | undefined;
  readonly fault?: Fault | undefined;
  readonly retryable?: boolean | undefined;
  readonly level?: Level | undefined;
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
  readonly kind: Kind | undefined;
  readonly audience: Audience;
  readonly locale: string;
}

/** Options of {@link createLakiConnect} and of both adapters' `lakiconnect`. `Req` is what a request is. */
export interface Options<Req = unknown> {
  /** `public:secret`. Redacted wherever the provider could quote it. */
  readonly apiKey?: string | undefined;
  /** Where LakiConnect lives. Also evidence: a failed request to its origin is LakiConnect's. */
  readonly baseUrl?: string | undefined;
  /** Further origins that are LakiConnect: a sandbox host, a gateway. */
  readonly origins?: readonly string[] | undefined;
  /** Whose money a request is about. Not asked yet: it is for guards, which this version does not have. */
  readonly merchantId?: ((request: Req) => Awaitable<string | undefined>) | undefined;
  /** Who reads the reply. The default, `'customer'`, tells the least. */
  readonly audience?: Audience | ((request: Req) => Audience) | undefined;
  /** The user's own language, asked before `Accept-Language`. */
  readonly locale?: ((request: Req) => string | undefined) | undefined;
  /** Per kind, what to change of its row. */
  readonly rules?: Readonly<Partial<Record<Kind, RuleOverride>>> | undefined;
  /** LakiConnect's field names → the platform's. A field that is not named is left out of replies. */
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
  /** Deadline of one `call`, headers and body together, in milliseconds. 15,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Codes that the provider's documents do not know yet, and the kind each one means. */
  readonly aliases?: Readonly<Record<string, Kind>> | undefined;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  /** Told of everything worth a log line. What it throws is ignored. */
  readonly onEvent?: ((event: LakiConnectEvent) => unknown) | undefined;
}

/** Options of `errorHandler`, the same in every adapter. */
export interface HandlerOptions<Req = unknown> {
  /** Who reads the replies, in place of the option of the same name. */
  readonly audience?: Audience | ((request: Req) => Audience) | undefined;
  /** Answer the platform's own http-errors in the same format. */
  readonly httpErrors?: boolean | undefined;
  /** Hand a safe http-errors error on to the platform's own handler instead of writing a reply. */
  readonly forward?: boolean | undefined;
}
