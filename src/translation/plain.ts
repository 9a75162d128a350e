import { types } from 'node:util';
import { cut } from './text.js';

const MAX_DEPTH = 8;
const MAX_NODES = 256;
const MAX_STRING = 512;
const MAX_TEXT = 64 * 1024;
const TELLING = ['success', 'status', 'error', 'error_code', 'code', 'message', 'request_id', 'errors'];
const POISON = new Set(['__proto__', 'constructor', 'prototype']);

/** A value of an upstream body, copied: prototype-less, bounded, without getters. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** One property of anything at all: `undefined` instead of an exception. */
export function peek(value: unknown, key: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

/**
 * Copies what an upstream sent into plain values, level by level, so that a bound cuts the deepest
 * part first: at most 8 levels, 256 nodes and 512 characters a string.
 */
export function plain(value: unknown): Plain | undefined {
  try {
    return copy(value);
  } catch {
    return undefined;
  }
}

function copy(root: unknown): Plain | undefined {
  let nodes = 0;
  const level: { source: object; target: Plain[] | { [key: string]: Plain }; depth: number }[] = [];
  const enter = (value: unknown, depth: number): Plain | undefined => {
    nodes++;
    if (typeof value === 'string') return cut(value, MAX_STRING);
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
    if (typeof value !== 'object' || depth > MAX_DEPTH) return undefined;
    const target = Array.isArray(value) ? [] : (Object.create(null) as { [key: string]: Plain });
    level.push({ source: value, target, depth });
    return target;
  };
  const result = enter(root, 1);
  for (const { source, target, depth } of level) {
    for (const key of keysOf(source)) {
      if (nodes >= MAX_NODES) break;
      if (POISON.has(key)) continue;
      const node = enter((source as Record<string, unknown>)[key], depth + 1);
      if (node === undefined) continue;
      if (Array.isArray(target)) target.push(node);
      else target[key] = node;
    }
  }
  return result;
}

/** What an error says of itself first, so that no bound cuts it; of an array no more than is copied. */
function keysOf(source: object): Iterable<string> {
  if (Array.isArray(source)) return Object.keys(source.slice(0, MAX_NODES));
  return new Set([...TELLING.filter((key) => Object.hasOwn(source, key)), ...Object.keys(source)]);
}

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
 * Reads a body of any form. A bare array or number and anything over 64 KiB are unreadable: present, but
 * saying nothing. Markup and broken JSON are garbled: no API means them.
 */
export function readBody(body: unknown): Body {
  if (body === undefined || body === null) return ABSENT;
  if (typeof body === 'string') return readText(body);
  try {
    if (ArrayBuffer.isView(body) || types.isArrayBuffer(body)) return readBytes(body as Uint8Array);
  } catch {
    return UNREADABLE; // the bytes were transferred to somebody else
  }
  const object = plain(body);
  return isRecord(object) ? { is: 'object', object } : UNREADABLE;
}

function readBytes(bytes: Uint8Array): Body {
  return bytes.byteLength > MAX_TEXT ? UNREADABLE : readText(new TextDecoder().decode(bytes));
}

function readText(raw: string): Body {
  if (raw.length > MAX_TEXT || Buffer.byteLength(raw) > MAX_TEXT) return UNREADABLE;
  const text = raw.trim(); // a byte order mark is white space, too
  if (text === '') return ABSENT;
  if (text.startsWith('<')) return GARBLED;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return unparsed(text);
  }
  if (typeof parsed === 'string') return { is: 'text', text: cut(parsed, MAX_STRING) };
  const object = plain(parsed);
  return isRecord(object) ? { is: 'object', object } : UNREADABLE;
}

/** Prose is text; CSV and JSON lines say nothing of an error; an object that breaks off is garbled. */
function unparsed(text: string): Body {
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

function isRecord(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value of JSON with all that is in it, frozen. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
