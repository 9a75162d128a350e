import type { Tell } from '../events.js';
import { isMerchantId } from '../provider/merchant-id.js';
import type { Sharing } from '../sharing/sharing.js';
import type { Facts } from './facts.js';

/** Why a merchant is forgotten: for operators. */
export interface Occasion {
  readonly cause: 'call' | 'webhook' | 'error';
  readonly kind?: string;
  readonly requestId?: string | undefined;
}

/** Forgets a merchant here and in all processes that share facts. @returns whether all of them were told. */
export type Invalidate = (merchantId: string, occasion: Occasion) => Promise<boolean>;

export function createInvalidation(
  { forget }: Pick<Facts<never>, 'forget'>,
  sharing: Pick<Sharing, 'forget'> | undefined,
  tell: Tell,
): Invalidate {
  return async (merchantId, occasion) => {
    if (!isMerchantId(merchantId)) return true;
    forget(merchantId);
    const shared = sharing === undefined ? undefined : await sharing.forget(merchantId);
    // What was shared until then may have been read meanwhile.
    if (shared !== undefined) forget(merchantId);
    tell({
      type: 'invalidated',
      level: shared === false ? 'error' : 'info',
      merchantId,
      shared,
      ...occasion,
    });
    return shared ?? true;
  };
}
