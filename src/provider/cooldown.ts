import type { Tell } from '../events.js';
import type { Settings } from '../settings.js';
import type { LakiConnectError } from '../translation/error.js';
import { refusal } from '../translation/refusal.js';

/** Nobody is kept away for longer, whatever a header says. */
const DAY_MS = 86_400_000;

/** Keeps requests back while the provider asks to be left alone. */
export interface Cooldown {
  /** Begins or extends it, if the provider said that there were too many requests. */
  readonly heed: (error: LakiConnectError) => void;
  /** When the last one ends, in milliseconds since the epoch; 0 if there was none. */
  readonly until: () => number;
  /** How long it still lasts, in milliseconds; 0 if it does not. */
  readonly remaining: () => number;
  /** What a request is refused with while it lasts. */
  readonly refusal: (merchantId: string | undefined) => LakiConnectError | undefined;
}

export function createCooldown(settings: Settings<never>, tell: Tell): Cooldown {
  const { now } = settings;
  let begun = 0;
  let until = 0;

  /** A clock that was set back ends it. */
  function remaining(): number {
    const at = now();
    return at < begun ? 0 : Math.max(until - at, 0);
  }

  return {
    until: () => until,
    remaining,

    heed({ kind, origin, retryAfterMs = 0, requestId }) {
      if (kind !== 'RATE_LIMITED' || origin === 'guard') return;
      const waitMs = Math.min(retryAfterMs, DAY_MS);
      if (waitMs <= remaining()) return;
      begun = now();
      until = begun + waitMs;
      tell({ type: 'cooldown', level: 'warn', kind, retryAfterMs: waitMs, requestId });
    },

    refusal(merchantId) {
      const retryAfterMs = remaining();
      return retryAfterMs === 0
        ? undefined
        : refusal({ kind: 'RATE_LIMITED' }, { merchantId, retryAfterMs }, settings);
    },
  };
}
