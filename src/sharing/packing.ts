import type { Admitted } from '../guards/lookup.js';
import type { Met, Unmet } from '../guards/verdict.js';
import { sharedFact } from '../schemas/shared-fact.js';
import { frozen } from '../translation/plain.js';

/** In characters. */
const MAX_LENGTH = 16 * 1024;

/**
 * An answer as it is kept. `undefined` for one that another process would not get as it is, or too large: what is no
 * JSON, such as a `Date` or an instance of a class. Each process then looks for itself.
 */
export function pack(answer: unknown): string | undefined {
  try {
    const { data } = sharedFact.safeParse({ v: 1, answer });
    const value = data === undefined ? undefined : JSON.stringify(data);
    return value === undefined || value.length > MAX_LENGTH ? undefined : value;
  } catch {
    return undefined; // deeper than the stack, or a getter that throws
  }
}

/** What this process makes of an answer. `undefined` for what no process of ours could have kept. */
export function unpack(value: string, { judge }: Pick<Admitted, 'judge'>): Met | Unmet | undefined {
  if (value.length > MAX_LENGTH) return undefined;
  try {
    const { data } = sharedFact.safeParse(JSON.parse(value));
    return data === undefined ? undefined : judge(frozen(data.answer));
  } catch {
    return undefined;
  }
}
