import type {
  AudienceOf,
  Awaitable,
  LookupOptions,
  MerchantIdOf,
  MessageOverrides,
  RuleOverride,
} from '../options.js';

/** Options of a guard, the same in every adapter. */
export interface GuardOptions<Req = unknown> {
  /** Whose money the request is about, in place of the option of the same name. */
  readonly merchantId?: MerchantIdOf<Req> | undefined;
  /** Who reads the replies of the route, in place of the option of the same name. */
  readonly audience?: AudienceOf<Req> | undefined;
  /** What becomes of a request if nothing could be learnt: `'deny'`, the default, answers 503. */
  readonly whenUndetermined?: 'deny' | 'allow' | undefined;
  /** `'report'` tells `onEvent` what would have been refused, and refuses nothing. */
  readonly mode?: 'enforce' | 'report' | undefined;
}

/** Options of a guard for idempotency keys, the same in every adapter. */
export interface IdempotencyOptions<Req = unknown> extends GuardOptions<Req> {
  /** How long a key is remembered after its last request has ended, in milliseconds: 86,400,000, a day. */
  readonly ttlMs?: number | undefined;
  /** `false` lets a request without a key pass; `true` by default. */
  readonly required?: boolean | undefined;
  /** The key of a request, in place of its `Idempotency-Key` header. */
  readonly key?: ((request: Req) => string | undefined) | undefined;
  /**
   * What becomes of a request while the store cannot be asked. `'refuse'`, the default, answers 503; `'pass'` lets it go
   * on, as if this process were alone: what it has under way itself it still refuses. `whenUndetermined: 'allow'` means
   * `'pass'`, too.
   */
  readonly whenStoreFails?: 'refuse' | 'pass' | undefined;
}

export interface CheckOptions {
  /** `'allow'` resolves, to what is known, if nothing could be learnt; `'deny'`, the default, rejects. */
  readonly whenUndetermined?: 'deny' | 'allow' | undefined;
}

/** A requirement of the platform's own. */
export interface RequirementDefinition {
  /** Of letters, digits, `_` and `-`; no other requirement may have it. */
  readonly name: string;
  /**
   * Its row, of which only `status` and `code` are needed: unless it says otherwise the merchant is at
   * fault, trying again is in vain, and the customer is told the same.
   */
  readonly rule: RuleOverride & { readonly status: number; readonly code: string };
  /** Its sentences, as in the option of the same name: `messages[locale][code][audience]`. */
  readonly messages?: MessageOverrides | undefined;
  /**
   * Finds out whether a merchant meets it. A rejection leaves that undetermined, and so does the deadline.
   * `facts` are shared by all requests for as long as they are believed: do not change them.
   */
  readonly lookup: (
    merchantId: string,
    options: LookupOptions,
  ) => Awaitable<
    | { readonly met: true; readonly facts?: unknown }
    | { readonly met: false; readonly reason?: string | undefined }
  >;
}
