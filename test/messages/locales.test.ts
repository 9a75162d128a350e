import { describe, expect, test } from '@jest/globals';
import { am, createLakiConnect, en, type Audience, type Locale, type Text } from 'lakiconnect-middleware';
import { om } from 'lakiconnect-middleware/locales/om';
import { so } from 'lakiconnect-middleware/locales/so';
import { ti } from 'lakiconnect-middleware/locales/ti';
import { KINDS, RULES, type PublicCode, type Rule } from '../../src/translation/rules.js';

const LOCALES: readonly Locale[] = [en, am, om, so, ti];
const AUDIENCES: readonly Audience[] = ['merchant', 'customer'];
const MASKED: readonly PublicCode[] = [
  'KYC_NOT_APPROVED',
  'FEE_CONFIG_NOT_SET',
  'CONNECTED_MERCHANT_NOT_FOUND',
  'PAYMENTS_UNAVAILABLE',
];
/** Both say that something went wrong; their details say what to do about it. */
const ALIKE: readonly PublicCode[] = ['INTERNAL_ERROR', 'UNRECOGNISED'];

const CODES = [
  ...new Set([
    ...KINDS.flatMap((kind): readonly string[] => [RULES[kind].code, ...maskOf(RULES[kind])]),
    'OUTCOME_UNKNOWN',
  ]),
] as readonly PublicCode[];
const TEXTS = LOCALES.flatMap(({ tag, texts }) =>
  CODES.flatMap((code) => AUDIENCES.map((audience) => ({ tag, code, audience, ...texts[code][audience] }))),
);

function maskOf(rule: Rule): readonly string[] {
  return rule.customer === undefined ? [] : [rule.customer.code];
}
const whole = ({ title, detail }: Text) => `${title}\n${detail}`;

/** What no text says, in each language. */
const NEVER: Readonly<Record<string, RegExp>> = {
  en: /fail|declin|not been charged|not charged|no money/i,
  am: /አልተሳካ|አልተቀነሰ|አልተከፈለ|ውድቅ|ከሽፏል/,
  om: /kuf(e|te)|milkaa|fashala|hin kaffalamne|hin hir'anne|didame/i,
  so: /fashil|guuldarr|lama (bixin|jarin|gudbin)|la diiday/i,
  ti: /ፈሺል|ኣይተዓወተ|ኣይተኸፈለ|ኣይጎደለ|ተነጺጉ/,
};
const VERIFICATION: Readonly<Record<string, RegExp>> = {
  en: /kyc|verif|approv|identity|document|complian|licen[cs]e|suspend/i,
  am: /ረጋገ|ሰነድ|ጸድቅ|ጸደቀ|መታወቂያ|ፈቃድ|ታግዷል/,
  om: /mirkan|sanad|ragga|eenyummaa|hayyama|eeyyama|uggur/i,
  so: /xaqiij|dukumiint|ansix|aqoonsi|shati|liisan|hakad/i,
  ti: /ረጋግጽ|ረጋገጸ|ርግጋጽ|ሰነድ|ጸደቐ|ጽድቕ|መንነት|ፍቓድ|ተኣጊዱ/,
};
const LATIN = /^[A-Za-z]+$/;
const ETHIOPIC = /^\p{Script=Ethiopic}+$/u;
const SCRIPT: Readonly<Record<string, RegExp>> = {
  en: LATIN,
  am: ETHIOPIC,
  om: LATIN,
  so: LATIN,
  ti: ETHIOPIC,
};
const STOP: Readonly<Record<string, string>> = { en: '.', am: '።', om: '.', so: '.', ti: '።' };

/** What only another language has that is written with the same letters. */
const FOREIGN: Readonly<Record<string, RegExp>> = {
  en: /maaloo|fadlan/i,
  am: /በጃኹም|ክፍሊት|ኣይ|ደጊም|ድኳን|[ቐኸ]/,
  om: /\b(please|fadlan|lacag|payment)\b/i,
  so: /\b(please|maaloo|kaffaltii|payment)\b/i,
  ti: /እባክ|ነው|ናቸው|አ|ክፍያ|ይሞክሩ|እንደገና|ሱቅ|ሂሳብ/,
};

describe.each(LOCALES)('The language $tag', ({ tag, texts }) => {
  test('has a text for every public code and no other', () => {
    expect(Object.keys(texts).sort()).toEqual([...CODES].sort());
    for (const code of CODES) expect(Object.keys(texts[code]).sort()).toEqual(['customer', 'merchant']);
  });

  test.each(AUDIENCES)('says the same twice to a %s only where the meaning is the same', (audience) => {
    const hidden = audience === 'customer' ? MASKED.slice(1) : [];
    const distinct = CODES.filter((code) => !hidden.includes(code));
    expect(new Set(distinct.map((code) => whole(texts[code][audience]))).size).toBe(distinct.length);
    const titled = distinct.filter((code) => code !== ALIKE[1]);
    expect(new Set(titled.map((code) => texts[code][audience].title)).size).toBe(titled.length);
  });

  test('tells a customer the same of every shop that cannot be paid', () => {
    expect(new Set(MASKED.map((code) => whole(texts[code].customer))).size).toBe(1);
  });

  test('tells the two whose title is alike apart by what to do', () => {
    const [first, second] = ALIKE.map((code) => texts[code].customer);
    expect(first?.title).toBe(second?.title);
    expect(first?.detail).not.toBe(second?.detail);
  });

  test(`is written in its own script, in one line, as a sentence`, () => {
    for (const { title, detail } of TEXTS.filter((text) => text.tag === tag)) {
      for (const word of `${title} ${detail}`.match(/[\p{L}\p{M}]+/gu) ?? [])
        expect(word).toMatch(SCRIPT[tag] as RegExp);
      expect(`${title}${detail}`).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]| {2}|\d|[<>{}[\]_*]/u);
      expect(detail.endsWith(STOP[tag] as string)).toBe(true);
      expect(title).not.toMatch(/[.።!]$/);
      expect([title.trim(), detail.trim()]).toEqual([title, detail]);
    }
  });
});

describe.each(TEXTS)('The $tag text of $code for a $audience', ({ tag, audience, title, detail }) => {
  const said = `${title} ${detail}`;

  test('is short', () => {
    expect(title.length).toBeGreaterThan(3);
    expect(title.length).toBeLessThanOrEqual(60);
    expect(detail.length).toBeGreaterThan(10);
    expect(detail.length).toBeLessThanOrEqual(160);
    expect(detail).not.toContain(title);
  });

  test('names neither code nor provider nor machinery', () => {
    expect(said).not.toMatch(/laki|ላኪ|server|upstream|gateway/i);
    expect(said).not.toMatch(/[A-Z]{2,}/);
  });

  test('is in no other language', () => {
    expect(said).not.toMatch(FOREIGN[tag] as RegExp);
  });

  test('never claims that a payment was not made', () => {
    expect(said).not.toMatch(NEVER[tag] as RegExp);
  });

  if (audience === 'customer') {
    test('tells nothing of a verification', () => {
      expect(said).not.toMatch(VERIFICATION[tag] as RegExp);
    });
  }
});

describe('Of an unknown outcome', () => {
  test.each([
    ['en', 'merchant', /check the status of the payment before you try again/i],
    ['en', 'customer', /check your payment .*before you pay again/i],
    ['am', 'merchant', /ከመሞከርዎ በፊት.*ያረጋግጡ/],
    ['am', 'customer', /ከመክፈልዎ በፊት.*ይመልከቱ/],
    ['om', 'merchant', /yaaluu keessan dura.*ilaalaa/],
    ['om', 'customer', /kaffaluu keessan dura.*ilaalaa/],
    ['so', 'merchant', /hubi heerka lacag-bixinta ka hor intaadan mar kale isku dayin/],
    ['so', 'customer', /eeg lacag-bixintaada .*ka hor intaadan mar kale bixin/],
    ['ti', 'merchant', /ቅድሚ ምፍታንኩም.*ርኣዩ/],
    ['ti', 'customer', /ቅድሚ ምኽፋልኩም.*ርኣዩ/],
  ] as const)('the %s text tells a %s to check before paying again', (tag, audience, words) => {
    const locale = LOCALES.find((offered) => offered.tag === tag);
    expect(locale?.texts.OUTCOME_UNKNOWN[audience].detail).toMatch(words);
    expect(locale?.texts.OUTCOME_UNKNOWN[audience].detail).not.toMatch(/try again (in|now|later)/);
  });
});

describe('Of all languages', () => {
  test('no two have a text in common', () => {
    const sentences = LOCALES.flatMap(({ texts }) => [
      ...new Set(
        CODES.flatMap((code) =>
          AUDIENCES.flatMap((audience) => [texts[code][audience].title, texts[code][audience].detail]),
        ),
      ),
    ]);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  test.each(LOCALES)(
    '$tag is told on a page of its own, whose language is named and whose letters are whole',
    (locale) => {
      const laki = createLakiConnect({ locales: [locale], defaultLocale: locale.tag });
      const reply = laki.translate(
        { error: { code: 'NOT_FOUND' }, request_id: 'r1' },
        { accept: 'text/html' },
      );
      expect(reply?.headers['content-language']).toBe(locale.tag);
      expect(reply?.body).toContain(`<html lang="${locale.tag}">`);
      const { detail } = locale.texts.NOT_FOUND.customer;
      expect(reply?.body).toContain(`<p>${detail.replaceAll("'", '&#39;')}</p>`);
      expect(reply?.problem.detail).toBe(detail);
    },
  );

  test.each([
    ['om', 'om'],
    ['om-ET', 'om'],
    ['om-KE', 'om'],
    ['gaz', 'om'],
    ['orm', 'om'],
    ['hae, gaz;q=0.5', 'om'],
    ['ti-ER', 'ti'],
    ['ti_ET', 'ti'],
    ['tir', 'ti'],
    ['tir-ER;q=0.9, fr', 'ti'],
    ['so', 'so'],
    ['so-SO', 'so'],
    ['so-KE', 'so'],
    ['som', 'so'],
    ['amh', 'am'],
    ['fr', 'en'],
  ])('"%s" asks for %s, and gets it only where it is offered', (acceptLanguage, tag) => {
    const refusal = { error: { code: 'NOT_FOUND' }, request_id: 'r1' };
    const languageOf = (locales: readonly Locale[]) =>
      createLakiConnect({ locales }).translate(refusal, { acceptLanguage })?.headers['content-language'];
    expect(languageOf(LOCALES)).toBe(tag);
    expect(languageOf([en])).toBe('en');
  });
});
