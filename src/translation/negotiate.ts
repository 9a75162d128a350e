import Negotiator from 'negotiator';

/** Longest header that is looked at; what stands beyond it was not written for a person. */
const MAX_HEADER = 1024;

/** Names under which browsers and phones ask for a language that is offered under another. */
const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ['amh', 'am'],
  ['eng', 'en'],
  ['gaz', 'om'],
  ['orm', 'om'],
  ['som', 'so'],
  ['tir', 'ti'],
]);

/**
 * The first acceptable media type of `offers`, by RFC 9110 section 12.5.1; the first offer where there
 * is no header or nothing in it is offered: an error reply is better than a 406.
 */
export function negotiateMedia(accept: unknown, offers: readonly string[]): string {
  const headers = { accept: typeof accept === 'string' ? bounded(accept) : undefined };
  return new Negotiator({ headers }).mediaType([...offers]) ?? (offers[0] as string);
}

/**
 * The best of the offered languages: the user's own, then `Accept-Language` (RFC 9110 section
 * 12.5.4), then the first offered. Regions match their language, and so do three-letter codes.
 */
export function negotiateLanguage(
  own: unknown,
  accept: string | undefined,
  offers: readonly string[],
): string {
  return match(own, offers) ?? match(accept, offers) ?? (offers[0] as string);
}

function match(header: unknown, offers: readonly string[]): string | undefined {
  if (typeof header !== 'string') return undefined;
  const known = bounded(header)
    ?.replaceAll('_', '-')
    .replace(/(?<![\w-])[a-z]{3}(?![\w])/gi, (tag) => LANGUAGES.get(tag.toLowerCase()) ?? tag);
  return new Negotiator({ headers: { 'accept-language': known } }).language([...offers]);
}

function bounded(header: string | undefined): string | undefined {
  return header === undefined || header.length <= MAX_HEADER
    ? header
    : header.slice(0, header.lastIndexOf(',', MAX_HEADER) + 1 || MAX_HEADER);
}
