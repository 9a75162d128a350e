/** Two processes over one store: its calls, replies and messages, lookups and changes in every order. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Store } from 'lakiconnect-middleware';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Told } from '../../src/events.js';
import { createFacts } from '../../src/guards/facts.js';
import { createInvalidation } from '../../src/guards/invalidation.js';
import type { Admitted, Found } from '../../src/guards/lookup.js';
import type { Met, Unmet, Verdict } from '../../src/guards/verdict.js';
import { createRunning } from '../../src/provider/running.js';
import { settle } from '../../src/settle.js';
import { createSharing } from '../../src/sharing/sharing.js';
import type { StoreListener } from '../../src/sharing/store.js';
import { createMemoryStore } from './memory-store.js';

const RUNS = 20;
const AT_ONCE = 50;
/** So many steps may come next. */
const NEXT = 4;
const MERCHANTS = ['m1', 'm2'] as const;
const STATES = ['met', 'met', 'unmet', 'undetermined'] as const;
const WHO = [0, 1] as const;
const CACHE = { metMs: 150, unmetMs: 50, staleIfErrorMs: 2000, maxMerchants: 10 };
const LOOKUP_MS = 600;

const asking = (name: string): Admitted => ({
  name,
  ownRow: undefined,
  requirement: {
    '~brand': 'Requirement',
    name,
    refusals: ['KYC_NOT_APPROVED'],
    look: () => Promise.reject(new Error('the provider is asked elsewhere')),
    judge: judged,
  },
  judge: judged,
});

/** An answer is what the provider said, and when. */
function judged(answer: unknown): Met | Unmet {
  const [state, read] = answer as [State, number];
  return verdictOf(state, read) as Met | Unmet;
}

const REQUIREMENTS = [asking('kyc'), asking('fee')] as const;

type State = (typeof STATES)[number];
type Who = (typeof WHO)[number];

/** What happens at a moment that the scheduler picks. */
type Step =
  | { readonly does: 'ask'; readonly who: Who; readonly merchant: string; readonly requirement: Admitted }
  /** And is told by `who` as soon as it has happened. */
  | { readonly does: 'change'; readonly who: Who; readonly merchant: string; readonly state: State }
  /** The provider, until the next change. */
  | { readonly does: 'fail'; readonly merchant: string }
  | { readonly does: 'cut' | 'connect'; readonly who: Who }
  | { readonly does: 'pass'; readonly ms: number }
  /** Those who wait for another's lookup ask for it again. */
  | { readonly does: 'rest' };

const does = <T extends string>(word: T) => fc.constant(word);
const who = fc.constantFrom(...WHO);
const merchant = fc.constantFrom(...MERCHANTS);
const requirement = fc.constantFrom(...REQUIREMENTS);
const state = fc.constantFrom(...STATES);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ does: does('ask'), who, merchant, requirement }) },
    { weight: 4, arbitrary: fc.record({ does: does('change'), who, merchant, state }) },
    { weight: 3, arbitrary: fc.record({ does: does('fail'), merchant }) },
    { weight: 3, arbitrary: fc.record({ does: does('cut'), who }) },
    { weight: 3, arbitrary: fc.record({ does: does('connect'), who }) },
    { weight: 2, arbitrary: fc.record({ does: does('pass'), ms: fc.integer({ min: 1, max: 400 }) }) },
    { weight: 2, arbitrary: fc.record({ does: does('rest') }) },
  ),
  { minLength: 6, maxLength: 24 },
);

/** A change that the processes are told of. */
interface Change {
  readonly merchant: string;
  /** Before which what was read is out of date. */
  readonly at: number;
  isTold: boolean;
  readonly knownTo: Set<Who>;
}

/** Whose turn it is to look. */
interface Turn {
  readonly at: number;
  readonly until: number;
  readonly clock: number;
}

interface Looking extends Turn {
  readonly merchant: string;
  readonly name: string;
}

const keyOf = (merchant: string, name: string) => `${merchant} ${name}`;

function verdictOf(state: State, read: number): Verdict {
  if (state === 'met') return { is: 'met', facts: { read } };
  if (state === 'unmet') return { is: 'unmet', refusal: { kind: 'KYC_NOT_APPROVED' }, reason: String(read) };
  return { is: 'undetermined', level: 'warn', reason: 'the provider is down' };
}

/** When the provider said so. */
function readOf(verdict: Verdict): number | undefined {
  if (verdict.is === 'met') return (verdict.facts as { read: number }).read;
  return verdict.is === 'unmet' ? Number(verdict.reason) : undefined;
}

function world(s: fc.Scheduler) {
  const wrong: string[] = [];
  const seen = { shared: 0, stale: 0, overtaken: 0, refused: 0, expired: 0, missed: 0 };
  const states = new Map<string, State>(MERCHANTS.map((id) => [id, 'met']));
  const changes: Change[] = [];
  const forgotten = new Map<string, number>();
  /** Whose turn it is, by when that began, and when one that came late has ended another's. */
  const holders = new Map<string, number>();
  const robbed = new Map<string, number>();
  const lookings = new Set<Looking>();
  let moment = 0;
  let clock = 1_000_000;
  let rested: Promise<unknown> = Promise.resolve();
  const now = () => clock;
  const memory = createMemoryStore({ now, deadlineMs: 60_000 });
  const soon = (what: string) => s.schedule(Promise.resolve(), what);

  const processes = WHO.map(process);

  function process(me: Who) {
    const turns = new Map<string, Turn>();
    let listener: StoreListener | undefined;
    /** What is said is on its way to it, or was said while it was cut off. */
    let isConnected = true;
    const coming = new Set<Change>();
    const missed = new Set<Change>();
    let telling: Change | undefined;

    const store: Store = {
      ...memory.store,
      async read(name, lives) {
        await soon('the store reads');
        const turn = { at: ++moment, clock, until: clock + lives.claimMs };
        const key = keyOf(name.merchantId, name.requirement);
        const reading = await memory.store.read(name, lives);
        if (reading.is === 'claimed') holders.set(key, turn.at);
        await soon('the store has read');
        if (reading.is !== 'claimed') return reading;
        turns.set(key, turn);
        return { ...reading, ticket: `${reading.ticket} ${String(turn.at)}` };
      },
      async write(name, ticket, fact) {
        await soon('the store writes');
        const [generation, at] = ticket.split(' ') as [string, string];
        const isKept = await memory.store.write(name, generation, fact);
        const key = keyOf(name.merchantId, name.requirement);
        if (isKept && holders.get(key) !== Number(at)) robbed.set(key, ++moment);
        if (!isKept) seen.refused++;
        await soon('the store has written');
        return isKept;
      },
      async forget(merchantId) {
        const change = telling as Change;
        await soon('the store forgets');
        forgotten.set(merchantId, ++moment);
        await memory.store.forget(merchantId);
        for (const { hear } of processes) hear(change);
        await soon('the store has forgotten');
      },
      listen(given) {
        listener = given;
        given.up();
        return () => Promise.resolve();
      },
    };

    const settings = settle({ store, now, cache: CACHE, lookupTimeoutMs: LOOKUP_MS });
    const tell = (told: Told) => {
      if (told.type !== 'lookup') return;
      const { shared, stale } = told;
      if (shared === true) seen.shared++;
      if (stale === true) seen.stale++;
    };
    const sharing = createSharing(store, settings, tell, createRunning());
    const facts = createFacts<Admitted>(settings, sharing.over(look), tell, sharing.isHearing);
    const invalidate = createInvalidation(facts, sharing, tell);
    sharing.listen({ forget: facts.forget, forgetAll: facts.forgetAll, cool: () => undefined });

    async function look(id: string, { name }: Admitted): Promise<Found> {
      const turn = turns.get(keyOf(id, name));
      turns.delete(keyOf(id, name));
      if (turn === undefined) wrong.push('looked out of turn');
      const looking = { merchant: id, name, at: 0, until: 0, clock: 0, ...turn };
      for (const other of lookings) if (isSame(looking, other)) compare(looking, other);
      lookings.add(looking);
      const since = clock;
      const begun = ++moment;
      await soon(`${id} ${name} is read`);
      const answer = [states.get(id) as State, ++moment] as const;
      await soon(`${id} ${name} is answered`);
      lookings.delete(looking);
      if ((forgotten.get(id) ?? 0) > begun) seen.overtaken++;
      return { verdict: verdictOf(...answer), answer, since };
    }

    /** Before which nothing may be believed that was read. */
    const bound = (id: string): number =>
      Math.max(
        0,
        ...changes
          .filter(({ merchant, isTold, knownTo }) => merchant === id && isTold && knownTo.has(me))
          .map(({ at }) => at),
      );

    return {
      hear(change: Change) {
        if (!isConnected) {
          missed.add(change);
          return;
        }
        coming.add(change);
        void soon('a message').then(() => {
          if (!coming.delete(change)) return;
          listener?.forgotten(change.merchant);
          change.knownTo.add(me);
        });
      },
      cut() {
        if (!isConnected) return;
        isConnected = false;
        for (const change of coming) missed.add(change);
        coming.clear();
        listener?.down('cut');
      },
      connect() {
        if (isConnected) return;
        isConnected = true;
        listener?.up();
        for (const { knownTo } of missed) knownTo.add(me);
        seen.missed += missed.size;
        missed.clear();
      },
      async ask(id: string, one: Admitted) {
        const since = bound(id);
        const verdict = facts.known(id, one) ?? (await facts.learn(id, one));
        const read = readOf(verdict);
        if (read !== undefined && read < since) wrong.push('told what was read before the change');
      },
      async change(id: string, to: State) {
        states.set(id, to);
        const change: Change = { merchant: id, at: ++moment, isTold: false, knownTo: new Set() };
        changes.push(change);
        telling = change;
        const invalidated = invalidate(id, { cause: 'call' });
        if (!(await invalidated)) wrong.push('not shared');
        change.isTold = true;
        change.knownTo.add(me);
      },
      inspect() {
        for (const id of MERCHANTS) {
          for (const one of REQUIREMENTS) {
            const known = facts.known(id, one);
            if (known !== undefined && (readOf(known) as number) < bound(id))
              wrong.push('holds what was read before the change');
          }
        }
      },
    };
  }

  const isSame = (one: Looking, other: Looking) => one.merchant === other.merchant && one.name === other.name;

  function compare(one: Looking, other: Looking): void {
    const [first, second] = one.at < other.at ? [one, other] : [other, one];
    const isForgotten = (forgotten.get(one.merchant) ?? 0) > first.at;
    const isExpired =
      first.until <= second.clock || (robbed.get(keyOf(one.merchant, one.name)) ?? 0) > first.at;
    if (isExpired) seen.expired++;
    if (!isForgotten && !isExpired) wrong.push('two lookups for the same');
  }

  async function take(step: Step): Promise<void> {
    switch (step.does) {
      case 'ask':
        return processes[step.who]?.ask(step.merchant, step.requirement);
      case 'change':
        return processes[step.who]?.change(step.merchant, step.state);
      case 'fail':
        return void states.set(step.merchant, 'undetermined');
      case 'pass':
        return void (clock += step.ms);
      case 'rest':
        return void (rested = sleep(6));
      default:
        return processes[step.who]?.[step.does]();
    }
  }

  return {
    take,
    wrong,
    seen,
    inspect() {
      for (const { inspect } of processes) inspect();
    },
    rested: () => rested,
    isQuiet: () => lookings.size === 0,
  };
}

async function play(s: fc.Scheduler, taken: readonly Step[]): Promise<ReturnType<typeof world>> {
  const played = world(s);
  let left = taken.length;
  function begin(n: number): void {
    const step = taken[n];
    if (step === undefined) return;
    void s
      .schedule(Promise.resolve(), JSON.stringify(step))
      .then(() => {
        begin(n + NEXT);
        return played.take(step);
      })
      .catch((thrown: unknown) => played.wrong.push(String(thrown)))
      .finally(() => left--);
  }
  for (let n = 0; n < NEXT; n++) begin(n);
  while (left > 0 || s.count() > 0) {
    if (s.count() > 0) await s.waitNext(1);
    else await sleep(1);
    await turn();
    played.inspect();
    await played.rested();
  }
  return played;
}

test('Nobody who asks after a change was told to all hears what was true before, and one looks for all', async () => {
  const total = { shared: 0, stale: 0, overtaken: 0, refused: 0, expired: 0, missed: 0 };

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.scheduler(), steps), { minLength: AT_ONCE, maxLength: AT_ONCE }),
      async (stories) => {
        for (const { wrong, seen, isQuiet } of await Promise.all(
          stories.map(([s, taken]) => play(s, taken)),
        )) {
          expect(wrong).toEqual([]);
          expect(isQuiet()).toBe(true);
          for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += seen[key];
        }
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );

  // What it is about did happen.
  for (const count of Object.values(total)) expect(count).toBeGreaterThan(0);
  expect(total.overtaken).toBeGreaterThan(RUNS * 10);
  expect(total.refused).toBeGreaterThan(RUNS * 10);
  expect(total.shared).toBeGreaterThan(RUNS * 10);
});
