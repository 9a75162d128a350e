import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OVERSIZED, readBody } from '../../src/translation/body.js';
import { UNSEEN } from '../../src/translation/carrier.js';
import { documented } from '../envelopes.js';

const said = JSON.stringify(documented('KYC_NOT_APPROVED'));
const codeIn = (body: ReturnType<typeof readBody>) =>
  body.is === 'object' && (body.object['error'] as { code?: unknown } | undefined)?.code;

const ENCODED: readonly (readonly [encoding: string, bytes: Buffer])[] = [
  ['gzip', gzipSync(said)],
  ['x-gzip', gzipSync(said)],
  ['GZIP', gzipSync(said)],
  ['deflate', deflateSync(said)],
  ['deflate', deflateRawSync(said)],
  ['br', brotliCompressSync(said)],
  ['identity', Buffer.from(said)],
  ['gzip, br', brotliCompressSync(gzipSync(said))],
  ['deflate,gzip , br', brotliCompressSync(gzipSync(deflateSync(said)))],
];

describe('A body that its client left encoded', () => {
  test.each(ENCODED)('in %s is read', (encoding, bytes) => {
    expect(codeIn(readBody(bytes, encoding))).toBe('KYC_NOT_APPROVED');
    expect(codeIn(readBody(new Uint8Array(bytes).buffer, encoding))).toBe('KYC_NOT_APPROVED');
  });

  test.each(ENCODED)('in %s is decoded already, where the header was left standing', (encoding) => {
    expect(codeIn(readBody(Buffer.from(said), encoding))).toBe('KYC_NOT_APPROVED');
    expect(codeIn(readBody(said, encoding))).toBe('KYC_NOT_APPROVED');
  });

  test.each<[what: string, bytes: Buffer, encoding: string | undefined]>([
    ['an encoding that nobody names', gzipSync(said), undefined],
    ['an encoding that is not known', gzipSync(said), 'zstd'],
    ['another encoding than it is in', gzipSync(said), 'br'],
    ['half of it', gzipSync(said).subarray(0, 20), 'gzip'],
    ['more than is looked at, unpacked', gzipSync(Buffer.alloc(10_000_000, ' ')), 'gzip'],
    ['more encodings than anybody uses', gzipSync(gzipSync(gzipSync(gzipSync(said)))), 'gzip,gzip,gzip,gzip'],
  ])('is unreadable: %s', (_what, bytes, encoding) => {
    expect(readBody(bytes, encoding)).toEqual({ is: 'unreadable' });
  });

  test('as text keeps its text, where it is not encoded after all', () => {
    expect(readBody(Buffer.from('No'), 'identity')).toEqual({ is: 'text', text: 'No' });
    expect(readBody(Buffer.from('Bad Gateway'), 'gzip')).toEqual({ is: 'text', text: 'Bad Gateway' });
    expect(readBody(Buffer.from(''), 'gzip')).toEqual({ is: 'absent' });
  });

  test('is never more than is looked at, and never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('gzip', 'deflate', 'br', 'gzip,br', ',', ''),
        (bytes, encoding) =>
          ['absent', 'unreadable', 'garbled', 'text', 'object'].includes(readBody(bytes, encoding).is),
      ),
    );
  });
});

test.each<[what: string, body: unknown]>([
  ['that nobody can see', UNSEEN],
  ['that is too large', OVERSIZED],
  ['of bytes that are no text', Buffer.from([0x80, 0xff, 0x00])],
  ['that a client took for text', 'PK\u0003\u0004\ufffd\ufffd'],
  ['in a Blob', new Blob([said])],
  ['in a Map', new Map([['error', { code: 'KYC_NOT_APPROVED' }]])],
  ['in a class of its own', Object.assign(new (class Own {})(), documented('KYC_NOT_APPROVED'))],
  ['in a FormData', new FormData()],
])('A body %s says nothing', (_what, body) => {
  expect(readBody(body)).toEqual({ is: 'unreadable' });
});

test('JSON’s null is no body', () => {
  for (const body of ['null', ' null\n', Buffer.from('null')])
    expect(readBody(body)).toEqual({ is: 'absent' });
});
