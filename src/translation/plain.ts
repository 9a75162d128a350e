import { cut } from './text.js';

const MAX_DEPTH = 8;
const MAX_NODES = 256;
export const MAX_STRING = 512;
const TELLING = ['success', 'status', 'error', 'error_code', 'code', 'message', 'request_id', 'errors'];
const POISON = new Set(['__proto__', 'constructor', 'prototype']);

/** A value of an upstream body, copied: prototype-less, bounded, without getters. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** One property of anything at all: `undefined` instead of an exception. */
export function peek(value: unknown, key: string | symbol): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  try {
    return (value as Record<string | symbol, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** An object as JSON or a literal makes it, of any realm, and no instance of a class. Never throws. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || (Object.getPrototypeOf(prototype) === null && !Array.isArray(value));
  } catch {
    return false; // a Proxy
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

export function isRecord(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value of JSON with all that is in it, frozen. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
