/** Every file's mutants are put to suites that are there. */
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { filesOf, SUITES, suitesOf } from './suites.mjs';

const files = ['src', 'adapters'].flatMap(filesOf);

test.each(files)('The mutants of %s meet a suite', (file) => {
  const suites = suitesOf(file);
  expect(suites.length).toBeGreaterThan(0);
  expect(suites.filter((suite) => !existsSync(suite))).toEqual([]);
});

test('No suites are named for what is not there', () => {
  expect(Object.keys(SUITES).filter((file) => !files.includes(file))).toEqual([]);
});

test('A file without a suite is told of', () => {
  expect(() => suitesOf('src/nothing.ts')).toThrow('No suite mirrors src/nothing.ts');
});
