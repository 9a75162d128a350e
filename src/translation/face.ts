import type { Audience, Kind, Rule } from './rules.js';

/** What of an error one audience may see. */
export interface Face {
  readonly status: number;
  /** The public code. */
  readonly code: string;
  /** Whether something is kept from this reader: then no fields and no wait are told either. */
  readonly masked: boolean;
}

const UNAVAILABLE = 'PAYMENTS_UNAVAILABLE';

/** Picks status and public code by kind and audience, from the rule alone. */
export function faceOf(
  kind: Kind,
  sent: number | undefined,
  { rule, audience, ownDoing }: { rule: Rule; audience: Audience; ownDoing: boolean },
): Face {
  if (ownDoing && kind === 'VALIDATION_ERROR') return { status: 502, code: UNAVAILABLE, masked: true };
  if (audience === 'customer' && rule.customer !== undefined) return { ...rule.customer, masked: true };
  const status = sent !== undefined && rule.keeps?.includes(sent) ? sent : rule.status;
  return { status, code: rule.code, masked: rule.code === UNAVAILABLE };
}

/** Whoever is not known to be a merchant is a customer, who is told the least. */
export function audienceOf(audience: unknown): Audience {
  return audience === 'merchant' ? 'merchant' : 'customer';
}
