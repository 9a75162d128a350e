import { expect, test } from '@jest/globals';
import { isUsualReader, reader } from '../../src/schemas/reader.js';

/** What is usual is what the schema accepts: it is asked about the rest. */
test.each<[given: unknown, isUsual: boolean]>([
  [{}, true],
  [{ accept: 'text/html', acceptLanguage: 'am', locale: 'am', audience: 'merchant' }, true],
  [{ audience: 'customer', locale: undefined }, true],
  [{ audience: 'admin' }, false],
  [{ accept: 1 }, false],
  [{ language: 'am' }, false],
  [null, false],
  ['am', false],
])('%j is a usual reader: %j', (given, isUsual) => {
  expect(isUsualReader(given as never)).toBe(isUsual);
  expect(reader.safeParse(given).success).toBe(isUsual);
});
