/** A request's target (RFC 9112, section 3.2), however it was spelt. */
export interface RequestTarget {
  readonly path: string;
  /** Sorted by name: values of one name stay in order. */
  readonly query: string;
}

/** The beginning of a target in absolute form, such as a proxy is sent. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

/**
 * The one spelling of all that Express and Koa's routers take to the same route with the same parameters: whatever its
 * case, encoding, final slash or origin. Two ids in a path that differ in case alone are one here, too: whoever pays for
 * both with one key is asked for another, rather than another spelling being paid twice.
 */
export function normalizeTarget(url: string): RequestTarget {
  const [target] = url.replace(ORIGIN, '').split('#', 1) as [string];
  const end = target.search(/\?|$/);
  const segments = target
    .slice(0, end)
    .replace(/(?<!\/)\/+$/, '')
    .split('/');
  const query = new URLSearchParams(target.slice(end));
  query.sort();
  return { path: segments.map(normalizeSegment).join('/') || '/', query: query.toString() };
}

/** An encoded slash stays one. What cannot be decoded stays as it is. */
function normalizeSegment(segment: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(segment).toLowerCase());
  } catch {
    return segment.toLowerCase();
  }
}
