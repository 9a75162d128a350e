import { expect, test } from '@jest/globals';
import { createLocals } from '../../src/guards/locals.js';

const merchant = { id: 'm1', facts: {} };

test('What is kept is found again, and what is kept later joins it', () => {
  const { of, keep } = createLocals();
  const state = {};
  expect(of(state)).toEqual({});
  keep(state, { audience: 'merchant' });
  keep(state, { merchant, namedBy: of });
  expect(of(state)).toEqual({ audience: 'merchant', merchant, namedBy: of });
  keep(state, { audience: 'customer' });
  expect(of(state)).toMatchObject({ audience: 'customer', merchant });
});

test('Nothing is found where nothing was kept: elsewhere, nowhere, or by another core', () => {
  const { of, keep } = createLocals();
  const state = {};
  keep(state, { merchant });
  expect([of({}), of(undefined), createLocals().of(state)]).toEqual([{}, {}, {}]);
});
