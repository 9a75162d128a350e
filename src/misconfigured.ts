import { elapsedBy } from './elapsed.js';
import type { Tell } from './events.js';
import type { OptionFailure } from './option-functions.js';
import type { Settings } from './settings.js';

/** Deadlines, in milliseconds, below which most likely seconds were meant. */
const SHORTEST_MS = { timeoutMs: 100, lookupTimeoutMs: 10 } as const satisfies Partial<Settings<never>>;

/** Tells of options that are allowed, for tests say, but hardly meant so. */
export function tellMisconfigured(settings: Settings<never>, tell: Tell): void {
  for (const option of Object.keys(SHORTEST_MS) as (keyof typeof SHORTEST_MS)[]) {
    const ms = settings[option];
    if (ms >= SHORTEST_MS[option]) continue;
    const reason = `it is ${String(ms)} milliseconds; if seconds were meant, set ${String(ms * 1000)}`;
    tell({ type: 'misconfigured', level: 'warn', option, reason });
  }
}

/** Tells of a function among the options in whose place something else stands. */
export function tellingOf(tell: Tell): (failure: OptionFailure) => void {
  return ({ option, reason }) => {
    tell({ type: 'misconfigured', level: 'error', option, reason: `it ${reason}` });
  };
}

/** What a judged function of an option gives, or something else where it fails. */
export function orElse<T>(step: () => T, otherwise: () => T, note: (failure: OptionFailure) => void): T {
  try {
    return step();
  } catch (failure) {
    note(failure as OptionFailure);
    return otherwise();
  }
}

/** The same settings, with functions that tell of it where they fail, and go on. */
export function telling<Req>(settings: Settings<Req>, tell: Tell): Settings<Req> {
  const { now, elapsed, random, duplicateReference } = settings;
  const tellOf = tellingOf(tell);
  const tellOfClock = tellingOf(once(tell));
  const tellOfChance = tellingOf(once(tell));
  const clock = (): number => orElse(now, Date.now, tellOfClock);
  return {
    ...settings,
    now: clock,
    elapsed: now === Date.now ? elapsed : elapsedBy(clock),
    random: () => orElse(random, Math.random, tellOfChance),
    // What it would have said may be that money has moved.
    duplicateReference:
      duplicateReference &&
      ((refusal) =>
        orElse(
          () => duplicateReference(refusal),
          () => true,
          tellOf,
        )),
  };
}

/** They are called several times a request. */
function once(tell: Tell): Tell {
  let isTold = false;
  return (event) => {
    if (!isTold) tell(event);
    isTold = true;
  };
}
