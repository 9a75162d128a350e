import { types } from 'node:util';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { UNSEEN } from './carrier.js';
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
  const decoded = decode(bytes, encoding);
  return decoded === undefined ? asTheyAre : readUtf8(decoded);
}

/** Bytes that are no text say nothing. */
function readUtf8(bytes: Uint8Array): Body {
  try {
    return readText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return UNREADABLE;
  }
}

type Decoder = (bytes: Uint8Array) => Uint8Array;

const LIMIT = { maxOutputLength: MAX_BYTES };

/** RFC 9110 section 8.4.1, with the raw form of `deflate` that some servers send. */
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['identity', (bytes) => bytes],
  ['gzip', (bytes) => gunzipSync(bytes, LIMIT)],
  ['x-gzip', (bytes) => gunzipSync(bytes, LIMIT)],
  ['deflate', inflate],
  ['br', (bytes) => brotliDecompressSync(bytes, LIMIT)],
]);

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateSync(bytes, LIMIT);
  } catch {
    return inflateRawSync(bytes, LIMIT);
  }
}

const MAX_ENCODINGS = 3;

/** The bytes behind their encodings; `undefined` if they are not in them, or are more than is looked at. */
function decode(bytes: Uint8Array, encoding: string): Uint8Array | undefined {
  const names = encoding.slice(0, 100).toLowerCase().split(',');
  if (names.length > MAX_ENCODINGS) return undefined;
  let decoded: Uint8Array | undefined = bytes;
  try {
    for (const name of names.reverse()) decoded = DECODERS.get(name.trim())?.(decoded as Uint8Array);
  } catch {
    return undefined;
  }
  return decoded;
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
