import type { Elapsed } from './elapsed.js';
import type { Listener } from './events.js';
import type { Issues, Texts } from './messages/locale.js';
import type {
  AudienceOf,
  CacheOptions,
  Fetch,
  HeaderNames,
  Lookups,
  MerchantIdOf,
  Options,
  RetryOptions,
} from './options.js';
import type { Store } from './sharing/store.js';
import type { LanguageNegotiation } from './translation/negotiate.js';
import type { Forms } from './translation/render.js';
import type { Kind, Rule } from './translation/rules.js';

/** An option's parts, each with its value or its default. */
type Complete<T> = { readonly [Part in keyof T]-?: Exclude<T[Part], undefined> };

/** Options once judged, completed and brought into the form in which each step reads them. */
export interface Settings<Req> extends Forms {
  readonly merchantId: MerchantIdOf<Req> | undefined;
  readonly audience: AudienceOf<Req>;
  readonly locale: ((request: Req) => string | undefined) | undefined;
  readonly apiKey: string | undefined;
  /** Without a final slash. */
  readonly baseUrl: string;
  /** Origins whose failures are LakiConnect's. */
  readonly origins: ReadonlySet<string>;
  readonly rules: Readonly<Record<Kind, Rule>>;
  /** What the platform has laid over the rows and the texts. */
  readonly overrides: Complete<Pick<Options, 'rules' | 'messages'>>;
  readonly codes: ReadonlyMap<string, Kind>;
  /** What a reply calls a field of LakiConnect's; `'none'` where it tells of no field. */
  readonly field: ((field: string) => string | undefined) | 'none' | undefined;
  /** By language tag, the default first. */
  readonly texts: ReadonlyMap<string, Texts>;
  /** What is wrong with a field, by language tag. */
  readonly issues: ReadonlyMap<string, Issues>;
  /** Picks one of these. */
  readonly language: LanguageNegotiation;
  readonly problemTypeBase: string;
  readonly lookups: Partial<Lookups>;
  /** In lower case. */
  readonly approvedStatuses: ReadonlySet<string>;
  readonly duplicateReference: Options['duplicateReference'];
  readonly cache: Complete<CacheOptions>;
  readonly store: Store | undefined;
  readonly lookupTimeoutMs: number;
  readonly timeoutMs: number;
  readonly headers: HeaderNames;
  /** LakiConnect makes a payment with the same key once: the platform says so by naming the header. */
  readonly honoursIdempotencyKeys: boolean;
  readonly retry: Complete<RetryOptions>;
  readonly fetch: Fetch;
  readonly now: () => number;
  /** By which ages and lives are told. */
  readonly elapsed: Elapsed;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly onEvent: Listener | undefined;
  readonly redact: (text: string) => string;
}
