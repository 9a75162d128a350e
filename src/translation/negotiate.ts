import Negotiator from 'negotiator';
import { remembered } from './remembered.js';

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

/** Picks a media type by the `Accept` header. */
export type MediaNegotiation = (accept: unknown) => string;

/** Picks a language by the user's own and the `Accept-Language` header. */
export interface LanguageNegotiation {
  (own: unknown, accept: unknown): string;
  /** The offered language that one of them asks for. */
  readonly match: (header: unknown) => string | undefined;
}

/**
 * Picks the first acceptable media type of `offers`, by RFC 9110 section 12.5.1; the first offer where there
 * is no header or nothing in it is offered: an error reply is better than a 406.
 */
export function mediaNegotiation(offers: readonly string[]): MediaNegotiation {
  const match = remembered((header) =>
    new Negotiator({ headers: { accept: bounded(header) } }).mediaType([...offers]),
  );
  return (accept) => match(accept) ?? (offers[0] as string);
}

/**
 * Picks the best of the offered languages: the user's own, then `Accept-Language` (RFC 9110 section
 * 12.5.4), then the first offered. Regions match their language, and so do three-letter codes.
 */
export function languageNegotiation(offers: readonly string[]): LanguageNegotiation {
  const match = remembered((header) => {
    const known = bounded(header)
      .replaceAll('_', '-')
      .replace(/(?<![\w-])[a-z]{3}(?![\w])/gi, (tag) => LANGUAGES.get(tag.toLowerCase()) ?? tag);
    return new Negotiator({ headers: { 'accept-language': known } }).language([...offers]);
  });
  const negotiate = (own: unknown, accept: unknown): string =>
    match(own) ?? match(accept) ?? (offers[0] as string);
  return Object.assign(negotiate, { match });
}

function bounded(header: string): string {
  return header.length <= MAX_HEADER
    ? header
    : header.slice(0, header.lastIndexOf(',', MAX_HEADER) + 1 || MAX_HEADER);
}
