/** Who reads a reply. The customer pays; the merchant sells. */
export type Audience = 'merchant' | 'customer';

/** Whose doing an error is, for operators and dashboards. */
export type Fault = 'caller' | 'merchant' | 'platform' | 'provider';

/** How loudly an operator should hear of it. */
export type Level = 'info' | 'warn' | 'error';

/**
 * What a reader's program does next: `correct` the input; `wait`, then send the same; `check` whether it was
 * paid, before anything else; `onboard`: finish the merchant's set-up; `other-way`: pay in another way, or
 * at another shop; `contact` support.
 */
export type Action = (typeof ACTIONS)[number];

export const ACTIONS = ['correct', 'wait', 'check', 'onboard', 'other-way', 'contact'] as const;

/** How one kind is answered: the platform's status and public code, and what a customer sees instead. */
export interface Rule {
  /** HTTP status of the reply, 400-599. */
  readonly status: number;
  /** The public code, which picks the problem's `type` and its texts. */
  readonly code: string;
  readonly fault: Fault;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  readonly level: Level;
  /** What a reader does next, unless a mask or an unknown outcome decides. */
  readonly action: Action;
  /** What a customer is told instead, where the truth is not theirs to know. */
  readonly customer?: { readonly status: number; readonly code: string };
  /** Upstream statuses that the reply keeps, where they say more than `status` does. */
  readonly keeps?: readonly number[];
}

/** What a customer is told of a merchant that cannot be paid, whatever the reason. */
export const HIDDEN = { status: 409, code: 'PAYMENTS_UNAVAILABLE' } as const;

/** One row per kind. A new row does not compile until every language has a text for its code. */
export const RULES = {
  VALIDATION_ERROR: {
    status: 422,
    code: 'VALIDATION_ERROR',
    fault: 'caller',
    retryable: false,
    level: 'info',
    action: 'correct',
    keeps: [400],
  },
  UNAUTHORIZED: {
    status: 502,
    code: 'PAYMENTS_UNAVAILABLE',
    fault: 'platform',
    retryable: false,
    level: 'error',
    action: 'contact',
  },
  FORBIDDEN: {
    status: 502,
    code: 'PAYMENTS_UNAVAILABLE',
    fault: 'platform',
    retryable: false,
    level: 'error',
    action: 'contact',
  },
  NOT_FOUND: {
    status: 404,
    code: 'NOT_FOUND',
    fault: 'caller',
    retryable: false,
    level: 'info',
    action: 'correct',
  },
  CONNECTED_MERCHANT_NOT_FOUND: {
    status: 404,
    code: 'CONNECTED_MERCHANT_NOT_FOUND',
    fault: 'merchant',
    retryable: false,
    level: 'warn',
    action: 'onboard',
    customer: HIDDEN,
  },
  KYC_NOT_APPROVED: {
    status: 403,
    code: 'KYC_NOT_APPROVED',
    fault: 'merchant',
    retryable: false,
    level: 'info',
    action: 'onboard',
    customer: HIDDEN,
  },
  FEE_CONFIG_NOT_SET: {
    status: 503,
    code: 'FEE_CONFIG_NOT_SET',
    fault: 'platform',
    retryable: false,
    level: 'error',
    action: 'contact',
    customer: HIDDEN,
  },
  RATE_LIMITED: {
    status: 503,
    code: 'RATE_LIMITED',
    fault: 'platform',
    retryable: true,
    level: 'warn',
    action: 'wait',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    code: 'IDEMPOTENCY_CONFLICT',
    fault: 'caller',
    retryable: false,
    level: 'warn',
    action: 'check',
  },
  DUPLICATE_REFERENCE: {
    status: 409,
    code: 'DUPLICATE_REFERENCE',
    fault: 'caller',
    retryable: false,
    level: 'warn',
    action: 'check',
  },
  INSUFFICIENT_BALANCE: {
    status: 422,
    code: 'INSUFFICIENT_BALANCE',
    fault: 'merchant',
    retryable: false,
    level: 'info',
    action: 'other-way',
  },
  PROVIDER_ERROR: {
    status: 502,
    code: 'PROVIDER_ERROR',
    fault: 'provider',
    retryable: true,
    level: 'warn',
    action: 'wait',
  },
  INTERNAL_ERROR: {
    status: 502,
    code: 'INTERNAL_ERROR',
    fault: 'provider',
    retryable: true,
    level: 'error',
    action: 'wait',
  },
  UNREACHABLE: {
    status: 502,
    code: 'UNREACHABLE',
    fault: 'provider',
    retryable: true,
    level: 'error',
    action: 'wait',
  },
  TIMEOUT: {
    status: 504,
    code: 'TIMEOUT',
    fault: 'provider',
    retryable: true,
    level: 'error',
    action: 'wait',
  },
  UNRECOGNISED: {
    status: 502,
    code: 'UNRECOGNISED',
    fault: 'provider',
    retryable: false,
    level: 'error',
    action: 'contact',
  },
  MERCHANT_UNIDENTIFIED: {
    status: 400,
    code: 'MERCHANT_UNIDENTIFIED',
    fault: 'caller',
    retryable: false,
    level: 'warn',
    action: 'correct',
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    code: 'IDEMPOTENCY_KEY_REQUIRED',
    fault: 'caller',
    retryable: false,
    level: 'warn',
    action: 'correct',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    code: 'IDEMPOTENCY_IN_PROGRESS',
    fault: 'caller',
    retryable: true,
    level: 'info',
    action: 'wait',
  },
  UNDETERMINED: {
    status: 503,
    code: 'UNDETERMINED',
    fault: 'provider',
    retryable: true,
    level: 'warn',
    action: 'wait',
  },
} as const satisfies Record<string, Rule>;

/** What went wrong, as this library sees it. */
export type Kind = keyof typeof RULES;

export const KINDS = Object.keys(RULES) as readonly Kind[];

/** A kind of this library's, or the code of a requirement of the platform's own. */
export type ErrorKind = Kind | (string & {});

type Row = (typeof RULES)[Kind];
type Mask = Extract<Row, { customer: unknown }>['customer'];

/** Every code that a reply can carry or borrow its words from. */
export type PublicCode = Row['code'] | Mask['code'] | 'OUTCOME_UNKNOWN';
