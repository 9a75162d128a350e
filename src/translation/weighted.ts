/** A range that a reader asks for, and how much (RFC 9110 section 12.4.2). */
export interface Weighted {
  /** In lower case. */
  readonly range: string;
  /** From 0, not acceptable, to 1. */
  readonly q: number;
}

const TOKEN = /^[!#$%&'*+.^`|~\w-]+$/;
const QUOTED = /^"(?:[^"\\]|\\.)*"$/;
const QVALUE = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/**
 * The ranges of an `Accept` or `Accept-Language` header, in the reader's order. Parameters but `q` are read over;
 * a part that is malformed is left out.
 */
export function weightedRanges(header: string): readonly Weighted[] {
  return split(header, ',').flatMap((part) => weighted(part) ?? []);
}

function weighted(part: string): Weighted | undefined {
  const [range, ...parameters] = split(part, ';').map((piece) => piece.trim());
  let q = 1;
  for (const parameter of parameters) {
    if (parameter === '') continue; // RFC 9110 section 5.6.6 allows it
    const equals = parameter.indexOf('=');
    const [name, value] = [parameter.slice(0, Math.max(equals, 0)), parameter.slice(equals + 1)];
    if (!TOKEN.test(name) || !(TOKEN.test(value) || QUOTED.test(value))) return undefined;
    if (name.toLowerCase() !== 'q') continue;
    if (!QVALUE.test(value)) return undefined;
    q = Number(value);
  }
  return { range: (range as string).toLowerCase(), q };
}

/** What stands between separators outside of quoted strings. A quote that is never closed opens none. */
function split(text: string, separator: string, mayQuote = true): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (isQuoted && text[at] === '\\') at++;
    else if (mayQuote && text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  const rest = text.slice(start);
  return isQuoted ? [...parts, ...split(rest, separator, false)] : [...parts, rest];
}
