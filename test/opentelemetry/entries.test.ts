/** Who does not ask for OpenTelemetry does not need it. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../docs/pages.js';

test('No other entry can load the API', () => {
  const files = ['src', 'adapters'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const naming = (word: RegExp) =>
    files.filter((file) => file.endsWith('.ts') && word.test(readFileSync(join(ROOT, file), 'utf8')));

  const own = files.filter((file) => /^adapters\/opentelemetry\/.+\.ts$/.test(file));
  expect(own).toEqual(expect.arrayContaining(naming(/@opentelemetry/)));
  expect(naming(/@opentelemetry/).length).toBeGreaterThan(3);
  expect(naming(/from '.*\/opentelemetry\//)).toEqual([]);
});
