import { within } from '../within.js';

/** How many keys one process remembers, when no store does. */
const MAX_KEYS = 100_000;

/** In milliseconds. */
export interface KeyLives {
  /** How long a key is remembered after its last request. */
  readonly ttlMs: number;
  /** How long a request counts as under way whose end nobody has told of. */
  readonly leaseMs: number;
}

/**
 * What a request may do with its key: begin, wait for another that has it under way, or nothing, because it was used
 * with another fingerprint.
 */
export type Begun = 'begun' | 'in-progress' | 'conflict';

/** What is known of idempotency keys, here or in a store. `name` is a digest of the key and of where it counts. */
export interface Keys {
  /** `ticket` is for whoever tells of the end. @returns `undefined` if nothing can be told. */
  readonly begin: (
    name: string,
    ticket: string,
    fingerprint: string,
    lives: KeyLives,
  ) => Promise<Begun | undefined>;
  /** Ends what was begun with `ticket`; the key is remembered. */
  readonly finish: (name: string, ticket: string) => void;
}

/** Keys of this process alone; beyond 100,000 the one that was used longest ago is forgotten. */
export function createKeys(now: () => number, maxKeys = MAX_KEYS): Keys {
  const isWithin = within(now);
  const known = new Map<
    string,
    KeyLives & { readonly fingerprint: string; readonly since: number; readonly ticket: string | undefined }
  >();

  function begin(name: string, ticket: string, fingerprint: string, lives: KeyLives): Begun {
    const before = known.get(name);
    if (before !== undefined && isWithin(before.since, before.ttlMs)) {
      if (before.fingerprint !== fingerprint) return 'conflict';
      if (before.ticket !== undefined && isWithin(before.since, before.leaseMs)) return 'in-progress';
    }
    known.delete(name); // it goes to the end
    known.set(name, { ...lives, fingerprint, since: now(), ticket });
    if (known.size > maxKeys) known.delete(known.keys().next().value as string);
    return 'begun';
  }

  return {
    // Nothing is awaited: of two that come at once, the second finds the first.
    begin: (...given) => Promise.resolve(begin(...given)),
    finish(name, ticket) {
      const begun = known.get(name);
      if (begun?.ticket === ticket) known.set(name, { ...begun, ticket: undefined });
    },
  };
}
