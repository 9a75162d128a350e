export type Reader = 'customer' | 'merchant';
export type Answer = readonly [status: number, code: string];

const HIDDEN: Answer = [409, 'PAYMENTS_UNAVAILABLE'];
const BROKEN: Answer = [502, 'PAYMENTS_UNAVAILABLE'];
const same = (status: number, code: string) => ({
  merchant: [status, code] as const,
  customer: [status, code] as const,
});

/** The table "What is answered" of README.md, copied by hand: the code under test has no part in it. */
export const ANSWERS = {
  VALIDATION_ERROR: same(422, 'VALIDATION_ERROR'),
  UNAUTHORIZED: { merchant: BROKEN, customer: BROKEN },
  FORBIDDEN: { merchant: BROKEN, customer: BROKEN },
  NOT_FOUND: same(404, 'NOT_FOUND'),
  CONNECTED_MERCHANT_NOT_FOUND: { merchant: [404, 'CONNECTED_MERCHANT_NOT_FOUND'], customer: HIDDEN },
  KYC_NOT_APPROVED: { merchant: [403, 'KYC_NOT_APPROVED'], customer: HIDDEN },
  FEE_CONFIG_NOT_SET: { merchant: [503, 'FEE_CONFIG_NOT_SET'], customer: HIDDEN },
  RATE_LIMITED: same(503, 'RATE_LIMITED'),
  IDEMPOTENCY_CONFLICT: same(409, 'IDEMPOTENCY_CONFLICT'),
  DUPLICATE_REFERENCE: same(409, 'DUPLICATE_REFERENCE'),
  IDEMPOTENCY_KEY_REQUIRED: same(400, 'IDEMPOTENCY_KEY_REQUIRED'),
  INSUFFICIENT_BALANCE: same(422, 'INSUFFICIENT_BALANCE'),
  PROVIDER_ERROR: same(502, 'PROVIDER_ERROR'),
  INTERNAL_ERROR: same(502, 'INTERNAL_ERROR'),
  UNREACHABLE: same(502, 'UNREACHABLE'),
  TIMEOUT: same(504, 'TIMEOUT'),
  UNRECOGNISED: same(502, 'UNRECOGNISED'),
  MERCHANT_UNIDENTIFIED: same(400, 'MERCHANT_UNIDENTIFIED'),
  UNDETERMINED: same(503, 'UNDETERMINED'),
  IDEMPOTENCY_IN_PROGRESS: same(409, 'IDEMPOTENCY_IN_PROGRESS'),
} as const satisfies Record<string, Record<Reader, Answer>>;

export type Kind = keyof typeof ANSWERS;

/** Every error that can be chosen: the status that LakiConnect sends it with, and what its code says it is. */
export const ERRORS: Readonly<Record<string, readonly [status: number, kind: Kind]>> = {
  VALIDATION_ERROR: [422, 'VALIDATION_ERROR'],
  UNAUTHORIZED: [401, 'UNAUTHORIZED'],
  FORBIDDEN: [403, 'FORBIDDEN'],
  NOT_FOUND: [404, 'NOT_FOUND'],
  CONNECTED_MERCHANT_NOT_FOUND: [404, 'CONNECTED_MERCHANT_NOT_FOUND'],
  KYC_NOT_APPROVED: [403, 'KYC_NOT_APPROVED'],
  FEE_CONFIG_NOT_SET: [409, 'FEE_CONFIG_NOT_SET'],
  RATE_LIMITED: [429, 'RATE_LIMITED'],
  IDEMPOTENCY_CONFLICT: [409, 'IDEMPOTENCY_CONFLICT'],
  INVALID_API_KEY: [401, 'UNAUTHORIZED'],
  INVALID_AMOUNT: [400, 'VALIDATION_ERROR'],
  INVALID_PHONE: [422, 'VALIDATION_ERROR'],
  INSUFFICIENT_BALANCE: [422, 'INSUFFICIENT_BALANCE'],
  PROVIDER_ERROR: [502, 'PROVIDER_ERROR'],
  INTERNAL_ERROR: [500, 'INTERNAL_ERROR'],
  A_NEW_CODE: [418, 'UNRECOGNISED'],
};

/** What an error is whose form has no code. */
const BY_STATUS: Readonly<Record<number, Kind>> = {
  400: 'VALIDATION_ERROR',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'IDEMPOTENCY_CONFLICT',
  418: 'UNRECOGNISED',
  422: 'VALIDATION_ERROR',
  429: 'RATE_LIMITED',
  500: 'INTERNAL_ERROR',
  502: 'INTERNAL_ERROR',
};

/** The forms that an error can come in, and whether a code can be read in it, or anything at all. */
export const FORMS = {
  documented: { hasCode: true, isReadable: true },
  core: { hasCode: true, isReadable: true },
  flat: { hasCode: false, isReadable: true },
  nested: { hasCode: false, isReadable: true },
  text: { hasCode: false, isReadable: true },
  html: { hasCode: false, isReadable: false },
  empty: { hasCode: false, isReadable: true },
  'broken-json': { hasCode: false, isReadable: false },
} as const;

export type Form = keyof typeof FORMS;

export interface Expected {
  readonly kind: Kind;
  readonly answer: Answer;
  readonly outcome: 'rejected' | 'unknown';
}

/** How an error that came in some form is answered. */
export function expected(failure: string, form: Form, reader: Reader): Expected {
  const [status, byCode] = ERRORS[failure] as readonly [number, Kind];
  const { hasCode, isReadable } = FORMS[form];
  const kind = hasCode ? byCode : (BY_STATUS[status] as Kind);
  const [usual, code] = ANSWERS[kind][reader];
  const isKept = kind === 'VALIDATION_ERROR' && status === 400;
  return {
    kind,
    answer: [isKept ? 400 : usual, code],
    outcome: status < 500 && isReadable ? 'rejected' : 'unknown',
  };
}

/** What befalls the network, and what it is taken for; two of these are no failures. */
export const FAULTS: Readonly<Record<string, { readonly kind: Kind; readonly outcome: string } | undefined>> =
  {
    none: undefined,
    slow: undefined,
    'hang-headers': { kind: 'TIMEOUT', outcome: 'unknown' },
    'hang-body': { kind: 'TIMEOUT', outcome: 'unknown' },
    cut: { kind: 'UNREACHABLE', outcome: 'unknown' },
    reset: { kind: 'UNREACHABLE', outcome: 'unknown' },
    refused: { kind: 'UNREACHABLE', outcome: 'rejected' },
    'bad-gateway': { kind: 'INTERNAL_ERROR', outcome: 'unknown' },
  };
