import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digest, fingerprint } from '../../src/idempotency/fingerprint.js';

/** The same value, the properties of its objects in another order. */
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
}

describe('A fingerprint', () => {
  test('is the same for the same JSON, whatever the order of its properties', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fingerprint('', reversed(value))).toBe(fingerprint('', value));
        expect(fingerprint('', JSON.parse(JSON.stringify(value)))).toBe(fingerprint('', value));
      }),
    );
  });

  test('is another for other JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const isSame = JSON.stringify(sortedDeeply(one)) === JSON.stringify(sortedDeeply(other));
        expect(fingerprint('', one) === fingerprint('', other)).toBe(isSame);
      }),
    );
  });

  test.each<[string, unknown, unknown]>([
    ['a number and its text', { amount: 10 }, { amount: '10' }],
    ['an order of items', [1, 2], [2, 1]],
    ['nothing and null', { note: null }, {}],
    ['bytes', Buffer.from('a=1'), Buffer.from('a=2')],
    ['texts', 'a=1', 'a=2'],
    ['a body and none', {}, undefined],
    [
      'what is named __proto__',
      JSON.parse('{"__proto__":{"amount":1}}'),
      JSON.parse('{"__proto__":{"amount":2}}'),
    ],
  ])('tells %s apart', (_, one, other) => {
    expect(fingerprint('', one)).not.toBe(fingerprint('', other));
  });

  test('shows nothing of what was said', () => {
    expect(fingerprint('?phone=251911000000', { phone: '251911000000' })).toMatch(/^[\w-]{43}$/);
  });

  test('tells queries apart, and a query from a body', () => {
    expect(fingerprint('?a=1', {})).not.toBe(fingerprint('?a=2', {}));
    expect(fingerprint('?a', 'b')).not.toBe(fingerprint('?', 'ab'));
  });

  test('takes bytes as they are, and not as the JSON that a parser made of them', () => {
    const bytes = Buffer.from('{"amount":10}');
    expect(fingerprint('', bytes)).toBe(fingerprint('', new Uint8Array(bytes)));
    expect(fingerprint('', bytes)).not.toBe(fingerprint('', bytes.toJSON()));
    expect(fingerprint('', bytes)).toBe(fingerprint('', { amount: 10 }));
  });

  test('takes a date as JSON does', () => {
    const at = new Date(0);
    expect(fingerprint('', { at })).toBe(fingerprint('', { at: at.toJSON() }));
  });

  test.each<[string, unknown, RegExp]>([
    ['NaN', { amount: NaN }, /^NaN is no JSON$/],
    ['Infinity', [Infinity], /^Infinity is no JSON$/],
    ['a BigInt', { amount: 10n }, /BigInt/],
    ['a Map', { parts: new Map([['amount', 10]]) }, /^a Map or a Set is no JSON$/],
    ['a Set', new Set([1]), /^a Map or a Set is no JSON$/],
  ])('is not made of %s, which JSON would lose', (_, body, message) => {
    expect(() => fingerprint('', body)).toThrow(TypeError);
    expect(() => fingerprint('', body)).toThrow(message);
  });

  test.each([
    ['an array', (inner: unknown) => [inner]],
    ['an object', (inner: unknown) => ({ inner })],
  ])('is made of 1,000 levels of %s, and of no more', (_, around) => {
    let body: unknown = 1;
    for (let depth = 0; depth < 1000; depth++) body = around(body);
    expect(fingerprint('', body)).toMatch(/^[\w-]{43}$/);
    expect(() => fingerprint('', around(body))).toThrow(RangeError);
    for (let depth = 0; depth < 100_000; depth++) body = around(body);
    expect(() => fingerprint('', body)).toThrow(/^more than 1000 levels of JSON$/);
  });

  // 2 to the power of 40 values: without a limit this test does not end.
  test.each([
    ['in an array', (part: unknown) => [part, part]],
    ['in an object', (part: unknown) => ({ one: part, other: part })],
  ])('is not made of a small body that holds the same part again and again %s, as YAML can', (_, twice) => {
    let body: unknown = {};
    for (let times = 0; times < 40; times++) body = twice(body);
    expect(() => fingerprint('', body)).toThrow(/^more than 4194304 characters of JSON$/);
  });

  test('is made of 4 MiB of JSON, and of no more', () => {
    const text = 'x'.repeat(4 * 1024 * 1024 - 4);
    expect(fingerprint('', { a: text })).toMatch(/^[\w-]{43}$/);
    expect(() => fingerprint('', { a: `${text}x` })).toThrow(RangeError);
    expect(() => fingerprint('', { [text]: 'xx' })).toThrow(RangeError);
    expect(fingerprint('', Buffer.alloc(text.length + 5))).toMatch(/^[\w-]{43}$/);
  });

  test('takes what JSON leaves out as left out', () => {
    const none = (): undefined => undefined;
    expect(fingerprint('', { a: 1, b: undefined, c: none, d: { toJSON: none } })).toBe(
      fingerprint('', { a: 1 }),
    );
    expect(fingerprint('', [undefined, none])).toBe(fingerprint('', [null, null]));
    expect(fingerprint('', [undefined])).not.toBe(fingerprint('', []));
    expect(fingerprint('', [-0, 1e21])).toBe(fingerprint('', JSON.parse('[0, 1e21]')));
  });
});

describe('A digest', () => {
  test('is another where the same letters stand in other parts', () => {
    expect(digest('ab', 'c')).not.toBe(digest('a', 'bc'));
    expect(digest('ab', 'c')).not.toBe(digest('abc'));
    expect(digest('1:a')).not.toBe(digest('', 'a'));
  });

  test('shows nothing of its parts, and fits a key of Redis', () => {
    expect(digest('cm_1', 'POST', '/payments', 'k1')).toMatch(/^[\w-]{43}$/);
  });
});

function sortedDeeply(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortedDeeply);
  const entries = Object.entries(value).map(([name, inner]) => [name, sortedDeeply(inner)] as const);
  return { entries: entries.sort(([one], [other]) => (one < other ? -1 : 1)) };
}
