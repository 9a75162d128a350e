const MAX_HEADER = 256;
const MAX_HEADERS = 500;

/**
 * What a function makes of a request header, made once: browsers send the same few. Bounded, as whoever sends
 * ever others must not fill the memory. Of what is no text nothing is made.
 */
export function remembered(
  make: (header: string) => string | undefined,
): (header: unknown) => string | undefined {
  const kept = new Map<unknown, string | undefined>();
  return (header) => {
    const known = kept.get(header);
    if (known !== undefined || kept.has(header)) return known;
    if (typeof header !== 'string') return undefined;
    const made = make(header);
    if (header.length > MAX_HEADER) return made;
    if (kept.size === MAX_HEADERS) kept.clear();
    kept.set(header, made);
    return made;
  };
}
