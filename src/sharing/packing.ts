import type { Admitted } from '../guards/lookup.js';
import type { Met, Unmet } from '../guards/verdict.js';
import { sharedFact } from '../schemas/shared-fact.js';
import { frozen } from '../translation/plain.js';
import type { Reason } from '../translation/refusal.js';

/** In characters. */
const MAX_LENGTH = 16 * 1024;

/**
 * A verdict as it is kept. `undefined` for facts that another process would not get as they are, or too
 * large: what is no JSON, such as a `Date` or an instance of a class. Each process then looks for itself.
 */
export function pack(verdict: Met | Unmet): string | undefined {
  const { is } = verdict;
  try {
    const { data } = sharedFact.safeParse(
      is === 'met'
        ? { v: 1, is, facts: verdict.facts }
        : { v: 1, is, kind: verdict.refusal.kind, reason: verdict.reason },
    );
    const value = data === undefined ? undefined : JSON.stringify(data);
    return value === undefined || value.length > MAX_LENGTH ? undefined : value;
  } catch {
    return undefined; // deeper than the stack, or a getter that throws
  }
}

/** @returns `undefined` for what no process of ours could have kept. */
export function unpack(value: string, { requirement, ownRow }: Admitted): Met | Unmet | undefined {
  const fact = read(value);
  if (fact?.is === 'met') {
    const { facts } = fact;
    return requirement.isFact(facts) ? { is: 'met', facts: frozen(facts) } : undefined;
  }
  if (fact === undefined || !requirement.refusals.includes(fact.kind)) return undefined;
  const { kind, reason } = fact;
  return { is: 'unmet', refusal: { kind, ownRow } as Reason, reason };
}

function read(value: string) {
  if (value.length > MAX_LENGTH) return undefined;
  try {
    return sharedFact.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}
