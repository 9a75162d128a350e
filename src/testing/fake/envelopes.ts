import type { Answer } from './answer.js';

/** One field that was refused, and why. */
export interface FieldIssue {
  readonly field: string;
  readonly issue: string;
}

export interface Failing {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly FieldIssue[] | undefined;
  readonly requestId: string;
}

/**
 * The forms in which LakiConnect's errors come. `documented`: that of its page of errors. `core`: that of the
 * core API. `flat` and `nested`: without a code, as others have seen them. The rest is what gateways send.
 * Source: https://lakipay.co/docs/lakiconnects/errors, https://lakipay.co/docs/core-concepts
 */
const ENVELOPES = {
  documented: ({ code, message, details, requestId }) => ({
    error: { code, message, ...(details && { details }) },
    request_id: requestId,
  }),
  core: ({ code, message, details }) => ({
    status: 'ERROR',
    message,
    error_code: code,
    ...(details && { errors: Object.fromEntries(details.map(({ field, issue }) => [field, [issue]])) }),
  }),
  flat: ({ message, details }) => ({
    success: false,
    message: details ? `${details.map(({ field, issue }) => `${field}: ${issue}`).join('; ')}.` : message,
  }),
  nested: ({ code, message }) => ({
    success: false,
    error: { message, type: code === 'UNAUTHORIZED' ? 'auth_error' : code.toLowerCase() },
  }),
  text: ({ message }) => message,
  html: ({ message }) => `<html><head><title>${message}</title></head><body><hr>nginx</body></html>`,
  empty: () => undefined,
  'broken-json': ({ code }) => `{"error":{"code":"${code}","mess`,
} as const satisfies Record<string, (failing: Failing) => Answer['body']>;

export type Envelope = keyof typeof ENVELOPES;

export const ENVELOPE_NAMES = Object.keys(ENVELOPES) as readonly Envelope[];

/** Those that are objects, as every part of the documents knows one of them. */
export const JSON_ENVELOPES = ['documented', 'core', 'flat', 'nested'] as const satisfies readonly Envelope[];

export function enveloped(envelope: Envelope, failing: Failing): Answer['body'] {
  return ENVELOPES[envelope](failing);
}
