import type { Reason } from '../translation/refusal.js';
import type { ErrorKind, Level } from '../translation/rules.js';

export interface Met {
  readonly is: 'met';
  /** What is known of the merchant, as handlers get it. */
  readonly facts: unknown;
}

export interface Unmet {
  readonly is: 'unmet';
  /** How the refusal is answered. */
  readonly refusal: Reason;
  /** For operators. */
  readonly reason: string | undefined;
}

/** It could not be learnt, and nothing that was learnt before may still be believed. */
export interface Undetermined {
  readonly is: 'undetermined';
  /** For operators. */
  readonly reason: string;
  readonly level: Level;
  /** What befell the lookup, if it was its deadline or LakiConnect's doing. */
  readonly kind?: ErrorKind | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** What a guard knows of a merchant and a requirement: yes, no, or neither. */
export type Verdict = Met | Unmet | Undetermined;
