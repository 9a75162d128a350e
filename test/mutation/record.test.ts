/** The record of what was noticed is good enough; `npm run mutation` writes it. */
import { describe, expect, test } from '@jest/globals';
import { EQUIVALENTS } from './equivalents.mjs';
import { CRITICAL, readRecord, scoreOf, unexplained } from './record.mjs';
import { filesOf } from './suites.mjs';

const files = ['src', 'adapters'].flatMap(filesOf);
const record = readRecord();

test('What is there is on record, and nothing else', () => {
  expect(Object.keys(record).sort()).toEqual([...files].sort());
});

describe('Every mutant was noticed or is explained of', () => {
  test.each(CRITICAL)('%s', (file) => {
    expect(unexplained(file, record[file]!.survivors)).toEqual([]);
  });
});

test('Of all mutants on record at least 95 % were noticed, those aside that are explained', () => {
  const { mutants, noticed, explained } = scoreOf(files);
  expect(noticed / (mutants - explained)).toBeGreaterThanOrEqual(0.95);
});

test('What is explained was not noticed', () => {
  const needless = Object.entries(EQUIVALENTS).flatMap(([file, reasons]) =>
    Object.values(reasons)
      .flat()
      .filter(
        ([from, to]) => !record[file]?.survivors.some((mutant) => mutant[0] === from && mutant[1] === to),
      )
      .map(([from, to]) => [file, from, to]),
  );
  expect(needless).toEqual([]);
});
