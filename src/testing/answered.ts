import { peek } from '../translation/plain.js';

/**
 * An answer as a test holds it: supertest's or axios's response, a `Reply`, or what was read of a `Response`
 * of fetch, `{ status, headers, body: await response.text() }`.
 */
export interface Answered {
  readonly status?: number | undefined;
  readonly statusCode?: number | undefined;
  readonly statusText?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly text?: unknown;
  readonly data?: unknown;
}

/** What came: a status, headers, and a body in every form that the client gives it. */
interface Seen {
  readonly status: number | undefined;
  readonly headers: ReadonlyMap<string, string>;
  readonly bodies: readonly unknown[];
}

/** @throws TypeError if it, or its body, is still to come. */
export function seen(answered: Answered): Seen {
  const { status, statusCode, headers, body, text, data } = arrived(answered);
  const isStream = [body, data].some((each) => typeof peek(each, 'pipe') === 'function');
  if (typeof text === 'function' || isStream) {
    throw new TypeError(
      'lakiconnect: the body of a Response is still to be read. Hand in { status, headers, body: await response.text() }.',
    );
  }
  return {
    status: status ?? statusCode,
    headers: joined(entriesOf(headers)),
    bodies: [body, data, text].filter((each) => each !== undefined),
  };
}

export function isAnswered(value: unknown): value is Answered {
  if (typeof value !== 'object' || value === null) return false;
  return 'headers' in value && ('status' in value || 'statusCode' in value);
}

/** What is no promise. @throws TypeError for one: nothing could be found in it. */
export function arrived<T>(value: T): T {
  if (typeof peek(value, 'then') !== 'function') return value;
  throw new TypeError('lakiconnect: a promise is still to be awaited.');
}

/** By names in small letters; one that came several times has all of its values. */
function joined(entries: readonly [string, unknown][]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of entries) {
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? String(value) : `${before}, ${String(value)}`);
  }
  return headers;
}

function entriesOf(headers: unknown): readonly [string, unknown][] {
  const isIterable = typeof headers === 'object' && headers !== null && Symbol.iterator in headers;
  return isIterable ? [...(headers as Iterable<[string, unknown]>)] : Object.entries(headers ?? {});
}
