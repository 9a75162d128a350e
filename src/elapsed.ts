/** Milliseconds since some moment: a time for ages and lives, which never runs back. */
export type Elapsed = () => number;

/** Two clocks that are further apart than before by this much were not slow: one of them was set, or stood still. */
const STEP_MS = 1000;

/** Longer than anything is believed. */
const FOREVER_MS = 1e12;

/**
 * Time by `monotonic`, a clock that nobody sets. It may stand still while the machine sleeps, so that what `now` gains on
 * it has passed as well. `monotonic` takes longer to read, and is asked once per millisecond of `now`.
 */
export function createElapsed(now: () => number, monotonic: () => number): Elapsed {
  let read = now();
  let elapsed = monotonic();
  let ahead = read - elapsed;
  let gained = 0;
  return () => {
    const time = now();
    if (time === read) return elapsed;
    read = time;
    const passed = monotonic();
    const step = time - passed - ahead;
    if (Math.abs(step) >= STEP_MS) {
      ahead += step;
      gained += Math.max(step, 0);
    }
    elapsed = passed + gained;
    return elapsed;
  };
}

/** The same by a clock that may be set. How long ago something was before it was set back, nobody knows: for ever. */
export function elapsedBy(now: () => number): Elapsed {
  let before = 0;
  let elapsed = 0;
  return () => {
    const time = now();
    elapsed += time < before ? FOREVER_MS : time - before;
    before = time;
    return elapsed;
  };
}
