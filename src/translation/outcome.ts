import type { Outcome } from './error.js';
import type { Finding, Occasion } from './finding.js';
import { RULES, type Kind } from './rules.js';

const SAFE = new Set(['GET', 'HEAD']);

/**
 * Whether the provider certainly did not act. Only a readable 4xx, an error body at 2xx with a known
 * code, or a request that was never sent prove it; where a status got lost, a code that puts the fault
 * elsewhere than at the provider does. After a redirect or a retry nothing does: the first answer is not known.
 * A safe method (RFC 9110 section 9.2.1) moves no money.
 */
export function outcomeOf(finding: Finding, occasion: Occasion, kind: Kind): Outcome {
  const { method } = finding.seen;
  const isFollowUp = finding.seen.isFollowUp || occasion.isFollowUp === true;
  const methods = [isFollowUp ? undefined : method, named(occasion.method)].filter(
    (name) => name !== undefined,
  );
  if (methods.length > 0 && methods.every((name) => SAFE.has(name))) return 'rejected';
  return !isFollowUp && isProvenRejection(finding, kind) ? 'rejected' : 'unknown';
}

function named(method: unknown): string | undefined {
  return typeof method === 'string' ? method.toUpperCase() : undefined;
}

function isProvenRejection({ seen: { status, transport }, body, known }: Finding, kind: Kind): boolean {
  if (transport !== undefined) return transport.failure === 'unsent';
  if (status === undefined) return known !== undefined && RULES[kind].fault !== 'provider';
  if (status >= 200 && status <= 299) return known !== undefined;
  const isReadable = body.is !== 'unreadable' && body.is !== 'garbled';
  return status >= 400 && status <= 499 && status !== 408 && isReadable;
}
