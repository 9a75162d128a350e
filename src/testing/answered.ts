/**
 * An answer as a test holds it: supertest's or axios's response, a `Reply`, or what was read of a `Response`
 * of fetch, `{ status, headers, body: await response.text() }`.
 */
export interface Answered {
  readonly status?: number | undefined;
  readonly statusCode?: number | undefined;
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

/** @throws TypeError if its body is still to be read. */
export function seen({ status, statusCode, headers, body, text, data }: Answered): Seen {
  if (typeof text === 'function') {
    throw new TypeError(
      'lakiconnect: the body of a Response is still to be read. Hand in { status, headers, body: await response.text() }.',
    );
  }
  return {
    status: status ?? statusCode,
    headers: new Map(entriesOf(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
    bodies: [body, data, text].filter((each) => each !== undefined),
  };
}

export function isAnswered(value: unknown): value is Answered {
  if (typeof value !== 'object' || value === null) return false;
  return 'headers' in value && ('status' in value || 'statusCode' in value);
}

function entriesOf(headers: unknown): readonly [string, unknown][] {
  const isIterable = typeof headers === 'object' && headers !== null && Symbol.iterator in headers;
  return isIterable ? [...(headers as Iterable<[string, unknown]>)] : Object.entries(headers ?? {});
}
