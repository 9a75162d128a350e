/** What a template makes of an environment variable that is not set, as in `${process.env.KEY}`. */
const UNSET: ReadonlySet<string> = new Set(['undefined', 'null']);

/** What keeps a value from being a key or a secret, in words that quote none of it; `undefined` if nothing does. */
export function faultOfSecret(value: unknown): string | undefined {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  if (value.trim() === '') return 'an empty text';
  if (value !== value.trim()) return 'a text with white space at its ends';
  return value.split(':').some((part) => UNSET.has(part))
    ? "a text with 'undefined' or 'null' in place of a variable that is not set"
    : undefined;
}
