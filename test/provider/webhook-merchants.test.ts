/** Where a merchant's id is looked for: the provider's documents do not show a webhook's body. */
import { describe, expect, test } from '@jest/globals';
import { merchantsIn } from '../../src/provider/webhook-merchants.js';

const NAMES = [
  'connected_merchant_id',
  'connectedMerchantId',
  'connected_account_id',
  'connectedAccountId',
  'merchant_id',
  'merchantId',
  'account_id',
  'accountId',
  'id',
];

const PLACES: Readonly<Record<string, (what: unknown) => Record<string, unknown>>> = {
  'the top level': (what) => what as Record<string, unknown>,
  data: (data) => ({ data }),
  'data.object': (object) => ({ data: { object } }),
  account: (account) => ({ account }),
  connected_account: (account) => ({ connected_account: account }),
  merchant: (merchant) => ({ merchant }),
};

describe.each(Object.entries(PLACES))('At %s', (place, at) => {
  test.each(NAMES)('%s is found', (name) => {
    expect(merchantsIn(at({ event: 'kyc.updated', [name]: 'cm_1' }))).toEqual(['cm_1']);
  });

  test('every name is found at once', () => {
    const all = Object.fromEntries(NAMES.map((name) => [name, `cm_${name}`]));

    expect(merchantsIn(at(all))).toEqual(Object.values(all));
  });

  if (place !== 'the top level') {
    test('the id itself is found', () => {
      expect(merchantsIn(at('cm_1'))).toEqual(['cm_1']);
    });
  }
});

test('Every candidate is found, and each once', () => {
  const event = {
    id: 'evt_1',
    merchant_id: 'mm_1',
    account: 'cm_1',
    connected_account: { id: 'cm_1' },
    merchant: { id: 'cm_2', account_id: 'cm_3' },
    data: { connectedMerchantId: 'cm_1', object: { id: 'cm_4' } },
  };

  expect(new Set(merchantsIn(event))).toEqual(new Set(['evt_1', 'mm_1', 'cm_1', 'cm_2', 'cm_3', 'cm_4']));
  expect(merchantsIn(event)).toHaveLength(6);
});

test.each<[string, Record<string, unknown>]>([
  ['nothing', {}],
  ['another name', { merchant: { reference: 'cm_1' } }],
  ['another place', { payload: { merchant_id: 'cm_1' } }],
  ['a number', { merchant_id: 1 }],
  ['an object', { merchant_id: { value: 'cm_1' } }],
  ['an array', { merchant_id: ['cm_1'], data: [{ id: 'cm_1' }] }],
  ['an empty id', { merchant_id: '' }],
  ['an id with a line break', { merchant_id: 'cm_1\r\nx: y' }],
  ['an id of 257 characters', { merchant_id: 'x'.repeat(257) }],
  ['a segment of a path', { id: 'fee-config', account: '..' }],
  ['null in every place', { data: null, account: null, connected_account: null, merchant: null }],
  ['what every object inherits', { data: { constructor: 'x' }, account: JSON.parse('{"__proto__": "x"}') }],
])('%s is no id', (_, event) => {
  expect(merchantsIn(event)).toEqual([]);
});
