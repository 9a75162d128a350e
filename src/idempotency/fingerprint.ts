import { createHash } from 'node:crypto';

/**
 * What a body says, whatever the order of its properties (RFC 8785, section 3.2.3).
 *
 * @throws TypeError for what is no JSON.
 * @throws RangeError for what is nested more deeply than can be read.
 */
export function fingerprint(search: string, body: unknown): string {
  return digest(
    search,
    ArrayBuffer.isView(body) ? (body as Uint8Array) : (JSON.stringify(body, sorted) ?? ''),
  );
}

/** Of each part with its length: no other parts make the same digest. */
export function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${String(Buffer.byteLength(part))}:`).update(part);
  return hash.digest('base64url');
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`${String(value)} is no JSON`);
  if (value instanceof Map || value instanceof Set) throw new TypeError('a Map or a Set is no JSON');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
