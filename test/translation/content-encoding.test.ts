import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { decode } from '../../src/translation/content-encoding.js';

const MAX = 1024;
const TEXT = Buffer.from('{"shop":"ወርቅ"}');

const ENCODERS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: (bytes) => gzipSync(bytes),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  'deflate (raw)': (bytes) => deflateRawSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  'gzip, br': (bytes) => brotliCompressSync(gzipSync(bytes)),
  'identity,GZIP , br': (bytes) => brotliCompressSync(gzipSync(bytes)),
};

describe.each(Object.entries(ENCODERS))('%s', (name, encode) => {
  const encoding = name.replace(' (raw)', '');

  test('is undone', () => {
    expect(decode(encode(TEXT), encoding, MAX)).toEqual(TEXT);
  });

  test.each([
    [MAX, true],
    [MAX + 1, false],
  ])('of %i bytes: %s', (size, isTaken) => {
    const decoded = decode(encode(Buffer.alloc(size, 'x')), encoding, MAX);
    expect(decoded === 'oversized').toBe(!isTaken);
  });

  test('that stands for gigabytes is given up', () => {
    expect(decode(encode(Buffer.alloc(50 * 1024 * 1024)), encoding, MAX)).toBe('oversized');
  });

  test.each<[string, Uint8Array]>([
    ['breaks off', encode(TEXT).subarray(0, -5)],
    ['is none', TEXT],
    ['is empty', Buffer.alloc(0)],
  ])('that %s says nothing', (_, bytes) => {
    expect(decode(bytes, encoding, MAX)).toBeUndefined();
  });
});

test.each(['', 'zstd', 'gzip;q=1', 'gzip, zstd', 'gzip, gzip, gzip, gzip', 'constructor', 'x'.repeat(1e5)])(
  'What is not known is not undone: %j',
  (encoding) => {
    expect(decode(gzipSync(TEXT), encoding, MAX)).toBeUndefined();
  },
);

test('Nothing is undone where nothing was done', () => {
  expect(decode(TEXT, 'identity', MAX)).toEqual(TEXT);
});
