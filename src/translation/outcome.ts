import type { Outcome } from './error.js';
import type { Finding, Occasion } from './finding.js';
import type { OutcomeBy } from './grounds.js';
import { RULES, type Kind } from './rules.js';

interface Judgement {
  readonly outcome: Outcome;
  readonly by: OutcomeBy;
}

const SAFE = new Set(['GET', 'HEAD']);

/**
 * Whether the provider certainly did not act. Only a readable 4xx, an error body at 2xx with a known
 * code, or a request that was never sent prove it; where a status got lost, a code that puts the fault
 * elsewhere than at the provider does. After a redirect or a retry nothing does: the first answer is not known.
 * A safe method (RFC 9110 section 9.2.1) moves no money.
 */
export function outcomeOf(finding: Finding, occasion: Occasion, kind: Kind): Judgement {
  const { method } = finding.seen;
  const isFollowUp = finding.seen.isFollowUp || occasion.isFollowUp === true;
  const methods = [isFollowUp ? undefined : method, named(occasion.method)].filter(
    (name) => name !== undefined,
  );
  if (methods.length > 0 && methods.every((name) => SAFE.has(name))) {
    return { outcome: 'rejected', by: 'method' };
  }
  return isFollowUp ? { outcome: 'unknown', by: 'follow-up' } : outcomeOfAnswer(finding, kind);
}

function named(method: unknown): string | undefined {
  return typeof method === 'string' ? method.toUpperCase() : undefined;
}

function outcomeOfAnswer({ seen: { status, transport }, body, known }: Finding, kind: Kind): Judgement {
  if (transport !== undefined) return judged(transport.failure === 'unsent', 'transport');
  if (status === undefined) return judged(known !== undefined && RULES[kind].fault !== 'provider', 'code');
  if (status >= 200 && status <= 299) return judged(known !== undefined, 'code');
  if (status < 400 || status > 499 || status === 408) return judged(false, 'status');
  const isReadable = body.is !== 'unreadable' && body.is !== 'garbled';
  return judged(isReadable, isReadable ? 'status' : 'body');
}

function judged(isRejected: boolean, by: OutcomeBy): Judgement {
  return { outcome: isRejected ? 'rejected' : 'unknown', by };
}
