import { AssertionError } from 'node:assert';
import { isAnswered, seen } from './answered.js';

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
  const texts = isAnswered(value) ? textsIn(lookedAt(value), 'answer') : textsIn(value, 'value');
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
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
}

/** A client's response knows its request, which holds the platform's own secrets. */
function lookedAt(value: Parameters<typeof seen>[0]): object {
  const { headers, bodies } = seen(value);
  return { headers, bodies };
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
  if (value instanceof Uint8Array) {
    yield { path, text: Buffer.from(value).toString('latin1') };
    return;
  }
  if (value instanceof Map || value instanceof Set) {
    for (const entry of value.entries()) yield* textsIn(entry, path, known);
  }
  for (const key of Reflect.ownKeys(value)) {
    const place = `${path}.${String(key)}`;
    yield { path: place, text: String(key) };
    yield* textsIn(read(value, key), place, known);
  }
}

function read(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined; // a getter that throws tells nobody anything
  }
}
