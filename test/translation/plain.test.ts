import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OVERSIZED, readBody } from '../../src/translation/body.js';
import { frozen, peek, plain } from '../../src/translation/plain.js';

const KIB_64 = 64 * 1024;

/** Objects inside one another. */
const nested = (depth: number): unknown => (depth === 1 ? { end: true } : { in: nested(depth - 1) });
const depthOf = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 0
    : 1 + Math.max(0, ...Object.values(value).map((item) => depthOf(item)));
const nodesOf = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 1
    : Object.values(value).reduce<number>((sum, item) => sum + nodesOf(item), 1);
const longest = (value: unknown): number =>
  typeof value === 'string'
    ? value.length
    : typeof value !== 'object' || value === null
      ? 0
      : Math.max(0, ...Object.values(value).map((item) => longest(item)));

const throwing = {
  get a() {
    throw new Error('read');
  },
};
const refusing = new Proxy(
  {},
  {
    get() {
      throw new Error('read');
    },
    ownKeys() {
      throw new Error('listed');
    },
    getPrototypeOf() {
      throw new Error('asked');
    },
  },
);

describe('A copy of a body', () => {
  test.each([
    [7, 7],
    [8, 8],
    [9, 8],
    [1000, 8],
  ])('of %i levels has %i', (levels, kept) => {
    expect(depthOf(plain(nested(levels)))).toBe(kept);
  });

  test('of 100,000 levels is made without recursion', () => {
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(depthOf(plain(deep))).toBe(8);
  });

  test.each([
    [254, 255],
    [255, 256],
    [256, 256],
    [100_000, 256],
  ])('of an array with %i items has %i nodes', (items, nodes) => {
    expect(nodesOf(plain(Array.from({ length: items }, (_, at) => at)))).toBe(nodes);
  });

  test('loses the deepest part first, not what happens to stand last', () => {
    const body = {
      noise: { noise: Array.from({ length: 300 }, () => 0) },
      error: { code: 'KYC_NOT_APPROVED' },
    };
    expect(plain(body)).toMatchObject({ error: { code: 'KYC_NOT_APPROVED' } });
  });

  test.each([
    ['511 characters', 'a'.repeat(511), 511],
    ['512 characters', 'a'.repeat(512), 512],
    ['513 characters, the last word cut off', `${'a'.repeat(500)} ${'b'.repeat(12)}`, 501],
    ['513 characters in one word, which could be half a key', 'a'.repeat(513), 0],
  ])('keeps of a text of %s a whole number of words', (_, text, length) => {
    expect(plain(text)).toHaveLength(length);
    expect(plain({ text })).toEqual({ text: text.slice(0, length) });
  });

  test.each([
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"constructor":{"polluted":1}}',
    '{"prototype":{"polluted":1}}',
    '{"a":{"__proto__":{"polluted":1}}}',
    '[{"__proto__":{"toString":1}}]',
  ])('leaves every prototype as it was: %s', (text) => {
    const prototypes = [Object, Array, Function, String].map(({ prototype }) => prototype as object);
    const before = prototypes.map((prototype) => Reflect.ownKeys(prototype));
    const copy = JSON.stringify(plain(JSON.parse(text)));
    expect(prototypes.map((prototype) => Reflect.ownKeys(prototype))).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(copy).not.toMatch(/polluted|toString/);
  });

  test.each(['success', 'status', 'error', 'error_code', 'code', 'message', 'request_id', 'errors'])(
    'keeps `%s`, however much stands before it',
    (key) => {
      const before = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${String(at)}`, at]));
      expect(plain({ ...before, [key]: 'told' })).toHaveProperty(key, 'told');
    },
  );

  test('holds nothing that the body inherits', () => {
    expect(plain(Object.create({ error: 'inherited', message: 'inherited' }))).toEqual({});
  });

  test('has no prototype to look anything up in', () => {
    const copy = plain({ a: { b: 1 } }) as { a: object };
    expect([Object.getPrototypeOf(copy), Object.getPrototypeOf(copy.a)]).toEqual([null, null]);
  });

  test('holds own scalars, arrays and objects alone', () => {
    const source = Object.assign(Object.create({ inherited: 1 }) as object, {
      a: 1,
      b: [true, null, undefined, 'x', () => 1],
      c: undefined,
      d: Symbol('d'),
      e: 1n,
      f: () => 1,
    });
    expect(plain(source)).toEqual({ a: 1, b: [true, null, 'x'] });
  });

  test('of a body that contains itself is cut', () => {
    const body: Record<string, unknown> = {};
    body['self'] = body;
    expect(depthOf(plain(body))).toBe(8);
  });

  test.each([
    ['throws when it is read', throwing],
    ['is a Proxy that refuses', refusing],
    ['is a function', () => 1],
    ['is a symbol', Symbol('a')],
    ['is undefined', undefined],
  ])('of what %s is nothing', (_, body) => {
    expect(plain(body)).toBeUndefined();
  });

  test('is bounded, whatever was sent', () => {
    fc.assert(
      fc.property(
        fc.anything({ maxDepth: 12, withNullPrototype: true, withDate: true, withMap: true }),
        (body) => {
          const copy = plain(body);
          expect(depthOf(copy) <= 8 && nodesOf(copy) <= 256 && longest(copy) <= 512).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of small JSON is the same', () => {
    const harmless = (value: unknown): boolean =>
      !/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify(value));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        fc.pre(harmless(value) && nodesOf(value) <= 256 && longest(value) <= 512);
        expect(JSON.parse(JSON.stringify(plain(value)))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('A body', () => {
  const object = { is: 'object', object: { a: 1 } };
  const bytes = (text: string) => new TextEncoder().encode(text);

  test.each<[string, unknown]>([
    ['parsed', { a: 1 }],
    ['as text', '{"a":1}'],
    ['as text with a byte order mark', '\uFEFF{"a":1}'],
    ['as text with space around', ' \r\n{"a":1}\n'],
    ['as a Buffer', Buffer.from('{"a":1}')],
    ['as bytes with a byte order mark', bytes('\uFEFF{"a":1}')],
    ['as a Uint8Array', bytes('{"a":1}')],
    ['as an ArrayBuffer', bytes('{"a":1}').buffer],
    ['as a view into a larger buffer', Buffer.from('xx{"a":1}xx').subarray(2, 9)],
    ['as a DataView', new DataView(bytes('{"a":1}').buffer)],
  ])('is an object %s', (_, body) => {
    expect(readBody(body)).toEqual(object);
  });

  test.each([undefined, null, '', ' \r\n\t', '\uFEFF', Buffer.alloc(0), new ArrayBuffer(0)])(
    'is absent: %p',
    (body) => {
      expect(readBody(body)).toEqual({ is: 'absent' });
    },
  );

  test.each([
    ['Bad Gateway', 'Bad Gateway'],
    ['  Bad Gateway\n', 'Bad Gateway'],
    ['"Bad Gateway"', 'Bad Gateway'],
    ['upstream said: {', 'upstream said: {'],
    ['id,amount\n1,2', 'id,amount\n1,2'],
  ])('is a text: %j', (body, text) => {
    expect(readBody(body)).toEqual({ is: 'text', text });
    expect(readBody(Buffer.from(body))).toEqual({ is: 'text', text });
  });

  test.each(['{"a":1}\r\n{"b":2}\n', '[]', '[{"error":{"code":"KYC_NOT_APPROVED"}}]', 'true', '42', '-1e9'])(
    'is unreadable: %j',
    (body) => {
      expect(readBody(body)).toEqual({ is: 'unreadable' });
      expect(readBody(Buffer.from(body))).toEqual({ is: 'unreadable' });
    },
  );

  test.each(['[1,2', '"abc', '"a","b"\n"c","d"', '{"a":1}\n{"a":2}'])(
    'is unreadable, though an API may mean it: %j',
    (body) => {
      expect(readBody(body)).toEqual({ is: 'unreadable' });
    },
  );

  test.each([
    '{"error":{"code":"KYC_NOT',
    '{"error":{"code":"KYC_NOT_APPROVED"}',
    '{\n  "error": {',
    '{}}',
    '{"a":1}x',
    "{'a':1}",
    '<!DOCTYPE html><title>502</title>',
    ' <html>',
    '\uFEFF<?xml version="1.0"?>',
  ])('is garbled, which no API means: %j', (body) => {
    expect(readBody(body)).toEqual({ is: 'garbled' });
    expect(readBody(Buffer.from(body))).toEqual({ is: 'garbled' });
  });

  test.each<[string, unknown]>([
    ['an array', [{ a: 1 }]],
    ['a number', 42],
    ['NaN', Number.NaN],
    ['a boolean', true],
    ['a bigint', 5n],
    ['a symbol', Symbol('a')],
    ['a function', () => 'Bad Gateway'],
    ['more than was worth reading', OVERSIZED],
    ['a view of bytes that were transferred', transferred()],
    ['a Proxy that refuses', refusing],
    ['an object that throws', throwing],
  ])('is unreadable as %s', (_, body) => {
    expect(readBody(body)).toEqual({ is: 'unreadable' });
  });

  const sized = (size: number) => `{"a":1${' '.repeat(size - 7)}}`;
  test.each([
    [KIB_64 - 1, 'object'],
    [KIB_64, 'object'],
    [KIB_64 + 1, 'unreadable'],
    [KIB_64 * 16, 'unreadable'],
  ])('of %i bytes is %s', (size, is) => {
    const text = sized(size);
    expect(text).toHaveLength(size);
    expect([text, Buffer.from(text), bytes(text).buffer].map((body) => readBody(body).is)).toEqual([
      is,
      is,
      is,
    ]);
  });

  test('is measured in bytes, not in characters', () => {
    const letters = 'ሀ'.repeat(KIB_64 / 3);
    expect(readBody(letters).is).toBe('text');
    expect(readBody(`${letters}ሀ`).is).toBe('unreadable');
  });

  test('of nested arrays beyond what JSON.stringify can write is read all the same', () => {
    const text = `{"a":1,"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(readBody(text)).toMatchObject({ is: 'object', object: { a: 1 } });
  });

  test('of any form is read without an exception', () => {
    const body = fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.json(), fc.uint8Array());
    fc.assert(
      fc.property(body, (sent) => {
        expect(['absent', 'unreadable', 'garbled', 'text', 'object']).toContain(readBody(sent).is);
      }),
      { numRuns: 500 },
    );
  });

  test('cut short or garbled anywhere is no object of another meaning', () => {
    const text = JSON.stringify({ error: { code: 'KYC_NOT_APPROVED' }, request_id: 'req_1' });
    for (let at = 0; at < text.length; at++) {
      expect(readBody(text.slice(0, at)).is).toBe(at === 0 ? 'absent' : 'garbled');
    }
  });
});

describe('One property of anything', () => {
  test.each<[string, unknown, unknown]>([
    ['of an object', { a: 1 }, 1],
    ['of a function', Object.assign(() => 1, { a: 1 }), 1],
    ['of a prototype', Object.create({ a: 1 }), 1],
    ['that is missing', {}, undefined],
    ['of null', null, undefined],
    ['of undefined', undefined, undefined],
    ['of a string', 'a', undefined],
    ['of a number', 1, undefined],
    ['that throws', throwing, undefined],
    ['that a Proxy refuses', refusing, undefined],
    ['of a revoked Proxy', revoked(), undefined],
  ])('%s is told or undefined', (_, value, expected) => {
    expect(peek(value, 'a')).toBe(expected);
  });

  test('is of objects and functions alone, whatever a scalar has', () => {
    expect(['text', 5n, Symbol('x')].map((value) => peek(value, 'constructor'))).toEqual(
      Array(3).fill(undefined),
    );
  });
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function transferred(): DataView {
  const view = new DataView(new ArrayBuffer(3));
  structuredClone(view, { transfer: [view.buffer] });
  return view;
}

test('What is frozen is so in all its parts', () => {
  const value = { a: [{ b: null }], c: { d: 'text' }, e: 5 };
  expect(frozen(value)).toBe(value);
  for (const part of [value, value.a, value.a[0], value.c]) expect(Object.isFrozen(part)).toBe(true);
  expect(['text', 5, null, true].map(frozen)).toEqual(['text', 5, null, true]);
});
