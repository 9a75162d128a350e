import type { Audience, PublicCode } from '../translation/rules.js';

/** What one reader is told: what happened, and what to do next. */
export interface Text {
  readonly title: string;
  readonly detail: string;
}

/** One language, with a text for every public code and audience. */
export interface Locale {
  /** BCP 47 language tag, such as `am`. */
  readonly tag: string;
  readonly texts: Readonly<Record<PublicCode, Readonly<Record<Audience, Text>>>>;
}

/** Texts by public code. */
export type Texts = ReadonlyMap<string, Readonly<Record<Audience, Text>>>;
