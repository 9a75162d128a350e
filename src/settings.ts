import type { Text } from './messages/locale.js';
import type { Options } from './options.js';
import type { Renderer } from './translation/render.js';
import type { Audience, Kind, Rule } from './translation/rules.js';

/** By public code. */
export type Texts = ReadonlyMap<string, Readonly<Record<Audience, Text>>>;

/** Options once judged, completed and brought into the form in which each step reads them. */
export interface Settings<Req> {
  readonly audience: Audience | ((request: Req) => Audience);
  readonly locale: ((request: Req) => string | undefined) | undefined;
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
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly onEvent: Options['onEvent'];
  readonly redact: (text: string) => string;
}
