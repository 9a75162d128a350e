import type { Tell } from './events.js';
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
