import type { Tell } from '../events.js';
import type { Settings } from '../settings.js';
import { teaches } from '../translation/attribution.js';
import type { LakiConnectError } from '../translation/error.js';
import { refusal } from '../translation/refusal.js';

/** Nobody is kept away for longer, whatever a header says. */
const DAY_MS = 86_400_000;

/** Keeps requests back while the provider asks to be left alone. */
export interface Cooldown {
  /** Begins or extends it, if the provider said that there were too many requests. */
  readonly heed: (error: LakiConnectError) => void;
  /** The same, if it was said to another process; `ms` is how long it still lasts. */
  readonly join: (ms: number) => void;
  /** When the last one ends, in milliseconds since the epoch; 0 if there was none. */
  readonly until: () => number;
  /** How long it still lasts, in milliseconds; 0 if it does not. */
  readonly remaining: () => number;
  /** What a request is refused with while it lasts. */
  readonly refusal: (merchantId: string | undefined) => LakiConnectError | undefined;
}

/** `Retry-After` counts seconds: what differs by less is the same wait, told again. */
const SAME_MS = 1000;

/** `share` tells other processes of one that begins here. */
export function createCooldown(
  settings: Settings<never>,
  tell: Tell,
  share: (ms: number) => void = () => undefined,
): Cooldown {
  const { now } = settings;
  let begun = 0;
  let until = 0;

  /** A clock that was set back ends it. */
  function remaining(): number {
    const at = now();
    return at < begun ? 0 : Math.max(until - at, 0);
  }

  function begin(
    waitMs: number,
    told: { readonly requestId?: string | undefined; readonly shared?: true },
  ): void {
    begun = now();
    until = begun + waitMs;
    tell({ type: 'cooldown', level: 'warn', kind: 'RATE_LIMITED', retryAfterMs: waitMs, ...told });
  }

  return {
    until: () => until,
    remaining,

    heed(error) {
      const { kind, retryAfterMs = 0, requestId } = error;
      if (kind !== 'RATE_LIMITED' || !teaches(error)) return;
      const waitMs = Math.min(retryAfterMs, DAY_MS);
      if (waitMs <= remaining()) return;
      begin(waitMs, { requestId });
      share(waitMs);
    },

    join(ms) {
      const left = remaining();
      if (ms > (left === 0 ? 0 : left + SAME_MS)) begin(Math.min(ms, DAY_MS), { shared: true });
    },

    refusal(merchantId) {
      const retryAfterMs = remaining();
      return retryAfterMs === 0
        ? undefined
        : refusal({ kind: 'RATE_LIMITED' }, { merchantId, retryAfterMs }, settings);
    },
  };
}
