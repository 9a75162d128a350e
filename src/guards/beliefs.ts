import type { Settings } from '../settings.js';
import { within } from '../within.js';
import type { Known } from './lookup.js';
import type { Met, Unmet } from './verdict.js';

/** What lookups found out, each for as long as it may be believed. */
export interface Beliefs {
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
  /** Forgets, unless that was done less than `unmetMs` ago. @returns whether it was done. */
  readonly distrust: (merchantId: string) => boolean;
}

interface Fact extends Known {
  /** When it came here. */
  readonly heldSince: number;
}

interface Entry {
  readonly facts: Map<string, Fact>;
  readonly distrustedAt?: number;
}

/** How long a fact is fresh while what other processes say of it may go unheard. */
const UNHEARD_MS = 2000;

/** `isHearing`: whether this process hears of what others forget. */
export function createBeliefs(
  { cache, now }: Pick<Settings<never>, 'cache' | 'now'>,
  isHearing: () => boolean = () => true,
): Beliefs {
  /** By merchant, the one of whom nothing was learnt for longest first. */
  const entries = new Map<string, Entry>();
  const isWithin = within(now);

  /** Moving an entry to the end here, and not where it is read, keeps reading cheap. */
  function store(merchantId: string, entry: Entry): void {
    entries.delete(merchantId);
    entries.set(merchantId, entry);
    if (entries.size > cache.maxMerchants) entries.delete(entries.keys().next().value as string);
  }

  function put(merchantId: string, name: string, { verdict, since }: Known): void {
    const entry = entries.get(merchantId) ?? { facts: new Map() };
    entry.facts.set(name, { verdict, since, heldSince: now() });
    store(merchantId, entry);
  }

  return {
    fresh(merchantId, name) {
      const fact = entries.get(merchantId)?.facts.get(name);
      if (fact === undefined) return undefined;
      const life = fact.verdict.is === 'met' ? cache.metMs : cache.unmetMs;
      const isFresh = isWithin(fact.since, life) && (isHearing() || isWithin(fact.heldSince, UNHEARD_MS));
      return isFresh ? fact.verdict : undefined;
    },

    stale(merchantId, name) {
      const fact = entries.get(merchantId)?.facts.get(name);
      if (fact?.verdict.is !== 'met') return undefined;
      return isWithin(fact.since, cache.metMs + cache.staleIfErrorMs) ? fact.verdict : undefined;
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
      const entry = entries.get(merchantId);
      if (entry?.distrustedAt === undefined) entries.delete(merchantId);
      else entry.facts.clear();
    },

    forgetAll() {
      entries.clear();
    },

    distrust(merchantId) {
      const distrustedAt = entries.get(merchantId)?.distrustedAt;
      if (distrustedAt !== undefined && isWithin(distrustedAt, cache.unmetMs)) return false;
      store(merchantId, { facts: new Map(), distrustedAt: now() });
      return true;
    },
  };
}
