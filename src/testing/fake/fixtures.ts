import type { Answer } from './answer.js';
import { enveloped, JSON_ENVELOPES, type Envelope, type FieldIssue } from './envelopes.js';
import { FAILURES, failureOf } from './failures.js';

/** An error as LakiConnect sends it, whole: {@link FakeLakiConnect.answerNext} sends it, too. */
export interface ErrorFixture extends Answer {
  readonly name: string;
  /** `undefined` where its form has none. */
  readonly code: string | undefined;
  readonly envelope: Envelope;
  readonly status: number;
}

const FIELDS: ReadonlyMap<string, readonly FieldIssue[]> = new Map([
  ['VALIDATION_ERROR', [{ field: 'business.tin', issue: 'TIN must be 10 digits.' }]],
  ['INVALID_AMOUNT', [{ field: 'amount', issue: 'is required' }]],
  ['INVALID_PHONE', [{ field: 'phone_number', issue: 'the length must be exactly 12' }]],
]);

const WAITS: ReadonlyMap<string, number> = new Map([['RATE_LIMITED', 3]]);

/** Texts of the flat form: fields, a wrong JSON type in the words of a Go decoder, a rule of the business. */
const FLAT_TEXTS = [
  'amount: cannot be blank; currency: cannot be blank.',
  'reference: the length must be between 1 and 100.',
  'json: cannot unmarshal string into Go struct field HostedCheckoutRequest.amount of type float64',
  'unsupported medium: mpesa',
];

/**
 * Every error that LakiConnect documents, with every status that the documents tie to it, in each form that
 * its errors are known to have, and what gateways send in its place.
 */
export const ERROR_FIXTURES: readonly ErrorFixture[] = [
  ...[...FAILURES].flatMap(([code, { statuses }]) =>
    statuses.flatMap((status) => JSON_ENVELOPES.map((envelope) => fixture(code, status, envelope))),
  ),
  ...FLAT_TEXTS.map((message) => ({
    name: `flat: ${message}`,
    code: undefined,
    envelope: 'flat' as const,
    status: 400,
    body: enveloped('flat', { code: '', message, requestId: '' }),
  })),
  ...(['text', 'html', 'empty'] as const).map((envelope) => ({
    name: `502, ${envelope}`,
    code: undefined,
    envelope,
    status: 502,
    body: enveloped(envelope, { code: '', message: 'Bad Gateway', requestId: '' }),
  })),
];

function fixture(code: string, status: number, envelope: Envelope): ErrorFixture {
  const details = FIELDS.get(code);
  const retryAfter = WAITS.get(code);
  return {
    ...failureOf(code, { envelope, status, details, retryAfter }),
    name: `${code} ${String(status)}, ${envelope}`,
    code: envelope === 'documented' || envelope === 'core' ? code : undefined,
    envelope,
    status,
  };
}
