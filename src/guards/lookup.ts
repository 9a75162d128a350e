import type { Lookups } from '../options.js';
import { withDeadline } from '../provider/deadline.js';
import type { Settings } from '../settings.js';
import { isLakiConnectError } from '../translation/error.js';
import { bearable } from '../translation/foreign.js';
import type { OwnRow } from '../translation/own-row.js';
import type { Requirement } from './requirement.js';
import type { Undetermined, Verdict } from './verdict.js';

/** A requirement as a core knows it. */
export interface Admitted {
  readonly name: string;
  readonly requirement: Requirement;
  /** How a refusal is answered, if the requirement is the platform's own. */
  readonly ownRow: OwnRow | undefined;
}

/** Asks once whether a merchant meets a requirement, under the deadline. Never rejects. */
export function createLookup(
  lookups: Lookups,
  settings: Settings<never>,
): (merchantId: string, admitted: Admitted) => Promise<Verdict> {
  const { approvedStatuses, lookupTimeoutMs } = settings;
  return (merchantId, { requirement, ownRow }) =>
    withDeadline<Verdict>(
      lookupTimeoutMs,
      (signal) => requirement.look(merchantId, { lookups, approvedStatuses, ownRow, signal }),
      (reason) => ({ is: 'undetermined', level: 'error', kind: 'TIMEOUT', reason: String(reason) }),
    ).catch((thrown: unknown) => undeterminedBy(thrown, settings));
}

function undeterminedBy(thrown: unknown, { redact }: Settings<never>): Undetermined {
  if (!isLakiConnectError(thrown)) {
    return { is: 'undetermined', level: 'error', reason: redact(String(bearable(thrown))) };
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
