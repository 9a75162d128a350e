import type { Tell } from '../events.js';
import { withDeadline } from '../provider/deadline.js';
import type { Settings } from '../settings.js';
import { describeThrown } from '../translation/throwables.js';
import { within } from '../within.js';
import type { Store } from './store.js';

/** After so many failures in a row an operation is left alone. */
const FAILURES = 5;
/** Then one call in so long is tried. */
const OPEN_MS = 1000;
/** Operators are told once in so long. */
const QUIET_MS = 10_000;

/** Calls of a store that never reject: `undefined` is a failure, and a miss. */
export interface Breaker {
  /** Each operation fails for itself: a store that is full cannot be written to, and yet forgets. */
  readonly ask: <T>(operation: string, run: (signal: AbortSignal) => Promise<T>) => Promise<T | undefined>;
  /** Tells operators of a failure, now or with the next that they are told of. */
  readonly tellFailed: (operation: string, reason: unknown) => void;
}

export function createBreaker(
  { deadlineMs }: Pick<Store, 'deadlineMs'>,
  { now, redact }: Settings<never>,
  tell: Tell,
): Breaker {
  const isWithin = within(now);
  const operations = new Map<string, { failures: number; triedAt: number }>();
  let untold = 0;
  let toldAt: number | undefined;

  function tellFailed(operation: string, reason: unknown): void {
    untold++;
    if (toldAt !== undefined && isWithin(toldAt, QUIET_MS)) return;
    const said = redact(typeof reason === 'string' ? reason : describeThrown(reason));
    tell({ type: 'store-failed', level: 'warn', operation, reason: said, failures: untold });
    toldAt = now();
    untold = 0;
  }

  return {
    tellFailed,
    async ask(operation, run) {
      const state = operations.get(operation) ?? { failures: 0, triedAt: 0 };
      operations.set(operation, state);
      if (state.failures >= FAILURES) {
        if (isWithin(state.triedAt, OPEN_MS)) return undefined;
        state.triedAt = now(); // for those who come while this one tries
      }
      try {
        const answer = await withDeadline(
          deadlineMs,
          async (signal) => run(signal),
          (reason) => {
            throw reason;
          },
        );
        state.failures = 0;
        return answer;
      } catch (thrown) {
        state.failures++;
        state.triedAt = now();
        tellFailed(operation, thrown);
        return undefined;
      }
    },
  };
}
