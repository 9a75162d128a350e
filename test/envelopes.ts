/** The error bodies LakiConnect is documented or known to send. */

interface FieldIssue {
  field: string;
  issue: string;
}

export interface Envelope {
  name: string;
  /** The HTTP status it is known to come with. */
  status: number;
  body: object | string;
  /** What a reader can find in the body; absent if it is not there. */
  message?: string;
  code?: string;
  requestId?: string;
  fields?: readonly FieldIssue[];
}

/** E1, the documented envelope. */
export const documented = (
  code: string,
  { message = 'The request was refused.', details, requestId = 'req_1a2b3c4d5e6f' }: DocumentedParts = {},
) => ({
  error: { code, message, ...(details !== undefined && { details }) },
  request_id: requestId,
});

interface DocumentedParts {
  message?: string;
  details?: unknown;
  requestId?: string;
}

/** E2, the envelope of the core API; it also comes with HTTP 200. */
export const core = (
  code: string,
  { message = 'Invalid', errors }: { message?: string; errors?: unknown } = {},
) => ({
  status: 'ERROR',
  message,
  error_code: code,
  ...(errors !== undefined && { errors }),
});

/** E3, what a gateway in front of the API sends. */
export const plainText = 'Bad Gateway';
export const htmlPage =
  '<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body>nginx</body></html>';

/** E4, no code: validation, business rules and duplicates alike. */
export const flat = (message: string) => ({ success: false, message });

/** E5. */
export const nested = (message: string, type = 'auth_error') => ({
  success: false,
  error: { message, type },
});

/** Not errors: the documented success, and the flat one that a started payment gets. */
export const succeeded = {
  status: 'SUCCESS',
  data: { transaction_id: 'TXN-123456789', status: 'PENDING' },
};
export const started = {
  success: true,
  status: 'PENDING',
  message: 'Payment initiated',
  payment_url: 'https://checkout.example/pay/1',
  reference_id: 'order-1',
  lakipay_transaction_id: 'TXN-123456789',
  merchant_pays_fee: false,
};

const tin = { field: 'business.tin', issue: 'TIN must be 10 digits.' };

export const ENVELOPES: readonly Envelope[] = [
  {
    name: 'E1 documented',
    status: 422,
    body: documented('VALIDATION_ERROR', { message: 'The request body is invalid.', details: [tin] }),
    message: 'The request body is invalid.',
    code: 'VALIDATION_ERROR',
    requestId: 'req_1a2b3c4d5e6f',
    fields: [tin],
  },
  {
    name: 'E2 core',
    status: 400,
    body: core('INVALID_AMOUNT', { errors: { amount: ['is required'] } }),
    message: 'Invalid',
    code: 'INVALID_AMOUNT',
    fields: [{ field: 'amount', issue: 'is required' }],
  },
  {
    name: 'E2 core at HTTP 200',
    status: 200,
    body: core('INVALID_AMOUNT', { errors: { amount: 'is required' } }),
    message: 'Invalid',
    code: 'INVALID_AMOUNT',
    fields: [{ field: 'amount', issue: 'is required' }],
  },
  { name: 'E3 plain text', status: 502, body: plainText },
  {
    name: 'E4 flat',
    status: 400,
    body: flat('amount: cannot be blank; currency: cannot be blank.'),
    message: 'amount: cannot be blank; currency: cannot be blank.',
    fields: [
      { field: 'amount', issue: 'cannot be blank' },
      { field: 'currency', issue: 'cannot be blank' },
    ],
  },
  {
    name: 'E5 nested',
    status: 401,
    body: nested('invalid key'),
    message: 'invalid key',
    code: 'auth_error',
  },
];

export interface FlatMessage {
  message: string;
  /**
   * `fields`: one or more offending fields. `type`: a wrong JSON type, told in the words of the Go decoder.
   * `business`: a rule, with no field named.
   */
  kind: 'fields' | 'type' | 'business';
  fields: readonly FieldIssue[];
}

const issue = (field: string, text: string): FlatMessage => ({
  message: `${field}: ${text}.`,
  kind: 'fields',
  fields: [{ field, issue: text }],
});

const wrongType = (path: string, type: string): FlatMessage => ({
  message: `json: cannot unmarshal string into Go struct field ${path} of type ${type}`,
  kind: 'type',
  fields: [],
});

/** Messages of the flat envelope. */
export const FLAT_MESSAGES: readonly FlatMessage[] = [
  {
    message: 'amount: cannot be blank; currency: cannot be blank.',
    kind: 'fields',
    fields: [
      { field: 'amount', issue: 'cannot be blank' },
      { field: 'currency', issue: 'cannot be blank' },
    ],
  },
  issue('supported_mediums', 'cannot be blank'),
  issue('amount', 'must be no less than 0.01'),
  issue('currency', 'the length must be exactly 3'),
  issue('phone_number', 'the length must be exactly 12'),
  issue('reference', 'the length must be between 1 and 100'),
  issue('callback_url', 'must be a valid URL'),
  wrongType('HostedCheckoutRequest.amount', 'float64'),
  wrongType('HostedCheckoutRequest.redirects', 'entity.TransactionRedirects'),
  wrongType('HostedCheckoutRequest.supported_mediums', 'entity.TransactionMedium'),
  { message: 'unsupported medium: mpesa', kind: 'business', fields: [] },
];
