import type { Begun, KeyUse } from '../idempotency/keys.js';

/** What is asked of a merchant. */
export interface FactName {
  readonly merchantId: string;
  /** The name of a requirement. */
  readonly requirement: string;
}

/** In milliseconds. */
export interface StoredLives {
  /** How old a "yes" may be to be fresh. */
  readonly metMs: number;
  /** How old a "no" may be. */
  readonly unmetMs: number;
  /** For how long the reader has waited: what was written since then is fresh, however short its life. */
  readonly waitedMs: number;
  /** How long nobody else looks, if this is whose turn it is to look. */
  readonly claimMs: number;
}

/** A fact as it is kept. */
export interface StoredFact {
  /** To the process that wrote it: who reads it judges for itself. */
  readonly isMet: boolean;
  readonly value: string;
  /** In milliseconds, by the store's own clock: those of two machines may differ. */
  readonly ageMs: number;
}

/** What a store knows, and whose turn it is to look where that is nothing fresh. */
export type Reading =
  | { readonly is: 'fresh'; readonly fact: StoredFact }
  /** The reader's; what it finds out is written with `ticket`. */
  | { readonly is: 'claimed'; readonly ticket: string; readonly fact?: StoredFact | undefined }
  /** Another process's, which looks already. */
  | { readonly is: 'awaited'; readonly fact?: StoredFact | undefined };

/** What is heard from a store. */
export interface StoreListener {
  /** From now on every other process is heard; what was said before may have been missed. */
  readonly up: () => void;
  /** Other processes may not be heard any more. */
  readonly down: (reason: unknown) => void;
  /** A merchant was forgotten by a process, perhaps by this one. */
  readonly forgotten: (merchantId: string) => void;
  /** The provider asked for so many milliseconds of silence. */
  readonly cooldown: (ms: number) => void;
}

/**
 * Where several processes share what they know: what `redisStore` makes. Every function may reject or never
 * end; a call that fails counts as a miss.
 */
export interface Store {
  /** Tells a store from any other object with a deadline. */
  readonly '~brand': 'Store';
  /** How long a call is waited for, in milliseconds. */
  readonly deadlineMs: number;
  /** @internal */
  readonly read: (name: FactName, lives: StoredLives) => Promise<Reading>;
  /**
   * @internal Keeps a fact for `keepMs`, or ends the turn without one. Resolves to `false` if the merchant was
   * forgotten after `ticket` was given out: then nothing is kept.
   */
  readonly write: (
    name: FactName,
    ticket: string,
    fact: (StoredFact & { readonly keepMs: number }) | undefined,
  ) => Promise<boolean>;
  /** @internal Forgets a merchant's facts and claims, and tells all processes. */
  readonly forget: (merchantId: string) => Promise<unknown>;
  /**
   * @internal Begins a request with an idempotency key, unless another is under way or was another payment. Of the same
   * owner it is a renewal.
   */
  readonly begin: (use: KeyUse, leaseMs: number) => Promise<Begun>;
  /** @internal Ends what this use began, if it still holds the key; the key is remembered. */
  readonly finish: (use: KeyUse) => Promise<unknown>;
  /** @internal The `maxmemory-policy`; `undefined` if it cannot be told. */
  readonly evictionPolicy: () => Promise<string | undefined>;
  /** @internal Tells all processes of a cooldown, and those that start while it lasts. */
  readonly cool: (ms: number) => Promise<unknown>;
  /** @internal How long the cooldown still lasts, in milliseconds; 0 or less if it does not. */
  readonly coolFor: () => Promise<number>;
  /** @internal @returns what ends it, and leaves no connection, timer or listener. */
  readonly listen: (listener: StoreListener) => () => Promise<void>;
}

/** Options of `redisStore`. */
export interface RedisStoreOptions {
  /** What the names of keys and channels begin with: `lakiconnect:`. One for each LakiConnect account. */
  readonly prefix?: string | undefined;
  /** How long a command is waited for before it counts as failed, in milliseconds: 25. */
  readonly deadlineMs?: number | undefined;
}
