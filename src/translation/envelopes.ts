import * as schemas from '../schemas/envelopes.js';
import { SANE_CODE } from './codes.js';
import type { Detail } from './error.js';
import { fieldsOf, joinedFields } from './fields.js';
import { peek, type Body } from './plain.js';

/** An error body, whichever of LakiConnect's shapes it came in. */
export interface Envelope {
  readonly shape: 'documented' | 'core' | 'flat' | 'nested' | 'text' | 'none';
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly requestId?: string | undefined;
  readonly details: readonly Detail[];
}

const NONE: Envelope = { shape: 'none', details: [] };
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** Reads an error body; `shape: 'none'` if it is in no shape known for an error. */
export function readEnvelope(body: Body): Envelope {
  if (body.is === 'text') return { shape: 'text', message: body.text, details: [] };
  if (body.is !== 'object') return NONE;
  const { object } = body;
  const requestId = sane(object['request_id'], REQUEST_ID);

  const documented = schemas.documentedEnvelope.safeParse(object);
  if (documented.success) {
    const { code, message, details } = documented.data.error;
    return {
      shape: 'documented',
      code: sane(code, SANE_CODE),
      message,
      requestId,
      details: fieldsOf(details),
    };
  }
  const core = schemas.coreEnvelope.safeParse(object);
  if (core.success) {
    const { error_code: code, message, errors } = core.data;
    return { shape: 'core', code: sane(code, SANE_CODE), message, requestId, details: fieldsOf(errors) };
  }
  const nested = schemas.nestedEnvelope.safeParse(object);
  if (nested.success) {
    const { error } = nested.data;
    const { message, type } = typeof error === 'string' ? { message: error, type: undefined } : error;
    return { shape: 'nested', code: sane(type, SANE_CODE), message, requestId, details: [] };
  }
  const flat = schemas.flatEnvelope.safeParse(object);
  if (flat.success) {
    const { message, errors } = flat.data;
    const details = errors === undefined ? joinedFields(message ?? '') : fieldsOf(errors);
    return { shape: 'flat', message, requestId, details };
  }
  return { ...NONE, message: said(object['message']), requestId };
}

/**
 * Whether a parsed 2xx body may be an error: a glance, which costs a good answer nothing. A resource
 * that tells of an `error` beside its own `status` (a failed transaction, looked up) is not one.
 */
export function looksLikeError(body: unknown): boolean {
  const status = peek(body, 'status');
  if (peek(body, 'success') === false) return true;
  if (typeof status === 'string') return status.toUpperCase() === 'ERROR';
  return typeof peek(body, 'error') === 'object' && peek(body, 'success') !== true;
}

function sane(value: unknown, grammar: RegExp): string | undefined {
  return typeof value === 'string' && grammar.test(value) ? value : undefined;
}

function said(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
