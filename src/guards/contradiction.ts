import type { Tell } from '../events.js';
import { teaches } from '../translation/attribution.js';
import type { LakiConnectError } from '../translation/error.js';
import type { ErrorKind } from '../translation/rules.js';
import type { Facts } from './facts.js';
import type { Invalidate } from './invalidation.js';
import { feeConfigured, kycApproved } from './requirement.js';

/** What the provider says, and the requirement that it speaks against. */
const CONTRADICTS: ReadonlyMap<ErrorKind, string> = new Map([
  ['KYC_NOT_APPROVED', kycApproved.name],
  ['CONNECTED_MERCHANT_NOT_FOUND', kycApproved.name],
  ['FEE_CONFIG_NOT_SET', feeConfigured.name],
]);

/** Hears, once of each error, what the provider says of a merchant; `merchantId` is whom it was about. */
export type Contradict = (error: LakiConnectError, merchantId: string | undefined) => void;

/** A refusal by the provider itself is newer than what guards believe: the merchant is looked at again. */
export function createContradiction(
  facts: Pick<Facts<never>, 'distrust' | 'wasMet'>,
  invalidate: Invalidate,
  tell: Tell,
): Contradict {
  const heard = new WeakSet<LakiConnectError>();
  return (error, merchantId) => {
    const requirement = CONTRADICTS.get(error.kind);
    if (requirement === undefined || merchantId === undefined) return;
    if (!teaches(error) || heard.has(error)) return;
    heard.add(error);
    const { kind, requestId } = error;
    if (facts.wasMet(merchantId, requirement)) {
      tell({ type: 'disagreement', level: 'warn', kind, merchantId, requirement, requestId });
    }
    if (facts.distrust(merchantId)) void invalidate(merchantId, { cause: 'error', kind, requestId });
  };
}
