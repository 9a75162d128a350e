import { expect, test } from '@jest/globals';
import { CODES } from '../../src/translation/codes.js';
import { kindsOfCalls } from '../../src/translation/kind.js';
import { KINDS } from '../../src/translation/rules.js';

const OF_GUARDS = [
  'MERCHANT_UNIDENTIFIED',
  'IDEMPOTENCY_KEY_REQUIRED',
  'IDEMPOTENCY_IN_PROGRESS',
  'UNDETERMINED',
];

test('A call can end in every kind but those that only guards refuse with', () => {
  expect(kindsOfCalls(CODES)).toEqual(KINDS.filter((kind) => !OF_GUARDS.includes(kind)));
});

test('A code that stands for one of theirs makes it one of a call’s', () => {
  const codes = new Map([...CODES, ['SHOP_BUSY', 'UNDETERMINED'] as const]);
  expect(kindsOfCalls(codes)).toEqual(
    KINDS.filter((kind) => kind === 'UNDETERMINED' || !OF_GUARDS.includes(kind)),
  );
});

test('Kinds that only a connection or a status tells of are a call’s whatever the codes', () => {
  expect(kindsOfCalls(new Map())).toEqual(
    expect.arrayContaining(['INTERNAL_ERROR', 'TIMEOUT', 'UNREACHABLE', 'UNRECOGNISED']),
  );
});
