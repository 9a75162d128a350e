import { remembered } from './remembered.js';
import { weightedRanges, type Weighted } from './weighted.js';

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

/** What may stand in `Accept-Language`: RFC 4647 section 2.1. */
const LANGUAGE_RANGE = /^(?:\*|[a-z]{1,8}(?:-[a-z\d]{1,8})*)$/;

/** Picks a media type by the `Accept` header. */
export type MediaNegotiation = (accept: unknown) => string;

/** Picks a language by the user's own and the `Accept-Language` header. */
export interface LanguageNegotiation {
  (own: unknown, accept: unknown): string;
  /** The offered language that one of them asks for. */
  readonly match: (header: unknown) => string | undefined;
}

/**
 * Picks the media type of `offers` that a reader wants most, by RFC 9110 section 12.5.1; the first offer where there
 * is no header or nothing in it is offered: an error reply is better than a 406.
 */
export function mediaNegotiation(offers: readonly string[]): MediaNegotiation {
  const match = remembered((header) => preferred(offers, header, mediaWish));
  return (accept) => match(accept) ?? (offers[0] as string);
}

/**
 * Picks the best of the offered languages: the user's own, then `Accept-Language` (RFC 9110 section
 * 12.5.4, RFC 4647), then the first offered. Regions match their language, and so do three-letter codes.
 */
export function languageNegotiation(offers: readonly string[]): LanguageNegotiation {
  const match = remembered((header) => preferred(offers, header.replaceAll('_', '-'), languageWish));
  const negotiate = (own: unknown, accept: unknown): string =>
    match(own) ?? match(accept) ?? (offers[0] as string);
  return Object.assign(negotiate, { match });
}

/** How much a reader wants an offer, and by which of the ranges. */
interface Wish {
  readonly q: number;
  /** How closely the range names the offer; 0 where that does not count. */
  readonly specificity: number;
  /** Of the range in the header. */
  readonly position: number;
}

/** What a reader wants of an offer; `undefined` if no range matches it. */
type WishFor = (offer: string, ranges: readonly Weighted[]) => Wish | undefined;

/** The offer that is wanted most: by q, then by the closer match, then in the reader's order, then in ours. */
function preferred(offers: readonly string[], header: string, wishFor: WishFor): string | undefined {
  const ranges = weightedRanges(bounded(header));
  let best: { readonly offer: string; readonly wish: Wish } | undefined;
  for (const offer of offers) {
    const wish = wishFor(offer, ranges);
    if (wish === undefined || wish.q === 0) continue;
    if (best === undefined || outranks(wish, best.wish)) best = { offer, wish };
  }
  return best?.offer;
}

function outranks(one: Wish, other: Wish): boolean {
  const order = one.q - other.q || one.specificity - other.specificity || other.position - one.position;
  return order > 0;
}

/** The most specific range decides. */
function mediaWish(offer: string, ranges: readonly Weighted[]): Wish | undefined {
  const precedence = ['*/*', `${offer.slice(0, offer.indexOf('/'))}/*`, offer];
  let decisive: Wish | undefined;
  for (const [position, { range, q }] of ranges.entries()) {
    const specificity = precedence.indexOf(range);
    if (specificity === -1) continue;
    const isCloser = decisive === undefined || specificity > decisive.specificity;
    if (isCloser || (specificity === decisive?.specificity && q > decisive.q)) {
      decisive = { q, specificity, position };
    }
  }
  return decisive;
}

/** The range with the highest q decides, unless the very language is not acceptable. */
function languageWish(offer: string, ranges: readonly Weighted[]): Wish | undefined {
  const tag = offer.toLowerCase();
  let decisive: Wish | undefined;
  for (const [position, { range, q }] of ranges.entries()) {
    const language = range.replace(/^[^-]*/, (subtag) => LANGUAGES.get(subtag) ?? subtag);
    if (language === tag && q === 0) return undefined;
    if (!LANGUAGE_RANGE.test(language) || !isOf(language, tag)) continue;
    if (decisive === undefined || q > decisive.q) decisive = { q, specificity: 0, position };
  }
  return decisive;
}

/** RFC 4647 sections 3.3.1 and 3.4: a language stands for its regions, and a region for its language. */
function isOf(language: string, tag: string): boolean {
  return language === '*' || `${language}-`.startsWith(`${tag}-`) || `${tag}-`.startsWith(`${language}-`);
}

function bounded(header: string): string {
  return header.length <= MAX_HEADER
    ? header
    : header.slice(0, header.lastIndexOf(',', MAX_HEADER) + 1 || MAX_HEADER);
}
