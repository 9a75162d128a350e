import { describe, expect, test } from '@jest/globals';
import { createLakiConnect, type Options } from 'lakiconnect-middleware';
import { core, documented, flat, nested } from '../envelopes.js';
import { recognise } from '../../src/translation/recognise.js';
import { settle } from '../../src/settle.js';
import { answered } from './failures.js';

const recognised = (status: number, body: unknown, options: Options = {}) =>
  recognise(answered(status, body), { within: false }, settle(options));

/** How providers say that a reference was used. */
const USED = [
  'already exists',
  'has already been used',
  'Transaction reference has been used before',
  'is already taken',
  'duplicate',
  'must be unique',
  'is not unique',
  'has been used before.',
  'already processed',
  'was used',
  'is in use',
  'DUPLICATED',
  'must be a unique value',
  'reused',
  'reference_already_exists',
];

/** What speaks of a reference, and not of an earlier payment. */
const NOT_USED = [
  'cannot be blank',
  'the length must be between 1 and 100',
  'has the wrong type',
  'must be a string',
  'does not exist',
  "doesn't exist",
  'was not found',
  'not used yet',
  'no such reference',
  'must exist',
  'is unknown',
  'never used',
];

/** The envelopes in which a field can be refused. */
const ENVELOPES: readonly (readonly [name: string, of: (field: string, issue: string) => unknown])[] = [
  ['E1', (field, issue) => documented('VALIDATION_ERROR', { details: [{ field, issue }] })],
  ['E2', (field, issue) => core('INVALID_AMOUNT', { errors: { [field]: [issue] } })],
  ['E2 without a code', (field, issue) => ({ status: 'ERROR', errors: { [field]: [issue] } })],
  ['E4', (field, issue) => flat(`${field}: ${issue}`)],
];

const FIELDS = [
  'reference',
  'tx_ref',
  'transaction_reference',
  'reference_id',
  'referenceId',
  'payment.reference',
  '/reference',
  '$.reference',
  'payment_reference',
  'reference_number',
  'ref',
];

describe.each(ENVELOPES)('A reference that was used before, told by a field of %s', (_name, envelope) => {
  test.each(USED)('%s', (issue) => {
    for (const status of [400, 409, 422, 200]) {
      for (const field of FIELDS) {
        expect(recognised(status, envelope(field, issue))).toMatchObject({
          kind: 'DUPLICATE_REFERENCE',
          outcome: 'unknown',
          retryable: false,
        });
      }
    }
  });

  test.each(NOT_USED)('but not by: %s', (issue) => {
    expect(recognised(400, envelope('reference', issue))?.kind).not.toBe('DUPLICATE_REFERENCE');
  });

  test.each(['amount', 'preference', 'reference_url', 'references', 'tin'])('nor of %s', (field) => {
    expect(recognised(400, envelope(field, 'already exists'))?.kind).not.toBe('DUPLICATE_REFERENCE');
  });

  test('beside a refusal of another field', () => {
    const both = flat('amount: cannot be blank; reference: already exists.');
    expect(recognised(400, both)?.kind).toBe('DUPLICATE_REFERENCE');
    expect(recognised(400, flat('reference: cannot be blank; email: already exists.'))?.kind).toBe(
      'VALIDATION_ERROR',
    );
  });
});

describe('Told by a text', () => {
  const TEXTS = [
    'Transaction reference has been used before',
    'Duplicate reference',
    'The reference ORD-1 already exists',
  ];

  test.each(TEXTS)('%s', (text) => {
    for (const body of [flat(text), nested(text), text, documented('NEW_CODE', { message: text })]) {
      expect(recognised(400, body)).toMatchObject({ kind: 'DUPLICATE_REFERENCE', outcome: 'unknown' });
    }
    expect(recognised(409, text)?.kind).toBe('DUPLICATE_REFERENCE');
    expect(recognised(200, flat(text))?.kind).toBe('DUPLICATE_REFERENCE');
  });

  test.each([
    'unknown reference',
    'The reference was not found',
    'This phone number already exists',
    'Account exists',
    'Your preference already exists',
    'unsupported medium: mpesa',
  ])('but not: %s', (text) => {
    expect(recognised(400, flat(text))?.kind).toBe('VALIDATION_ERROR');
  });

  test.each<[string, unknown]>([
    ['at the top', { message: 'Transaction reference has been used before', status: 'failed', data: null }],
    ['in problem details', { title: 'Conflict', detail: 'reference already exists' }],
    ['in a list', { message: ['Duplicate reference'] }],
    ['inside', { data: { message: 'reference already used' } }],
    ['as errors', { errors: 'reference already used' }],
    ['as a map of errors', { errors: { reference: ['already exists'] } }],
    ['as a list of errors', { errors: [{ field: 'reference', message: 'already exists' }] }],
    ['by a code in another place', { code: 'REFERENCE_EXISTS' }],
    ['by Postgres', flat('pq: duplicate key value violates unique constraint "transactions_reference_key"')],
    ['by SQLite', flat('UNIQUE constraint failed: transactions.reference')],
  ])('%s of a body in no known envelope', (_where, body) => {
    for (const status of [400, 409]) {
      expect(recognised(status, body)).toMatchObject({ kind: 'DUPLICATE_REFERENCE', outcome: 'unknown' });
    }
  });

  test('and not where the answer is no refusal', () => {
    expect(recognised(500, flat('Duplicate reference'))).toMatchObject({
      kind: 'INTERNAL_ERROR',
      outcome: 'unknown',
    });
  });

  test('nor where a code says something else', () => {
    expect(recognised(400, documented('KYC_NOT_APPROVED', { message: 'Duplicate reference' }))?.kind).toBe(
      'KYC_NOT_APPROVED',
    );
  });
});

test.each(['DUPLICATE_REFERENCE', 'DUPLICATE_TRANSACTION', 'REFERENCE_EXISTS'])(
  'Told by the code %s',
  (code) => {
    for (const body of [documented(code), core(code)]) {
      expect(recognised(409, body)).toMatchObject({ kind: 'DUPLICATE_REFERENCE', outcome: 'unknown', code });
    }
  },
);

describe('The option `duplicateReference`', () => {
  const refusal = flat('E1062: key 2');

  test('is asked in place of the words, with what was said', () => {
    const asked: unknown[] = [];
    const options: Options = { duplicateReference: (said) => asked.push(said) === 1 };
    expect(recognised(400, refusal, options)).toMatchObject({
      kind: 'DUPLICATE_REFERENCE',
      outcome: 'unknown',
    });
    const [{ details, ...said }] = asked as [{ details: unknown }];
    expect(said).toEqual({ status: 400, code: undefined, message: 'E1062: key 2' });
    expect(details).toEqual([{ field: 'E1062', issue: 'key 2' }]);
    expect(
      recognised(400, flat('reference: already exists'), { duplicateReference: () => false })?.kind,
    ).toBe('VALIDATION_ERROR');
  });

  test('that throws, answers later or neither way, leaves open what was done', () => {
    const broken = () => {
      throw new Error('no');
    };
    for (const duplicateReference of [
      broken,
      () => Promise.resolve(false) as never,
      () => undefined as never,
    ]) {
      expect(recognised(400, refusal, { duplicateReference })?.outcome).toBe('unknown');
    }
  });
});

test('A second attempt that is refused for its reference leaves the first unknown', async () => {
  const { call } = createLakiConnect();
  const attempts = [
    Object.assign(new Error('no'), { code: 'ECONNRESET' }),
    answered(400, flat('reference: already exists.')),
  ];
  for (const thrown of attempts) {
    await expect(call(() => Promise.reject(thrown))).rejects.toMatchObject({ outcome: 'unknown' });
  }
});
