import { expect, test } from '@jest/globals';
import { marked, markOf } from '../../src/guards/mark.js';

test.each(['guard', 'guarded'] as const)('Middleware is marked as %s, and stays what it is', (mark) => {
  const middleware = () => 'answer';
  expect(marked(middleware, mark)).toBe(middleware);
  expect(markOf(middleware)).toBe(mark);
  expect(middleware()).toBe('answer');
  expect(Object.keys(middleware)).toEqual([]);
});

test('Middleware that guards nothing stays unmarked', () => {
  const middleware = () => 'answer';
  expect(marked(middleware, undefined)).toBe(middleware);
  expect(markOf(middleware)).toBeUndefined();
  expect(Object.getOwnPropertySymbols(middleware)).toEqual([]);
});

test.each<[string, unknown]>([
  ['middleware of the platform’s', () => undefined],
  ['nothing', undefined],
  ['null', null],
  ['an object that says so', marked({}, 'guard')],
])('%s is not marked', (_what, middleware) => {
  expect(markOf(middleware)).toBeUndefined();
});

test('A mark is read by every copy of the package', () => {
  const middleware = Object.assign(() => undefined, {
    [Symbol.for('lakiconnect-middleware.guard')]: 'guard' as const,
  });
  expect(markOf(middleware)).toBe('guard');
});
