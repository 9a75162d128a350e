import type { Lookups } from '../options.js';
import { withDeadline } from '../provider/deadline.js';
import type { Settings } from '../settings.js';
import { isLakiConnectError } from '../translation/error.js';
import { describeThrown } from '../translation/throwables.js';
import type { OwnRow } from '../translation/own-row.js';
import type { Requirement } from './requirement.js';
import type { Met, Undetermined, Unmet, Verdict } from './verdict.js';

/** A requirement as a core knows it. */
export interface Admitted {
  readonly name: string;
  readonly requirement: Requirement;
  /** How a refusal is answered, if the requirement is the platform's own. */
  readonly ownRow: OwnRow | undefined;
}

/** What may be believed, and when it was asked for, in milliseconds since the epoch. */
export interface Known {
  readonly verdict: Met | Unmet;
  readonly since: number;
}

/** What a look came to. */
export interface Found {
  readonly verdict: Verdict;
  /** When it was asked for, in milliseconds since the epoch. What happened after that it does not know. */
  readonly since: number;
  /** Another process had looked. */
  readonly isShared?: true;
  /** What was known before, and may still be believed if nothing is found. */
  readonly before?: Known | undefined;
  /** The merchant was forgotten meanwhile. */
  readonly isOutdated?: boolean;
}

/** Finds out whether a merchant meets a requirement. Never rejects. */
export type Look<Requirement = Admitted> = (merchantId: string, requirement: Requirement) => Promise<Found>;

/** Asks once whether a merchant meets a requirement, under the deadline. Never rejects. */
export function createLookup(lookups: Lookups, settings: Settings<never>): Look {
  const { approvedStatuses, lookupTimeoutMs, now } = settings;
  return async (merchantId, { requirement, ownRow }) => {
    const since = now();
    const verdict = await withDeadline<Verdict>(
      lookupTimeoutMs,
      (signal) => requirement.look(merchantId, { lookups, approvedStatuses, ownRow, signal }),
      (reason) => ({ is: 'undetermined', level: 'error', kind: 'TIMEOUT', reason: String(reason) }),
    ).catch((thrown: unknown) => undeterminedBy(thrown, settings));
    return { verdict, since };
  };
}

function undeterminedBy(thrown: unknown, { redact }: Settings<never>): Undetermined {
  if (!isLakiConnectError(thrown)) {
    return { is: 'undetermined', level: 'error', reason: redact(describeThrown(thrown)) };
  }
  const { kind, retryAfterMs, upstream } = thrown;
  const said = [upstream.status, upstream.code].filter((part) => part !== undefined);
  return {
    is: 'undetermined',
    level: kind === 'RATE_LIMITED' ? 'warn' : 'error',
    kind,
    reason: ['the lookup ended in', kind, ...said].join(' '),
    retryAfterMs,
  };
}
