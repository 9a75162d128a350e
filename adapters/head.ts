import type { Reply } from '../src/index.js';

/** Headers of an answer that was begun and is given up: they would speak of a body that is never sent. */
const STALE: ReadonlySet<string> = new Set([
  'accept-ranges',
  'content-disposition',
  'content-encoding',
  'content-range',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'trailer',
  'transfer-encoding',
]);

/** As much as is used of `node:http`'s response, by HTTP/1 or HTTP/2. */
export interface Head {
  getHeaderNames(): readonly string[];
  setHeader(name: string, value: string | number): unknown;
  removeHeader(name: string): void;
}

/** Puts a reply's headers in the place of those that were set for another answer; `vary` adds to that header. */
export function writeHeaders(head: Head, { headers }: Reply, vary: (fields: string) => unknown): void {
  const names = head.getHeaderNames();
  for (const name of names) if (STALE.has(name)) head.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'vary' && names.includes(name)) vary(value);
    else head.setHeader(name, value);
  }
}
