/** The record of what was noticed is whole, and good enough; `npm run mutation` writes it. */
import { describe, expect, test } from '@jest/globals';
import { EQUIVALENTS } from './equivalents.mjs';
import { CRITICAL, readRecord, scoreOf, unexplained } from './record.mjs';
import { filesOf } from './suites.mjs';

const files = ['src', 'adapters'].flatMap(filesOf);
const record = readRecord();

test('The mutants of every file have been tested, and of no other', () => {
  expect(Object.keys(record).sort()).toEqual([...files].sort());
});

test('Of all mutants at least 95 % were noticed, those aside that are explained', () => {
  const { noticed, left } = scoreOf(files);
  expect(noticed).toBeGreaterThanOrEqual(0.95 * (noticed + left));
});

describe('Every mutant was noticed or is explained of', () => {
  test.each(CRITICAL)('%s', (file) => {
    expect(unexplained(file, record[file]!.survivors)).toEqual([]);
  });
});

test('What is explained was not noticed', () => {
  const needless = Object.entries(EQUIVALENTS).flatMap(([file, equivalents]) =>
    equivalents
      .filter(
        ([from, to]) => !record[file]?.survivors.some((mutant) => mutant[0] === from && mutant[1] === to),
      )
      .map(([from, to]) => [file, from, to]),
  );
  expect(needless).toEqual([]);
});
