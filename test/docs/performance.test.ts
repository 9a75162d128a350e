/** The page tells what was measured, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { chart } from '../bench/chart.mjs';
import { pageOf, type Results } from '../bench/report.mjs';
import { ROOT } from './pages.js';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const results = JSON.parse(read('test/bench/results.json')) as Results;

test('docs/performance.md is what the last full run found, in the words of test/bench/page.md', async () => {
  expect(read('docs/performance.md')).toBe(await pageOf(results));
});

test('docs/performance.svg is its chart', () => {
  expect(read('docs/performance.svg')).toBe(chart(results));
});

test('the controls of that run were still', () => {
  const controls = [...results.requests, ...results.crowds].filter(({ kind }) => kind === 'control');
  expect(controls).toHaveLength(20);
  for (const { framework, ratio } of controls) {
    expect(Math.abs(1 - ratio)).toBeLessThanOrEqual(framework === 'koa' ? 0.05 : 0.03);
  }
});
