import type { Texts } from './messages/locale.js';
import type { AudienceOf, Fetch, HeaderNames, Lookups, MerchantIdOf, Options } from './options.js';
import type { Renderer } from './translation/render.js';
import type { Kind, Rule } from './translation/rules.js';

/** How long what guards learnt is believed, in milliseconds, and of how many merchants. */
export interface Lives {
  readonly metMs: number;
  readonly unmetMs: number;
  readonly staleIfErrorMs: number;
  readonly maxMerchants: number;
}

/** Options once judged, completed and brought into the form in which each step reads them. */
export interface Settings<Req> {
  readonly merchantId: MerchantIdOf<Req> | undefined;
  readonly audience: AudienceOf<Req>;
  readonly locale: ((request: Req) => string | undefined) | undefined;
  readonly apiKey: string | undefined;
  /** Without a final slash. */
  readonly baseUrl: string;
  /** Origins whose failures are LakiConnect's. */
  readonly origins: ReadonlySet<string>;
  readonly rules: Readonly<Record<Kind, Rule>>;
  readonly codes: ReadonlyMap<string, Kind>;
  readonly field: ((field: string) => string | undefined) | undefined;
  /** By language tag, the default first. */
  readonly texts: ReadonlyMap<string, Texts>;
  /** By media type, the preferred first. */
  readonly renderers: ReadonlyMap<string, Renderer>;
  readonly problemTypeBase: string;
  readonly lookups: Partial<Lookups>;
  /** In lower case. */
  readonly approvedStatuses: ReadonlySet<string>;
  readonly cache: Lives;
  readonly lookupTimeoutMs: number;
  readonly timeoutMs: number;
  readonly headers: HeaderNames;
  readonly retry: { readonly attempts: number; readonly maxDelayMs: number };
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly onEvent: Options['onEvent'];
  readonly redact: (text: string) => string;
}
