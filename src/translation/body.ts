import { types } from 'node:util';
import { UNSEEN } from './carrier.js';
import { decode } from './content-encoding.js';
import { isPlainObject, isRecord, MAX_STRING, plain, type Plain } from './plain.js';
import { cut } from './text.js';

/** The largest error body that is looked at, in bytes, decoded. */
const MAX_BYTES = 64 * 1024;

/** Stands for a body of which more came than was worth reading. */
export const OVERSIZED = Symbol('oversized');

/** A body as an HTTP client left it, text or parsed, as text or plain values. */
export type Body =
  | { readonly is: 'absent' }
  | { readonly is: 'unreadable' }
  | { readonly is: 'garbled' }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'object'; readonly object: { [key: string]: Plain } };

const ABSENT: Body = { is: 'absent' };
const UNREADABLE: Body = { is: 'unreadable' };
const GARBLED: Body = { is: 'garbled' };

/**
 * Reads a body of any form. An array, a number, an instance of a class and anything over 64 KiB are unreadable:
 * present, but saying nothing. Markup and broken JSON are garbled: no API means them. JSON's `null` is no body.
 *
 * `encoding` is the answer's `Content-Encoding` (RFC 9110 section 8.4), which some clients leave undone and others
 * have undone and leave standing.
 */
export function readBody(body: unknown, encoding?: string): Body {
  if (body === undefined || body === null) return ABSENT;
  if (body === UNSEEN || body === OVERSIZED) return UNREADABLE;
  if (typeof body === 'string') return readText(body);
  try {
    if (types.isArrayBuffer(body)) return readBytes(new Uint8Array(body), encoding);
    if (ArrayBuffer.isView(body)) {
      return readBytes(new Uint8Array(body.buffer, body.byteOffset, body.byteLength), encoding);
    }
  } catch {
    return UNREADABLE; // the bytes were transferred to somebody else
  }
  const object = isPlainObject(body) ? plain(body) : undefined;
  return isRecord(object) ? { is: 'object', object } : UNREADABLE;
}

function readBytes(bytes: Uint8Array, encoding: string | undefined): Body {
  if (bytes.byteLength > MAX_BYTES) return UNREADABLE;
  const asTheyAre = readUtf8(bytes);
  if (encoding === undefined || asTheyAre.is === 'object' || asTheyAre.is === 'absent') return asTheyAre;
  const decoded = decode(bytes, encoding, MAX_BYTES);
  return typeof decoded === 'object' ? readUtf8(decoded) : asTheyAre;
}

/** Bytes that are no text say nothing. */
function readUtf8(bytes: Uint8Array): Body {
  try {
    return readText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return UNREADABLE;
  }
}

/** What a client made of bytes that are no text: replacement and control characters. */
const BINARY = /(?![\t-\r\u007f-\u009f])[\p{Cc}\ufffd]/u;

function readText(raw: string): Body {
  if (raw.length > MAX_BYTES || Buffer.byteLength(raw) > MAX_BYTES) return UNREADABLE;
  const text = raw.trim(); // a byte order mark is white space, too
  if (text === '') return ABSENT;
  if (text.startsWith('<')) return GARBLED;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return unparsed(text);
  }
  if (parsed === null) return ABSENT;
  if (typeof parsed === 'string') return { is: 'text', text: cut(parsed, MAX_STRING) };
  const object = plain(parsed);
  return isRecord(object) ? { is: 'object', object } : UNREADABLE;
}

/** Prose is text; CSV and JSON lines say nothing of an error; an object that breaks off is garbled. */
function unparsed(text: string): Body {
  if (BINARY.test(text)) return UNREADABLE;
  if (!/^[[{"]/.test(text)) return { is: 'text', text: cut(text, MAX_STRING) };
  return text.startsWith('{') && !isLines(text) ? GARBLED : UNREADABLE;
}

function isLines(text: string): boolean {
  const end = text.indexOf('\n');
  try {
    JSON.parse(text.slice(0, Math.max(end, 0)));
    return true;
  } catch {
    return false;
  }
}
