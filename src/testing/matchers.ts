import type { Answered } from './answered.js';
import { leaksIn, toldOf } from './leaks.js';
import { differenceFrom } from './problem.js';

/** What a matcher tells `expect`. */
export interface Verdict {
  readonly pass: boolean;
  /** What is told if that is not what was expected. */
  readonly message: () => string;
}

/** What `expect` has once it was extended by {@link matchers}; for its types, in Jest and in Vitest. */
export interface LakiConnectMatchers<R = unknown> {
  /** The answer is the error reply of this code and status. */
  toBeProblem: (code: string, status: number) => R;
  /** None of these texts is in the answer, or in whatever else it is. */
  toLeakNothingFrom: (secrets: string | readonly string[]) => R;
}

/** For `expect.extend(matchers)`. */
export const matchers = {
  toBeProblem(answered: unknown, code: string, status: number): Verdict {
    const difference = differenceFrom(answered as Answered, code, status);
    return {
      pass: difference === undefined,
      message: () => difference ?? `expected anything but the problem ${String(status)} ${code}`,
    };
  },
  toLeakNothingFrom(value: unknown, secrets: string | readonly string[]): Verdict {
    const leaks = leaksIn(value, secrets);
    return {
      pass: leaks.length === 0,
      message: () => (leaks.length === 0 ? 'expected a secret, found none' : toldOf(leaks)),
    };
  },
};
