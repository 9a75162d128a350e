import { describe, expect, test } from '@jest/globals';
import * as schemas from 'lakiconnect-middleware/schemas';
import { core, documented, flat, nested, plainText, started, succeeded } from './envelopes.js';

const BODIES: Readonly<Record<string, unknown>> = {
  documented: documented('NOT_FOUND', { details: [{ field: 'a', issue: 'b' }] }),
  core: core('INVALID_AMOUNT', { errors: { amount: ['is low'] } }),
  flat: flat('amount: cannot be blank.'),
  nested: nested('invalid key'),
  'nested text': { error: 'Insufficient funds' },
  succeeded,
  started,
  text: plainText,
  nothing: undefined,
};

describe('The schema', () => {
  test.each([
    ['documentedEnvelope', ['documented']],
    ['coreEnvelope', ['core']],
    ['flatEnvelope', ['flat', 'nested']],
    ['nestedEnvelope', ['documented', 'nested', 'nested text']],
  ] as const)('%s accepts %j and no other body', (name, accepted) => {
    const names = Object.keys(BODIES).filter((body) => schemas[name].safeParse(BODIES[body]).success);
    expect(names.sort()).toEqual([...accepted].sort());
  });

  test.each([
    [
      'documentedEnvelope',
      { error: { code: 5, message: [], details: 1 }, request_id: 'req_1' },
      { error: { code: undefined, message: undefined, details: 1 } },
    ],
    [
      'coreEnvelope',
      { status: 'error', message: 5, error_code: {} },
      { message: undefined, error_code: undefined },
    ],
    ['flatEnvelope', { success: false, message: null }, { message: undefined }],
    [
      'nestedEnvelope',
      { error: { message: 1, type: 2 } },
      { error: { message: undefined, type: undefined } },
    ],
  ] as const)('%s reads past members of another type', (name, body, read) => {
    expect(schemas[name].parse(body)).toMatchObject(read);
  });

  test('options accepts what createLakiConnect does, and nothing else', () => {
    expect(schemas.options.safeParse({ timeoutMs: 1 }).success).toBe(true);
    expect(schemas.options.safeParse({ timeoutMs: 0 }).success).toBe(false);
    expect(schemas.options.safeParse({ nope: 1 }).success).toBe(false);
  });
});

test.each<[object, boolean]>([
  [{}, true],
  [{ prefix: undefined, deadlineMs: undefined }, true],
  [{ prefix: 'shop:', deadlineMs: 25 }, true],
  [{ prefix: '!~'.repeat(64) }, true],
  [{ prefix: '!~'.repeat(64) + 'x' }, false],
  [{ prefix: '' }, false],
  [{ prefix: 'with space' }, false],
  [{ prefix: 'line\n' }, false],
  [{ prefix: 'caf\u00e9:' }, false],
  [{ prefix: 5 }, false],
  [{ deadlineMs: 1 }, true],
  [{ deadlineMs: 0 }, false],
  [{ deadlineMs: 1.5 }, false],
  [{ deadlineMs: '25' }, false],
  [{ deadlineMs: Infinity }, false],
  [{ keyPrefix: 'shop:' }, false],
])('%j are options of redisStore: %s', (options, isAccepted) => {
  expect(schemas.redisStoreOptions.safeParse(options).success).toBe(isAccepted);
});

test.each<[string, unknown, boolean]>([
  ['an object', { event: 'kyc.updated' }, true],
  ['a list', [], false],
  ['nothing', null, false],
])('%s is a webhook or not', (_, body, isEvent) => {
  expect(schemas.webhookEvent.safeParse(body).success).toBe(isEvent);
});

test('lookup replies are read at the top and under `data`, in both spellings', () => {
  expect(schemas.accountReply.parse({ kycStatus: ' approved ' })).toMatchObject({ kycStatus: 'approved' });
  expect(schemas.accountReply.parse({ data: { kyc_status: ' ', kycStatus: ' pending' } })).toMatchObject({
    data: { kyc_status: undefined, kycStatus: 'pending' },
  });
  expect(schemas.feeConfigReply.parse({ fee_model: '' }).fee_model).toBeUndefined();
  expect(
    schemas.feeConfigReply.parse({ data: { configuration: { priceConfig: { fee_model: ' FREE' } } } }),
  ).toMatchObject({ data: { configuration: { priceConfig: { fee_model: 'FREE' } } } });
  expect(schemas.feeConfigReply.parse({ price_config: null, data: 'none' })).toMatchObject({
    price_config: null,
    data: undefined,
  });
  expect(schemas.feeConfigReply.safeParse([]).success).toBe(false);
});
