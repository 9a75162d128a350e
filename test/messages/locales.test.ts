import { describe, expect, test } from '@jest/globals';
import { am, en, type Audience, type Locale, type Text } from 'lakiconnect-middleware';
import { KINDS, RULES, type PublicCode, type Rule } from '../../src/translation/rules.js';

const LOCALES: readonly Locale[] = [en, am];
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
};
const VERIFICATION: Readonly<Record<string, RegExp>> = {
  en: /kyc|verif|approv|identity|document|complian|licen[cs]e|suspend/i,
  am: /ረጋገ|ሰነድ|ጸድቅ|ጸደቀ|መታወቂያ|ፈቃድ|ታግዷል/,
};
const SCRIPT: Readonly<Record<string, RegExp>> = { en: /^[A-Za-z]+$/, am: /^\p{Script=Ethiopic}+$/u };
const STOP: Readonly<Record<string, string>> = { en: '.', am: '።' };

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
  ] as const)('the %s text tells a %s to check before paying again', (tag, audience, words) => {
    const locale = LOCALES.find((offered) => offered.tag === tag);
    expect(locale?.texts.OUTCOME_UNKNOWN[audience].detail).toMatch(words);
    expect(locale?.texts.OUTCOME_UNKNOWN[audience].detail).not.toMatch(/try again (in|now|later)/);
  });
});
