import type { RedisClient } from 'lakiconnect-middleware/redis';

/** A client of the platform's, and how it ends. */
export interface Opened {
  readonly client: RedisClient;
  readonly end: () => void;
}

/** One of the libraries that are promised to work, set up as docs/several-machines.md has it. */
export interface Library {
  readonly name: string;
  /** Whether its clients put an option `keyPrefix` before every key. */
  readonly hasKeyPrefix: boolean;
  /** Without waiting for a connection. */
  readonly open: (port: number, keyPrefix?: string | Buffer) => Opened;
  readonly openCluster: (ports: readonly number[], keyPrefix?: string | Buffer) => Opened;
}

export const LIBRARIES: readonly Library[];
