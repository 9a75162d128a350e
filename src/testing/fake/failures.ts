import { CATALOG } from '../../translation/catalog.js';
import type { Answer } from './answer.js';
import { enveloped, type Envelope, type FieldIssue } from './envelopes.js';

/** How an error is told. */
export interface ErrorOptions {
  /** `'documented'` by default. */
  readonly envelope?: Envelope | undefined;
  /** The first that the documents tie to the code; 400 for a code that they do not know. */
  readonly status?: number | undefined;
  readonly message?: string | undefined;
  readonly details?: readonly FieldIssue[] | undefined;
  /** Sent as `Retry-After`: seconds, or a text as it is. */
  readonly retryAfter?: number | string | undefined;
  /** `req_1a2b3c4d5e6f` by default. */
  readonly requestId?: string | undefined;
  readonly headers?: Answer['headers'];
}

interface Row {
  readonly statuses: readonly number[];
  readonly message: string;
}

/** Where the documents tie no status to a code, one that suits it. */
const UNTIED: Readonly<Record<string, number>> = { KYC_NOT_APPROVED: 403, FEE_CONFIG_NOT_SET: 409 };

/**
 * The codes of the documents, each with its statuses, the usual one first, and the provider's words.
 * Sources: https://lakipay.co/docs/lakiconnects/errors; core codes: lakipay-js-sdk readme.
 */
export const FAILURES: ReadonlyMap<string, Row> = new Map<string, Row>([
  ...Object.values(CATALOG).map(({ code, statuses, meaning }): [string, Row] => [
    code,
    { statuses: statuses.length > 0 ? statuses : [UNTIED[code] as number], message: meaning },
  ]),
  ['INVALID_API_KEY', { statuses: [401], message: 'Invalid API key' }],
  ['INVALID_AMOUNT', { statuses: [400, 200], message: 'Invalid amount' }],
  ['INVALID_PHONE', { statuses: [422], message: 'Invalid phone number' }],
  ['INSUFFICIENT_BALANCE', { statuses: [422], message: 'Insufficient balance' }],
  ['PROVIDER_ERROR', { statuses: [502, 200], message: 'The provider failed' }],
  ['INTERNAL_ERROR', { statuses: [500], message: 'An unexpected error occurred.' }],
]);

const UNKNOWN: Row = { statuses: [400], message: 'The request was refused.' };

/** What no reply of a platform may pass on: a session of the provider's. */
export const COOKIE = 'laki_sid=s3cr3t-of-lakiconnect';

/** An error as the provider tells it, and with the headers that a careless platform would relay. */
export function failureOf(code: string, options: ErrorOptions = {}): Answer {
  const row = FAILURES.get(code) ?? UNKNOWN;
  const { envelope = 'documented', status = row.statuses[0], message = row.message } = options;
  const { details, retryAfter, requestId = 'req_1a2b3c4d5e6f', headers } = options;
  return {
    status,
    headers: {
      server: 'nginx',
      'set-cookie': `${COOKIE}; HttpOnly`,
      ...(status === 401 && { 'www-authenticate': 'Basic realm="LakiConnect"' }),
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...headers,
    },
    body: enveloped(envelope, { code, message, details, requestId }),
  };
}
