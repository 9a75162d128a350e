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
  /** Judges an answer by the options of this core. @throws TypeError for what is none. */
  readonly judge: (answer: unknown) => Met | Unmet;
}

/** What may be believed. */
export interface Known {
  readonly verdict: Met | Unmet;
  /** When it was asked for, by the time of this process. */
  readonly since: number;
}

/** What a look came to. */
export interface Found {
  readonly verdict: Verdict;
  /** What the verdict judges, if this process has asked. */
  readonly answer?: unknown;
  /** When it was asked for, by the time of this process. What happened after that it does not know. */
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
  const { lookupTimeoutMs, elapsed } = settings;
  return async (merchantId, { requirement, judge }) => {
    const since = elapsed();
    const found = await withDeadline<Pick<Found, 'verdict' | 'answer'>>(
      lookupTimeoutMs,
      async (signal) => {
        const answer = await requirement.look(merchantId, { lookups, signal });
        return { verdict: judge(answer), answer };
      },
      (reason) => ({
        verdict: { is: 'undetermined', level: 'error', kind: 'TIMEOUT', reason: String(reason) },
      }),
    ).catch((thrown: unknown) => ({ verdict: undeterminedBy(thrown, settings) }));
    return { ...found, since };
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
