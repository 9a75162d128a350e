import type { LookupEvent, Tell } from '../events.js';
import type { Settings } from '../settings.js';
import { within } from '../within.js';
import { createBeliefs } from './beliefs.js';
import type { Found, Look } from './lookup.js';
import type { Merchant } from './merchant.js';
import type { Met, Undetermined, Unmet, Verdict } from './verdict.js';

/** What is known of merchants, by requirement. */
export interface Facts<Requirement> {
  /** A merchant of whom all is known to be met, at once. */
  readonly pass: (merchantId: string, requirements: readonly Requirement[]) => Merchant | undefined;
  /** What may be believed without another look, at once. */
  readonly known: (merchantId: string, requirement: Requirement) => Met | Unmet | undefined;
  /** The same, or what one lookup, shared by all who ask meanwhile, finds out. Never rejects. */
  readonly learn: (merchantId: string, requirement: Requirement) => Promise<Verdict>;
  /** Forgets a merchant, stale facts too; a lookup under way counts for nothing any more. */
  readonly forget: (merchantId: string) => void;
  /** The same for all merchants. */
  readonly forgetAll: () => void;
  /**
   * Forgets a merchant of whom something was seen that speaks against what is believed. Whoever can
   * provoke that must not drive lookups: it is done at most once per `unmetMs`.
   *
   * @returns whether it was done.
   */
  readonly distrust: (merchantId: string) => boolean;
  /** Of how many merchants anything is remembered. */
  readonly size: () => number;
  /** Whether a requirement was met when it was last looked at, however long ago. */
  readonly wasMet: (merchantId: string, name: string) => boolean;
}

interface Flight {
  readonly verdict: Promise<Verdict>;
  /** Its merchant was forgotten after it began: its answer may be older than that. */
  isOutdated: boolean;
}

/**
 * How often a request looks, within the time of one lookup, where the merchant is forgotten while it is looked at.
 * The last look answers it all the same: what was found after a request came is true for that request, and kept for
 * no other. Otherwise a flood of replayed webhooks, or a store that comes back, could shut a shop.
 */
const MAX_LOOKS = 3;

/** A small cache must still be able to look at more than it keeps. */
const SPARE_LOOKUPS = 100;

const CROWDED: Undetermined = { is: 'undetermined', level: 'warn', reason: 'too many lookups at once' };

/**
 * The facts of this process. An older answer never overwrites an invalidation: what is forgotten is
 * forgotten together with the lookups under way, and those that land later store nothing.
 */
export function createFacts<Requirement extends { readonly name: string }>(
  settings: Pick<Settings<never>, 'cache' | 'lookupTimeoutMs' | 'elapsed'>,
  look: Look<Requirement>,
  tell: Tell,
  isHearing?: () => boolean,
): Facts<Requirement> {
  const { cache, lookupTimeoutMs, elapsed } = settings;
  const isWithin = within(elapsed);
  const beliefs = createBeliefs(settings, isHearing);
  const flights = new Map<string, Map<string, Flight>>();
  let underWay = 0;

  async function learn(merchantId: string, requirement: Requirement): Promise<Verdict> {
    const begun = elapsed();
    for (let looks = 1; ; looks++) {
      const fact = beliefs.fresh(merchantId, requirement.name);
      if (fact !== undefined) return fact;
      const joined = flights.get(merchantId)?.get(requirement.name);
      const flight = joined ?? depart(merchantId, requirement);
      if (flight === undefined) return CROWDED;
      const verdict = await flight.verdict;
      if (!flight.isOutdated) return verdict;
      const isOlderThanRequest = joined !== undefined && looks === 1;
      const isLast = looks === MAX_LOOKS || !isWithin(begun, lookupTimeoutMs);
      if (isLast && !isOlderThanRequest) return verdict;
    }
  }

  /** Ids that were never met cannot keep those that were from being looked at. */
  function depart(merchantId: string, requirement: Requirement): Flight | undefined {
    const { name } = requirement;
    const isCrowded = underWay >= cache.maxMerchants + SPARE_LOOKUPS;
    if (isCrowded && !beliefs.wasMet(merchantId, name)) return undefined;
    underWay++;
    const begun = elapsed();
    const flight: Flight = {
      isOutdated: false,
      verdict: look(merchantId, requirement).then((found) => {
        underWay--;
        if (!flight.isOutdated) leave(merchantId, name);
        flight.isOutdated ||= found.isOutdated === true;
        const verdict = flight.isOutdated ? found.verdict : land(merchantId, name, found);
        tell({
          type: 'lookup',
          merchantId,
          requirement: name,
          durationMs: Math.round(elapsed() - begun),
          shared: found.isShared,
          stale: verdict === found.verdict ? undefined : true,
          ...told(found.verdict),
        });
        return verdict;
      }),
    };
    const together = flights.get(merchantId) ?? new Map<string, Flight>();
    flights.set(merchantId, together.set(name, flight));
    return flight;
  }

  function leave(merchantId: string, name: string): void {
    const together = flights.get(merchantId) as Map<string, Flight>;
    together.delete(name);
    if (together.size === 0) flights.delete(merchantId);
  }

  /** @returns what is to be believed: what was found, or what was met before if nothing was. */
  function land(merchantId: string, name: string, { verdict, since, before }: Found): Verdict {
    if (verdict.is !== 'undetermined') {
      beliefs.put(merchantId, name, { verdict, since });
      return verdict;
    }
    if (before !== undefined) beliefs.recall(merchantId, name, before);
    return beliefs.stale(merchantId, name) ?? verdict;
  }

  function outdate(merchantId: string): void {
    for (const flight of flights.get(merchantId)?.values() ?? []) flight.isOutdated = true;
    flights.delete(merchantId);
  }

  return {
    pass: beliefs.pass,
    known: (merchantId, { name }) => beliefs.fresh(merchantId, name),
    learn,
    size: beliefs.size,
    wasMet: beliefs.wasMet,

    forget(merchantId) {
      beliefs.forget(merchantId);
      outdate(merchantId);
    },

    forgetAll() {
      beliefs.forgetAll();
      for (const merchantId of flights.keys()) outdate(merchantId);
    },

    distrust(merchantId) {
      const isDone = beliefs.distrust(merchantId);
      if (isDone) outdate(merchantId);
      return isDone;
    },
  };
}

function told(found: Verdict): Pick<LookupEvent, 'level' | 'verdict'> & {
  kind?: string | undefined;
  reason?: string | undefined;
} {
  switch (found.is) {
    case 'met':
      return { level: 'info', verdict: 'met' };
    case 'unmet':
      return { level: 'info', verdict: 'unmet', kind: found.refusal.kind, reason: found.reason };
    case 'undetermined':
      return { level: found.level, verdict: 'undetermined', kind: found.kind, reason: found.reason };
  }
}
