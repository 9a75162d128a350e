import { AssertionError } from 'node:assert';
import { types } from 'node:util';
import { peek } from '../translation/plain.js';
import { arrived, isAnswered, seen, type Answered } from './answered.js';

/** A secret, and where it is. */
export interface Leak {
  readonly path: string;
  readonly secret: string;
}

/**
 * Where secrets are to be found: in the status line, headers and body of an answer, or anywhere in another
 * value, such as an error or a log record, in its hidden properties and its causes, too. Encoded as in a URL
 * or in base64 they are found as well.
 */
export function leaksIn(value: unknown, secrets: string | readonly string[]): Leak[] {
  const listed = typeof secrets === 'string' ? [secrets] : secrets;
  const wanted = listed.map((secret) => ({ secret, forms: formsOf(secret) }));
  const texts = isAnswered(value) ? textsIn(lookedAt(value), 'answer') : textsIn(arrived(value), 'value');
  return [...texts].flatMap(({ path, text }) =>
    wanted
      .filter(({ forms }) => forms.some((form) => text.includes(form)))
      .map(({ secret }) => ({ path, secret })),
  );
}

/**
 * Asserts that there are none.
 *
 * @throws AssertionError that tells where they are.
 */
export function assertLeaksNothing(value: unknown, secrets: string | readonly string[]): void {
  const leaks = leaksIn(value, secrets);
  if (leaks.length > 0) throw new AssertionError({ message: toldOf(leaks) });
}

export function toldOf(leaks: readonly Leak[]): string {
  return `expected no secret, found ${leaks.map(({ path, secret }) => `${secret} in ${path}`).join(', ')}`;
}

/** @throws TypeError for an empty secret, which everything holds. */
function formsOf(secret: string): readonly string[] {
  if (secret === '') throw new TypeError('lakiconnect: a secret to look for is empty.');
  const encoded = encodeURIComponent(secret);
  const inSmallLetters = encoded.replace(/%../g, (byte) => byte.toLowerCase());
  return [secret, encoded, inSmallLetters, ...inBase64(secret)];
}

/** As it stands in base64, without the characters that it shares with what is around it. */
function inBase64(secret: string): readonly string[] {
  const { length } = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.from('\0'.repeat(before) + secret).toString('base64');
    const own = text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + length) * 4) / 3));
    // What is shorter is anywhere by chance.
    return own.length < 4 ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** A client's response knows its request, which holds the platform's own secrets. */
function lookedAt(answered: Answered): object {
  const { headers } = seen(answered);
  const { statusText = peek(peek(answered, 'res'), 'statusMessage'), body, data, text } = answered;
  return { statusText, headers: Object.fromEntries(headers), body, data, text };
}

function* textsIn(
  value: unknown,
  path: string,
  known = new Set<unknown>(),
): Generator<{ readonly path: string; readonly text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  if (typeof value === 'symbol') yield { path, text: String(value) };
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || known.has(value))
    return;
  known.add(value);
  if (value instanceof Uint8Array || types.isAnyArrayBuffer(value)) {
    yield { path, text: Buffer.from(value as Uint8Array).toString('latin1') };
    return;
  }
  yield* textsIn(keptIn(value), path, known);
  for (const key of Reflect.ownKeys(value)) {
    if (key === 'prototype' && typeof value === 'function') continue; // of Node's, with getters that warn
    const place = `${path}.${String(key)}`;
    yield { path: place, text: String(key) };
    yield* textsIn(read(value, key), place, known);
  }
}

/** What an object holds in no property. */
function keptIn(value: object): unknown {
  if (value instanceof URL) return value.href;
  if (value instanceof Request) return [value.url, value.headers];
  if (value instanceof Response) return [value.url, value.statusText, value.headers];
  const isKeeper =
    types.isMap(value) || types.isSet(value) || value instanceof Headers || value instanceof URLSearchParams;
  return isKeeper ? [...value] : undefined;
}

function read(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined; // a getter that throws tells nobody anything
  }
}
