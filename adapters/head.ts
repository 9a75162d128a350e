import type { Reply } from '../src/index.js';

/**
 * Whether a header speaks of the answer that it was set for, and so not of an error's that goes in its place: of its
 * body (RFC 9110 section 8, RFC 9530), of where to go (`location`), of how long caches may keep it (RFC 9213), or of
 * what a proxy is to send instead. `content-security-policy` speaks of the page, whichever it is.
 */
export function isStale(name: string): boolean {
  return STALE.has(name) || STALE_FAMILIES.test(name);
}

const STALE: ReadonlySet<string> = new Set([
  'accept-ranges',
  'age',
  'digest',
  'edge-control',
  'etag',
  'expires',
  'last-modified',
  'location',
  'refresh',
  'repr-digest',
  'retry-after',
  'surrogate-control',
  'trailer',
  'transfer-encoding',
  'x-lighttpd-send-file',
  'x-litespeed-location',
  'x-sendfile',
]);

const STALE_FAMILIES = /^content-(?!security-policy)|^x-accel-|-cache-control$/;

/** As much as is used of `node:http`'s response, by HTTP/1 or HTTP/2. */
export interface Head {
  getHeaderNames(): readonly string[];
  setHeader(name: string, value: string | number): unknown;
  removeHeader(name: string): void;
}

/** Puts a reply's headers in the place of those that were set for another answer; `vary` adds to that header. */
export function writeHeaders(head: Head, { headers }: Reply, vary: (fields: string) => unknown): void {
  const names = head.getHeaderNames();
  for (const name of names) if (isStale(name)) head.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'vary' && names.includes(name)) vary(value);
    else head.setHeader(name, value);
  }
}
