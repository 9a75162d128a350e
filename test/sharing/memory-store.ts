import type { KeyUse } from '../../src/idempotency/keys.js';
import type { Store } from '../../src/sharing/store.js';

interface Entry {
  readonly generation: string;
  readonly facts: Map<string, { at: number; written: number; isMet: boolean; value: string }>;
  readonly claims: Map<string, number>;
}

interface Key {
  readonly fingerprint: string;
  readonly until: number;
  readonly owner: string | undefined;
  readonly keptUntil: number;
}

/** What `redisStore` does, in memory: each core that is given it is one of several processes. */
export function createMemoryStore({ now = Date.now, deadlineMs = 25, evictionPolicy = 'noeviction' } = {}) {
  const entries = new Map<string, Entry>();
  const keys = new Map<string, Key>();
  const listeners = new Set<Parameters<Store['listen']>[0]>();
  const writes: unknown[] = [];
  let coolUntil = 0;
  let generations = 0;
  let hurt: (() => unknown) | undefined;

  function entryOf(merchantId: string): Entry {
    const entry = entries.get(merchantId) ?? {
      generation: String(++generations),
      facts: new Map(),
      claims: new Map(),
    };
    entries.set(merchantId, entry);
    return entry;
  }

  function keyOf(name: string): Key | undefined {
    const kept = keys.get(name);
    return kept !== undefined && kept.keptUntil > now() ? kept : undefined;
  }

  /** A turn later, and not at all while it is hurt. */
  async function whole<T>(answer: () => T | Promise<T>): Promise<T> {
    if (hurt !== undefined) return (await hurt()) as T;
    return answer();
  }

  const store: Store = {
    '~brand': 'Store',
    deadlineMs,
    read: ({ merchantId, requirement }, { metMs, unmetMs, waitedMs, claimMs }) =>
      whole(() => {
        const { facts, claims, generation } = entryOf(merchantId);
        const found = facts.get(requirement);
        if (found !== undefined && (found.at > now() || found.written > now())) facts.delete(requirement);
        const kept = facts.get(requirement);
        const fact =
          kept === undefined ? undefined : { isMet: kept.isMet, value: kept.value, ageMs: now() - kept.at };
        const isNew = kept !== undefined && now() - kept.written < waitedMs;
        if (fact !== undefined && (isNew || fact.ageMs < (fact.isMet ? metMs : unmetMs)))
          return { is: 'fresh', fact };
        const claimed = claims.get(requirement) ?? 0;
        if (claimed > now() && claimed <= now() + claimMs) return { is: 'awaited', fact };
        claims.set(requirement, now() + claimMs);
        return { is: 'claimed', ticket: generation, fact };
      }),
    write: ({ merchantId, requirement }, ticket, fact) =>
      whole(() => {
        writes.push({ merchantId, requirement, ...fact });
        const entry = entries.get(merchantId);
        if (entry === undefined) return true;
        if (entry.generation !== ticket) return false;
        entry.claims.delete(requirement);
        if (fact !== undefined) {
          const { isMet, value, ageMs } = fact;
          entry.facts.set(requirement, { at: now() - ageMs, written: now(), isMet, value });
        }
        return true;
      }),
    forget: (merchantId) =>
      whole(() => {
        entries.delete(merchantId);
        entryOf(merchantId);
        for (const { forgotten } of listeners) forgotten(merchantId);
      }),
    begin: ({ name, owner, fingerprint, ttlMs }, leaseMs) =>
      whole(() => {
        const kept = keyOf(name);
        if (kept !== undefined && kept.fingerprint !== fingerprint) return 'conflict';
        const until = now() + leaseMs;
        if (kept?.owner !== undefined && kept.owner !== owner && kept.until > now()) {
          if (kept.until > until) keys.set(name, { ...kept, until });
          return 'in-progress';
        }
        keys.set(name, { fingerprint, until, owner, keptUntil: until + ttlMs });
        return 'begun';
      }),
    finish: ({ name, owner, ttlMs }) =>
      whole(() => {
        const kept = keyOf(name);
        if (kept?.owner === owner && kept !== undefined)
          keys.set(name, { ...kept, owner: undefined, keptUntil: now() + ttlMs });
      }),
    evictionPolicy: () => whole(() => evictionPolicy),
    cool: (ms) =>
      whole(() => {
        coolUntil = Math.max(coolUntil, now() + ms);
        for (const { cooldown } of listeners) cooldown(ms);
      }),
    coolFor: () => whole(() => coolUntil - now()),
    listen(listener) {
      listeners.add(listener);
      listener.up();
      return async () => void listeners.delete(listener);
    },
  };

  return {
    store,
    /** What was written, in order. */
    writes,
    listeners,
    /** What each call does in place of its own work; `undefined` mends it. */
    hurt(how: (() => unknown) | undefined) {
      hurt = how;
    },
    /** Puts a text where a fact is kept. */
    spoil(merchantId: string, requirement: string, value: string) {
      const fact = entryOf(merchantId).facts.get(requirement);
      entryOf(merchantId).facts.set(requirement, { at: now(), written: now(), isMet: true, ...fact, value });
    },
    /** As an eviction does. */
    drop: (merchantId: string) => entries.delete(merchantId),
    /** As a restart does. */
    loseKeys: () => {
      keys.clear();
    },
    /** Whose a key is. */
    ownerOf: ({ name }: Pick<KeyUse, 'name'>) => keyOf(name)?.owner,
    valueOf: (merchantId: string, requirement: string) =>
      entries.get(merchantId)?.facts.get(requirement)?.value,
  };
}
