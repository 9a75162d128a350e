import type { GuardOptions, IdempotencyOptions } from '../guards/options.js';
import { feeConfigured, kycApproved, type Requirement } from '../guards/requirement.js';
import { middlewareFactory } from './middleware-factory.js';

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
  /**
   * Lets a request pass if its `Idempotency-Key` was not used for another one: 409 if the key came with another
   * body before, or the same request is still under way; 400 if there is no key. It replays no reply: the same
   * request once more goes on to the handler. A body parser comes before it.
   * Source: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
   *
   * @throws TypeError naming the path of a wrong option, or if nobody says whose money a request is about.
   */
  readonly requireIdempotencyKey: (options?: IdempotencyOptions<Req>) => M;
}

/** Makes middleware of the guards that have options of their own. */
export interface GuardMakers<Req, M> {
  readonly preflight: Guards<Req, M>['preflight'];
  readonly requireIdempotencyKey: Guards<Req, M>['requireIdempotencyKey'];
}

/** Makes all guards of an adapter; each throws where it is mounted without having been called. */
export function createGuards<Req, M>({
  preflight,
  requireIdempotencyKey,
}: GuardMakers<Req, M>): Guards<Req, M> {
  const guardFor =
    (requirement: Requirement) =>
    (options?: GuardOptions<Req>): M =>
      preflight([requirement], options);
  return {
    preflight: middlewareFactory('preflight()', preflight),
    requireKycApproved: middlewareFactory('requireKycApproved()', guardFor(kycApproved)),
    requireFeeConfig: middlewareFactory('requireFeeConfig()', guardFor(feeConfigured)),
    requireIdempotencyKey: middlewareFactory('requireIdempotencyKey()', requireIdempotencyKey),
  };
}
