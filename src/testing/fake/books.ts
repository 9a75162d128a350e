import type { Answer } from './answer.js';
import { failureOf } from './failures.js';

/** What a fee is, as LakiConnect names it. */
export interface FeeConfig {
  /** `FREE`, `PERCENT` or `FIXED`. */
  readonly fee_model: string;
  readonly fee_value?: number | undefined;
}

/** A connected merchant as the fake provider knows it. One that it does not know is not linked. */
export interface FakeMerchant {
  /** `'pending'` by default. Only `'approved'` may take payments. */
  readonly kycStatus?: string | undefined;
  /** Without one the platform's own holds, if there is any. */
  readonly feeConfig?: FeeConfig | null | undefined;
}

/** Money that moved. */
export interface Charge {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** What a provider remembers. */
export interface Books {
  readonly merchants: Map<string, FakeMerchant>;
  readonly charges: Charge[];
  /** The platform's own, for merchants without one. */
  feeConfig?: FeeConfig;
}

/** The platform's own id. */
export const MASTER = 'mm_fake';

/** What is asked of a merchant of this platform. */
export function linked(
  { merchants }: Books,
  id: string | undefined,
  answer: (merchant: FakeMerchant, id: string) => Answer,
): Answer {
  const merchant = id === undefined ? undefined : merchants.get(id);
  return merchant === undefined ? failureOf('CONNECTED_MERCHANT_NOT_FOUND') : answer(merchant, id as string);
}
