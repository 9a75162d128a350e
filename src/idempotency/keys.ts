/** How many keys one process remembers, when no store does. */
const MAX_KEYS = 100_000;

/** One use of an idempotency key, from its beginning to its end. */
export interface KeyUse {
  /** A digest of the key and of where it counts. */
  readonly name: string;
  /** Tells this use from any other. */
  readonly owner: string;
  readonly fingerprint: string;
  /** How long the key is remembered after the end, in milliseconds. */
  readonly ttlMs: number;
}

/**
 * What a request may do with its key: begin, wait for another that has it under way, or nothing, because it was used
 * with another fingerprint.
 */
export type Begun = 'begun' | 'in-progress' | 'conflict';

/** What is known of idempotency keys, here or in a store. */
export interface Keys {
  /** What has begun, or may have, must be finished. @returns `undefined` if nothing can be told. */
  readonly begin: (use: KeyUse) => Promise<Begun | undefined>;
  /** Ends what this use began; the key is remembered. */
  readonly finish: (use: KeyUse) => void;
}

/**
 * What the keys of this process were used for; beyond 100,000 the one that was used longest ago is forgotten. `clock` need
 * not be that of the wall: one that is set back or forward forgets or keeps what it should not.
 */
export function createKeys(clock: () => number = monotonic, maxKeys = MAX_KEYS): Keys {
  const remembered = new Map<string, { readonly fingerprint: string; readonly until: number }>();

  return {
    begin({ name, fingerprint }) {
      const before = remembered.get(name);
      const isOther = before !== undefined && before.fingerprint !== fingerprint && clock() < before.until;
      return Promise.resolve(isOther ? 'conflict' : 'begun');
    },

    finish({ name, fingerprint, ttlMs }) {
      remembered.delete(name); // it goes to the end
      remembered.set(name, { fingerprint, until: clock() + ttlMs });
      if (remembered.size > maxKeys) remembered.delete(remembered.keys().next().value as string);
    },
  };
}

function monotonic(): number {
  return performance.now();
}

/**
 * Lets one request at a time use a key in this process, from its beginning to its end: whatever a clock says, and
 * whatever a store behind `keys` has lost or cannot tell.
 */
export function exclusively(keys: Keys): Keys {
  const underWay = new Map<string, KeyUse>();

  function refusalOf({ name, fingerprint }: KeyUse): Exclude<Begun, 'begun'> | undefined {
    const other = underWay.get(name);
    if (other === undefined) return undefined;
    return other.fingerprint === fingerprint ? 'in-progress' : 'conflict';
  }

  return {
    async begin(use) {
      const refusal = refusalOf(use);
      if (refusal !== undefined) return refusal;
      const begun = await keys.begin(use);
      if (begun !== 'begun' && begun !== undefined) return begun;
      const overtaken = refusalOf(use);
      if (overtaken === undefined) underWay.set(use.name, use);
      else keys.finish(use);
      return overtaken ?? begun;
    },

    finish(use) {
      if (underWay.get(use.name) === use) underWay.delete(use.name);
      keys.finish(use);
    },
  };
}
