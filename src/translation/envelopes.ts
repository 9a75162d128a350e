import * as schemas from '../schemas/envelopes.js';
import { SANE_CODE, SANE_REQUEST_ID } from './codes.js';
import type { Detail } from './error.js';
import { fieldsOf, joinedFields } from './fields.js';
import type { Body } from './body.js';
import { peek } from './plain.js';

/** An error body, whichever of LakiConnect's shapes it came in. */
export interface Envelope {
  readonly shape: 'documented' | 'core' | 'flat' | 'nested' | 'text' | 'none';
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly requestId?: string | undefined;
  readonly details: readonly Detail[];
}

/** Reads an error body; `shape: 'none'` if it is in no shape known for an error. */
export function readEnvelope(body: Body): Envelope {
  if (body.is === 'text') return { shape: 'text', message: body.text, details: [] };
  if (body.is !== 'object') return { shape: 'none', details: [] };
  const { object } = body;
  const envelope = documented(object) ?? core(object) ?? nested(object) ?? flat(object) ?? unknown(object);
  return {
    ...envelope,
    code: sane(envelope.code, SANE_CODE) ?? sane(object['error_code'], SANE_CODE),
    requestId: sane(object['request_id'], SANE_REQUEST_ID),
  };
}

function documented(body: unknown): Envelope | undefined {
  const read = schemas.documentedEnvelope.safeParse(body);
  if (!read.success) return undefined;
  const { code, message, details } = read.data.error;
  return { shape: 'documented', code, message, details: fieldsOf(details) };
}

function core(body: unknown): Envelope | undefined {
  const read = schemas.coreEnvelope.safeParse(body);
  if (!read.success) return undefined;
  const { error_code: code, message, errors } = read.data;
  return { shape: 'core', code, message, details: fieldsOf(errors) };
}

function nested(body: unknown): Envelope | undefined {
  const read = schemas.nestedEnvelope.safeParse(body);
  if (!read.success) return undefined;
  const { error } = read.data;
  const { message, type: code } = typeof error === 'string' ? { message: error, type: undefined } : error;
  return { shape: 'nested', code, message, details: [] };
}

function flat(body: unknown): Envelope | undefined {
  const read = schemas.flatEnvelope.safeParse(body);
  if (!read.success) return undefined;
  const { message, errors } = read.data;
  return {
    shape: 'flat',
    message,
    details: errors === undefined ? joinedFields(message ?? '') : fieldsOf(errors),
  };
}

function unknown(body: unknown): Envelope {
  const message = peek(body, 'message');
  const details = fieldsOf(peek(body, 'errors') ?? peek(body, 'details'));
  return { shape: 'none', message: typeof message === 'string' ? message : undefined, details };
}

function sane(value: unknown, grammar: RegExp): string | undefined {
  return typeof value === 'string' && grammar.test(value) ? value : undefined;
}

/**
 * Whether a parsed 2xx body may be an error: a glance, which costs a good answer nothing. A resource
 * that tells of an `error` beside its own `status` (a failed transaction, looked up) is not one.
 */
export function looksLikeError(body: unknown): boolean {
  const status = peek(body, 'status');
  if (peek(body, 'success') === false) return true;
  if (typeof status === 'string') return status.toUpperCase() === 'ERROR';
  const error = peek(body, 'error');
  const tells = typeof peek(error, 'code') === 'string' || typeof peek(error, 'message') === 'string';
  return tells && peek(body, 'success') !== true;
}
