import type { Settings } from '../settings.js';
import type { Met, Unmet } from './verdict.js';

/** What lookups found out, each for as long as it may be believed. */
export interface Beliefs {
  /** What may be believed without another look. */
  readonly fresh: (merchantId: string, name: string) => Met | Unmet | undefined;
  /** A "yes" that has expired, while its lookup fails. A "no" is never believed longer. */
  readonly stale: (merchantId: string, name: string) => Met | undefined;
  /** Whether the last answer was "yes", however long ago. */
  readonly wasMet: (merchantId: string, name: string) => boolean;
  /** `since` is when the lookup began: what happened at the provider after that it does not know. */
  readonly put: (merchantId: string, name: string, verdict: Met | Unmet, since: number) => void;
  readonly forget: (merchantId: string) => void;
  /** Forgets, unless that was done less than `unmetMs` ago. @returns whether it was done. */
  readonly distrust: (merchantId: string) => boolean;
}

interface Entry {
  readonly facts: Map<string, { readonly verdict: Met | Unmet; readonly since: number }>;
  readonly distrustedAt?: number;
}

export function createBeliefs({ cache, now }: Pick<Settings<never>, 'cache' | 'now'>): Beliefs {
  /** By merchant, the one of whom nothing was learnt for longest first. */
  const entries = new Map<string, Entry>();

  /** A clock that was set back makes a fact too old, not too young. */
  function isWithin(since: number, ms: number): boolean {
    const age = now() - since;
    return age >= 0 && age < ms;
  }

  /** Moving an entry to the end here, and not where it is read, keeps reading cheap. */
  function store(merchantId: string, entry: Entry): void {
    entries.delete(merchantId);
    entries.set(merchantId, entry);
    if (entries.size > cache.maxMerchants) entries.delete(entries.keys().next().value as string);
  }

  return {
    fresh(merchantId, name) {
      const fact = entries.get(merchantId)?.facts.get(name);
      if (fact === undefined) return undefined;
      const life = fact.verdict.is === 'met' ? cache.metMs : cache.unmetMs;
      return isWithin(fact.since, life) ? fact.verdict : undefined;
    },

    stale(merchantId, name) {
      const fact = entries.get(merchantId)?.facts.get(name);
      if (fact?.verdict.is !== 'met') return undefined;
      return isWithin(fact.since, cache.metMs + cache.staleIfErrorMs) ? fact.verdict : undefined;
    },

    wasMet(merchantId, name) {
      return entries.get(merchantId)?.facts.get(name)?.verdict.is === 'met';
    },

    put(merchantId, name, verdict, since) {
      const entry = entries.get(merchantId) ?? { facts: new Map() };
      entry.facts.set(name, { verdict, since });
      store(merchantId, entry);
    },

    forget(merchantId) {
      entries.delete(merchantId);
    },

    distrust(merchantId) {
      const distrustedAt = entries.get(merchantId)?.distrustedAt;
      if (distrustedAt !== undefined && isWithin(distrustedAt, cache.unmetMs)) return false;
      store(merchantId, { facts: new Map(), distrustedAt: now() });
      return true;
    },
  };
}
