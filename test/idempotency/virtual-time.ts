import type { Timers } from '../../src/idempotency/handler-end.js';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
  unref(): unknown;
}

interface Elsewhere {
  /** Resolves when everything that can happen without a timer has happened. */
  readonly settled?: () => Promise<void>;
  /** Lets as much time pass where it does not pass by itself. */
  readonly aged?: (ms: number) => unknown;
}

/** A time that passes only where it is told to, and timers of several processes that go by it. */
export function virtualTime({ settled = turn, aged }: Elsewhere = {}) {
  let now = 0;
  const timers = new Set<Timer>();
  let unreferenced = 0;

  /** Timers of one process; `stop` is its death. */
  function process() {
    const own = new Set<Timer>();
    const set: Timers['setTimeout'] = (ring, ms) => {
      const timer: Timer = {
        at: now + ms,
        ring,
        unref() {
          unreferenced++;
        },
      };
      timers.add(timer);
      own.add(timer);
      return timer;
    };
    const clear = (timer: Timer | undefined): void => {
      if (timer !== undefined) timers.delete(timer);
    };
    return {
      timers: { setTimeout: set, clearTimeout: clear as Timers['clearTimeout'] },
      running: () => [...own].filter((timer) => timers.has(timer)).length,
      stop() {
        for (const timer of own) timers.delete(timer);
      },
    };
  }

  async function goOn(to: number): Promise<void> {
    if (to > now) await aged?.(to - now);
    now = Math.max(now, to);
  }

  return {
    process,
    now: () => now,
    unreferenced: () => unreferenced,
    /** Lets time pass, and all that is due happen in its order. */
    async pass(ms: number) {
      const until = now + ms;
      for (;;) {
        await settled();
        const next = [...timers].sort((one, other) => one.at - other.at)[0];
        if (next === undefined || next.at > until) break;
        timers.delete(next);
        await goOn(next.at);
        next.ring();
      }
      await goOn(until);
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
