import { feeConfigured, kycApproved, type GuardOptions, type Requirement } from '../src/index.js';

/** Route guards, the same words in every adapter; `M` is a framework's middleware. */
export interface Guards<Req, M> {
  /**
   * Lets a request pass if its merchant meets all requirements: `kycApproved` and `feeConfigured`, unless
   * others are listed. They are looked up side by side; the first unmet in the listed order answers.
   *
   * @throws TypeError naming the path of a wrong option, if nobody says whose money a request is about, or if
   * a requirement cannot be looked up.
   */
  readonly preflight: (requirements?: readonly Requirement[], options?: GuardOptions<Req>) => M;
  /** `preflight([kycApproved], options)`. */
  readonly requireKycApproved: (options?: GuardOptions<Req>) => M;
  /** `preflight([feeConfigured], options)`. */
  readonly requireFeeConfig: (options?: GuardOptions<Req>) => M;
}

export function guardsOf<Req, M>(preflight: Guards<Req, M>['preflight']): Guards<Req, M> {
  return {
    preflight,
    requireKycApproved: (options) => preflight([kycApproved], options),
    requireFeeConfig: (options) => preflight([feeConfigured], options),
  };
}
