/** A webhook's body is read as it came or as it is decoded, whichever is signed. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { verifySignature } from '../../src/provider/signature.js';
import { readEvent } from '../../src/provider/webhook-body.js';
import { approved, SECRET, signatureOf } from '../webhooks.js';

const MAX = 64 * 1024;
const BODY = approved('cm_1');
const EVENT = JSON.parse(BODY) as unknown;
const ENCODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
};

/** `signed`: the bytes that the sender has signed. */
const read = (body: Buffer | string, encoding?: string, signed: Buffer | string = body) =>
  readEvent(body, encoding, (form) => verifySignature(form, signatureOf(signed), SECRET));

describe.each(Object.entries(ENCODERS))('A %s body', (encoding, encode) => {
  const encoded = encode(Buffer.from(BODY));

  test.each<[string, Buffer | string, string | undefined, Buffer | string, unknown]>([
    ['that is signed as it came', encoded, encoding, encoded, EVENT],
    ['that is signed as it was before', encoded, encoding, BODY, EVENT],
    ['that another middleware has decoded', Buffer.from(BODY), encoding, BODY, EVENT],
    ['that another middleware has decoded to a text', BODY, encoding, BODY, EVENT],
    ['with a byte order mark', encode(Buffer.from(`\ufeff${BODY}`)), encoding, `\ufeff${BODY}`, EVENT],
    ['that is forged', encoded, encoding, 'another', 401],
    ['that does not say so', encoded, undefined, BODY, 401],
    ['that is signed as it came and does not say so', encoded, undefined, encoded, 422],
    ['that is signed and says another', encoded, 'zstd', encoded, 422],
    ['that breaks off', encoded.subarray(0, -9), encoding, BODY, 401],
    ['that is signed and breaks off', encoded.subarray(0, -9), encoding, encoded.subarray(0, -9), 422],
    ['of no object', encode(Buffer.from('[]')), encoding, '[]', 422],
  ])('%s', (_, body, given, signed, expected) => {
    expect(read(body, given, signed)).toEqual(expected);
  });

  test.each([
    [MAX, EVENT],
    [MAX + 1, 413],
  ])('of %i bytes, decoded', (size, expected) => {
    const text = BODY.padEnd(size, ' ');
    const bytes = encode(Buffer.from(text));

    expect(read(bytes, encoding, text)).toEqual(expected);
    expect(read(bytes, encoding)).toEqual(expected);
    expect(read(bytes, encoding, 'another')).toBe(size > MAX ? 413 : 401);
  });

  test('that stands for gigabytes is refused, whoever sends it', () => {
    const bomb = encode(Buffer.alloc(32 * 1024 * 1024));

    expect(read(bomb, encoding)).toBe(413);
    expect(read(bomb, encoding, 'another')).toBe(413);
  });
});

test.each<[string, Buffer | string, Buffer | string, unknown]>([
  ['bytes with a mark', Buffer.from(`\ufeff${BODY}`), `\ufeff${BODY}`, EVENT],
  ['a text with a mark', `\ufeff${BODY}`, `\ufeff${BODY}`, EVENT],
  ['a text that has lost its mark', BODY, `\ufeff${BODY}`, EVENT],
  ['a text that never had one', BODY, BODY, EVENT],
  ['bytes that have lost it', Buffer.from(BODY), `\ufeff${BODY}`, 401],
  ['a forged text', BODY, 'another', 401],
  ['two marks', `\ufeff\ufeff${BODY}`, `\ufeff\ufeff${BODY}`, 422],
])('A byte order mark: %s', (_, body, signed, expected) => {
  expect(read(body, undefined, signed)).toEqual(expected);
});

test('Whatever is not signed, in any form, is a 401 or a 413, and never an event', () => {
  const text = fc.oneof(fc.constant(BODY), fc.string(), fc.json());
  const encoder = fc.constantFrom(...Object.entries(ENCODERS), [
    'identity',
    (bytes: Buffer) => bytes,
  ] as const);

  fc.assert(
    fc.property(text, encoder, fc.boolean(), fc.string(), (sent, [encoding, encode], isText, signed) => {
      const body = isText ? sent : encode(Buffer.from(sent));
      const forms = [body, Buffer.from(sent), `\ufeff${sent}`].map((form) =>
        Buffer.from(form).toString('hex'),
      );
      fc.pre(!forms.includes(Buffer.from(signed).toString('hex')));

      expect([401, 413]).toContain(read(body, encoding, signed));
    }),
  );
});

test('Whatever object is signed, in any form, is read', () => {
  const encoder = fc.constantFrom(...Object.entries(ENCODERS), [
    'identity',
    (bytes: Buffer) => bytes,
  ] as const);

  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      encoder,
      fc.boolean(),
      (event, [encoding, encode], isDecoded) => {
        const text = JSON.stringify(event);
        const body = encode(Buffer.from(text));

        expect(read(body, encoding, isDecoded ? text : body)).toEqual(JSON.parse(text));
      },
    ),
  );
});
