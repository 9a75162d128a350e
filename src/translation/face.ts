import type { Outcome } from './error.js';
import type { Action, Audience, Rule } from './rules.js';

/** What of an error one audience may see. */
export interface Face {
  readonly status: number;
  /** The public code. */
  readonly code: string;
  /** Whether something is kept from this reader: then no fields and no wait are told either. */
  readonly masked: boolean;
  /** Whether the upstream's request id is told. */
  readonly tellsRequestId: boolean;
  readonly action: Action;
}

/** What a reply depends on beside its rule and its reader. */
interface Circumstances {
  readonly outcome: Outcome;
  /** The upstream's status. */
  readonly sent?: number | undefined;
}

/** Picks status, public code and action by the rule and the audience. */
export function faceOf(rule: Rule, audience: Audience, { outcome, sent }: Circumstances): Face {
  const isHidden = audience === 'customer' && rule.customer !== undefined;
  const { status, code } = isHidden ? rule.customer : rule;
  const masked = isHidden || code === 'PAYMENTS_UNAVAILABLE';
  return {
    status: !isHidden && sent !== undefined && rule.keeps?.includes(sent) ? sent : status,
    code,
    masked,
    // A guard's refusal has none: behind a mask that hides both, it would tell who has refused.
    tellsRequestId: !masked || (!isHidden && status >= 500),
    action: outcome === 'unknown' ? 'check' : masked ? MASKED[audience] : rule.action,
  };
}

/** What is left to do for whoever is not told the reason. */
const MASKED: Readonly<Record<Audience, Action>> = { customer: 'other-way', merchant: 'contact' };

/** Whoever is not known to be a merchant is a customer, who is told the least. */
export function audienceOf(audience: unknown): Audience {
  return audience === 'merchant' ? 'merchant' : 'customer';
}
