import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  core,
  documented,
  ENVELOPES,
  flat,
  FLAT_MESSAGES,
  htmlPage,
  nested,
  started,
  succeeded,
} from '../envelopes.js';
import { looksLikeError, readEnvelope, type Envelope } from '../../src/translation/envelopes.js';
import { readBody } from '../../src/translation/body.js';

const SHAPES: Readonly<Record<string, Envelope['shape']>> = {
  'E1 documented': 'documented',
  'E2 core': 'core',
  'E2 core at HTTP 200': 'core',
  'E3 plain text': 'text',
  'E4 flat': 'flat',
  'E5 nested': 'nested',
};
const NONE = { shape: 'none', details: [] };
const read = (body: unknown) => readEnvelope(readBody(body));
const sane = (code: string | undefined) => (code === 'auth_error' ? undefined : code);

describe('An envelope', () => {
  test.each(ENVELOPES)('$name is read', ({ name, body, message, code, requestId, fields }) => {
    expect(read(body)).toEqual({
      shape: SHAPES[name],
      code: sane(code),
      message: message ?? (typeof body === 'string' ? body : undefined),
      requestId,
      details: fields ?? [],
    });
  });

  test.each([
    [
      'flat',
      { success: false, message: 'No', error_code: 'NOT_FOUND' },
      { message: 'No', code: 'NOT_FOUND' },
    ],
    ['unknown', { error_code: 'NOT_FOUND' }, { code: 'NOT_FOUND' }],
    ['unknown, with a message that is none', { message: 5 }, {}],
  ])('that is %s has what can be read of it', (_, body, known) => {
    expect(read(body)).toEqual(expect.objectContaining({ code: undefined, message: undefined, ...known }));
  });

  test.each(ENVELOPES)('$name is the same as text, as bytes and parsed', ({ body }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(read(text)).toEqual(read(body));
    expect(read(Buffer.from(text))).toEqual(read(body));
  });

  test.each(FLAT_MESSAGES)('that is flat keeps the words “$message”', ({ message }) => {
    expect(read(flat(message))).toMatchObject({ shape: 'flat', message });
  });

  test.each<[string, unknown, object]>([
    [
      'E1 without code',
      { error: { message: 'No' }, request_id: 'req_1' },
      { shape: 'documented', message: 'No', requestId: 'req_1' },
    ],
    ['E1 without request id', { error: { code: 'NOT_FOUND' } }, { shape: 'documented', code: 'NOT_FOUND' }],
    [
      'E1 with a code of another type',
      { error: { code: 404 }, request_id: 'req_1' },
      { shape: 'documented', requestId: 'req_1' },
    ],
    [
      'E1 with a message of another type',
      { error: { code: 'NOT_FOUND', message: ['No'] } },
      { shape: 'documented', code: 'NOT_FOUND' },
    ],
    [
      'E1 beside success',
      { success: false, ...documented('NOT_FOUND') },
      { shape: 'documented', code: 'NOT_FOUND' },
    ],
    [
      'E2 in lower case',
      { ...core('INVALID_PHONE'), status: 'error' },
      { shape: 'core', code: 'INVALID_PHONE' },
    ],
    ['E2 without a code', { status: 'ERROR', message: 'No' }, { shape: 'core', message: 'No' }],
    [
      'E2 with joined fields',
      core('INVALID_AMOUNT', { errors: 'amount: is low.' }),
      { details: [{ field: 'amount', issue: 'is low' }] },
    ],
    ['E4 without a message', { success: false }, { shape: 'flat' }],
    [
      'E4 with fields beside its prose',
      { ...flat('tin: ignored'), errors: { amount: 'is low' } },
      { shape: 'flat', details: [{ field: 'amount', issue: 'is low' }] },
    ],
    [
      'E5 with a known type',
      nested('No', 'UNAUTHORIZED'),
      { shape: 'nested', code: 'UNAUTHORIZED', message: 'No' },
    ],
    ['E5 as a text', { error: 'Insufficient funds' }, { shape: 'nested', message: 'Insufficient funds' }],
    ['E5 without success', { error: { message: 'No' } }, { shape: 'nested', message: 'No' }],
    [
      'a bare message',
      { message: 'No', request_id: 'req_1' },
      { shape: 'none', message: 'No', requestId: 'req_1' },
    ],
  ])('may be %s', (_, body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });

  test.each<[string, unknown]>([
    ['a success', succeeded],
    ['a started payment', started],
    ['an empty object', {}],
    ['an error of null', { error: null }],
    ['an empty error text', { error: '' }],
    ['an error in an array', { error: [{ code: 'NOT_FOUND' }] }],
    ['a success that tells of an error', { success: true, error: { message: 'earlier' } }],
    ['success as a text', { success: 'false', message: 'No' }],
    ['a status that only ends in error', { status: 'NO_ERROR', message: 'No' }],
    ['a status that only begins with error', { status: 'ERRORLESS', message: 'No' }],
    ['HTML', htmlPage],
    ['nothing', undefined],
    ['an array', [documented('NOT_FOUND')]],
    ['broken JSON', '{"error":{"code":"NOT_FOUND"'],
  ])('is not %s', (_, body) => {
    expect(read(body)).toMatchObject({ shape: 'none', details: [] });
    expect(read(body).code).toBeUndefined();
  });

  test.each([undefined, htmlPage, '[]'])('of nothing readable says nothing: %j', (body) => {
    expect(read(body)).toEqual(NONE);
  });

  test.each(['req_1a2b3c4d5e6f', 'A', 'a.b:c-d_e', '0', 'x'.repeat(128)])('has the request id %s', (id) => {
    expect(read(documented('NOT_FOUND', { requestId: id })).requestId).toBe(id);
    expect(read({ ...flat('No'), request_id: id }).requestId).toBe(id);
  });

  test.each([
    '',
    'x'.repeat(129),
    'a b',
    'a\r\nset-cookie: b=c',
    'a\n',
    'a\u0000',
    'é',
    'a\u202eb',
    '<b>',
    'a"b',
    'a/b',
    42,
    null,
    ['req_1'],
    { toString: 'req_1' },
  ])('has no request id that could break a log line or a page: %j', (id) => {
    const bodies = [{ error: { code: 'NOT_FOUND' } }, core('INVALID_PHONE'), flat('No'), nested('No'), {}];
    expect(bodies.map((body) => read({ ...body, request_id: id }).requestId)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([
    '__proto__',
    'constructor',
    'toString',
    'not_found',
    '',
    'A'.repeat(65),
    'A\nB',
    'A B',
    '\u202eAB',
  ])('has no code that could not be one: %j', (code) => {
    const bodies = [documented(code), core(code), nested('No', code)];
    expect(bodies.map((body) => read(body).code)).toEqual([undefined, undefined, undefined]);
  });

  test('is read from any body without an exception', () => {
    const key = fc.constantFrom(
      'error',
      'code',
      'message',
      'details',
      'request_id',
      'status',
      'error_code',
      'errors',
      'success',
      'type',
    );
    const { body } = fc.letrec((tie) => ({
      body: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('ERROR', 'NOT_FOUND', false, null, 7),
        fc.string(),
        fc.array(tie('body'), { maxLength: 3 }),
        fc.dictionary(key, tie('body'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(body, (sent) => {
        const { code, requestId, details } = read(sent);
        expect(code ?? 'AB').toMatch(/^[A-Z][A-Z0-9_]{1,63}$/);
        expect(requestId ?? 'x').toMatch(/^[\w.:-]{1,128}$/);
        expect(details.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('At a glance', () => {
  test.each<[string, unknown]>([
    ['E1', documented('NOT_FOUND')],
    ['E2', core('INVALID_AMOUNT')],
    ['E2 in lower case', { status: 'error' }],
    ['E4', flat('No')],
    ['E5', nested('No')],
    ['a code alone', { error: { code: 'NOT_FOUND' } }],
    ['a message alone', { error: { message: 'No' } }],
  ])('%s looks like an error', (_, body) => {
    expect(looksLikeError(body)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['a success', succeeded],
    ['a started payment', started],
    ['a failed transaction that was looked up', { status: 'FAILED', error: { code: 'PROVIDER_ERROR' } }],
    ['a success with an error of earlier', { success: true, error: { message: 'earlier' } }],
    ['an object without either', { id: 1 }],
    ['an error as a text', { error: 'none' }],
    ['no error', { error: null }],
    ['an empty error', { error: {} }],
    ['a numeric error', { error: { code: 0, message: null } }],
    ['a text', 'ERROR'],
    ['undefined', undefined],
  ])('%s does not', (_, body) => {
    expect(looksLikeError(body)).toBe(false);
  });
});
