import { describe, expect, jest, test } from '@jest/globals';
import { remembered } from '../../src/translation/remembered.js';

const make = jest.fn((header: string) => (header.startsWith('none') ? undefined : header.toUpperCase()));
const made = (): string[] => make.mock.calls.splice(0).map(([header]) => header);

describe('What is made of a header', () => {
  test.each([
    ['en', 'EN'],
    ['', ''],
    ['none', undefined],
    ['__proto__', '__PROTO__'],
    ['x'.repeat(256), 'X'.repeat(256)],
  ])('%j is made once: %j', (header, result) => {
    const read = remembered(make);
    made();
    expect([read(header), read(header), read(header)]).toEqual([result, result, result]);
    expect(made()).toEqual([header]);
  });

  test('is made of texts alone', () => {
    const read = remembered(make);
    made();
    expect([undefined, null, 7, {}, ['en'], Symbol('en')].map(read)).toEqual(Array(6).fill(undefined));
    expect(made()).toEqual([]);
  });

  test('is not kept of one that is too long for a browser', () => {
    const read = remembered(make);
    const long = 'x'.repeat(257);
    made();
    expect([read(long), read(long)]).toEqual([long.toUpperCase(), long.toUpperCase()]);
    expect(made()).toEqual([long, long]);
  });

  test('is kept of 500 at most, and is right for all', () => {
    const read = remembered(make);
    const headers = Array.from({ length: 500 }, (_, at) => `header ${String(at)}`);
    made();
    for (const header of headers) read(header);
    for (const header of headers) expect(read(header)).toBe(header.toUpperCase());
    expect(made()).toHaveLength(500);
    read('one more');
    read('one more');
    expect(read('header 0')).toBe('HEADER 0');
    expect(made()).toEqual(['one more', 'header 0']);
  });

  test('is kept by itself, not for another function', () => {
    const other = remembered(() => 'other');
    expect([remembered(make)('en'), other('en')]).toEqual(['EN', 'other']);
  });
});
