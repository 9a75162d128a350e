/** docs/reliability.md promises nothing without a test, and names what is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CRITICAL } from '../mutation/record.mjs';
import { blocksOf, headingsOf, readPage, ROOT, rowsUnder, tablesOf } from './pages.js';

const PAGE = readPage('docs/reliability.md');
const COLUMNS = ['#', 'what goes wrong', 'promise', 'tests'];

/** The groups, by the letter of their rows, and how many these are. */
const GROUPS = {
  A: ['Answers', 11],
  B: ['Transport', 7],
  C: ['Guards and caches', 9],
  D: ['Webhooks', 8],
  E: ['Secrets', 7],
  F: ['The process', 5],
} as const;

interface Named {
  readonly text: string;
  /** From the root of the repository. */
  readonly file: string;
}

const ROWS = Object.values(GROUPS).flatMap(([heading]) =>
  rowsUnder(PAGE, heading).map((row) => ({ row, number: String(row['#']), named: namedIn(row['tests']) })),
);
const FILES = [...new Set(ROWS.flatMap(({ named }) => named.map(({ file }) => file)))].map((file) => ({
  file,
}));

function namedIn(cell = ''): Named[] {
  return cell.split(' · ').flatMap((part) => {
    const [, text, file] = /^\[`([\w./-]+)`\]\(\.\.\/(test\/[\w./-]+)\)$/.exec(part) ?? [];
    return text === undefined || file === undefined ? [] : [{ text, file }];
  });
}

const sourceOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

test('There is a table for every group, and no other', () => {
  const tables = tablesOf(PAGE).map(({ heading, header }) => ({ heading, header }));
  expect(tables.filter(({ heading }) => heading !== 'Mutation testing')).toEqual(
    Object.values(GROUPS).map(([heading]) => ({ heading, header: COLUMNS })),
  );
});

test.each(Object.entries(GROUPS))('The rows of %s are counted without a gap', (letter, [heading, count]) => {
  expect(rowsUnder(PAGE, heading).map((row) => row['#'])).toEqual(
    Array.from({ length: count }, (_, at) => `${letter}${String(at + 1)}`),
  );
});

describe.each(ROWS)('Row $number', ({ row, named }) => {
  test('says what goes wrong, and what is promised', () => {
    expect(Object.values(row).filter((cell) => cell === '')).toEqual([]);
  });

  test('names one to three tests, each once, and nothing else', () => {
    expect(named.length).toBeGreaterThanOrEqual(1);
    expect(named.length).toBeLessThanOrEqual(3);
    expect(new Set(named.map(({ file }) => file)).size).toBe(named.length);
    expect(row['tests']?.split(' · ')).toHaveLength(named.length);
  });

  test('calls every test by where it is', () => {
    expect(named.map(({ file }) => file.replace(/^test\/|(?:\.test)?\.ts$/g, ''))).toEqual(
      named.map(({ text }) => text),
    );
  });
});

describe.each(FILES)('$file', ({ file }) => {
  test('is there, and has tests', () => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(sourceOf(file)).toMatch(/\btest(?:\.each\b|\()/);
    expect(sourceOf(file)).not.toMatch(/\b(?:test|describe)\.(?:skip|only|failing|todo)\b/);
  });

  test('is run: as a suite, or as a part of the contract', () => {
    const part = /^test\/adapters\/contract\/([\w-]+)\.ts$/.exec(file)?.[1];
    if (part === undefined) expect(file).toMatch(/\.test\.ts$/);
    else expect(sourceOf('test/adapters/contract.ts')).toContain(`from './contract/${part}.js'`);
  });
});

test('Every way of proving is explained', () => {
  const headings = headingsOf(PAGE);
  const ways = headings.slice(headings.indexOf('How it is proven') + 1, headings.indexOf('Repeat it'));
  expect(ways).toEqual([
    'Fuzz',
    'The matrix of secrets',
    'Schedules',
    'A Redis of its own',
    'Payments through faults',
    'Soak',
    'Mutation testing',
  ]);
});

test('Every file of whose mutants none may survive stands in a row', () => {
  const files = rowsUnder(PAGE, 'Mutation testing').flatMap((row) =>
    [...row['files']!.matchAll(/`([^`]+)`/g)].map(([, name = '']) => `src/${name}.ts`),
  );
  expect(files.sort()).toEqual([...CRITICAL].sort());
});

test('Its commands are there', () => {
  const { scripts } = JSON.parse(sourceOf('package.json')) as { scripts: Record<string, string> };
  const lines = blocksOf(PAGE).flatMap(({ code }) => code);
  const run = lines.map((line) => /^npm (?:run )?([a-z:]+)(?: +#|$)/.exec(line)?.[1] ?? line);
  expect(run).toEqual([
    ...['test', 'test:long', 'test:redis', 'test:browser'],
    ...['fuzz', 'soak', 'proof:payments', 'mutation'],
  ]);
  expect(run.filter((name) => !(name in scripts))).toEqual([]);
});
