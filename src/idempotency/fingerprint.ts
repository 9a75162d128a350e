import { createHash } from 'node:crypto';

/** How much JSON is compared, in characters: far more than a payment, and a fraction of a second. */
const MAX_LENGTH = 4 * 1024 * 1024;
const MAX_DEPTH = 1000;

/**
 * What a request says by its query and its body, whatever the order of the body's properties (RFC 8785, section 3.2.3).
 *
 * @throws TypeError for what is no JSON.
 * @throws RangeError for more than 4 MiB of JSON, or more than 1,000 levels of it.
 */
export function fingerprint(query: string, body: unknown): string {
  return digest(query, ArrayBuffer.isView(body) ? (body as Uint8Array) : canonicalJson(body));
}

/** Of each part with its length: no other parts make the same digest. */
export function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${String(Buffer.byteLength(part))}:`).update(part);
  return hash.digest('base64url');
}

/**
 * As `JSON.stringify` writes it, but sorted, and with a limit to the work: a body may be small and yet hold the same part
 * again and again, as YAML's can.
 */
function canonicalJson(body: unknown): string {
  let left = MAX_LENGTH;

  function spend(length: number): void {
    left -= length;
    if (left < 0) throw new RangeError(`more than ${String(MAX_LENGTH)} characters of JSON`);
  }

  /** @returns '' for what JSON leaves out. */
  function write(given: unknown, depth: number): string {
    if (typeof given === 'number') return writeNumber(given);
    const value = toJson(given);
    if (typeof value !== 'object' || value === null) {
      const text = (JSON.stringify(value) as string | undefined) ?? '';
      spend(text.length);
      return text;
    }
    if (value instanceof Map || value instanceof Set) throw new TypeError('a Map or a Set is no JSON');
    if (depth === MAX_DEPTH) throw new RangeError(`more than ${String(MAX_DEPTH)} levels of JSON`);
    return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value as Properties, depth + 1);
  }

  function writeNumber(value: number): string {
    if (!Number.isFinite(value)) throw new TypeError(`${String(value)} is no JSON`);
    return String(value);
  }

  function writeArray(items: readonly unknown[], depth: number): string {
    spend(items.length);
    const parts: string[] = [];
    for (const item of items) parts.push(write(item, depth) || 'null');
    return `[${parts.join()}]`;
  }

  function writeObject(properties: Properties, depth: number): string {
    const names = Object.keys(properties);
    spend(names.length);
    const parts: string[] = [];
    for (const name of names.sort()) {
      const value = write(properties[name], depth);
      if (value === '') continue;
      spend(name.length);
      parts.push(`${JSON.stringify(name)}:${value}`);
    }
    return `{${parts.join()}}`;
  }

  return write(body, 0);
}

type Properties = Readonly<Record<string, unknown>>;

function toJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === 'function' ? (toJSON.call(value) as unknown) : value;
}
