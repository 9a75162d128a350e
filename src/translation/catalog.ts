/** One documented error of LakiConnect. */
export interface CatalogEntry {
  readonly code: string;
  /** The section of the provider's page: key or scope, missing or unlinked, state, retry or idempotency. */
  readonly group: 'key' | 'missing' | 'state' | 'retry';
  readonly meaning: string;
  readonly remedy: string;
  /** HTTP statuses that the documents tie to it by their wording; empty where they name none. */
  readonly statuses: readonly number[];
}

/**
 * The errors that LakiConnect documents, in its own words.
 * Source: https://lakipay.co/docs/lakiconnects/errors
 */
export const CATALOG = {
  UNAUTHORIZED: {
    code: 'UNAUTHORIZED',
    group: 'key',
    meaning: 'API key is missing or invalid.',
    remedy: 'Send a valid X-API-Key header with every request.',
    statuses: [401],
  },
  FORBIDDEN: {
    code: 'FORBIDDEN',
    group: 'key',
    meaning: 'Insufficient RBAC permissions.',
    remedy: 'Use a key with the required scope or contact your account admin.',
    statuses: [403],
  },
  NOT_FOUND: {
    code: 'NOT_FOUND',
    group: 'missing',
    meaning: 'The requested resource does not exist.',
    remedy: 'Verify the resource ID and that it belongs to your master account.',
    statuses: [404],
  },
  CONNECTED_MERCHANT_NOT_FOUND: {
    code: 'CONNECTED_MERCHANT_NOT_FOUND',
    group: 'missing',
    meaning: 'X-Connected-Merchant-ID is not linked to this master.',
    remedy: 'Onboard the merchant or use the correct connected-merchant header value.',
    statuses: [404],
  },
  VALIDATION_ERROR: {
    code: 'VALIDATION_ERROR',
    group: 'state',
    meaning: 'One or more request fields failed validation.',
    remedy: 'Inspect error.details for field-level issues and correct the payload.',
    statuses: [400, 422],
  },
  KYC_NOT_APPROVED: {
    code: 'KYC_NOT_APPROVED',
    group: 'state',
    meaning: 'Payment attempted on a connected account that is not KYC-approved.',
    remedy: 'Wait for KYC approval or block payments until status is approved.',
    statuses: [],
  },
  FEE_CONFIG_NOT_SET: {
    code: 'FEE_CONFIG_NOT_SET',
    group: 'state',
    meaning: 'No fee config found for master or connected account.',
    remedy: 'Configure a default or per-connected fee rule before processing payments.',
    statuses: [],
  },
  RATE_LIMITED: {
    code: 'RATE_LIMITED',
    group: 'retry',
    meaning: 'Request rate limit exceeded; retry after the indicated interval.',
    remedy: 'Honor Retry-After when present; otherwise back off and retry.',
    statuses: [429],
  },
  IDEMPOTENCY_CONFLICT: {
    code: 'IDEMPOTENCY_CONFLICT',
    group: 'retry',
    meaning: 'Same idempotency key reused with different request parameters.',
    remedy: 'Use a new idempotency key, or replay with identical request body.',
    statuses: [409],
  },
} as const satisfies Record<string, CatalogEntry>;
