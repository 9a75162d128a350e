import type { Settings } from '../settings.js';
import { within } from '../within.js';
import type { Known } from './lookup.js';
import { merchantOf, type Merchant } from './merchant.js';
import { createSegmentedMap } from './segmented-map.js';
import type { Met, Unmet } from './verdict.js';

/** What lookups found out, each for as long as it may be believed. */
export interface Beliefs {
  /** What a merchant is known by, if all requirements of a list are believed to be met: made once, while that lasts. */
  readonly pass: (merchantId: string, requirements: readonly Named[]) => Merchant | undefined;
  /** What may be believed without another look. */
  readonly fresh: (merchantId: string, name: string) => Met | Unmet | undefined;
  /** A "yes" that has expired, while its lookup fails. A "no" is never believed longer. */
  readonly stale: (merchantId: string, name: string) => Met | undefined;
  /** Whether the last answer was "yes", however long ago. */
  readonly wasMet: (merchantId: string, name: string) => boolean;
  readonly put: (merchantId: string, name: string, known: Known) => void;
  /** The same with what is old news, unless newer is held. */
  readonly recall: (merchantId: string, name: string, known: Known) => void;
  readonly forget: (merchantId: string) => void;
  readonly forgetAll: () => void;
  /** Of how many merchants anything is held, believed or not. */
  readonly size: () => number;
  /** Forgets, unless that was done less than `unmetMs` ago. @returns whether it was done. */
  readonly distrust: (merchantId: string) => boolean;
}

interface Named {
  readonly name: string;
}

interface Fact extends Known {
  /** When it came here. */
  readonly heldSince: number;
}

/** Holds while each of its facts is fresh. */
interface Pass {
  readonly requirements: readonly Named[];
  readonly merchant: Merchant;
  readonly until: number;
}

interface Entry {
  readonly facts: Map<string, Fact>;
  /** Of the facts as they are now. */
  passes: readonly Pass[];
  readonly distrustedAt?: number;
}

/** How long a fact is fresh while what other processes say of it may go unheard. */
const UNHEARD_MS = 2000;

/** `isHearing`: whether this process hears of what others forget. */
export function createBeliefs(
  { cache, elapsed }: Pick<Settings<never>, 'cache' | 'elapsed'>,
  isHearing: () => boolean = () => true,
): Beliefs {
  const isWithin = within(elapsed);
  /** By merchant. Nobody can push out those that may pass with ids that may not. */
  const entries = createSegmentedMap<Entry>(cache.maxMerchants, ({ facts }) =>
    [...facts.values()].some(isUsable),
  );

  /** A "yes", fresh or stale. */
  function isUsable(fact: Fact): fact is Fact & { readonly verdict: Met } {
    return fact.verdict.is === 'met' && isWithin(fact.since, cache.metMs + cache.staleIfErrorMs);
  }

  function put(merchantId: string, name: string, { verdict, since }: Known): void {
    const entry = entries.get(merchantId) ?? { facts: new Map(), passes: [] };
    entry.facts.set(name, { verdict, since, heldSince: elapsed() });
    entry.passes = [];
    entries.set(merchantId, entry);
  }

  function freshIn(entry: Entry, name: string): Fact | undefined {
    const fact = entry.facts.get(name);
    if (fact === undefined) return undefined;
    const life = fact.verdict.is === 'met' ? cache.metMs : cache.unmetMs;
    const isFresh = isWithin(fact.since, life) && (isHearing() || isWithin(fact.heldSince, UNHEARD_MS));
    return isFresh ? fact : undefined;
  }

  /** Kept only where it would be looked for: each request would keep another. */
  function issue(merchantId: string, entry: Entry, requirements: readonly Named[]): Merchant | undefined {
    const learnt: Record<string, unknown> = {};
    let until = Infinity;
    for (const { name } of requirements) {
      const fact = freshIn(entry, name);
      if (fact?.verdict.is !== 'met') return undefined;
      learnt[name] = fact.verdict.facts;
      until = Math.min(until, fact.since + cache.metMs);
    }
    const merchant = merchantOf(merchantId, learnt);
    if (isHearing()) entry.passes = [...entry.passes, { requirements, merchant, until }];
    return merchant;
  }

  return {
    pass(merchantId, requirements) {
      const entry = entries.get(merchantId);
      if (entry === undefined) return undefined;
      if (isHearing()) {
        for (const pass of entry.passes) {
          if (pass.requirements !== requirements) continue;
          if (elapsed() < pass.until) return pass.merchant;
        }
      }
      return issue(merchantId, entry, requirements);
    },

    fresh(merchantId, name) {
      const entry = entries.get(merchantId);
      return entry === undefined ? undefined : freshIn(entry, name)?.verdict;
    },

    stale(merchantId, name) {
      const fact = entries.get(merchantId)?.facts.get(name);
      return fact !== undefined && isUsable(fact) ? fact.verdict : undefined;
    },

    wasMet(merchantId, name) {
      return entries.get(merchantId)?.facts.get(name)?.verdict.is === 'met';
    },

    put,

    recall(merchantId, name, known) {
      const held = entries.get(merchantId)?.facts.get(name);
      if (held === undefined || held.since < known.since) put(merchantId, name, known);
    },

    /** That it was distrusted stays: being told so again and again must not drive lookups. */
    forget(merchantId) {
      const distrustedAt = entries.get(merchantId)?.distrustedAt;
      if (distrustedAt === undefined) entries.delete(merchantId);
      else entries.set(merchantId, { facts: new Map(), passes: [], distrustedAt });
    },

    forgetAll: entries.clear,
    size: entries.size,

    distrust(merchantId) {
      const distrustedAt = entries.get(merchantId)?.distrustedAt;
      if (distrustedAt !== undefined && isWithin(distrustedAt, cache.unmetMs)) return false;
      entries.set(merchantId, { facts: new Map(), passes: [], distrustedAt: elapsed() });
      return true;
    },
  };
}
