import type { Redis } from './client.js';
import { evaluate } from './evaluate.js';
import { oneOf } from './one-of.js';

/** As much as is used of a client or a cluster of ioredis: https://github.com/redis/ioredis */
interface IoRedis {
  readonly options?: { readonly keyPrefix?: string | Uint8Array };
  readonly evalsha: (sha: string, keys: number, ...given: string[]) => Promise<unknown>;
  readonly eval: (lua: string, keys: number, ...given: string[]) => Promise<unknown>;
}

interface IoRedisClient extends IoRedis {
  readonly duplicate: (options: object) => IoRedisClient;
  readonly on: (event: string, listener: (...given: never[]) => void) => unknown;
  readonly connect: () => Promise<unknown>;
  readonly subscribe: (...channels: string[]) => Promise<unknown>;
  readonly ping: () => Promise<unknown>;
  readonly disconnect: () => void;
}

interface IoRedisCluster extends IoRedis {
  readonly nodes: (role: 'master') => readonly IoRedisClient[];
}

export function isIoRedis(client: object): client is IoRedisClient | IoRedisCluster {
  return typeof (client as Partial<IoRedis>).evalsha === 'function';
}

/** Without a hand in its repair, and without two seconds of grace for one that hangs. */
const DISPOSABLE = {
  lazyConnect: true,
  retryStrategy: () => null,
  reconnectOnError: null,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  disconnectTimeout: 1,
};

export function overIoRedis(client: IoRedisClient | IoRedisCluster): Redis {
  return {
    keyPrefix: String(client.options?.keyPrefix ?? ''),

    run(script, key, args) {
      return evaluate(
        () => client.evalsha(script.sha, 1, key, ...args),
        () => client.eval(script.lua, 1, key, ...args),
      );
    },

    connection(lost) {
      const origin = 'nodes' in client ? oneOf(client.nodes('master')) : client;
      const copy = origin.duplicate(DISPOSABLE);
      for (const event of ['error', 'close', 'end']) copy.on(event, lost);
      return {
        async subscribe(channels, message) {
          copy.on('message', message);
          await copy.connect();
          await copy.subscribe(...channels);
        },
        ping: () => copy.ping(),
        destroy() {
          copy.disconnect();
        },
      };
    },
  };
}
