import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clean, cut, redactor } from '../../src/translation/text.js';
import { LINEAR_MS, milliseconds, UNPRINTABLE } from './failures.js';

describe('A text that is cut', () => {
  test.each([
    ['one two', 7, 'one two'],
    ['one two', 6, 'one '],
    ['one two', 4, 'one '],
    ['one two three', 9, 'one two '],
    ['one\ntwo', 5, 'one\n'],
    ['one', 2, ''],
    ['', 5, ''],
  ])('%j at %i ends before the word that is cut: %j', (text, max, left) => {
    expect(cut(text, max)).toBe(left);
  });
});

describe('Clean text', () => {
  test.each([
    ['C0 controls', 'a\u0000b\u001fc', 'a b c'],
    ['DEL and C1 controls', 'a\u007fb\u0085c\u009fd', 'a b c d'],
    ['line breaks', 'a\r\nb\nc\u2028d\u2029e', 'a b c d e'],
    ['terminal escapes', 'a\u001b[31mb', 'a [31mb'],
    ['bidi overrides', 'a\u202eb\u202ac', 'abc'],
    ['bidi isolates and marks', 'a\u2066b\u2069c\u200ed\u061ce', 'abcde'],
    ['zero-width characters', 'a\u200bb\u200dc\ufeffd\u00ade', 'abcde'],
    ['tag characters', 'a\u{e0041}b', 'ab'],
    ['lone surrogates', 'a\ud800b\udc00c', 'abc'],
    ['space around', ' \n a \u0000', 'a'],
  ])('has no %s', (_, text, cleaned) => {
    expect(clean(text, 100)).toBe(cleaned);
  });

  test.each(['', 'TIN must be 10 digits.', 'እባክዎ እንደገና ይሞክሩ።', 'naïve – “quoted” 👍', '<b>&amp;</b>'])(
    'is otherwise what it was: %j',
    (text) => {
      expect(clean(text, 100)).toBe(text);
    },
  );

  test.each([
    [9, 9],
    [10, 10],
    [11, 10],
    [1_000_000, 10],
  ])('of %i characters has %i where 10 are allowed', (length, kept) => {
    expect(clean('a'.repeat(length), 10)).toHaveLength(kept);
  });

  test('is looked for no further than four times its length', () => {
    expect(clean(`${' '.repeat(39)}a`, 10)).toBe('a');
    expect(clean(`${' '.repeat(40)}a`, 10)).toBe('');
  });

  test('is not cut through a character', () => {
    expect(clean('👍👍', 3)).toBe('👍\ufffd');
    expect(clean('a'.repeat(39) + '👍', 10)).toBe('a'.repeat(10));
  });

  test('is printable and bounded, whatever it was made of', () => {
    const hostile = fc.constantFrom(
      '\u0000',
      '\n',
      '\u001b',
      '\u0085',
      '\u2028',
      '\u202e',
      '\u2066',
      '\ufeff',
      '\ud800',
      '\udc00',
      '👍',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: hostile })),
        fc.integer({ min: 1, max: 60 }),
        (text, max) => {
          const cleaned = clean(text, max);
          const isFit = !UNPRINTABLE.test(cleaned) && cleaned.length <= max && !cleaned.startsWith(' ');
          expect([isFit, cleaned.isWellFormed()]).toEqual([true, true]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each(['\u0000', '\u202e', ' ', '\ud800', 'a'])('of 64 KiB of %j is had in no time', (unit) => {
    expect(milliseconds(() => clean(unit.repeat(65_536), 512))).toBeLessThan(LINEAR_MS);
  });
});

describe('A redacted text', () => {
  const redact = redactor('pub.lic!:sec.ret!');

  test.each([
    ['the key', 'key pub.lic!:sec.ret! is wrong', 'key [redacted] is wrong'],
    ['its public half', 'no account for pub.lic!', 'no account for [redacted]'],
    ['its secret half', 'bad secret sec.ret!', 'bad secret [redacted]'],
    ['the halves in the wrong order', 'sec.ret!:pub.lic!', '[redacted]:[redacted]'],
    ['several of them', 'sec.ret! sec.ret! pub.lic!', '[redacted] [redacted] [redacted]'],
    ['the key amid other letters', 'Xpub.lic!:sec.ret!X', 'X[redacted]X'],
    ['the key in other letters', 'key PUB.LIC!:SEC.RET! is wrong', 'key [redacted] is wrong'],
    ['the key in base64', `Basic ${Buffer.from('pub.lic!:sec.ret!').toString('base64')}`, 'Basic [redacted]'],
    ['the key in a query', 'key=pub.lic!%3Asec.ret!', 'key=[redacted]'],
    ['any public key', 'lk_pub_123 is unknown', '[redacted] is unknown'],
    ['any secret key', 'used pk_live_1:sk_live_2', 'used [redacted]'],
    ['any test key', 'key PK_TEST_a-b', 'key [redacted]'],
    ['an older key', 'LAKIPUB_abc:LAKISEC_def', '[redacted]'],
    ['a webhook secret', 'with whsec_0a1b2c', 'with [redacted]'],
    ['whatever has the form of a key', 'got abcdef01:ghijkl02 instead', 'got [redacted] instead'],
  ])('does not hold %s', (_, text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  test.each([
    '',
    'TIN must be 10 digits.',
    'at 12:30:15',
    'ratio 1:2',
    'see https://example.com',
    'risk_score is high',
  ])('is otherwise what it was: %j', (text) => {
    expect(redact(text)).toBe(text);
  });

  test.each([undefined, 'a:b', ':', 'abc'])(
    'is whole where the key %j is none or too short to look for',
    (apiKey) => {
      expect(redactor(apiKey)('a b c abc: fine')).toBe('a b c abc: fine');
    },
  );

  test.each(['ab$&cd', 'a$1b', 'a.*b', '(a+)+', '[a-z]', 'a\\bc'])(
    'does not hold %s, whatever it means elsewhere',
    (secret) => {
      const redact = redactor(`public-1:${secret}`);
      expect(redact(`<${secret}>`)).toBe('<[redacted]>');
      expect(redact('aaaab and abc')).toBe('aaaab and abc');
    },
  );

  test.each(['a', '-', 'a-', ':', 'a:', 'abcdef:', 'lk_', 'whsec_', ' a'])(
    'of 16 KiB of %j is had in no time',
    (unit) => {
      const text = unit.repeat(16_384 / unit.length);
      expect(milliseconds(() => redact(text))).toBeLessThan(LINEAR_MS);
    },
  );

  test('holds neither half, wherever it stood', () => {
    const half = fc.stringMatching(/^[a-z0-9]{4,12}$/);
    fc.assert(
      fc.property(half, half, fc.string(), fc.string(), (name, secret, before, after) => {
        fc.pre(!'[redacted]'.includes(name) && !'[redacted]'.includes(secret));
        const redacted = redactor(`${name}:${secret}`)(`${before}${name}:${secret}${after} ${secret}`);
        expect(redacted.replaceAll('[redacted]', '')).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });
});
