/** Which signatures are LakiConnect's, and which only look like it. */
import { createHmac } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { verifySignature } from 'lakiconnect-middleware';
import { approved, SECRET, signatureOf } from '../webhooks.js';

const BODY = approved('cm_1');
const GOOD = signatureOf(BODY);
const HEX = GOOD.slice('sha256='.length);
const OLD = 'whsec_before';

const isAccepted = (header: unknown, body: Uint8Array | string = BODY): boolean =>
  verifySignature(body, header as string, [OLD, SECRET]);

describe('A signature is good', () => {
  test.each<[string, unknown]>([
    ['as it is sent', GOOD],
    ['in upper case', `sha256=${HEX.toUpperCase()}`],
    ['with its prefix in upper case', `SHA256=${HEX}`],
    ['as the only one of an array', [GOOD]],
  ])('%s', (_, header) => {
    expect(isAccepted(header)).toBe(true);
  });

  test.each<[string, Uint8Array | string]>([
    ['a string', BODY],
    ['a Buffer', Buffer.from(BODY)],
    ['a Uint8Array', new TextEncoder().encode(BODY)],
    ['a Uint8Array of another realm', runInNewContext('new Uint8Array(3)') as Uint8Array],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0x00, 0xc3])],
    ['nothing', ''],
  ])('over %s', (_, body) => {
    expect(isAccepted(signatureOf(body), body)).toBe(true);
  });

  test('by any of the secrets, and by those alone', () => {
    const byNew = signatureOf(BODY, 'whsec_after');
    const byOld = signatureOf(BODY, OLD);

    expect([byNew, byOld].map((one) => verifySignature(BODY, one, [OLD, 'whsec_after']))).toEqual([
      true,
      true,
    ]);
    expect([byNew, byOld].map((one) => verifySignature(BODY, one, 'whsec_after'))).toEqual([true, false]);
  });
});

describe('A signature is not good', () => {
  const base64 = createHmac('sha256', SECRET).update(BODY).digest('base64');
  const sha512 = createHmac('sha512', SECRET).update(BODY).digest('hex');
  test.each<[string, unknown]>([
    ['where there is none', undefined],
    ['where it is null', null],
    ['where it is empty', ''],
    ['where no array holds one', []],
    ['where an array holds nothing', [undefined]],
    ['where it came twice', `${GOOD}, ${GOOD}`],
    ['where it came twice, as an array', [GOOD, GOOD]],
    ['where another came with it', [GOOD, 'sha256=00']],
    ['where an array is in an array', [[GOOD]]],
    ['without its prefix', HEX],
    ['with nothing but its prefix', 'sha256='],
    ['with another prefix', `sha1=${HEX}`],
    ['with a colon', `sha256:${HEX}`],
    ['with a long s', `\u017fha256=${HEX}`],
    ['with a space before it', ` ${GOOD}`],
    ['with a space after it', `${GOOD} `],
    ['with a line break after it', `${GOOD}\n`],
    ['with a line break before it', `x\n${GOOD}`],
    ['with NUL after it', `${GOOD}\u0000`],
    ['with letters after it that are no hex', `${GOOD}zz`],
    ['with another after it', `${GOOD},sha256=00`],
    ['that is one digit short', GOOD.slice(0, -1)],
    ['that is one byte short', GOOD.slice(0, -2)],
    ['that is one byte long', `${GOOD}00`],
    ['that is twice as long', GOOD + HEX],
    ['with full-width digits', GOOD.replace(/\d$|[a-f]$/, '\uff10')],
    ['in base64', `sha256=${base64}`],
    ['of SHA-512', `sha512=${sha512}`],
    ['of zeros', `sha256=${'0'.repeat(64)}`],
    ['of another body', signatureOf(approved('cm_2'))],
    ['by another secret', signatureOf(BODY, 'whsec_canary4822')],
    ['that is a number', 256],
    ['that is an object', { 0: GOOD, length: 1 }],
  ])('%s', (_, header) => {
    expect(isAccepted(header)).toBe(false);
  });

  test.each<[string, string]>([
    ['a byte was added', `${BODY}\n`],
    ['it was written anew', JSON.stringify(JSON.parse(BODY), undefined, 1)],
    ['it is empty', ''],
  ])('for a body of which %s', (_, body) => {
    expect(isAccepted(GOOD, body)).toBe(false);
  });
});

const RUNS = { numRuns: 10_000 };
const anyText = fc.string({ unit: 'binary', maxLength: 80 });
const hexes = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: length, maxLength: length });

describe('No forgery is taken, and none throws', () => {
  test('of a good one with some of it changed', () => {
    const position = fc.nat(GOOD.length);
    const changed = fc
      .tuple(position, fc.nat(3), fc.oneof(anyText, hexes(1), hexes(2)))
      .map(([at, gone, come]) => GOOD.slice(0, at) + come + GOOD.slice(at + gone))
      .filter((header) => header.toLowerCase() !== GOOD);
    fc.assert(
      fc.property(changed, (header) => !isAccepted(header)),
      RUNS,
    );
  });

  test('that is well formed', () => {
    const forged = fc.oneof(
      hexes(64).map((hex) => `sha256=${hex}`),
      fc.tuple(fc.string(), fc.string({ minLength: 1 })).map(([body, secret]) => signatureOf(body, secret)),
    );
    fc.assert(
      fc.property(forged, (header) => !isAccepted(header)),
      RUNS,
    );
  });

  test('that is anything at all', () => {
    const anything = fc.oneof(anyText, fc.array(fc.oneof(anyText, fc.constant(GOOD))), fc.anything());
    const forged = anything.filter(
      (header) => !(Array.isArray(header) && header.length === 1 && header[0] === GOOD),
    );
    fc.assert(
      fc.property(forged, (header) => !isAccepted(header)),
      RUNS,
    );
  });
});

describe('Where nothing can be verified, that is an error', () => {
  test.each<[string, unknown]>([
    ['no secret', undefined],
    ['null', null],
    ['an empty secret', ''],
    ['no secrets', []],
    ['an empty one among the secrets', [SECRET, '']],
    ['none among the secrets', [SECRET, undefined]],
    ['a secret that is no text', Buffer.from(SECRET)],
    ['a Set of secrets', new Set([SECRET])],
  ])('%s', (_, secret) => {
    const verify = () => verifySignature(BODY, GOOD, secret as string);

    expect(verify).toThrow(TypeError);
    expect(verify).toThrow(/secret is missing or empty/);
    expect(verify).not.toThrow(/canary/);
  });

  test.each<[string, unknown]>([
    ['a parsed body', JSON.parse(BODY)],
    ['no body', undefined],
    ['null', null],
    ['an ArrayBuffer', new TextEncoder().encode(BODY).buffer],
    ['an array of bytes', [...Buffer.from(BODY)]],
  ])('%s', (_, body) => {
    const verify = () => verifySignature(body as string, GOOD, SECRET);

    expect(verify).toThrow(TypeError);
    expect(verify).toThrow(/raw body/);
  });
});
