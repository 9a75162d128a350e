import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBeliefs } from '../../src/guards/beliefs.js';
import type { Settings } from '../../src/settings.js';
import { clockAt, met, unmet } from './harness.js';

type Lives = Settings<never>['cache'];

const LIVES: Lives = { metMs: 60_000, unmetMs: 5000, staleIfErrorMs: 300_000, maxMerchants: 10 };

function beliefs(lives: Partial<Lives> = {}, isHearing?: () => boolean) {
  const clock = clockAt(1_000_000);
  return { clock, held: createBeliefs({ cache: { ...LIVES, ...lives }, elapsed: clock.now }, isHearing) };
}

describe('A fact', () => {
  test.each<['met' | 'unmet', number, boolean, Partial<Lives>]>([
    ['met', 0, true, {}],
    ['met', 59_999, true, {}],
    ['met', 60_000, false, {}],
    ['unmet', 0, true, {}],
    ['unmet', 4999, true, {}],
    ['unmet', 5000, false, {}],
    ['met', 5000, true, {}],
    ['met', 0, false, { metMs: 0 }],
    ['unmet', 0, true, { metMs: 0 }],
    ['unmet', 0, false, { unmetMs: 0 }],
    ['met', 0, true, { unmetMs: 0 }],
  ])('%s, %i ms old, is believed: %s', (is, age, isBelieved, lives) => {
    const { clock, held } = beliefs(lives);
    const verdict = is === 'met' ? met() : unmet();
    held.put('m1', 'kyc', { verdict, since: clock.now() });
    clock.pass(age);
    expect(held.fresh('m1', 'kyc')).toBe(isBelieved ? verdict : undefined);
  });

  test.each<['met' | 'unmet', number, boolean, Partial<Lives>]>([
    ['met', 60_000, true, {}],
    ['met', 359_999, true, {}],
    ['met', 360_000, false, {}],
    ['met', 60_000, false, { staleIfErrorMs: 0 }],
    ['met', 299_999, true, { metMs: 0 }],
    ['met', 300_000, false, { metMs: 0 }],
    ['unmet', 0, false, {}],
    ['unmet', 5000, false, {}],
  ])('%s, %i ms old, is good enough while its lookup fails: %s', (is, age, isEnough, lives) => {
    const { clock, held } = beliefs(lives);
    const verdict = is === 'met' ? met() : unmet();
    held.put('m1', 'kyc', { verdict, since: clock.now() });
    clock.pass(age);
    expect(held.stale('m1', 'kyc')).toBe(isEnough ? verdict : undefined);
  });

  test('is as old as the beginning of its lookup', () => {
    const { clock, held } = beliefs();
    const since = clock.now();
    clock.pass(4000);
    held.put('m1', 'kyc', { verdict: unmet(), since });
    clock.pass(999);
    expect(held.fresh('m1', 'kyc')).toBeDefined();
    clock.pass(1);
    expect(held.fresh('m1', 'kyc')).toBeUndefined();
  });

  test('is of one merchant and one requirement', () => {
    const { clock, held } = beliefs();
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    for (const [id, name] of [
      ['m1', 'fee'],
      ['m2', 'kyc'],
      ['m1kyc', ''],
      ['__proto__', 'kyc'],
    ] as const) {
      expect([held.fresh(id, name), held.stale(id, name), held.wasMet(id, name)]).toEqual([
        undefined,
        undefined,
        false,
      ]);
    }
  });

  test('is of no other merchant and requirement, whatever they are called', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', ':', '%', '\0', ' '), maxLength: 4 });
    const pairs = fc.uniqueArray(fc.tuple(part, part), {
      minLength: 2,
      maxLength: 5,
      selector: (pair) => JSON.stringify(pair),
    });
    fc.assert(
      fc.property(pairs, (all) => {
        const [[id, name], ...others] = all as [[string, string], ...[string, string][]];
        const { clock, held } = beliefs();
        held.put(id, name, { verdict: met(), since: clock.now() });
        expect(held.fresh(id, name)).toBeDefined();
        expect(others.filter((other) => held.fresh(...other) !== undefined)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('gives way to the next', () => {
    const { clock, held } = beliefs();
    const no = unmet();
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    held.put('m1', 'kyc', { verdict: no, since: clock.now() });
    expect(held.fresh('m1', 'kyc')).toBe(no);
    expect(held.stale('m1', 'kyc')).toBeUndefined();
    expect(held.wasMet('m1', 'kyc')).toBe(false);
  });

  test('that was met is remembered as such, however long ago', () => {
    const { clock, held } = beliefs();
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    clock.pass(1e12);
    expect(held.wasMet('m1', 'kyc')).toBe(true);
  });

  test('is forgotten with all others of its merchant, and of no other', () => {
    const { clock, held } = beliefs();
    for (const id of ['m1', 'm2'])
      for (const name of ['kyc', 'fee']) held.put(id, name, { verdict: met(), since: clock.now() });
    held.forget('m1');
    for (const name of ['kyc', 'fee']) {
      expect(held.fresh('m1', name)).toBeUndefined();
      expect(held.stale('m1', name)).toBeUndefined();
      expect(held.wasMet('m1', name)).toBe(false);
      expect(held.fresh('m2', name)).toBeDefined();
    }
  });
});

describe('A pass', () => {
  const KYC = [{ name: 'kyc' }];
  const BOTH = [{ name: 'kyc' }, { name: 'fee' }];

  test('tells what all the requirements of its list have taught', () => {
    const { clock, held } = beliefs();
    held.put('m1', 'kyc', { verdict: met('approved'), since: clock.now() });
    expect(held.pass('m1', KYC)).toEqual({ id: 'm1', facts: { kyc: 'approved' } });
    expect([held.pass('m1', BOTH), held.pass('m2', KYC)]).toEqual([undefined, undefined]);
    held.put('m1', 'fee', { verdict: met('free'), since: clock.now() });
    expect(held.pass('m1', BOTH)).toEqual({ id: 'm1', facts: { kyc: 'approved', fee: 'free' } });
  });

  test('is made once for each list, until something is learnt', () => {
    const { clock, held } = beliefs();
    for (const name of ['kyc', 'fee']) held.put('m1', name, { verdict: met(), since: clock.now() });
    const [one, both] = [held.pass('m1', KYC), held.pass('m1', BOTH)];
    clock.pass(59_999);
    expect(held.pass('m1', KYC)).toBe(one);
    expect(held.pass('m1', BOTH)).toBe(both);
    held.put('m1', 'kyc', { verdict: met('other'), since: clock.now() });
    expect(held.pass('m1', KYC)).toEqual({ id: 'm1', facts: { kyc: 'other' } });
  });

  test.each([
    ['to the last millisecond of its facts', 59_999, true],
    ['and not a moment longer', 60_000, false],
  ])('is believed from the first millisecond %s', (_how, ms, isBelieved) => {
    const { clock, held } = beliefs();
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    const pass = held.pass('m1', KYC);
    expect(held.pass('m1', KYC)).toBe(pass);
    clock.pass(ms);
    expect(held.pass('m1', KYC)).toBe(isBelieved ? pass : undefined);
  });

  test('lets through whoever meets all by what is fresh, at any time, and nobody else', () => {
    const name = fc.constantFrom('kyc', 'fee');
    const steps = fc.array(
      fc.oneof(
        fc.record({ do: fc.constant('put' as const), name, isMet: fc.boolean(), age: fc.nat(70_000) }),
        fc.record({ do: fc.constant('recall' as const), name, isMet: fc.boolean(), age: fc.nat(70_000) }),
        fc.record({ do: fc.constantFrom('forget' as const, 'forgetAll' as const, 'distrust' as const) }),
        fc.record({ do: fc.constant('hear' as const), isHearing: fc.boolean() }),
        fc.record({ do: fc.constant('wait' as const), ms: fc.nat(61_000) }),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        let isHearing = true;
        const { clock, held } = beliefs({}, () => isHearing);
        for (const [at, step] of all.entries()) {
          if (step.do === 'put' || step.do === 'recall') {
            const verdict = step.isMet ? met(at) : unmet();
            held[step.do]('m1', step.name, { verdict, since: clock.now() - step.age });
          } else if (step.do === 'hear') isHearing = step.isHearing;
          else if (step.do === 'wait') clock.pass(step.ms);
          else held[step.do]('m1');

          for (const list of [KYC, BOTH]) {
            const fresh = list.map(({ name: one }) => [one, held.fresh('m1', one)] as const);
            const facts = fresh.map(([one, verdict]) => [one, verdict?.is === 'met' ? verdict.facts : NaN]);
            const isMet = fresh.every(([, verdict]) => verdict?.is === 'met');
            const passed = isMet ? { id: 'm1', facts: Object.fromEntries(facts) as object } : undefined;
            expect(held.pass('m1', list)).toEqual(passed);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('While other processes are not heard', () => {
  test.each<['met' | 'unmet', number, number, boolean]>([
    ['met', 0, 1999, true],
    ['met', 0, 2000, false],
    ['met', 58_000, 1999, true],
    ['met', 58_001, 1999, false],
    ['unmet', 0, 1999, true],
    ['unmet', 0, 2000, false],
    ['unmet', 3500, 1500, false],
  ])(
    'a fact (%s) that was %i ms old when it came is believed %i ms later: %s',
    (is, age, later, isBelieved) => {
      const { clock, held } = beliefs({}, () => false);
      const verdict = is === 'met' ? met() : unmet();
      held.put('m1', 'kyc', { verdict, since: clock.now() - age });
      clock.pass(later);
      expect(held.fresh('m1', 'kyc')).toBe(isBelieved ? verdict : undefined);
    },
  );

  test('what has been held for long is not fresh at once, but once they are heard', () => {
    let isHearing = true;
    const { clock, held } = beliefs({}, () => isHearing);
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    clock.pass(30_000);
    expect(held.fresh('m1', 'kyc')).toBeDefined();
    isHearing = false;
    expect(held.fresh('m1', 'kyc')).toBeUndefined();
    isHearing = true;
    expect(held.fresh('m1', 'kyc')).toBeDefined();
  });

  test('a stale "yes" is as good as ever, and a "no" as little', () => {
    const { clock, held } = beliefs({}, () => false);
    const yes = met();
    held.put('m1', 'kyc', { verdict: yes, since: clock.now() });
    held.put('m2', 'kyc', { verdict: unmet(), since: clock.now() });
    clock.pass(359_999);
    expect([held.stale('m1', 'kyc'), held.stale('m2', 'kyc')]).toEqual([yes, undefined]);
    expect(held.wasMet('m1', 'kyc')).toBe(true);
    clock.pass(1);
    expect(held.stale('m1', 'kyc')).toBeUndefined();
  });
});

describe('Old news', () => {
  test.each<[string, number | undefined, boolean]>([
    ['nothing', undefined, true],
    ['something older', 101, true],
    ['something as old', 100, false],
    ['something newer', 99, false],
  ])('is taken where %s is held: %s ms old, against 100', (_what, age, isTaken) => {
    const { clock, held } = beliefs();
    const [own, others] = [met('own'), met('others')];
    if (age !== undefined) held.put('m1', 'kyc', { verdict: own, since: clock.now() - age });
    held.recall('m1', 'kyc', { verdict: others, since: clock.now() - 100 });
    expect(held.stale('m1', 'kyc')).toBe(isTaken ? others : own);
    expect(held.stale('m1', 'fee')).toBeUndefined();
    expect(held.stale('m2', 'kyc')).toBeUndefined();
  });

  test('that is a "no" takes the place of an older "yes"', () => {
    const { clock, held } = beliefs();
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() - 100 });
    held.recall('m1', 'kyc', { verdict: unmet(), since: clock.now() - 50 });
    expect(held.stale('m1', 'kyc')).toBeUndefined();
    expect(held.wasMet('m1', 'kyc')).toBe(false);
  });

  test('is as old as it says, not as young as its coming', () => {
    const { clock, held } = beliefs();
    held.recall('m1', 'kyc', { verdict: met(), since: clock.now() - 359_999 });
    expect(held.fresh('m1', 'kyc')).toBeUndefined();
    expect(held.stale('m1', 'kyc')).toBeDefined();
    clock.pass(1);
    expect(held.stale('m1', 'kyc')).toBeUndefined();
  });
});

test('All can be forgotten at once, distrust too', () => {
  const { clock, held } = beliefs();
  const ids = ['m1', 'm2'];
  for (const id of ids) {
    held.distrust(id);
    for (const name of ['kyc', 'fee']) held.put(id, name, { verdict: met(), since: clock.now() });
  }
  held.forgetAll();
  for (const id of ids) {
    for (const name of ['kyc', 'fee'])
      expect([held.fresh(id, name), held.stale(id, name), held.wasMet(id, name)]).toEqual([
        undefined,
        undefined,
        false,
      ]);
    expect(held.distrust(id)).toBe(true);
  }
});

describe('Distrust', () => {
  test('is remembered when its merchant is forgotten, so that nobody can drive lookups', () => {
    const { clock, held } = beliefs();
    held.distrust('m1');
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    held.forget('m1');
    expect([held.fresh('m1', 'kyc'), held.stale('m1', 'kyc'), held.wasMet('m1', 'kyc')]).toEqual([
      undefined,
      undefined,
      false,
    ]);
    clock.pass(4999);
    expect(held.distrust('m1')).toBe(false);
    held.forget('m1');
    clock.pass(1);
    expect(held.distrust('m1')).toBe(true);
  });

  test('is not begun by forgetting', () => {
    const { held } = beliefs();
    held.forget('m1');
    expect(held.distrust('m1')).toBe(true);
  });

  test('forgets all of a merchant, and of no other', () => {
    const { clock, held } = beliefs();
    for (const id of ['m1', 'm2'])
      for (const name of ['kyc', 'fee']) held.put(id, name, { verdict: met(), since: clock.now() });
    expect(held.distrust('m1')).toBe(true);
    for (const name of ['kyc', 'fee']) {
      expect(held.fresh('m1', name)).toBeUndefined();
      expect(held.stale('m1', name)).toBeUndefined();
      expect(held.wasMet('m1', name)).toBe(false);
      expect(held.fresh('m2', name)).toBeDefined();
    }
  });

  test('is shown to a merchant once per `unmetMs`; what is learnt meanwhile stays', () => {
    const { clock, held } = beliefs();
    expect(held.distrust('m1')).toBe(true);
    clock.pass(1);
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    clock.pass(4998);
    expect(held.distrust('m1')).toBe(false);
    expect(held.fresh('m1', 'kyc')).toBeDefined();
    expect(held.distrust('m2')).toBe(true);
    clock.pass(1);
    expect(held.distrust('m1')).toBe(true);
    expect(held.fresh('m1', 'kyc')).toBeUndefined();
  });

  test('has no limit where "no" is not believed at all', () => {
    const { held } = beliefs({ unmetMs: 0 });
    expect(held.distrust('m1')).toBe(true);
    expect(held.distrust('m1')).toBe(true);
  });
});

describe('No more merchants are remembered than `maxMerchants`', () => {
  const remembered = (held: ReturnType<typeof beliefs>['held'], ids: readonly string[]) =>
    ids.filter((id) => held.wasMet(id, 'kyc'));

  test('of whom nothing was learnt for longest goes first, however often it is read', () => {
    const { clock, held } = beliefs({ maxMerchants: 3 });
    for (const id of ['m1', 'm2', 'm3']) held.put(id, 'kyc', { verdict: met(), since: clock.now() });
    held.put('m1', 'fee', { verdict: met(), since: clock.now() });
    held.fresh('m2', 'kyc');
    held.put('m4', 'kyc', { verdict: met(), since: clock.now() });
    expect(remembered(held, ['m1', 'm2', 'm3', 'm4'])).toEqual(['m1', 'm3', 'm4']);
  });

  test('those who are distrusted count, too, and those who may pass are not pushed out by them', () => {
    const { clock, held } = beliefs({ maxMerchants: 2 });
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    held.distrust('m2');
    held.distrust('m3');
    expect(remembered(held, ['m1'])).toEqual(['m1']);
    expect(held.distrust('m3')).toBe(false);
    expect(held.distrust('m2')).toBe(true);
  });

  test.each<[string, number, string[]]>([
    ['can push out one with a "yes" that may still be believed', 359_999, ['m1', 'm2']],
    ['pushes out one whose "yes" is too old for anything', 360_000, ['m2']],
  ])('none who may not pass %s', (_what, age, left) => {
    const { clock, held } = beliefs({ maxMerchants: 2 });
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    clock.pass(age);
    held.put('m2', 'fee', { verdict: unmet(), since: clock.now() });
    held.put('m2', 'kyc', { verdict: met(), since: clock.now() });
    held.put('m3', 'kyc', { verdict: unmet(), since: clock.now() });
    expect(remembered(held, ['m1', 'm2'])).toEqual(left);
  });

  test.each(['forget', 'distrust', 'refuse'] as const)('one who may pass no more is spare (%s)', (how) => {
    const { clock, held } = beliefs({ maxMerchants: 2 });
    for (const id of ['m1', 'm2']) held.put(id, 'kyc', { verdict: met(), since: clock.now() });
    held.distrust('m1');
    held.put('m1', 'kyc', { verdict: met(), since: clock.now() });
    clock.pass(5000);
    if (how === 'refuse') held.put('m1', 'kyc', { verdict: unmet(), since: clock.now() });
    else held[how]('m1');
    held.put('m3', 'kyc', { verdict: unmet(), since: clock.now() });
    expect(remembered(held, ['m2'])).toEqual(['m2']);
    expect(held.fresh('m3', 'kyc')).toBeDefined();
    expect(held.size()).toBe(2);
  });

  test('and their number is told', () => {
    const { held, clock } = beliefs({ maxMerchants: 2 });
    expect(held.size()).toBe(0);
    for (const id of ['m1', 'm2', 'm1', 'm3']) held.put(id, 'kyc', { verdict: met(), since: clock.now() });
    expect(held.size()).toBe(2);
    held.forget('m3');
    expect(held.size()).toBe(1);
  });

  test('one is enough', () => {
    const { clock, held } = beliefs({ maxMerchants: 1 });
    for (const id of ['m1', 'm2']) held.put(id, 'kyc', { verdict: met(), since: clock.now() });
    expect(remembered(held, ['m1', 'm2'])).toEqual(['m2']);
  });

  test('be it that a million come by', () => {
    const { clock, held } = beliefs({ maxMerchants: 1000 });
    for (let n = 0; n < 1_000_000; n++)
      held.put(`m${String(n)}`, 'kyc', { verdict: met(), since: clock.now() });
    const ids = Array.from({ length: 1_000_000 }, (_, n) => `m${String(n)}`);
    expect(remembered(held, ids)).toEqual(ids.slice(-1000));
  });
});
