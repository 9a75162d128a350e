/** Lookups, answers, asks and invalidations in every order that a scheduler finds. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFacts } from '../../src/guards/facts.js';
import type { Found } from '../../src/guards/lookup.js';
import type { Verdict } from '../../src/guards/verdict.js';
import { rounds } from '../long/rounds.js';

const MERCHANTS = ['m1', 'm2'] as const;
const REQUIREMENTS = [{ name: 'kyc' }, { name: 'fee' }] as const;
const STATES = ['met', 'unmet', 'undetermined'] as const;
const CACHE = { metMs: 20, unmetMs: 10, staleIfErrorMs: 20, maxMerchants: 10 };
const LOOKUP_MS = 15;
const FORGETS = 8;
const RUNS = rounds(4000);

type Requirement = (typeof REQUIREMENTS)[number];
type State = (typeof STATES)[number];

/** What happens, by itself or because somebody does it, at a moment that the scheduler picks. */
type Step =
  | { readonly does: 'ask'; readonly merchant: string; readonly requirement: Requirement }
  | { readonly does: 'forget' | 'forget again and again' | 'distrust'; readonly merchant: string }
  | { readonly does: 'change'; readonly merchant: string; readonly state: State }
  | { readonly does: 'pass'; readonly ms: number };

const merchant = fc.constantFrom(...MERCHANTS);
const requirement = fc.constantFrom(...REQUIREMENTS);
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ does: fc.constant('ask' as const), merchant, requirement }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('forget' as const), merchant }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('forget again and again' as const), merchant }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('distrust' as const), merchant }) },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('change' as const),
        merchant,
        state: fc.constantFrom(...STATES),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 25 }) }),
    },
  ),
  { minLength: 2, maxLength: 14 },
);

function verdictOf(state: State): Verdict {
  if (state === 'met') return { is: 'met', facts: {} };
  if (state === 'unmet') return { is: 'unmet', refusal: { kind: 'KYC_NOT_APPROVED' }, reason: undefined };
  return { is: 'undetermined', level: 'warn', reason: 'the provider is down' };
}

interface Looking {
  readonly merchant: string;
  readonly name: string;
  readonly begun: number;
}

/** A provider, the facts of a process that asks it, and whatever must not be seen but was. */
function world(s: fc.Scheduler) {
  const wrong: string[] = [];
  const seen = { overtaken: 0, outdated: 0, distrusts: 0 };
  const states = new Map<string, State>(MERCHANTS.map((id) => [id, 'met']));
  const forgotten = new Map<string, number[]>(MERCHANTS.map((id) => [id, []]));
  const distrusted = new Map<string, number>();
  /** When each answer was read, and when its lookup began by the clock. */
  const answers = new Map<Verdict, { readonly read: number; readonly begunMs: number }>();
  const lookings = new Set<Looking>();
  let moment = 0;
  let clock = 1000;

  const forgets = (id: string) => forgotten.get(id) as number[];
  const lastForget = (id: string) => forgets(id).at(-1) ?? 0;

  async function look(id: string, { name }: Requirement): Promise<Found> {
    const looking = { merchant: id, name, begun: ++moment };
    const others = [...lookings].filter((one) => one.merchant === id && one.name === name);
    if (others.some(({ begun }) => begun > lastForget(id))) wrong.push('two lookups for the same');
    lookings.add(looking);
    const begunMs = clock;
    await s.schedule(Promise.resolve(), `${id} ${name} is read`);
    const answer = verdictOf(states.get(id) as State);
    answers.set(answer, { read: ++moment, begunMs });
    await s.schedule(Promise.resolve(), `${id} ${name} is answered`);
    lookings.delete(looking);
    if (lastForget(id) > looking.begun) seen.overtaken++;
    return { verdict: answer, since: begunMs };
  }

  const facts = createFacts<Requirement>(
    { cache: CACHE, lookupTimeoutMs: LOOKUP_MS, elapsed: () => clock },
    look,
    () => undefined,
  );

  async function ask(id: string, asked: Requirement): Promise<void> {
    const since = lastForget(id);
    const verdict = facts.known(id, asked) ?? (await facts.learn(id, asked));
    const answer = answers.get(verdict);
    if (answer === undefined) wrong.push('nobody has answered');
    else if (answer.read <= since) wrong.push('an answer from before what was forgotten');
    else if (answer.read <= lastForget(id)) seen.outdated++;
  }

  function forgot(id: string): void {
    forgets(id).push(++moment);
    if (REQUIREMENTS.some((one) => facts.known(id, one) !== undefined)) wrong.push('not forgotten');
    if (REQUIREMENTS.some(({ name }) => facts.wasMet(id, name))) wrong.push('remembered as met');
  }

  function forget(id: string): void {
    facts.forget(id);
    forgot(id);
  }

  function distrust(id: string): void {
    const last = distrusted.get(id);
    const isTooEarly = last !== undefined && clock - last < CACHE.unmetMs;
    if (facts.distrust(id)) {
      seen.distrusts++;
      if (isTooEarly) wrong.push('distrusted twice');
      distrusted.set(id, clock);
      forgot(id);
    } else if (!isTooEarly) wrong.push('not distrusted');
  }

  async function take(step: Step): Promise<void> {
    if (step.does === 'ask') await ask(step.merchant, step.requirement);
    if (step.does === 'change') states.set(step.merchant, step.state);
    if (step.does === 'pass') clock += step.ms;
    if (step.does === 'distrust') distrust(step.merchant);
    if (step.does === 'forget') forget(step.merchant);
    if (step.does === 'forget again and again') {
      for (let times = 0; times < FORGETS; times++) {
        forget(step.merchant);
        await s.schedule(Promise.resolve());
      }
    }
  }

  /** What may be believed at this moment. */
  function inspect(): void {
    for (const id of MERCHANTS) {
      for (const one of REQUIREMENTS) {
        const known = facts.known(id, one) as Verdict | undefined;
        if (known === undefined) continue;
        const { read, begunMs } = answers.get(known) ?? { read: -1, begunMs: -1 };
        if (known.is === 'undetermined') wrong.push('a failure was stored');
        if (read <= lastForget(id)) wrong.push('a stored fact from before what was forgotten');
        const life = known.is === 'met' ? CACHE.metMs : CACHE.unmetMs;
        if (clock - begunMs >= life) wrong.push('believed for too long');
      }
    }
  }

  return { take, inspect, wrong, seen, isQuiet: () => lookings.size === 0 };
}

test('What was read before a merchant was forgotten is never told to whoever asks after it', async () => {
  const total = { overtaken: 0, outdated: 0, distrusts: 0 };

  await fc.assert(
    fc.asyncProperty(fc.scheduler(), steps, async (s, taken) => {
      const { take, inspect, wrong, seen, isQuiet } = world(s);
      const done = taken.map((step) =>
        s
          .schedule(Promise.resolve(), JSON.stringify(step))
          .then(() => take(step))
          .finally(inspect),
      );
      await s.waitIdle(async (act) => {
        await act();
        inspect();
      });
      await Promise.all(done);

      expect(wrong).toEqual([]);
      expect(isQuiet()).toBe(true);
      for (const key of ['overtaken', 'outdated', 'distrusts'] as const) total[key] += seen[key];
    }),
    { numRuns: RUNS },
  );

  // What it is about did happen.
  expect(total.overtaken).toBeGreaterThan(RUNS / 4);
  expect(total.distrusts).toBeGreaterThan(RUNS / 4);
  expect(total.outdated).toBeGreaterThan(RUNS / 40);
});
