/** Where a merchant's id is looked for: the provider's documents do not show a webhook's body. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findMerchants } from '../../src/provider/webhook-merchants.js';
import { isMerchantId } from '../../src/provider/merchant-id.js';

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const both = (...names: string[]) => [...new Set(names.flatMap((name) => [name, camel(name)]))];

const ID_NAMES = both('connected_merchant_id', 'connected_account_id', 'merchant_id', 'account_id');
const OWNERS = both('data', 'account', 'connected_account', 'merchant', 'object');
const MERCHANTS = both('merchant', 'account', 'connected_account');
const MAX_DEPTH = 4;
const MAX_MERCHANTS = 100;

const idsIn = (event: object) => findMerchants(event as Record<string, unknown>).merchantIds;
const at = (path: readonly string[], value: unknown): Record<string, unknown> =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Record<string, unknown>;

/** One row for each clause: a path from the event to a value. */
const FOUND: readonly (readonly string[])[] = [
  ...ID_NAMES.flatMap((name) => [[name], ['payload', name], ['a', 'b', 'c', 'd', name]]),
  ...OWNERS.flatMap((owner) => [
    [owner, 'id'],
    ['payload', owner, 'id'],
    ['a', 'b', 'c', owner, 'id'],
  ]),
  ...MERCHANTS.flatMap((name) => [[name], ['data', name], ['a', 'b', 'c', 'd', name]]),
];

const LOST: readonly (readonly string[])[] = [
  ...ID_NAMES.map((name) => ['a', 'b', 'c', 'd', 'e', name]),
  ...OWNERS.map((owner) => ['a', 'b', 'c', 'd', owner, 'id']),
  ['data'],
  ['object'],
  ['data', 'object'],
  ['payload', 'id'],
  ['data', 'payload', 'id'],
  ['event'],
  ['merchant', 'reference'],
  ['data', 'merchantid'],
  ['data', 'Merchant_Id'],
];

describe.each(FOUND.map((path) => [path.join('.'), path] as const))('Under %s', (_, path) => {
  test.each<[string, unknown, string[]]>([
    ['a text', 'cm_1', ['cm_1']],
    ['a number', 41, ['41']],
    ['an array', ['cm_1', 41, 'cm_1'], ['cm_1', '41']],
  ])('%s is found', (_what, value, ids) => {
    expect(findMerchants(at(path, value))).toEqual({ merchantIds: ids });
  });

  test('it is found in an array of objects', () => {
    const [first, ...rest] = path as [string, ...string[]];
    const inner = rest.length > 0 ? at(rest, 'cm_1') : 'cm_1';
    expect(idsIn({ [first]: [{}, inner, 7.5] })).toEqual(['cm_1']);
  });

  test('it is found beside the event’s own id, which counts for nothing', () => {
    expect(findMerchants({ id: 'evt_1', ...at(path, 'cm_1') })).toEqual({ merchantIds: ['cm_1'] });
  });
});

test.each(LOST.map((path) => [path.join('.'), path] as const))('Under %s nothing is found', (_, path) => {
  expect(findMerchants(at(path, 'cm_1'))).toEqual({ merchantIds: [], doubt: 'it names no merchant' });
});

test.each<[unknown, string[]]>([
  ['evt_1', ['evt_1']],
  [7, ['7']],
  [['evt_1'], []],
  ['..', []],
])('An event’s own id, %j, is taken for a merchant’s where there is no other', (id, merchantIds) => {
  const doubt =
    merchantIds.length > 0 ? 'it names no merchant: its own id was taken for one' : expect.any(String);
  expect(findMerchants({ id, data: { kyc_status: 'approved' } })).toEqual({ merchantIds, doubt });
});

test('Every candidate is found, and each once', () => {
  const event = {
    id: 'evt_1',
    merchant_id: 'mm_1',
    account: 'cm_1',
    connected_account: { id: 'cm_1' },
    merchant: { id: 'cm_2', account_id: 'cm_3' },
    data: { connectedMerchantId: 'cm_1', object: { id: 'cm_4', account: { id: 5 } } },
  };

  expect(new Set(idsIn(event))).toEqual(new Set(['mm_1', 'cm_1', 'cm_2', 'cm_3', 'cm_4', '5']));
  expect(idsIn(event)).toHaveLength(6);
});

test('The merchant of an account within data is found, and not the event', () => {
  expect(idsIn({ id: 'evt_1', data: { account: { id: 'cm_7' } } })).toEqual(['cm_7']);
});

test.each<[string, Record<string, unknown>]>([
  ['nothing', {}],
  ['an object', { merchant_id: { value: 'cm_1' } }],
  ['an array in an array', { merchant_id: [['cm_1']], data: [[{ id: 'cm_1' }]] }],
  ['a number that is not the one that was sent', { merchant_id: 2 ** 53 }],
  ['a broken number', { merchant_id: 1.5 }],
  ['true', { merchant_id: true }],
  ['an empty id', { merchant_id: '' }],
  ['an id with a line break', { merchant_id: 'cm_1\r\nx: y' }],
  ['an id of 257 characters', { merchant_id: 'x'.repeat(257) }],
  ['a segment of a path', { merchant_id: 'fee-config', account: '..' }],
  ['null in every place', { data: null, account: null, connected_account: null, merchant: null }],
  [
    'what every object inherits',
    { data: { constructor: 'x' }, account: JSON.parse('{"__proto__": "x"}') as unknown },
  ],
])('%s is no id', (_, event) => {
  expect(idsIn(event)).toEqual([]);
});

test('A hundred merchants are found, and of more operators hear', () => {
  const event = (count: number) => ({
    data: Array.from({ length: count }, (_, number) => ({ id: `cm_${String(number)}` })),
  });

  expect(findMerchants(event(MAX_MERCHANTS))).toEqual({
    merchantIds: Array.from({ length: MAX_MERCHANTS }, (_, number) => `cm_${String(number)}`),
  });
  expect(findMerchants(event(MAX_MERCHANTS + 1))).toEqual({
    ...findMerchants(event(MAX_MERCHANTS)),
    doubt: 'it names more than 100 merchants: the rest were not forgotten',
  });
});

test.each<[string, string, number]>([
  ['ids', `{"merchant_id":[${Array.from({ length: 12_000 }, (_, id) => id).join()}]}`, MAX_MERCHANTS],
  ['objects', `{"data":[${'{},'.repeat(20_000)}{"id":"cm_1"}]}`, 1],
  ['levels', `${'{"data":'.repeat(6_000)}1${'}'.repeat(6_000)}`, 0],
  ['nested arrays', `{"data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 0],
])('An event of as many %s as 64 KiB hold is searched', (_, body, count) => {
  expect(idsIn(JSON.parse(body) as Record<string, unknown>)).toHaveLength(count);
});

/** What the rule says of one value, by the names on the way to it; arrays have none. */
function isNamed(path: readonly string[]): boolean {
  const [owner, name = ''] = [path.at(-2) ?? '', path.at(-1)];
  const isMeant =
    ID_NAMES.includes(name) || MERCHANTS.includes(name) || (name === 'id' && OWNERS.includes(owner));
  return isMeant && path.length - 1 <= MAX_DEPTH;
}

type Leaf = readonly [path: readonly string[], value: unknown];

function leavesOf(value: unknown, path: readonly string[] = []): Leaf[] {
  const items = Array.isArray(value) ? (value as unknown[]) : [value];
  return items.flatMap((item): Leaf[] =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.entries(item).flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
      : [[path, typeof item === 'number' && Number.isSafeInteger(item) ? String(item) : item]],
  );
}

test('Of any event all is found that the rule names, and nothing else', () => {
  const name = fc.oneof(
    fc.constantFrom('id', ...ID_NAMES, ...OWNERS, ...MERCHANTS),
    fc.constantFrom('event', 'payload', 'Id', 'ID', 'ids', 'merchants', '__proto__', 'constructor'),
    fc.string({ maxLength: 8 }),
  );
  const id = fc.oneof(
    fc.constantFrom('cm_1', 'cm_2', '..', '', 'wallet', 'with space', 'two\nlines'),
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, true, 2 ** 60),
    fc.string(),
  );
  const { event } = fc.letrec<{ value: unknown; event: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 7, withCrossShrink: true },
      id,
      { arbitrary: tie('event'), weight: 3 },
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    event: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  }));

  fc.assert(
    fc.property(event, (given) => {
      const parsed = JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
      const named = leavesOf(parsed).flatMap(([path, value]) =>
        isNamed(path) && isMerchantId(value) ? [value] : [],
      );
      const own = [parsed['id']].map((value) => (Number.isSafeInteger(value) ? String(value) : value));
      const expected = named.length > 0 ? named : own.filter(isMerchantId);
      const { merchantIds, doubt } = findMerchants(parsed);

      expect(new Set(merchantIds)).toEqual(new Set(expected));
      expect(doubt === undefined).toBe(named.length > 0);
    }),
    { numRuns: 3000 },
  );
});
