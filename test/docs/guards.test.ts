/** What docs/guards.md and docs/facts.md say of guards is what they do. */
import { describe, expect, test } from '@jest/globals';
import {
  createLakiConnect,
  type LakiConnectError,
  type LakiConnectEvent,
  type Merchant,
  type Options,
  type Reply,
} from 'lakiconnect-middleware';
import { requirementDefinition } from '../../src/schemas/guards.js';
import { rejection } from '../provider/harness.js';
import { keysOf, listedUnder, plainText, readPage, rowsUnder } from './pages.js';

const guards = readPage('docs/guards.md');
const facts = readPage('docs/facts.md');

/** What a merchant is like, by what a guard finds. */
const FOUND: Readonly<Record<string, { id?: string; lookups?: Options['lookups'] }>> = {
  'KYC is not approved': { lookups: { kycStatus: () => 'pending' } },
  'the merchant is not linked': { lookups: { kycStatus: () => ({ linked: false }) } },
  'no fee is configured': { lookups: { feeConfig: () => undefined } },
  'nothing that could be believed': { lookups: { kycStatus: () => Promise.reject(new Error('down')) } },
  'no id': { id: '' },
};

describe('What is answered', () => {
  const rows = rowsUnder(guards, 'What is answered');

  test('has a row for everything that a guard may find but "yes"', () => {
    expect(rows.map((row) => row['the guard finds'])).toEqual(Object.keys(FOUND));
  });

  test.each(rows)('$kind is answered as its row says', async (row) => {
    const { id = 'cm_1', lookups } = FOUND[row['the guard finds']!]!;
    const events: LakiConnectEvent[] = [];
    const laki = createLakiConnect({
      lookups: { kycStatus: () => 'approved', feeConfig: () => ({}), ...lookups },
      onEvent: (event) => events.push(event),
    });
    const error = (await rejection(laki.check(id))) as LakiConnectError;
    const told = (reply: Reply | undefined) =>
      [reply?.status, reply?.problem.code === error.kind ? [] : reply?.problem.code].flat().join(' ');

    expect(error.kind).toBe(plainText(row['kind']!));
    expect(told(laki.translate(error, { audience: 'merchant' }))).toBe(plainText(row['merchant']!));
    expect(told(laki.translate(error, { audience: 'customer' }))).toBe(plainText(row['customer']!));
    const [event] = events.filter(({ type }) => type !== 'lookup');
    expect([event?.type, event?.level]).toEqual([plainText(row['event']!), row['log']]);
  });
});

test('What a handler knows is listed, and what a requirement is made of', () => {
  expect(listedUnder(guards, 'What a handler knows')).toEqual(
    keysOf<Merchant>({ id: 0, kycStatus: 0, feeConfig: 0, facts: 0 }),
  );
  expect(listedUnder(guards, 'Requirements of your own')).toEqual(Object.keys(requirementDefinition.shape));
});

test('The lives in the diagram are the defaults', () => {
  const lives = Object.fromEntries(
    rowsUnder(readPage('docs/configuration.md'), 'cache').map((row) => [
      plainText(row['member']!),
      Number(plainText(row['default']!)) / 1000,
    ]),
  );
  const drawn = facts.lines.join('\n').matchAll(/(\w+Ms): (\d+) (minute|second)s?/g);
  const seconds = [...drawn].map(([, name, count, unit]) => [
    name,
    Number(count) * (unit === 'minute' ? 60 : 1),
  ]);
  expect(Object.fromEntries(seconds)).toEqual({
    metMs: lives['metMs'],
    unmetMs: lives['unmetMs'],
    staleIfErrorMs: lives['staleIfErrorMs'],
  });
});

describe('Lives', () => {
  /** What has been learnt, and how long ago. */
  const KNOWN: Readonly<Record<string, { status?: string; ago?: number; forgotten?: true }>> = {
    nothing: {},
    'a fresh "yes"': { status: 'approved', ago: 59_999 },
    'an expired "yes"': { status: 'approved', ago: 60_000 },
    'a "yes" that is too old': { status: 'approved', ago: 360_000 },
    'a fresh "no"': { status: 'pending', ago: 4999 },
    'an expired "no"': { status: 'pending', ago: 5000 },
    'a "yes" that was forgotten': { status: 'approved', ago: 0, forgotten: true },
  };
  const rows = rowsUnder(facts, 'Lives');

  /** What becomes of a request, in the words of the table, and how often is looked. */
  async function outcome(known: string, lookup: () => string) {
    const { status, ago = 0, forgotten } = KNOWN[known]!;
    const events: LakiConnectEvent[] = [];
    let now = 1_000_000;
    let looks = 0;
    let answer = () => status as string;
    const laki = createLakiConnect({
      lookups: {
        kycStatus: () => {
          looks++;
          return answer();
        },
        feeConfig: () => ({}),
      },
      now: () => now,
      onEvent: (event) => events.push(event),
    });
    const check = () =>
      laki.check('cm_1').then(
        () =>
          events.some((event) => event.type === 'lookup' && event.stale === true)
            ? 'passes, on a stale "yes"'
            : 'passes',
        ({ kind }: LakiConnectError) => (kind === 'UNDETERMINED' ? 'undetermined' : 'refused'),
      );
    if (status !== undefined) await check();
    if (forgotten) await laki.invalidate('cm_1');
    now += ago;
    looks = 0;
    answer = lookup;
    return { verdict: await check(), looks };
  }

  test('has a row for everything that may be known', () => {
    expect(rows.map((row) => row['what is known'])).toEqual(Object.keys(KNOWN));
  });

  test.each(rows)('of $["what is known"]', async (row) => {
    const lookups = {
      'says "yes"': () => 'approved',
      'says "no"': () => 'pending',
      fails: () => {
        throw new Error('down');
      },
    };
    for (const [column, lookup] of Object.entries(lookups)) {
      expect(await outcome(row['what is known']!, lookup)).toEqual({
        verdict: row[column],
        looks: row['looks up'] === 'yes' ? 1 : 0,
      });
    }
  });
});
