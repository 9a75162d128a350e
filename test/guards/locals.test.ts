import { expect, test } from '@jest/globals';
import { createLocals } from '../../src/guards/locals.js';

const merchant = { id: 'm1', facts: {} };

test('What is kept is found again, and what is kept later joins it', () => {
  const { of, keep } = createLocals();
  const state = {};
  expect(of(state)).toEqual({});
  keep(state, { audience: 'merchant' });
  keep(state, { merchant });
  expect(of(state)).toEqual({ audience: 'merchant', merchant });
  keep(state, { audience: 'customer' });
  expect(of(state)).toMatchObject({ audience: 'customer', merchant });
});

test('Nothing is found where nothing was kept: elsewhere, nowhere, or by another core', () => {
  const { of, keep } = createLocals();
  const state = {};
  keep(state, { merchant });
  expect([of({}), of(undefined), createLocals().of(state)]).toEqual([{}, {}, {}]);
});

test('What one guard kept stays, whatever the next keeps beside it', () => {
  const { of, keep } = createLocals();
  const state = {};
  keep(state, { idempotencyKey: 'k1' });
  expect(of(state).idempotencyKey).toBe('k1');
  keep(state, { merchant });
  expect(of(state)).toMatchObject({ idempotencyKey: 'k1', merchant });
  keep(state, { idempotencyKey: 'k2' });
  expect(of(state).idempotencyKey).toBe('k2');
});
