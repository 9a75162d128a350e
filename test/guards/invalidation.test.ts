import { describe, expect, test } from '@jest/globals';
import type { Told } from '../../src/events.js';
import { createInvalidation, type Occasion } from '../../src/guards/invalidation.js';
import { deferred } from './harness.js';

/** What is done, in order. `tellOthers` is how the others are told, if there are any. */
function invalidation(tellOthers?: () => Promise<boolean>) {
  const done: unknown[] = [];
  const told: Told[] = [];
  const sharing =
    tellOthers === undefined
      ? undefined
      : {
          forget(id: string) {
            done.push(`tell of ${id}`);
            return tellOthers();
          },
        };
  const invalidate = createInvalidation(
    { forget: (id) => void done.push(`forget ${id}`) },
    sharing,
    (event) => {
      done.push('tell operators');
      told.push(event);
    },
  );
  return { done, told, invalidate };
}

const CALL: Occasion = { cause: 'call' };

describe('A merchant', () => {
  test('is forgotten at once, and once, where there are no others', async () => {
    const { done, told, invalidate } = invalidation();
    const invalidated = invalidate('m1', CALL);
    expect(done).toEqual(['forget m1', 'tell operators']);
    expect(await invalidated).toBe(true);
    expect(told).toEqual([{ type: 'invalidated', level: 'info', merchantId: 'm1', cause: 'call' }]);
    expect(done).toHaveLength(2);
  });

  test('is forgotten at once, and again when the others were told', async () => {
    const { promise, resolve } = deferred<boolean>();
    const { done, invalidate } = invalidation(() => promise);
    const invalidated = invalidate('m1', CALL);
    expect(done).toEqual(['forget m1', 'tell of m1']);
    resolve(true);
    expect(await invalidated).toBe(true);
    expect(done).toEqual(['forget m1', 'tell of m1', 'forget m1', 'tell operators']);
  });

  test.each([
    [true, 'info'],
    [false, 'error'],
  ] as const)('was told to all or not: %s', async (shared, level) => {
    const { done, told, invalidate } = invalidation(async () => shared);
    expect(await invalidate('m1', CALL)).toBe(shared);
    expect(done).toEqual(['forget m1', 'tell of m1', 'forget m1', 'tell operators']);
    expect(told).toEqual([{ type: 'invalidated', level, merchantId: 'm1', cause: 'call', shared }]);
  });

  test.each<Occasion>([
    { cause: 'webhook' },
    { cause: 'error', kind: 'KYC_NOT_APPROVED', requestId: 'req_1' },
    { cause: 'error', kind: 'KYC_NOT_APPROVED', requestId: undefined },
  ])('is forgotten for a reason that operators are told: %j', async (occasion) => {
    const { told, invalidate } = invalidation();
    await invalidate('m1', occasion);
    expect(told).toEqual([{ type: 'invalidated', level: 'info', merchantId: 'm1', ...occasion }]);
  });
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['an empty text', ''],
  ['a segment of a path', 'wallet'],
  ['two lines', 'm1\nm2'],
  ['257 characters', 'm'.repeat(257)],
  ['an object', { id: 'm1' }],
])('Of what is no merchant nobody is told: %s', async (_what, id) => {
  const { done, invalidate } = invalidation(async () => false);
  expect(await invalidate(id as string, CALL)).toBe(true);
  expect(done).toEqual([]);
});
