import { CATALOG } from './catalog.js';
import type { Kind } from './rules.js';

/**
 * The codes that the provider's documents name, and the kind each one means. A Map, because a code is
 * upstream input and `__proto__` must find nothing.
 * Sources: https://lakipay.co/docs/lakiconnects/errors; core codes: lakipay-js-sdk readme.
 */
export const CODES: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...(Object.keys(CATALOG) as (keyof typeof CATALOG)[]).map((code) => [code, code] as const),
  ['INVALID_API_KEY', 'UNAUTHORIZED'],
  ['INVALID_AMOUNT', 'VALIDATION_ERROR'],
  ['INVALID_PHONE', 'VALIDATION_ERROR'],
  ['INSUFFICIENT_BALANCE', 'INSUFFICIENT_BALANCE'],
  ['PROVIDER_ERROR', 'PROVIDER_ERROR'],
  // Not documented, and plain where it is met: the payment's reference was used before.
  ['DUPLICATE_REFERENCE', 'DUPLICATE_REFERENCE'],
  ['DUPLICATE_TRANSACTION', 'DUPLICATE_REFERENCE'],
  ['REFERENCE_EXISTS', 'DUPLICATE_REFERENCE'],
]);

/** What a status means when no known code says more. Any other 5xx is `INTERNAL_ERROR`. */
export const STATUSES: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  [400, 'VALIDATION_ERROR'],
  [401, 'UNAUTHORIZED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [409, 'IDEMPOTENCY_CONFLICT'],
  [422, 'VALIDATION_ERROR'],
  [429, 'RATE_LIMITED'],
]);

/** What a code must look like to be believed, stored or logged. */
export const SANE_CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

/** What a request id must look like to be echoed in a header-safe, one-line way. */
export const SANE_REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
