import type { Audience, Rule } from './rules.js';

/** What of an error one audience may see. */
export interface Face {
  readonly status: number;
  /** The public code. */
  readonly code: string;
  /** Whether something is kept from this reader: then no fields and no wait are told either. */
  readonly masked: boolean;
}

/** Picks status and public code by the rule and the audience. `sent` is the upstream's status. */
export function faceOf(rule: Rule, audience: Audience, sent: number | undefined): Face {
  if (audience === 'customer' && rule.customer !== undefined) {
    const { status, code } = rule.customer;
    return { status, code, masked: true };
  }
  const status = sent !== undefined && rule.keeps?.includes(sent) ? sent : rule.status;
  return { status, code: rule.code, masked: rule.code === 'PAYMENTS_UNAVAILABLE' };
}

/** Whoever is not known to be a merchant is a customer, who is told the least. */
export function audienceOf(audience: unknown): Audience {
  return audience === 'merchant' ? 'merchant' : 'customer';
}
