import { isIoRedis, overIoRedis } from './ioredis.js';
import { isNodeRedis, overNodeRedis } from './node-redis.js';
import type { Script } from './scripts.js';

type Method = (...given: never[]) => unknown;

/** A client of node-redis or ioredis, or one of their clusters. */
export type RedisClient =
  | { readonly evalSha: Method; readonly duplicate: Method }
  | { readonly evalsha: Method; readonly duplicate: Method };

/** A connection that only listens, made to be thrown away: it is not repaired when it is lost. */
interface Connection {
  /** Connects, too. */
  readonly subscribe: (
    channels: readonly string[],
    message: (channel: string, text: string) => void,
  ) => Promise<unknown>;
  readonly ping: () => Promise<unknown>;
  /** At once, whatever its state. */
  readonly destroy: () => void;
}

/** What is asked of Redis, in the words of none of the clients. */
export interface Redis {
  /** What the client itself puts before every key, and before no channel. */
  readonly keyPrefix: string;
  readonly run: (script: Script, key: string, args: readonly string[]) => Promise<unknown>;
  /** Makes another connection, with the options of the platform's own; `lost` is told when it breaks. */
  readonly connection: (lost: (reason: unknown) => void) => Connection | Promise<Connection>;
}

/** @throws TypeError if it is no client that is known. */
export function redisOf(client: unknown): Redis {
  const given = Object(client) as { readonly duplicate?: unknown };
  if (typeof given.duplicate === 'function') {
    if (isNodeRedis(given)) return overNodeRedis(given);
    if (isIoRedis(given)) return overIoRedis(given);
  }
  throw new TypeError(
    'lakiconnect: redisStore needs a client of node-redis 5 or 6, or of ioredis 5 or 6, such as redisStore(createClient({ url })).',
  );
}
