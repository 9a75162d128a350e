import type { Audience, PublicCode } from '../translation/rules.js';

/** What one reader is told: what happened, and what to do next. */
export interface Text {
  readonly title: string;
  readonly detail: string;
}

/**
 * What can be wrong with a field, by the keywords of JSON Schema where it has one. A text may have numbers:
 * `{min}` and `{max}` of a range or a bound, `{n}` of what is exact or excluded.
 */
export type Issue =
  | 'required'
  | 'type'
  | 'minLength'
  | 'maxLength'
  | 'length'
  | 'lengthRange'
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'range'
  | 'url'
  | 'choice'
  | 'digits'
  | 'invalid';

/** What is said beside a field, such as `the length must be exactly {n}`. */
export type Issues = Readonly<Partial<Record<Issue, string>>>;

/** One language, with a text for every public code and audience. */
export interface Locale {
  /** BCP 47 language tag, such as `am`. */
  readonly tag: string;
  readonly texts: Readonly<Record<PublicCode, Readonly<Record<Audience, Text>>>>;
  /** What is wrong with a field; in English where there is no text. */
  readonly issues?: Issues | undefined;
}

/** One language of this package's. */
export interface WholeLocale extends Locale {
  readonly issues: Readonly<Record<Issue, string>>;
}

/** Texts by public code. */
export type Texts = ReadonlyMap<string, Readonly<Record<Audience, Text>>>;
