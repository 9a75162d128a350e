import type { Texts } from '../messages/locale.js';
import type { MessageOverrides } from '../options.js';
import type { LanguageNegotiation } from './negotiate.js';
import type { Rule } from './rules.js';

/** How a refusal of the platform's own requirement is answered: it travels with the error. */
export interface OwnRow {
  readonly rule: Rule;
  /** The sentences that it came with. */
  readonly messages: MessageOverrides;
  /** Every text that a reply can need, by language tag, the default first. */
  readonly texts: ReadonlyMap<string, Texts>;
  /** Picks one of these. */
  readonly language: LanguageNegotiation;
}
