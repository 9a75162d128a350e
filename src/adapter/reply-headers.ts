import type { Reply } from '../translation/reply.js';

/** Headers by their names in lower case: Node's `response.getHeaders()`, or `Object.fromEntries(headers)` of fetch's. */
export type PresentHeaders = Readonly<Record<string, number | string | readonly string[] | undefined>>;

/** What changes of a response's headers where a reply is written on it. */
export interface HeaderChanges {
  /** Names to remove. */
  readonly remove: readonly string[];
  /** Headers to set then, in place of those of the same name. */
  readonly set: Readonly<Record<string, string>>;
}

/**
 * Returns how the headers of a response change where a reply takes the place of the answer that its route had begun to
 * describe. What spoke of that answer goes: of its body (RFC 9110 section 8, RFC 9530), of how long caches may keep it
 * (RFC 9213), of where to go, and of what a proxy is to send instead. Otherwise the error would be saved as
 * `receipt.pdf`, or could not be unzipped. `vary` is appended to; `content-length` is that of the reply, in bytes.
 *
 * @example
 * const { remove, set } = replyHeaders(reply, response.getHeaders());
 * for (const name of remove) response.removeHeader(name);
 * response.writeHead(reply.status, set).end(reply.body);
 */
export function replyHeaders({ headers, body }: Reply, present: PresentHeaders): HeaderChanges {
  const vary = joinVary([present['vary'], headers['vary']]);
  return {
    remove: Object.keys(present).filter(isStale),
    set: {
      ...headers,
      ...(vary === '' ? {} : { vary }),
      'content-length': String(Buffer.byteLength(body)),
    },
  };
}

/** `content-security-policy` speaks of the page, whichever it is. */
function isStale(name: string): boolean {
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

/** Each name once; `*` stands for all (RFC 9110 section 12.5.5). */
function joinVary(values: readonly PresentHeaders[string][]): string {
  const fields = values.flatMap((value) => String(value ?? '').split(',')).map((field) => field.trim());
  if (fields.includes('*')) return '*';
  const byName = new Map<string, string>();
  for (const field of fields) {
    const name = field.toLowerCase();
    if (name !== '' && !byName.has(name)) byName.set(name, field);
  }
  return [...byName.values()].join(', ');
}
