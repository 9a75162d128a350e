import { describe, expect, test } from '@jest/globals';
import { am, en, type Issue, type WholeLocale } from 'lakiconnect-middleware';
import { om } from 'lakiconnect-middleware/locales/om';
import { so } from 'lakiconnect-middleware/locales/so';
import { ti } from 'lakiconnect-middleware/locales/ti';
import { issueText } from '../../src/translation/issues.js';
import { LINEAR_MS, milliseconds } from './failures.js';

const LOCALES: readonly WholeLocale[] = [en, am, om, so, ti];

/** What the provider says, and what it means. */
const SAID: readonly (readonly [said: string, Issue, Readonly<Record<string, string>>])[] = [
  ['cannot be blank', 'required', {}],
  ['is required', 'required', {}],
  ['has the wrong type', 'type', {}],
  [
    'json: cannot unmarshal string into Go struct field HostedCheckoutRequest.amount of type float64',
    'type',
    {},
  ],
  ['the length must be no less than 3', 'minLength', { min: '3' }],
  ['the length must be no more than 100', 'maxLength', { max: '100' }],
  ['the length must be exactly 12', 'length', { n: '12' }],
  ['the length must be between 1 and 100', 'lengthRange', { min: '1', max: '100' }],
  ['must be no less than 0.01', 'minimum', { min: '0.01' }],
  ['must be no greater than 50000', 'maximum', { max: '50000' }],
  ['must be greater than 0', 'exclusiveMinimum', { n: '0' }],
  ['must be less than -5', 'exclusiveMaximum', { n: '-5' }],
  ['must be between 1 and 2.5', 'range', { min: '1', max: '2.5' }],
  ['must be a valid URL', 'url', {}],
  ['must be a valid value', 'choice', {}],
  ['must be one of ETB, USD', 'choice', {}],
  ['TIN must be 10 digits.', 'digits', { n: '10' }],
  ['is invalid', 'invalid', {}],
  ['Cannot be blank.', 'required', {}],
];

describe.each(LOCALES)('In $tag', (locale) => {
  test.each(SAID)('“%s” is told as %s', (said, issue, numbers) => {
    const text = Object.entries(numbers).reduce(
      (template, [name, number]) => template.replace(`{${name}}`, number),
      locale.issues[issue],
    );
    for (const audience of ['merchant', 'customer'] as const) {
      expect(issueText(said, audience, locale.issues)).toEqual({ text, isEnglish: false });
    }
    expect(text).not.toMatch(/[{}]/);
  });

  test('every issue has a text, with the numbers that the English one has', () => {
    const numbersIn = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    expect(Object.keys(locale.issues)).toEqual(Object.keys(en.issues));
    for (const issue of Object.keys(en.issues) as Issue[]) {
      expect(numbersIn(locale.issues[issue])).toEqual(numbersIn(en.issues[issue]));
    }
    expect(new Set(Object.values(locale.issues)).size).toBe(Object.keys(en.issues).length);
  });

  test('texts are in one line, in its own script, and end without a period', () => {
    const word = ['am', 'ti'].includes(locale.tag) ? /^\p{Script=Ethiopic}+$/u : /^[A-Za-z]+$/;
    for (const text of Object.values(locale.issues)) {
      for (const letters of text.replace(/\{\w+\}/g, ' ').match(/[\p{L}\p{M}]+/gu) ?? [])
        expect(letters).toMatch(word);
      expect(text).not.toMatch(/[.።]$|[\p{C}\p{Zl}\p{Zp}]| {2}|[<>[\]_*]/u);
      expect(text).toBe(text.trim());
    }
  });
});

test('No two languages have a text of an issue in common', () => {
  const texts = LOCALES.flatMap(({ issues }) => Object.values(issues));
  expect(new Set(texts).size).toBe(texts.length);
});

describe('What the provider words in another way', () => {
  test.each([
    'must start with https://',
    'the value is 5 too high',
    'cannot be blank or so',
    'must be no less than a lot',
    'must be no less than 1e9',
    'the length must be exactly 3.5',
    'TIN must be ten digits',
    '',
  ])('a merchant reads as it is, a customer as “is not valid”: %j', (said) => {
    expect(issueText(said, 'merchant', am.issues)).toEqual({ text: said, isEnglish: true });
    expect(issueText(said, 'customer', am.issues)).toEqual({ text: am.issues.invalid, isEnglish: false });
  });

  test.each([
    'cannot convert entity.TransactionRedirects',
    'unknown member HostedCheckoutRequest.amount',
    'not a Go struct',
    'into Go value of type float64',
  ])('nobody reads where it names a struct: %j', (said) => {
    for (const audience of ['merchant', 'customer'] as const) {
      expect(issueText(said, audience, am.issues)).toEqual({ text: am.issues.invalid, isEnglish: false });
    }
  });
});

test('A language without a text says it in English, and that it does', () => {
  expect(issueText('cannot be blank', 'customer', {})).toEqual({ text: 'is required', isEnglish: true });
  expect(issueText('the length must be exactly 3', 'customer', { length: 'exactement {n}' })).toEqual({
    text: 'exactement 3',
    isEnglish: false,
  });
  expect(issueText('nonsense', 'customer', {})).toEqual({ text: 'is not valid', isEnglish: true });
});

test('A number that a text does not have stays as it is written there', () => {
  expect(issueText('must be a valid URL', 'customer', { url: 'like {n}' }).text).toBe('like {n}');
});

test.each([
  'must be no less than ' + '1'.repeat(60_000),
  'a '.repeat(30_000),
  'a.'.repeat(30_000),
  ' '.repeat(60_000) + 'x',
])('A long text is read in no time', (said) => {
  expect(milliseconds(() => issueText(said, 'merchant', en.issues))).toBeLessThan(LINEAR_MS);
});
