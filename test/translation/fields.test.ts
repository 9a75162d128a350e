import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FLAT_MESSAGES } from '../envelopes.js';
import { fieldsOf, joinedFields, mapFields, withinBudget } from '../../src/translation/fields.js';
import { LINEAR_MS, milliseconds } from './failures.js';

const SIZE = 64 * 1024;
const wide = (unit: string) => unit.repeat(Math.ceil(SIZE / unit.length)).slice(0, SIZE);
const of = (kind: string) => FLAT_MESSAGES.filter((message) => message.kind === kind);

describe('A joined message', () => {
  test.each(of('fields'))('names the fields of “$message”', ({ message, fields }) => {
    expect(joinedFields(message)).toEqual(fields);
  });

  test.each(of('type'))('about a JSON type names the field and no Go: “$message”', ({ message }) => {
    const field = /\.(\w+) of type/.exec(message)?.[1];
    expect(joinedFields(message)).toEqual([{ field, issue: 'has the wrong type' }]);
  });

  test.each(of('business'))('of a business rule names no field: “$message”', ({ message }) => {
    expect(joinedFields(message)).toEqual([]);
  });

  test('holds every known complaint at once', () => {
    const all = of('fields').filter(({ fields }) => fields.length === 1);
    const message = `${all.map(({ message }) => message.slice(0, -1)).join('; ')}.`;
    expect(joinedFields(message)).toEqual(all.flatMap(({ fields }) => fields));
  });

  test.each([
    ['amount: cannot be blank', [['amount', 'cannot be blank']]],
    ['amount: must be no less than 0.01', [['amount', 'must be no less than 0.01']]],
    ['  amount:   cannot be blank.  ', [['amount', 'cannot be blank']]],
    ['callback_url: must start with https://', [['callback_url', 'must start with https://']]],
    ['redirects: (success: must be a valid URL.).', [['redirects.success', 'must be a valid URL']]],
    [
      'amount: cannot be blank; redirects: (failed: cannot be blank; success: must be a valid URL.).',
      [
        ['amount', 'cannot be blank'],
        ['redirects.failed', 'cannot be blank'],
        ['redirects.success', 'must be a valid URL'],
      ],
    ],
    [
      'details: (item: (id: cannot be blank; name: cannot be blank.); tag: is too long.); tag: is too long.',
      [
        ['details.item.id', 'cannot be blank'],
        ['details.item.name', 'cannot be blank'],
        ['details.tag', 'is too long'],
        ['tag', 'is too long'],
      ],
    ],
    ['a: (b: (c: (d: (e: (f: x.).).).).).', [['a.b.c.d.e', '(f: x.)']]],
    ['reference: (100 characters)', [['reference', '(100 characters)']]],
    ['reference: must match (a; b) exactly', [['reference', 'must match (a; b) exactly']]],
    [
      'a: b); c: d',
      [
        ['a', 'b)'],
        ['c', 'd'],
      ],
    ],
    [
      'bank_accounts[0].account-number: cannot be blank',
      [['bank_accounts[0].account-number', 'cannot be blank']],
    ],
    ['amount: cannot be blank; the request was refused: try later.', [['amount', 'cannot be blank']]],
    [
      'json: cannot unmarshal number into Go struct field HostedCheckoutRequest.redirects.success of type string',
      [['redirects.success', 'has the wrong type']],
    ],
    [
      `json: cannot unmarshal number ${'9'.repeat(90)} into Go struct field HostedCheckoutRequest.amount of type int`,
      [['amount', 'has the wrong type']],
    ],
    [
      'json: cannot unmarshal number 1.5 into Go struct field HostedCheckoutRequest.count of type int',
      [['count', 'has the wrong type']],
    ],
  ])('says where to look: “%s”', (message, expected) => {
    expect(joinedFields(message)).toEqual(expected.map(([field, issue]) => ({ field, issue })));
  });

  test.each([
    '',
    '.',
    ';',
    ': ',
    'Bad Gateway',
    'Insufficient funds',
    'unsupported medium: mpesa',
    'the reference was used before: order-1',
    'amount:cannot be blank',
    '1amount: cannot be blank',
    'amount is wrong: cannot be blank',
    `${'a'.repeat(121)}: cannot be blank`,
    '<b>amount</b>: cannot be blank',
    'https://example.com: cannot be blank',
    "invalid character 'a' looking for beginning of value",
  ])('of prose has no fields: %j', (message) => {
    expect(joinedFields(message)).toEqual([]);
  });

  test.each([
    'json: cannot unmarshal array into Go value of type entity.HostedCheckoutRequest',
    'json: unknown field "amuont"',
    `json: cannot unmarshal number ${'9'.repeat(300)} into Go struct field HostedCheckoutRequest.amount of type int`,
    'json: invalid use of ,string struct tag, trying to unmarshal "x" into float64',
  ])('never tells a client what else the Go decoder says: %j', (message) => {
    expect(joinedFields(message)).toEqual([]);
  });

  test.each([
    'pq: duplicate key value violates unique constraint "transactions_reference_key"',
    'ERROR: duplicate key value violates unique constraint "transactions_reference_key" (SQLSTATE 23505)',
  ])('never tells a client what the database says: %j', (message) => {
    expect(joinedFields(message)).toEqual([]);
  });

  test.each([
    ['amount: (min: is low', 'amount', '(min: is low'],
    ['amount: min: is low)', 'amount', 'min: is low)'],
    ['amount: (-min: is low)', 'amount', '(-min: is low)'],
    ['amount: (the min: is low)', 'amount', '(the min: is low)'],
  ])('takes for a complaint what only looks as if it named fields: “%s”', (message, field, issue) => {
    expect(joinedFields(message)).toEqual([{ field, issue }]);
  });

  test('about a JSON type has to begin as such', () => {
    const inner = 'json: cannot unmarshal string into Go struct field Payment.amount of type int';
    expect(joinedFields(`json: bad; ${inner}`)).toEqual([]);
  });

  test('names an element of a list by its index', () => {
    expect(joinedFields('supported_mediums: (0: must be a valid value; 2: cannot be blank.).')).toEqual([
      { field: 'supported_mediums.0', issue: 'must be a valid value' },
      { field: 'supported_mediums.2', issue: 'cannot be blank' },
    ]);
  });

  test('gives back whatever fields it was joined from', () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,28}_[a-z]$/); // no driver or Go package is called so
    const issue = fc.stringMatching(/^[a-zA-Z0-9,'/]([a-zA-Z0-9 .,'/]{0,40}[a-zA-Z0-9,'/])?$/);
    const details = fc.array(fc.record({ field: name, issue }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(details, fc.constantFrom('.', ''), (fields, period) => {
        const message = fields.map(({ field, issue }) => `${field}: ${issue}`).join('; ') + period;
        expect(joinedFields(message)).toEqual(fields);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['open parentheses', wide('(')],
    ['closed parentheses', wide(')')],
    ['semicolons', wide(';')],
    ['short clauses', wide('a: b; ')],
    ['clauses without text', wide('a: ;')],
    ['one long word', wide('a')],
    ['one long name', `${wide('a').slice(2)}: `],
    ['colons', wide(': ')],
    ['periods', `${wide('.').slice(1)}x`],
    ['spaces', `${wide(' ').slice(1)}x`],
    ['half a Go message', `json: cannot unmarshal ${wide('into Go struct field ')}`],
    ['a Go message with a long path', `json: cannot unmarshal a into Go struct field ${wide('A.')}`],
    ['unclosed nests', wide('a: (')],
  ])('of 64 KiB of %s is read in linear time', (_, message) => {
    expect(joinedFields(message).length).toBeLessThanOrEqual(20);
    expect(milliseconds(() => joinedFields(message))).toBeLessThan(LINEAR_MS);
  });

  test('of 64 KiB of nested parentheses is read without overflowing the stack', () => {
    const depth = SIZE / 5;
    const nested = 'a: ('.repeat(depth) + ')'.repeat(depth);
    expect(() => joinedFields(nested)).not.toThrow();
    expect(milliseconds(() => joinedFields(nested))).toBeLessThan(LINEAR_MS);
  });
});

describe('A list of fields', () => {
  const tin = { field: 'business.tin', issue: 'TIN must be 10 digits.' };

  test.each<[string, unknown, unknown]>([
    ['an array', [tin], [tin]],
    [
      'an array with messages for issues',
      [{ field: 'tin', message: 'is wrong' }],
      [{ field: 'tin', issue: 'is wrong' }],
    ],
    ['an array with both', [{ ...tin, message: 'other' }], [tin]],
    [
      'an array of joined texts',
      ['tin: is wrong; vat: is wrong.'],
      [
        { field: 'tin', issue: 'is wrong' },
        { field: 'vat', issue: 'is wrong' },
      ],
    ],
    ['a map of texts', { tin: 'is wrong' }, [{ field: 'tin', issue: 'is wrong' }]],
    [
      'a map of arrays',
      { tin: ['is wrong', 'is short'] },
      [
        { field: 'tin', issue: 'is wrong' },
        { field: 'tin', issue: 'is short' },
      ],
    ],
    ['one text', 'tin: is wrong', [{ field: 'tin', issue: 'is wrong' }]],
    [
      'an array with junk between',
      [null, 5, tin, {}, { field: 'a' }, { issue: 'b' }, { field: 1, issue: 'b' }, []],
      [tin],
    ],
    [
      'a map with junk between',
      { a: 5, b: null, tin: ['is wrong', 7, {}], c: { d: 'e' } },
      [{ field: 'tin', issue: 'is wrong' }],
    ],
  ])('may be %s', (_, listed, expected) => {
    expect(fieldsOf(listed)).toEqual(expected);
  });

  test.each([undefined, null, true, 0, 42, '', 'nonsense', [], {}, [[]], [null], { a: {} }, Symbol('a')])(
    'of junk is empty: %p',
    (junk) => {
      expect(fieldsOf(junk)).toEqual([]);
    },
  );

  test.each([
    ['an array', (count: number) => Array.from({ length: count }, () => tin)],
    [
      'a map',
      (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${String(at)}`, 'x'])),
    ],
    ['a map of arrays', (count: number) => ({ tin: Array.from({ length: count }, () => 'x') })],
    ['one text', (count: number) => Array.from({ length: count }, (_, at) => `f${String(at)}: x`).join('; ')],
    [
      'joined texts',
      (count: number) => [Array.from({ length: count }, (_, at) => `f${String(at)}: x`).join('; ')],
    ],
  ])('has at most twenty, as %s', (_, listing) => {
    expect([19, 20, 21, 200].map((count) => fieldsOf(listing(count)).length)).toEqual([19, 20, 20, 20]);
  });

  test('is read by its names and its complaints alone', () => {
    const asked: string[] = [];
    const entry = new Proxy(
      { value: '251911223344', received: 'x', input: 'y', path: 'z' },
      { get: (_target, name) => void asked.push(String(name)) },
    );
    expect(fieldsOf([entry])).toEqual([]);
    expect(asked.sort()).toEqual(['field', 'issue', 'message']);
  });

  test('is read from anything without an exception', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (listed) => {
        const fields = fieldsOf(listed);
        expect(fields.length).toBeLessThanOrEqual(20);
        for (const { field, issue } of fields)
          expect([typeof field, typeof issue]).toEqual(['string', 'string']);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('The fields that are told', () => {
  const details = [
    { field: 'business.tin', issue: 'is wrong' },
    { field: 'amount', issue: 'is low' },
  ];
  const known = new Map([['amount', 'total']]);
  const passing = (field: string) => field;

  test('are those that the provider documents, where the platform names none', () => {
    const others = ['kyc_status', 'Authorization', 's3', 'HostedCheckoutRequest.amount'];
    const undocumented = others.map((field) => ({ field, issue: 'must be approved' }));
    expect(mapFields([...details, ...undocumented], undefined)).toEqual({
      told: details,
      unmapped: others,
      ownDoing: false,
    });
    expect(mapFields(undocumented, undefined)).toEqual({ told: [], unmapped: others, ownDoing: false });
  });

  test('are those that the platform names, by its names', () => {
    expect(mapFields(details, (field) => known.get(field))).toEqual({
      told: [{ field: 'total', issue: 'is low' }],
      unmapped: ['business.tin'],
      ownDoing: false,
    });
  });

  test('show the platform’s own doing if it names none of the refused', () => {
    expect(mapFields(details, () => undefined)).toEqual({
      told: [],
      unmapped: ['business.tin', 'amount'],
      ownDoing: true,
    });
  });

  test('show nobody’s doing where no field was refused', () => {
    expect(mapFields([], () => undefined)).toEqual({ told: [], unmapped: [], ownDoing: false });
  });

  test('never have the name of a struct, though the platform lets all pass', () => {
    const struct = { field: 'entity.HostedCheckoutRequest', issue: 'x' };
    expect(mapFields([struct, ...details], passing)).toEqual({
      told: details,
      unmapped: [struct.field],
      ownDoing: false,
    });
    expect(mapFields([struct], () => 'payment').told).toEqual([{ field: 'payment', issue: 'x' }]);
  });
});

describe('A struct of the provider’s', () => {
  test.each<[string, unknown]>([
    ['an array', [{ field: 'entity.TransactionRedirects.success', issue: 'x' }]],
    ['a map', { 'TransactionRedirects.success': 'x' }],
    ['a joined text', 'HostedCheckoutRequest.redirects.success: x.'],
    ['an array of joined texts', ['TransactionRedirects: (success: x.).']],
  ])('stands for its field in %s', (_, listed) => {
    expect(fieldsOf(listed)).toEqual([{ field: 'redirects.success', issue: 'x' }]);
  });

  test.each([
    ['field entity.TransactionRedirects.success of type string', 'redirects.success'],
    ['field TransactionRedirects.redirects.success of type string', 'redirects.success'],
    ['field HostedCheckoutRequest.amount of type float64', 'amount'],
    ['field checkoutRequest.amount of type float64', 'amount'],
    ['value of type entity.TransactionMedium', 'supported_mediums'],
    ['value of type []entity.TransactionMedium', 'supported_mediums'],
  ])('stands for its field in what Go says of a type: %s', (said, field) => {
    const message = `json: cannot unmarshal number into Go ${said.replace(/^field/, 'struct field')}`;
    expect(joinedFields(message)).toEqual([{ field, issue: 'has the wrong type' }]);
  });

  test.each(['value of type string', 'value of type entity.HostedCheckoutRequest', 'value of type []uint8'])(
    'that is no field’s names none: %s',
    (said) => {
      expect(joinedFields(`json: cannot unmarshal number into Go ${said}`)).toEqual([]);
    },
  );
});

describe('Of many long fields', () => {
  const budget = 14 * 1024;
  const told = (sizes: readonly number[]) => {
    const errors = sizes.map((size) => ({ field: 'a', detail: 'x'.repeat(size) }));
    return withinBudget(errors, ({ detail }) => detail).map(({ detail }) => detail.length);
  };

  test.each([
    ['one just under', [budget - 1], [budget - 1]],
    ['one that fills it', [budget], [budget]],
    ['one beyond', [budget + 1], []],
    ['the first ones', [budget - 2, 1, 1, 1], [budget - 2, 1, 1]],
    ['none behind one that does not fit', [1, budget, 1], [1]],
    ['none of none', [], []],
  ])('as many as fit are told: %s', (_, sizes, expected) => {
    expect(told(sizes)).toEqual(expected);
  });

  test('bytes count as they are sent, not characters', () => {
    const errors = Array.from({ length: 20 }, () => ({ field: '', detail: 'ሀ'.repeat(1024) }));
    expect(withinBudget(errors, ({ detail }) => detail)).toHaveLength(4);
    expect(withinBudget(errors, ({ detail }) => detail + detail)).toHaveLength(2);
  });
});
