import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { peek } from './plain.js';

type Decoder = (bytes: Uint8Array, limit: { readonly maxOutputLength: number }) => Uint8Array;

/** RFC 9110 section 8.4.1, with the raw form of `deflate` that some servers send. */
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['identity', (bytes) => bytes],
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflate],
  ['br', brotliDecompressSync],
]);

function inflate(...given: Parameters<Decoder>): Uint8Array {
  try {
    return inflateSync(...given);
  } catch (error) {
    if (isTooLarge(error)) throw error;
    return inflateRawSync(...given);
  }
}

const MAX_ENCODINGS = 3;

/**
 * Undoes a `Content-Encoding` (RFC 9110 section 8.4).
 *
 * @returns `'oversized'` if more than `max` bytes would come of it; `undefined` if the bytes are not in that encoding,
 * or it is not known.
 */
export function decode(
  bytes: Uint8Array,
  encoding: string,
  max: number,
): Uint8Array | 'oversized' | undefined {
  const names = encoding.slice(0, 100).toLowerCase().split(',');
  if (names.length > MAX_ENCODINGS) return undefined;
  let decoded: Uint8Array | undefined = bytes;
  try {
    for (const name of names.reverse()) {
      decoded = DECODERS.get(name.trim())?.(decoded as Uint8Array, { maxOutputLength: max });
    }
  } catch (error) {
    return isTooLarge(error) ? 'oversized' : undefined;
  }
  return decoded;
}

function isTooLarge(error: unknown): boolean {
  return peek(error, 'code') === 'ERR_BUFFER_TOO_LARGE';
}
