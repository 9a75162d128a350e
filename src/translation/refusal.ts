import type { Settings } from '../settings.js';
import { LakiConnectError, type LakiConnectErrorInit } from './error.js';
import { audienceOf, faceOf, type Face } from './face.js';
import type { OwnRow } from './own-row.js';
import type { ErrorKind, Kind, Rule } from './rules.js';
import { withoutStack } from './without-stack.js';

/** Why a request is held back. A kind of the platform's own comes with its row. */
export type Reason =
  | { readonly kind: Kind; readonly ownRow?: undefined }
  | { readonly kind: ErrorKind; readonly ownRow: OwnRow };

export function ruleOf(reason: Reason, { rules }: Settings<never>): Rule {
  return reason.ownRow === undefined ? rules[reason.kind] : reason.ownRow.rule;
}

/** What an error shows before its reader is known. */
function defaultFaceOf(reason: Reason, settings: Settings<never>): Face {
  return faceOf(ruleOf(reason, settings), audienceOf(settings.audience), { outcome: 'rejected' });
}

/**
 * An error for a request that is held back before it reaches the provider: nothing was done. It has no stack: that
 * a merchant may not be paid yet is no fault in any code.
 */
export function refusal(
  reason: Reason,
  about: Pick<LakiConnectErrorInit, 'merchantId' | 'retryAfterMs'>,
  settings: Settings<never>,
): LakiConnectError {
  const { status, action } = defaultFaceOf(reason, settings);
  return withoutStack(
    () =>
      new LakiConnectError({
        // Named one by one: to spread two objects into a third costs more than the error does.
        kind: reason.kind,
        ownRow: reason.ownRow,
        merchantId: about.merchantId,
        retryAfterMs: about.retryAfterMs,
        status,
        action,
        outcome: 'rejected',
        retryable: ruleOf(reason, settings).retryable,
        origin: 'guard',
      }),
  );
}
