import type { Outcome } from './error.js';
import type { Action } from './rules.js';

/**
 * What a client is told, as RFC 9457 problem details; the same for every media type.
 * Extension members are in snake case, as LakiConnect's own.
 */
export interface Problem {
  /** A URI that names the public code; `about:blank` for the platform's own http-errors. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** The public code: the kind, or its mask. */
  readonly code: string;
  /** The provider's id of the request, for support. */
  readonly request_id?: string;
  readonly retryable?: boolean;
  readonly outcome?: Outcome;
  /** What the reader's program does next. */
  readonly action?: Action;
  /** The fields that were refused, by the platform's names. */
  readonly errors?: readonly { readonly field: string; readonly detail: string }[];
  /** Seconds to wait, as in the `Retry-After` header. */
  readonly retry_after?: number;
}
