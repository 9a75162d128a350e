import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSegmentedMap } from '../../src/guards/segmented-map.js';

interface Value {
  isProtected: boolean;
}

const value = (isProtected: boolean): Value => ({ isProtected });
const mapOf = (max: number) => createSegmentedMap<Value>(max, ({ isProtected }) => isProtected);

describe('A segmented map', () => {
  test('holds no more than it may, and what was set last of what is protected, then of what is not', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const steps = fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({ does: fc.constant('set' as const), key, isProtected: fc.boolean() }),
        },
        { weight: 1, arbitrary: fc.record({ does: fc.constant('delete' as const), key }) },
        { weight: 1, arbitrary: fc.record({ does: fc.constant('clear' as const) }) },
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), steps, (max, all) => {
        const map = mapOf(max);
        /** The oldest first. */
        let expected: [string, Value][] = [];
        for (const step of all) {
          if (step.does === 'clear') {
            map.clear();
            expected = [];
            continue;
          }
          expected = expected.filter(([other]) => other !== step.key);
          if (step.does === 'delete') map.delete(step.key);
          else {
            const set = value(step.isProtected);
            map.set(step.key, set);
            expected.push([step.key, set]);
          }
          if (expected.length > max) {
            const out = expected.find(([, { isProtected }]) => !isProtected) ?? expected[0];
            expected = expected.filter((entry) => entry !== out);
          }
          const held = ['a', 'b', 'c', 'd', 'e', 'f'].filter((one) => map.get(one) !== undefined);
          expect(held).toEqual(expected.map(([one]) => one).sort());
          for (const [one, set] of expected) expect(map.get(one)).toBe(set);
          expect(map.size()).toBe(expected.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('gives up what needs no protection any more before anything else, one at a time', () => {
    const map = mapOf(3);
    const [a, b] = [value(true), value(true)];
    map.set('a', a);
    map.set('b', b);
    map.set('c', value(false));
    a.isProtected = false;
    map.set('d', value(false));
    map.set('e', value(false));
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => map.get(key) !== undefined)).toEqual(['b', 'd', 'e']);
  });
});
