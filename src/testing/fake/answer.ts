/**
 * What befalls an answer on its way. `hang-headers`: nothing comes. `hang-body` and `cut`: half a body, and
 * then silence, or the end of the connection. `reset`: the connection is reset before anything came.
 */
export type Fault = 'hang-headers' | 'hang-body' | 'cut' | 'reset';

/** One answer of the fake provider. */
export interface Answer {
  /** 200 by default. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /**
   * An object is sent as JSON, a text as what it begins as: `<` HTML, `{` JSON, otherwise plain text. Bytes
   * have no type.
   */
  readonly body?: object | string | Uint8Array | undefined;
  readonly fault?: Fault | undefined;
  /** How long it is held back, in milliseconds. */
  readonly delayMs?: number | undefined;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['<', 'text/html'],
  ['{', 'application/json'],
]);

/** The media type and the bytes of a body. */
export function encoded(body: Answer['body']): { readonly type?: string; readonly bytes: Buffer } {
  if (body === undefined) return { bytes: Buffer.alloc(0) };
  if (body instanceof Uint8Array) return { bytes: Buffer.from(body) };
  if (typeof body === 'object') return { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) };
  return { type: TYPES.get(body.charAt(0)) ?? 'text/plain', bytes: Buffer.from(body) };
}
