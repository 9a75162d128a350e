import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { languageNegotiation, mediaNegotiation } from '../../src/translation/negotiate.js';
import { LINEAR_MS, milliseconds } from './failures.js';

const MEDIA = ['application/problem+json', 'application/json', 'text/html', 'text/plain'];
const LANGUAGES = ['en', 'am', 'om', 'ti', 'so'];
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

const negotiateMedia = (accept: unknown, offers: readonly string[]) => mediaNegotiation(offers)(accept);
const negotiateLanguage = (own: unknown, accept: unknown, offers: readonly string[]) =>
  languageNegotiation(offers)(own, accept);

const junk = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'a*/;q=0.1, -_"\\') }),
  fc
    .array(
      fc.constantFrom('*/*', 'text/html', 'am', ';q=0.5', ';q=', ',', '*', 'en-US', '\u0000', '__proto__'),
    )
    .map((parts) => parts.join('')),
);

describe('The media type', () => {
  test.each([
    ['application/problem+json', 'application/problem+json'],
    ['application/json', 'application/json'],
    ['text/html', 'text/html'],
    ['text/plain', 'text/plain'],
    ['TEXT/HTML', 'text/html'],
    ['text/plain;q=0.5, text/html;q=0.9', 'text/html'],
    ['text/html;q=0.5, application/json', 'application/json'],
    ['text/*', 'text/html'],
    ['application/*', 'application/problem+json'],
    ['*/*', 'application/problem+json'],
    ['*/*, text/html;q=0.1', 'application/problem+json'],
    ['text/plain, */*;q=0.1', 'text/plain'],
    ['application/problem+json;q=0, */*', 'application/json'],
    ['application/xml, text/plain;q=0.1', 'text/plain'],
    [BROWSER, 'text/html'],
    ['application/json; charset=utf-8', 'application/json'],
    ['text/html;level=1', 'text/html'],
    ['text/html ; level="1,2;q=0" ; Q=0.3 , text/plain;q=0.2', 'text/html'],
    ['text/html;a="\\",b";q=0.1, text/plain', 'text/plain'],
    ['application/json;profile="a, text/plain;q=1", text/html;q=0.5', 'application/json'],
    ['text/html;;q=0.5;, text/plain;q=0.4', 'text/html'],
    ['text/*;q=0.9, text/html;q=0.1, */*;q=0.5', 'text/plain'],
    ['*/*;q=0.9, text/plain;q=0.9', 'text/plain'],
    ['text/plain, text/html', 'text/plain'],
    ['text/html;q=0.2, text/html;q=0.8, text/plain;q=0.5', 'text/html'],
    ['text/html;q=2, text/plain', 'text/plain'],
    ['text/html;q=0.1234, text/plain;q=0.1', 'text/plain'],
    ['text/html;q="0.9", text/plain;q=0.1', 'text/plain'],
    ['text/html;q=, text/plain;q=0.1', 'text/plain'],
    ['te xt/html, text/plain', 'text/plain'],
    ['text/"html, text/plain', 'text/plain'],
    ['text/html;a="b, text/plain', 'text/plain'],
  ])('for %j is %s', (accept, media) => {
    expect(negotiateMedia(accept, MEDIA)).toBe(media);
  });

  test.each(
    [
      undefined,
      '',
      ' ',
      ',;,',
      '/',
      'html',
      'image/png',
      'text/html;q=0',
      '*/*;q=0',
      'text/html;q=abc',
      'text/html;level',
      'text/html;q=1;q=2',
      '__proto__/constructor',
      '\u0000',
      'text/html\r\nx: y',
    ].map((accept) => [accept]),
  )('for %j is the first offered', (accept) => {
    expect(negotiateMedia(accept, MEDIA)).toBe(MEDIA[0]);
    expect(negotiateMedia(accept, ['application/json', 'text/plain'])).toBe('application/json');
  });

  const padded = (end: string, length: number) => {
    const filler = 'a/b,'.repeat(300).slice(0, length - end.length - 1);
    return `${filler},${end}`;
  };
  test.each([
    [1023, 'text/html'],
    [1024, 'text/html'],
    [1025, 'application/problem+json'],
    [1_000_000, 'application/problem+json'],
  ])('at the end of a header of %i characters is %s', (length, media) => {
    const header = padded('text/html', 1024).length === 1024 ? padded('text/html', length) : '';
    expect(negotiateMedia(header, MEDIA)).toBe(media);
    expect(negotiateMedia(`text/plain;q=0.5,${padded('text/html', length - 17)}`, MEDIA)).toBe(
      media === 'text/html' ? media : 'text/plain',
    );
  });

  test('is not read from half a word', () => {
    const header = padded('text/html', 1024);
    expect(negotiateMedia(`${header};q=0,text/plain`, MEDIA)).toBe(MEDIA[0]);
    expect(negotiateMedia(`text/html${' '.repeat(2000)}`, MEDIA)).toBe('text/html');
  });

  test('is one of the offers for any header, in our order where the header is indifferent', () => {
    fc.assert(
      fc.property(junk, fc.shuffledSubarray(MEDIA, { minLength: 1 }), (accept, offers) => {
        expect(offers).toContain(negotiateMedia(accept, offers));
        expect(negotiateMedia('*/*', offers)).toBe(offers[0]);
        expect(negotiateMedia(offers.map((offer) => `${offer};q=0`).join(), offers)).toBe(offers[0]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('The language', () => {
  test.each([
    [undefined, 'am', 'am'],
    [undefined, 'AM', 'am'],
    [undefined, 'am-ET', 'am'],
    [undefined, 'am-Ethi-ET', 'am'],
    [undefined, 'en-GB,en;q=0.9,am;q=0.8', 'en'],
    [undefined, 'am-ET,am;q=0.9,en-US;q=0.8,en;q=0.7', 'am'],
    [undefined, 'fr, am;q=0.1', 'am'],
    [undefined, 'en;q=0.1, am;q=0.2', 'am'],
    [undefined, 'en;q=0, *', 'am'],
    [undefined, '*', 'en'],
    [undefined, 'en-US,am;q=0.7,en;q=0.3', 'en'],
    [undefined, 'en-US, am;q=0.7, en;q=0', 'am'],
    [undefined, 'am;q=0.5, om;q=0.5', 'am'],
    [undefined, 'om;q=0.5, am;q=0.5', 'om'],
    [undefined, 'om;q=0.3, om-KE, am;q=0.9', 'om'],
    [undefined, 'en--US, am;q=0.1', 'am'],
    [undefined, 'en-, am;q=0.1', 'am'],
    [undefined, 'englishes, am;q=0.1', 'am'],
    [undefined, 'enx, am;q=0.1', 'am'],
    [undefined, 'en;q=1.5, am;q=0.1', 'am'],
    [undefined, '*;q=0.5, ti', 'ti'],
    ['am', undefined, 'am'],
    ['am', 'en', 'am'],
    ['am_ET', 'en', 'am'],
    ['AM-et', 'en', 'am'],
    ['fr', 'am', 'am'],
    ['fr', undefined, 'en'],
    ['fr', 'de', 'en'],
    ['', 'am', 'am'],
    [' ', 'am', 'am'],
    ['__proto__', 'am', 'am'],
    ['toString', 'am', 'am'],
  ])('of a user of %j who sends %j is %s', (own, accept, language) => {
    expect(negotiateLanguage(own, accept, LANGUAGES)).toBe(language);
  });

  test.each([
    ['amh', 'am'],
    ['eng', 'en'],
    ['gaz', 'om'],
    ['orm', 'om'],
    ['tir', 'ti'],
    ['som', 'so'],
    ['AMH', 'am'],
    ['orm-ET', 'om'],
    ['gaz_ET', 'om'],
    ['tir-ER', 'ti'],
    ['som_SO', 'so'],
    ['om-ET', 'om'],
    ['om-KE', 'om'],
    ['ti-ER', 'ti'],
    ['ti-ET', 'ti'],
    ['so-SO', 'so'],
    ['so-KE', 'so'],
    ['so_ET', 'so'],
  ])('%s is also asked for as %s', (alias, language) => {
    expect(negotiateLanguage(alias, undefined, LANGUAGES)).toBe(language);
    expect(negotiateLanguage(alias, undefined, LANGUAGES.toReversed())).toBe(language);
    expect(negotiateLanguage(undefined, `fr, ${alias};q=0.9, en;q=0.1`, LANGUAGES)).toBe(language);
  });

  test.each(['gaz', 'orm', 'tir', 'som', 'om', 'om-ET', 'om-KE', 'ti', 'ti-ER', 'so', 'so-SO', 'so-KE'])(
    '%s changes nothing where it is not offered',
    (tag) => {
      expect(negotiateLanguage(tag, tag, ['en', 'am'])).toBe('en');
      expect(negotiateLanguage(tag, tag, ['am', 'en'])).toBe('am');
      expect(negotiateLanguage(tag, 'am-ET', ['en', 'am'])).toBe('am');
      expect(negotiateLanguage(undefined, `${tag}, am;q=0.5, en;q=0.4`, ['en', 'am'])).toBe('am');
    },
  );

  test.each(['x-amh', 'amhara', 'am2', 'a', 'zz', 'q=am', '*;q=0', 'am;q=0'])(
    '%s asks for none of them',
    (header) => {
      expect(negotiateLanguage(header, header, LANGUAGES)).toBe('en');
    },
  );

  test.each([undefined, '', ' ', ',;,', ';q=1', '\u0000'].map((header) => [header]))(
    'for %j is the first offered',
    (header) => {
      expect(negotiateLanguage(header, header, ['am', 'en'])).toBe('am');
    },
  );

  test('is one of the offers for any header', () => {
    fc.assert(
      fc.property(
        fc.option(junk, { nil: undefined }),
        junk,
        fc.shuffledSubarray(LANGUAGES, { minLength: 1 }),
        (own, accept, offers) => {
          expect(offers).toContain(negotiateLanguage(own, accept, offers));
          expect(negotiateLanguage(undefined, '*', offers)).toBe(offers[0]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each([null, undefined, 42, {}, ['om']])(
    'of a user for whom the platform says %p is the header’s',
    (own) => {
      expect(negotiateLanguage(own, 'am', LANGUAGES)).toBe('am');
    },
  );
});

test('An offered region is asked for by its language and by itself, not by another region', () => {
  const offers = ['en', 'pt-BR'];
  expect(
    ['pt', 'pt-BR', 'PT-br', 'pt-BR-x-a', 'pt-PT', 'p'].map((tag) =>
      negotiateLanguage(tag, undefined, offers),
    ),
  ).toEqual([...['pt-BR', 'pt-BR', 'pt-BR', 'pt-BR'], ...['en', 'en']]);
});

describe('By the book', () => {
  interface Part {
    readonly range: string;
    readonly q: number;
  }

  const space = fc.constantFrom('', ' ', '\t', '  ');
  const parameter = fc.constantFrom('', 'level=1', 'a="b"', 'a="b,c;q=0"', 'a="\\"";', 'charset=utf-8');
  const weight = fc.constantFrom('q=0', 'Q=0.000', 'q=0.3', 'q=0.30', 'q=0.7', 'q=1', 'q=1.0', '');
  const malformed = fc.constantFrom('', '/', ';q=1', 'a b', 'text/html;q=2', 'en;q=x', 'am;a', 'en;q=0.5;b=');

  /** A header, and what it says, part by part. */
  const headers = (ranges: readonly string[]) =>
    fc
      .array(
        fc.oneof(
          { weight: 1, arbitrary: malformed.map((text) => ({ text, part: undefined })) },
          {
            weight: 4,
            arbitrary: fc
              .tuple(fc.constantFrom(...ranges), fc.array(parameter, { maxLength: 2 }), weight, space, space)
              .map(([range, parameters, q, before, after]) => ({
                text: `${before}${[range, ...parameters, q].join(`${after};${before}`)}${after}`,
                part: { range: range.toLowerCase(), q: q === '' ? 1 : Number(q.slice(2)) },
              })),
          },
        ),
        { maxLength: 8 },
      )
      .map((parts) => ({
        header: parts.map(({ text }) => text).join(','),
        parts: parts.flatMap(({ part }) => part ?? []),
      }));

  /** The first by several orders, one after another; each gives a number, the higher the better. */
  const firstBy = <T>(all: readonly T[], ...orders: readonly ((one: T) => number)[]): T | undefined =>
    all.toSorted(
      (one, other) => orders.map((order) => order(other) - order(one)).find((by) => by !== 0) ?? 0,
    )[0];

  test('the most specific range decides on a media type, and the highest q wins', () => {
    const specificity = (range: string): number => (range === '*/*' ? 0 : range.endsWith('/*') ? 1 : 2);
    const covers = (range: string, [type]: readonly string[], offer: string): boolean =>
      range === '*/*' || range === `${String(type)}/*` || range === offer;

    const reference = (parts: readonly Part[], offers: readonly string[]): string => {
      const wanted = offers.flatMap((offer, ours) => {
        const matching = parts
          .map((part, at) => ({ ...part, at, offer, ours, how: specificity(part.range) }))
          .filter(({ range }) => covers(range, offer.split('/'), offer));
        const decisive = firstBy(
          matching,
          ({ how }) => how,
          ({ q }) => q,
          ({ at }) => -at,
        );
        return decisive === undefined || decisive.q === 0 ? [] : [decisive];
      });
      const best = firstBy(
        wanted,
        ({ q }) => q,
        ({ how }) => how,
        ({ at }) => -at,
        ({ ours }) => -ours,
      );
      return best?.offer ?? offers[0]!;
    };

    const ranges = [...MEDIA, 'TEXT/HTML', 'text/*', 'application/*', 'image/*', 'image/png', '*/*'];
    fc.assert(
      fc.property(
        headers(ranges),
        fc.shuffledSubarray(MEDIA, { minLength: 1 }),
        ({ header, parts }, offers) => {
          expect(negotiateMedia(header, offers)).toBe(reference(parts, offers));
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('the highest q of all that match is a language’s, unless it is refused itself', () => {
    const reference = (parts: readonly Part[], offers: readonly string[]): string => {
      const wanted = offers.flatMap((offer, ours) => {
        if (parts.some(({ range, q }) => range === offer && q === 0)) return [];
        const matching = parts
          .map((part, at) => ({ ...part, at, offer, ours }))
          .filter(({ range }) => range === '*' || range.split('-')[0] === offer);
        const decisive = firstBy(
          matching,
          ({ q }) => q,
          ({ at }) => -at,
        );
        return decisive === undefined || decisive.q === 0 ? [] : [decisive];
      });
      const best = firstBy(
        wanted,
        ({ q }) => q,
        ({ at }) => -at,
        ({ ours }) => -ours,
      );
      return best?.offer ?? offers[0]!;
    };

    const ranges = [...LANGUAGES, 'EN', 'en-US', 'en-GB', 'am-Ethi-ET', 'om-KE', 'fr', 'fr-CA', '*'];
    fc.assert(
      fc.property(
        headers(ranges),
        fc.shuffledSubarray(LANGUAGES, { minLength: 1 }),
        ({ header, parts }, offers) => {
          expect(negotiateLanguage(undefined, header, offers)).toBe(reference(parts, offers));
        },
      ),
      { numRuns: 5000 },
    );
  });
});

test('Of a header that is too long all that stands before the bound is read, in whole', () => {
  const header = `${'fr,'.repeat(339)}am,${'x'.repeat(50)}`;
  expect(negotiateLanguage(undefined, header, LANGUAGES)).toBe('am');
  expect(negotiateLanguage(undefined, `${'fr,'.repeat(350)}am`, LANGUAGES)).toBe('en');
});

test.each([
  ['commas', ','],
  ['media types', 'text/html;q=0.1,'],
  ['three-letter languages', 'amh-'],
  ['one word', 'a'],
  ['hyphens', '-'],
  ['quotes', '"\\'],
])('A header of 1 MB of %s is read in no time', (_, unit) => {
  const header = unit.repeat(2 ** 20 / unit.length);
  expect(milliseconds(() => negotiateMedia(header, MEDIA))).toBeLessThan(LINEAR_MS);
  expect(milliseconds(() => negotiateLanguage(header, header, LANGUAGES))).toBeLessThan(LINEAR_MS);
});
