/** No expression takes longer than its text is long: each, wherever it stands in the code, is measured. */
import { describe, expect, test } from '@jest/globals';
import express from 'express';
import { createLakiConnect } from 'lakiconnect-middleware';
import { unguardedRoutes } from 'lakiconnect-middleware/testing';
import { meter } from '../meter.js';
import { adversariesOf } from './adversaries.js';
import { expressionsIn } from './expressions.js';

const MAX_MS = 5;
const SIZE = 64 * 1024;

/** To replace each of 64 Ki letters may take so many times longer: the text is written anew. */
const REPLACING = 10;

const expressions = expressionsIn(['src', 'adapters']);

/** What makes those that are built from an option, of an option that is hard on them. */
const BUILT: Readonly<Record<string, () => () => unknown>> = {
  "src/translation/text.ts: new RegExp(quoted.join('|'), 'gi')": () => {
    const { translate } = createLakiConnect({ apiKey: `${'a'.repeat(40)}:${'a-'.repeat(40)}` });
    const hard = ['a'.repeat(SIZE), 'a-'.repeat(SIZE / 2), `${'a'.repeat(39)}b`.repeat(SIZE / 40)];
    return () =>
      hard.map((message) => translate({ name: 'LakipayError', status: 400, details: { message } }));
  },
  "src/testing/unguarded-routes.ts: new RegExp(source, flags.replace(/[gy]/g, ''))": () => {
    const app = express().post(`/pay/${'a'.repeat(SIZE)}`, () => undefined);
    return () => unguardedRoutes(app, /^\/pay\/.*b$/gy);
  },
};

/** The best of three; of more, where a busy machine may be the cause: what is quadratic takes a hundred times as long. */
function milliseconds(step: () => unknown): number {
  let best = Infinity;
  for (let run = 0; run < 3 || (run < 12 && best < 20 * MAX_MS); run++) {
    const spent = meter();
    step();
    best = Math.min(best, spent());
    if (best <= MAX_MS || best > 100 * MAX_MS) break;
  }
  return best;
}

test('Every expression in the code is found', () => {
  const literals = expressions.filter(({ pattern }) => pattern !== undefined);
  expect(literals.length).toBeGreaterThanOrEqual(40);
  expect(expressions.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'src/translation/codes.ts: /^[A-Z][A-Z0-9_]{1,63}$/',
      'adapters/redis/subscription.ts: /^pong/i',
    ]),
  );
});

test('Of those that are built later, each is one that is built here from its option', () => {
  const later = expressions.filter(({ pattern }) => pattern === undefined).map(({ name }) => name);
  expect(later.sort()).toEqual(Object.keys(BUILT).sort());
});

const known = expressions.flatMap(({ name, pattern }) => (pattern === undefined ? [] : [{ name, pattern }]));

describe('In 5 ms 64 KiB are done with by', () => {
  test.each(known)('$name', ({ pattern }) => {
    let slow: string | undefined;
    for (const [what, text] of adversariesOf(pattern)) {
      const ms = milliseconds(() => {
        pattern.lastIndex = 0;
        pattern.exec(text);
      });
      const replacing = pattern.global ? milliseconds(() => text.replace(pattern, '')) / REPLACING : 0;
      if (Math.max(ms, replacing) > MAX_MS)
        slow = `${JSON.stringify(what.slice(0, 60))}: ${ms.toFixed(1)} ms`;
      if (slow !== undefined) break;
    }
    expect(slow).toBeUndefined();
  });

  test.each(Object.entries(BUILT))('%s', (_name, make) => {
    const step = make();
    expect(milliseconds(step)).toBeLessThanOrEqual(MAX_MS);
  });
});

test('An expression that takes the square of its text is seen', () => {
  const step = (): unknown => /\S*$/.exec(`${'a'.repeat(SIZE / 4)} `);
  expect(milliseconds(step)).toBeGreaterThan(MAX_MS);
});
