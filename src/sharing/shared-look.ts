import { setTimeout as sleep } from 'node:timers/promises';
import type { Admitted, Found, Known, Look } from '../guards/lookup.js';
import type { Undetermined } from '../guards/verdict.js';
import type { Settings } from '../settings.js';
import type { Breaker } from './breaker.js';
import { pack, unpack } from './packing.js';
import type { FactName, Store, StoredFact, StoredLives } from './store.js';

/** How soon is asked whether another process has found out, and how often at last. */
const FIRST_POLL_MS = 5;
const LAST_POLL_MS = 50;

type FreshIn = Omit<StoredLives, 'claimMs'>;

/** With which nothing that is kept is fresh. */
const NONE: FreshIn = { metMs: 0, unmetMs: 0, waitedMs: 0 };

const AWAITED: Undetermined = {
  is: 'undetermined',
  level: 'warn',
  reason: 'another process looked, and did not find out in time',
};

/**
 * A look that asks the store first. Where nothing fresh is known, one process looks and the others wait for
 * what it finds, for as long as they would for a lookup of their own. Its turn lasts half as long: if it has
 * died, another's begins. Without the store each process looks for itself.
 */
export function shareLook(
  look: Look,
  store: Store,
  { ask, tellFailed }: Breaker,
  settings: Settings<never>,
): Look {
  const { cache, lookupTimeoutMs, elapsed } = settings;
  const { metMs, unmetMs, staleIfErrorMs } = cache;
  const claimMs = Math.ceil(lookupTimeoutMs / 2);

  return async (merchantId, admitted) => {
    const name = { merchantId, requirement: admitted.name };
    const begun = elapsed();
    let before: Known | undefined;
    let isRejected = false;
    let pollMs = FIRST_POLL_MS;
    let sleptMs = 0;
    while (sleptMs < lookupTimeoutMs) {
      const fresh: FreshIn = isRejected ? NONE : { metMs, unmetMs, waitedMs: elapsed() - begun };
      const read = await ask('read', async () => {
        const reading = await store.read(name, { ...fresh, claimMs });
        return { reading, known: knownIn(reading.fact, admitted) };
      });
      if (read === undefined) return look(merchantId, admitted);
      const { reading, known } = read;
      if (reading.is === 'fresh' && known !== undefined && !isOldNo(reading.fact, known))
        return { ...known, isShared: true };
      before = known;
      if (reading.is === 'claimed') return inTurn(name, reading.ticket, admitted, before);
      isRejected = reading.is === 'fresh';
      await sleep(pollMs);
      sleptMs += pollMs;
      pollMs = Math.min(pollMs * 2, LAST_POLL_MS);
    }
    return { verdict: AWAITED, since: begun, before };
  };

  /** It was a "yes" to the process that wrote it, and is kept as long as one. */
  function isOldNo(fact: StoredFact, { verdict }: Known): boolean {
    return fact.isMet && verdict.is === 'unmet' && fact.ageMs >= unmetMs;
  }

  function knownIn(fact: StoredFact | undefined, admitted: Admitted): Known | undefined {
    const verdict = fact === undefined ? undefined : unpack(fact.value, admitted);
    if (fact !== undefined && verdict === undefined)
      tellFailed('read', 'what was kept is not of this version');
    return verdict === undefined ? undefined : { verdict, since: elapsed() - (fact as StoredFact).ageMs };
  }

  async function inTurn(
    name: FactName,
    ticket: string,
    admitted: Admitted,
    before: Known | undefined,
  ): Promise<Found> {
    const found = await look(name.merchantId, admitted);
    const isKept = await ask('write', () => store.write(name, ticket, factOf(found, name)));
    return { ...found, before, isOutdated: isKept === false };
  }

  function factOf(
    { verdict, answer, since }: Found,
    { requirement }: FactName,
  ): Parameters<Store['write']>[2] {
    if (verdict.is === 'undetermined') return undefined;
    const value = pack(answer);
    if (value === undefined) {
      tellFailed('write', `what ${requirement} knows is no JSON, or more than 16 KiB`);
      return undefined;
    }
    const isMet = verdict.is === 'met';
    const ageMs = elapsed() - since;
    const life = isMet ? metMs + staleIfErrorMs : unmetMs;
    return { isMet, value, ageMs, keepMs: Math.max(life - ageMs, claimMs) };
  }
}
