import { feeConfigured, kycApproved } from './requirement.js';

/** What guards learnt of the merchant whose money a request is about. Frozen: other requests share it. */
export interface Merchant {
  readonly id: string;
  /** As the lookup gave it, if a guard found it approved. */
  readonly kycStatus?: string;
  /** As the lookup gave it, if a guard found one. Shared, too: do not change it. */
  readonly feeConfig?: object;
  /** Of every requirement that was found met, by its name. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Freezes `facts`, too. */
export function merchantOf(id: string, facts: Readonly<Record<string, unknown>>): Merchant {
  const { [kycApproved.name]: kycStatus, [feeConfigured.name]: feeConfig } = facts;
  return Object.freeze({
    id,
    ...(kycStatus === undefined ? {} : { kycStatus: kycStatus as string }),
    ...(feeConfig === undefined ? {} : { feeConfig: feeConfig as object }),
    facts: Object.freeze(facts),
  });
}
