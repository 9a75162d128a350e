import timers from 'node:timers';
import { clockAt, idle } from './harness.js';

/** Timers of `node:timers` that go by a clock which goes only where it is told. */
export function virtualTimers() {
  const clock = clockAt(1_000_000);
  const due = new Map<object, { at: number; ring: () => void }>();
  const { setTimeout: set, clearTimeout: clear } = timers;
  timers.setTimeout = ((ring: (...given: unknown[]) => void, ms: number, ...given: unknown[]) => {
    const timer = { unref: () => timer };
    due.set(timer, {
      at: clock.now() + ms,
      ring: () => {
        ring(...given);
      },
    });
    return timer;
  }) as unknown as typeof set;
  timers.clearTimeout = ((timer: object) => void due.delete(timer)) as typeof clear;

  return {
    now: clock.now,
    /** How many run. */
    count: () => due.size,
    /** Lets time pass while nothing happens, as when the event loop is blocked. */
    block: clock.pass,
    /** Lets time pass, and what is due happen in its order. */
    async pass(ms: number): Promise<void> {
      const end = clock.now() + ms;
      for (;;) {
        const [next] = [...due]
          .filter(([, { at }]) => at <= end)
          .sort(([, one], [, other]) => one.at - other.at);
        if (next === undefined) break;
        const [timer, { at, ring }] = next;
        due.delete(timer);
        clock.pass(at - clock.now());
        ring();
        await idle();
      }
      clock.pass(end - clock.now());
    },
    restore(): void {
      Object.assign(timers, { setTimeout: set, clearTimeout: clear });
    },
  };
}
