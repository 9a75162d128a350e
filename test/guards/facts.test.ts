import { describe, expect, jest, test } from '@jest/globals';
import { createFacts } from '../../src/guards/facts.js';
import type { Found, Known } from '../../src/guards/lookup.js';
import type { Verdict } from '../../src/guards/verdict.js';
import type { Settings } from '../../src/settings.js';
import { clockAt, deferred, idle, met, undetermined, unmet } from './harness.js';

type Lives = Settings<never>['cache'];

const LIVES: Lives = { metMs: 60_000, unmetMs: 5000, staleIfErrorMs: 300_000, maxMerchants: 10 };
const LOOKUP_MS = 2000;
const KYC = { name: 'kyc' };
const FEE = { name: 'fee' };

/** Beyond `maxMerchants`, so many lookups may be under way. */
const SPARE = 100;

type Look = (merchantId: string, requirement: { readonly name: string }) => Promise<Verdict>;

function factsOf(answer: Look, lives: Partial<Lives> = {}) {
  const clock = clockAt(1_000_000);
  const look = jest.fn(answer);
  const told: Record<string, unknown>[] = [];
  const cache = { ...LIVES, ...lives };
  const found = async (...asked: Parameters<Look>) => {
    const since = clock.now();
    return { verdict: await look(...asked), since };
  };
  const facts = createFacts(
    { cache, lookupTimeoutMs: LOOKUP_MS, elapsed: clock.now },
    found,
    (event) => void told.push(event),
  );
  return { facts, look, clock, told };
}

/** The first lookup gives the first verdict, and so on; the last one stays. */
function inTurn(...verdicts: readonly Verdict[]): Look {
  let asked = 0;
  return async () => verdicts[Math.min(asked++, verdicts.length - 1)] as Verdict;
}

const never = new Promise<never>(() => undefined);

describe('A fact', () => {
  test.each([
    ['met', met(), 59_999],
    ['unmet', unmet(), 4999],
  ])('that is fresh and %s costs no lookup', async (_is, verdict, age) => {
    const { facts, look, clock } = factsOf(inTurn(verdict, undetermined));
    expect(facts.known('m1', KYC)).toBeUndefined();
    expect(await facts.learn('m1', KYC)).toBe(verdict);
    clock.pass(age);
    expect(facts.known('m1', KYC)).toBe(verdict);
    expect(await facts.learn('m1', KYC)).toBe(verdict);
    expect(look.mock.calls).toEqual([['m1', KYC]]);
  });

  test.each([
    ['met', met(), 60_000],
    ['unmet', unmet(), 5000],
  ])('that was %s and has expired is looked up again', async (_is, verdict, age) => {
    const next = unmet('by now');
    const { facts, look, clock } = factsOf(inTurn(verdict, next));
    await facts.learn('m1', KYC);
    clock.pass(age);
    expect(facts.known('m1', KYC)).toBeUndefined();
    expect(await facts.learn('m1', KYC)).toBe(next);
    expect(facts.known('m1', KYC)).toBe(next);
    expect(look).toHaveBeenCalledTimes(2);
  });

  test('that expires at once is still told to all who wait for its lookup', async () => {
    const { promise, resolve } = deferred<Verdict>();
    const { facts, look } = factsOf(() => promise, { metMs: 0 });
    const asks = [facts.learn('m1', KYC), facts.learn('m1', KYC)];
    const yes = met();
    resolve(yes);
    expect(await Promise.all(asks)).toEqual([yes, yes]);
    expect(look).toHaveBeenCalledTimes(1);
    expect(facts.known('m1', KYC)).toBeUndefined();
  });

  test('is as old as the beginning of its lookup', async () => {
    const { promise, resolve } = deferred<Verdict>();
    const { facts, clock } = factsOf(() => promise);
    const asked = facts.learn('m1', KYC);
    clock.pass(4000);
    resolve(unmet());
    await asked;
    clock.pass(1000);
    expect(facts.known('m1', KYC)).toBeUndefined();
  });
});

describe('A lookup', () => {
  test('is shared by all who ask meanwhile', async () => {
    const { promise, resolve } = deferred<Verdict>();
    const { facts, look } = factsOf(() => promise);
    const asks = Array.from({ length: 1000 }, () => facts.learn('m1', KYC));
    await idle();
    asks.push(facts.learn('m1', KYC));
    const yes = met();
    resolve(yes);
    expect(new Set(await Promise.all(asks))).toEqual(new Set([yes]));
    expect(look).toHaveBeenCalledTimes(1);
  });

  test('is of one merchant and one requirement, and made at once', () => {
    const { facts, look } = factsOf(() => never);
    void facts.learn('m1', KYC);
    void facts.learn('m1', FEE);
    void facts.learn('m2', KYC);
    expect(look.mock.calls).toEqual([
      ['m1', KYC],
      ['m1', FEE],
      ['m2', KYC],
    ]);
  });

  test('goes on being shared when another of its merchant has ended, and is outdated with it', async () => {
    const { promise, resolve } = deferred<Verdict>();
    const { facts, look } = factsOf((_id, { name }) => (name === 'kyc' ? Promise.resolve(met()) : promise));
    const asks = [facts.learn('m1', FEE)];
    await facts.learn('m1', KYC);
    asks.push(facts.learn('m1', FEE));
    expect(look).toHaveBeenCalledTimes(2);
    facts.forget('m1');
    resolve(met());
    await Promise.all(asks);
    expect(look).toHaveBeenCalledTimes(3);
  });

  test('that fails is no fact: the next who asks looks again', async () => {
    const yes = met();
    const { facts, look } = factsOf(inTurn(undetermined, undetermined, yes));
    expect(await facts.learn('m1', KYC)).toBe(undetermined);
    expect(facts.known('m1', KYC)).toBeUndefined();
    expect(await facts.learn('m1', KYC)).toBe(undetermined);
    expect(await facts.learn('m1', KYC)).toBe(yes);
    expect(look).toHaveBeenCalledTimes(3);
  });

  test.each<[string, Verdict, number, boolean]>([
    ['a "yes" as long as it may be stale', met(), 359_999, true],
    ['no "yes" for longer', met(), 360_000, false],
    ['never a "no"', unmet(), 5000, false],
  ])('that fails leaves %s', async (_what, verdict, age, isLeft) => {
    const { facts, clock } = factsOf(inTurn(verdict, undetermined));
    await facts.learn('m1', KYC);
    clock.pass(age);
    expect(await facts.learn('m1', KYC)).toBe(isLeft ? verdict : undetermined);
    expect(facts.known('m1', KYC)).toBeUndefined();
  });

  test.each(['forget', 'distrust'] as const)('that fails after %s leaves nothing', async (doubt) => {
    const { facts } = factsOf(inTurn(met(), undetermined));
    await facts.learn('m1', KYC);
    facts[doubt]('m1');
    expect(facts.wasMet('m1', 'kyc')).toBe(false);
    expect(await facts.learn('m1', KYC)).toBe(undetermined);
  });

  test('is told of once, with what it found', async () => {
    const { facts, clock, told } = factsOf(async (id) => {
      clock.pass(7);
      if (id === 'met') return met();
      if (id === 'unmet') return unmet('it is pending');
      return { ...undetermined, level: 'warn', kind: 'RATE_LIMITED', retryAfterMs: 1000 };
    });
    for (const id of ['met', 'unmet', 'down'])
      await Promise.all([facts.learn(id, KYC), facts.learn(id, KYC)]);
    const lookup = { type: 'lookup', requirement: 'kyc', durationMs: 7 };
    expect(told).toEqual([
      { ...lookup, level: 'info', merchantId: 'met', verdict: 'met' },
      {
        ...lookup,
        level: 'info',
        merchantId: 'unmet',
        verdict: 'unmet',
        kind: 'KYC_NOT_APPROVED',
        reason: 'it is pending',
      },
      {
        ...lookup,
        level: 'warn',
        merchantId: 'down',
        verdict: 'undetermined',
        kind: 'RATE_LIMITED',
        reason: 'it is down',
      },
    ]);
  });

  test('that fails tells whether a stale "yes" takes its place', async () => {
    const { facts, clock, told } = factsOf(inTurn(met(), undetermined));
    await facts.learn('m1', KYC);
    clock.pass(60_000);
    await facts.learn('m1', KYC);
    clock.pass(300_000);
    await facts.learn('m1', KYC);
    expect(told.map(({ verdict, stale }) => [verdict, stale])).toEqual([
      ['met', undefined],
      ['undetermined', true],
      ['undetermined', undefined],
    ]);
  });
});

describe('A merchant that is forgotten while it is looked at', () => {
  test('is looked at again, by one more lookup for all', async () => {
    const [old, fresh] = [deferred<Verdict>(), deferred<Verdict>()];
    const pending = [old, fresh];
    const { facts, look, told } = factsOf(() => (pending.shift() ?? fresh).promise);
    const before = [facts.learn('m1', KYC), facts.learn('m1', KYC)];
    facts.forget('m1');
    const after = facts.learn('m1', KYC);
    expect(look).toHaveBeenCalledTimes(2);

    const [yes, no] = [met(), unmet()];
    old.resolve(yes);
    await idle();
    expect(facts.known('m1', KYC)).toBeUndefined();
    expect(told).toHaveLength(1);
    fresh.resolve(no);

    expect(await Promise.all([...before, after])).toEqual([no, no, no]);
    expect(facts.known('m1', KYC)).toBe(no);
    expect(look).toHaveBeenCalledTimes(2);
  });

  test('is known by the newer answer, even if the older one comes later', async () => {
    const [old, fresh] = [deferred<Verdict>(), deferred<Verdict>()];
    const pending = [old, fresh];
    const { facts } = factsOf(() => (pending.shift() ?? fresh).promise);
    const before = facts.learn('m1', KYC);
    facts.forget('m1');
    const after = facts.learn('m1', KYC);
    const [yes, no] = [met(), unmet()];
    fresh.resolve(no);
    expect(await after).toBe(no);
    old.resolve(yes);
    expect(await before).toBe(no);
    expect(facts.known('m1', KYC)).toBe(no);
  });

  test.each([
    ['three looks', 0, 3],
    ['the time of a lookup', 1000, 2],
    ['one look that takes as long as a lookup may', 2000, 1],
  ])('again and again is told by the last look after %s', async (_long, ms, looks) => {
    const { facts, look, clock } = factsOf(async (id) => {
      const verdict = met(look.mock.calls.length);
      await idle();
      clock.pass(ms);
      facts.forget(id);
      return verdict;
    });
    expect(await facts.learn('m1', KYC)).toEqual(met(looks));
    expect(look).toHaveBeenCalledTimes(looks);
    expect(facts.known('m1', KYC)).toBeUndefined();
  });

  test('is never told by a look from before it was asked for, however long that took', async () => {
    const [old, fresh] = [deferred<Verdict>(), deferred<Verdict>()];
    const pending = [old, fresh];
    const { facts, clock } = factsOf(() => (pending.shift() ?? fresh).promise);
    void facts.learn('m1', KYC);
    const joined = facts.learn('m1', KYC);
    clock.pass(2000);
    facts.forget('m1');
    old.resolve(met('old'));
    await idle();
    facts.forget('m1');
    fresh.resolve(met('fresh'));
    expect(await joined).toEqual(met('fresh'));
  });

  test('is still one merchant: the lookups of others count', async () => {
    const { promise, resolve } = deferred<Verdict>();
    const { facts, look } = factsOf(() => promise);
    const other = facts.learn('m2', KYC);
    facts.forget('m1');
    facts.distrust('m1');
    resolve(met());
    await other;
    expect(facts.known('m2', KYC)).toBeDefined();
    expect(look).toHaveBeenCalledTimes(1);
  });

  test('because it is distrusted is looked at again at most once per `unmetMs`', async () => {
    const { facts, look, clock } = factsOf(inTurn(met()));
    await facts.learn('m1', KYC);
    for (let n = 0; n < 100; n++) {
      expect(facts.distrust('m1')).toBe(n % 50 === 0);
      await facts.learn('m1', KYC);
      clock.pass(100);
    }
    expect(look).toHaveBeenCalledTimes(3);
  });

  test('because it is distrusted makes the lookup under way count for nothing', async () => {
    const [old, fresh] = [deferred<Verdict>(), deferred<Verdict>()];
    const pending = [old, fresh];
    const { facts } = factsOf(() => (pending.shift() ?? fresh).promise);
    const asked = facts.learn('m1', KYC);
    expect(facts.distrust('m1')).toBe(true);
    old.resolve(met());
    const no = unmet();
    fresh.resolve(no);
    expect(await asked).toBe(no);
  });

  test('because it is distrusted too often keeps the lookup under way', async () => {
    const { promise, resolve } = deferred<Verdict>();
    const { facts, look } = factsOf(() => promise);
    facts.distrust('m1');
    const asked = facts.learn('m1', KYC);
    expect(facts.distrust('m1')).toBe(false);
    const yes = met();
    resolve(yes);
    expect(await asked).toBe(yes);
    expect(look).toHaveBeenCalledTimes(1);
  });
});

describe('When all merchants are forgotten', () => {
  test('nothing is left, and lookups under way count for nothing', async () => {
    const [old, fresh] = [deferred<Verdict>(), deferred<Verdict>()];
    const { facts, look } = factsOf((id) => {
      if (id === 'm3') return Promise.resolve(met());
      return (look.mock.calls.length <= 3 ? old : fresh).promise;
    });
    await facts.learn('m3', KYC);
    const before = [facts.learn('m1', KYC), facts.learn('m2', FEE)];
    facts.forgetAll();
    expect(facts.known('m3', KYC)).toBeUndefined();
    expect(facts.wasMet('m3', 'kyc')).toBe(false);
    old.resolve(met());
    await idle();
    expect(facts.known('m1', KYC)).toBeUndefined();
    const no = unmet();
    fresh.resolve(no);
    expect(await Promise.all(before)).toEqual([no, no]);
    expect(facts.known('m1', KYC)).toBe(no);
    expect(look).toHaveBeenCalledTimes(5);
  });

  test('lookups that begin later count', async () => {
    const { facts, look } = factsOf(inTurn(met()));
    facts.forgetAll();
    await facts.learn('m1', KYC);
    facts.forgetAll();
    await Promise.all([facts.learn('m1', KYC), facts.learn('m1', KYC)]);
    expect(look).toHaveBeenCalledTimes(2);
  });
});

describe('A lookup that is shared by several processes', () => {
  function sharing(answers: readonly Partial<Found>[]) {
    const clock = clockAt(1_000_000);
    const told: Record<string, unknown>[] = [];
    let looks = 0;
    const look = async (): Promise<Found> => ({
      verdict: undetermined,
      since: clock.now(),
      ...answers[Math.min(looks++, answers.length - 1)],
    });
    const settings = { cache: LIVES, lookupTimeoutMs: LOOKUP_MS, elapsed: clock.now };
    const facts = createFacts(settings, look, (event) => void told.push(event));
    return { facts, clock, told, looks: () => looks };
  }

  test('and is superseded is never believed, but made again', async () => {
    const no = unmet();
    const { facts, looks, told } = sharing([
      { verdict: met(), isOutdated: true },
      { verdict: no, isOutdated: false },
    ]);
    expect(await Promise.all([facts.learn('m1', KYC), facts.learn('m1', KYC)])).toEqual([no, no]);
    expect(facts.known('m1', KYC)).toBe(no);
    expect(looks()).toBe(2);
    expect(told.map(({ verdict }) => verdict)).toEqual(['met', 'unmet']);
  });

  test('and is superseded leaves nothing of what was known before', async () => {
    const { facts, clock } = sharing([
      { isOutdated: true, before: { verdict: met(), since: 1_000_000 } },
      {},
    ]);
    expect(await facts.learn('m1', KYC)).toBe(undetermined);
    clock.pass(1);
    expect(facts.wasMet('m1', 'kyc')).toBe(false);
  });

  test('and is superseded again and again is told by the third look, and kept by nobody', async () => {
    const outdated = { verdict: met('outdated'), isOutdated: true };
    const { facts, looks } = sharing([outdated, outdated, { verdict: met('newest'), isOutdated: true }]);
    expect(await facts.learn('m1', KYC)).toEqual(met('newest'));
    expect(looks()).toBe(3);
    expect(facts.known('m1', KYC)).toBeUndefined();
  });

  test('is told as shared where another has made it', async () => {
    const { facts, told } = sharing([{ verdict: met(), isShared: true }, { verdict: met() }]);
    await facts.learn('m1', KYC);
    await facts.learn('m2', KYC);
    expect(told.map(({ shared, stale }) => [shared, stale])).toEqual([
      [true, undefined],
      [undefined, undefined],
    ]);
  });

  const HOUR = 3_600_000;
  test.each<[string, Known | undefined, Known | undefined, 'own' | 'others' | undefined]>([
    ['nothing', undefined, undefined, undefined],
    ['others\' "yes"', undefined, { verdict: met('others'), since: 940_000 }, 'others'],
    ['others\' "yes", too old', undefined, { verdict: met('others'), since: 1_000_000 - HOUR }, undefined],
    ['others\' "no"', undefined, { verdict: unmet(), since: 990_000 }, undefined],
    [
      'its own, which is newer',
      { verdict: met('own'), since: 930_000 },
      { verdict: met('others'), since: 929_999 },
      'own',
    ],
    [
      "others', which is newer",
      { verdict: met('own'), since: 930_000 },
      { verdict: met('others'), since: 930_001 },
      'others',
    ],
    [
      'its own "no", which is newer',
      { verdict: unmet(), since: 930_001 },
      { verdict: met('others'), since: 930_000 },
      undefined,
    ],
    [
      'others\' "no", which is newer',
      { verdict: met('own'), since: 930_000 },
      { verdict: unmet(), since: 930_001 },
      undefined,
    ],
  ])('and fails leaves %s', async (_what, own, before, whose) => {
    const answers = own === undefined ? [{ before }] : [own, { before }];
    const { facts, told } = sharing(answers);
    if (own !== undefined) await facts.learn('m1', KYC);
    const verdict = await facts.learn('m1', KYC);
    expect(verdict).toEqual(whose === undefined ? undetermined : met(whose));
    expect(told.at(-1)).toMatchObject({ verdict: 'undetermined', reason: 'it is down' });
    expect(told.at(-1)?.['stale']).toBe(whose === undefined ? undefined : true);
  });
});

test('While other processes are not heard a fact is looked up again after two seconds', async () => {
  const clock = clockAt(1_000_000);
  let looks = 0;
  const look = async () => (looks++, { verdict: met(), since: clock.now() });
  const facts = createFacts(
    { cache: LIVES, lookupTimeoutMs: LOOKUP_MS, elapsed: clock.now },
    look,
    () => undefined,
    () => false,
  );
  await facts.learn('m1', KYC);
  clock.pass(1999);
  await facts.learn('m1', KYC);
  expect(looks).toBe(1);
  clock.pass(1);
  expect(facts.known('m1', KYC)).toBeUndefined();
  await facts.learn('m1', KYC);
  expect(looks).toBe(2);
});

describe('Lookups under way are bounded', () => {
  const crowded = { is: 'undetermined', level: 'warn', reason: 'too many lookups at once' };

  test('by `maxMerchants` and some to spare; whoever asks beyond that is not kept waiting', async () => {
    const { promise, resolve } = deferred<Verdict>();
    const { facts, look, told } = factsOf(() => promise, { maxMerchants: 5 });
    const asks = Array.from({ length: 5 + SPARE }, (_, n) => facts.learn(`m${String(n)}`, KYC));
    expect(await facts.learn('one more', KYC)).toEqual(crowded);
    expect(look).toHaveBeenCalledTimes(5 + SPARE);
    expect(told).toEqual([]);

    const shared = facts.learn('m0', KYC);
    const yes = met();
    resolve(yes);
    expect(new Set(await Promise.all([...asks, shared]))).toEqual(new Set([yes]));
    expect(await facts.learn('one more', KYC)).toBe(yes);
  });

  test('and so are those that no longer count', async () => {
    const { facts, look } = factsOf(() => never, { maxMerchants: 1 });
    for (let n = 0; n < 1000; n++) {
      void facts.learn('m1', KYC);
      facts.forget('m1');
    }
    expect(await facts.learn('m1', KYC)).toEqual(crowded);
    expect(look).toHaveBeenCalledTimes(1 + SPARE);
  });

  test('and those that failed make room', async () => {
    const { facts, look } = factsOf(async () => undetermined, { maxMerchants: 1 });
    for (let n = 0; n < 3 * SPARE; n++) expect(await facts.learn('m1', KYC)).toBe(undetermined);
    expect(look).toHaveBeenCalledTimes(3 * SPARE);
  });

  test('and where no more can be made, whoever was met is looked at all the same, until it is forgotten', async () => {
    const { facts, look, clock } = factsOf((id) => (id === 'm1' ? Promise.resolve(met()) : never), {
      maxMerchants: 5,
    });
    await facts.learn('m1', KYC);
    for (let n = 0; n < 5 + SPARE; n++) void facts.learn(`other ${String(n)}`, KYC);
    expect(look).toHaveBeenCalledTimes(1 + 5 + SPARE);
    clock.pass(60_000);
    expect(await facts.learn('m1', KYC)).toEqual(met());
    expect(look).toHaveBeenCalledTimes(1 + 5 + SPARE + 1);
    expect(await facts.learn('m1', FEE)).toEqual(crowded);
    facts.forget('m1');
    expect(await facts.learn('m1', KYC)).toEqual(crowded);
  });
});

describe('A flood of ids that nobody ever saw met', () => {
  const GOOD = Array.from({ length: 100 }, (_, n) => `shop ${String(n)}`);
  const JUNK = 100_000;

  test.each([100, 10_000])(
    'leaves every merchant its stale "yes", of %i that are remembered',
    async (maxMerchants) => {
      let isDown = false;
      const { facts, clock } = factsOf(
        async (id) => {
          if (isDown) return undetermined;
          return id.startsWith('shop') ? met(id) : unmet();
        },
        { maxMerchants },
      );
      for (const id of GOOD) await facts.learn(id, KYC);
      for (let n = 0; n < JUNK; n++) await facts.learn(`junk ${String(n)}`, KYC);
      isDown = true;
      clock.pass(359_999);
      for (const id of GOOD) expect(await facts.learn(id, KYC)).toEqual(met(id));
      expect(facts.size()).toBe(maxMerchants);
    },
  );
});
