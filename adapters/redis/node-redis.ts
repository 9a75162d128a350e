import type { Redis } from './client.js';
import { evaluate } from './evaluate.js';
import { oneOf } from './one-of.js';

interface Arguments {
  readonly keys: string[];
  readonly arguments: string[];
}

/** As much as is used of a client or a cluster of node-redis: https://github.com/redis/node-redis */
interface NodeRedis {
  readonly evalSha: (sha: string, given: Arguments) => Promise<unknown>;
  readonly eval: (lua: string, given: Arguments) => Promise<unknown>;
}

interface NodeRedisClient extends NodeRedis {
  readonly options?: { readonly socket?: object };
  readonly duplicate: (options: object) => NodeRedisClient;
  readonly on: (event: string, listener: (reason: unknown) => void) => unknown;
  readonly connect: () => Promise<unknown>;
  readonly subscribe: (
    channels: readonly string[],
    listener: (text: string, channel: string) => void,
  ) => Promise<unknown>;
  readonly ping: () => Promise<unknown>;
}

interface NodeRedisCluster extends NodeRedis {
  readonly masters: readonly object[];
  readonly nodeClient: (node: object) => Promise<NodeRedisClient>;
}

export function isNodeRedis(client: object): client is NodeRedisClient | NodeRedisCluster {
  return typeof (client as Partial<NodeRedis>).evalSha === 'function';
}

export function overNodeRedis(client: NodeRedisClient | NodeRedisCluster): Redis {
  return {
    keyPrefix: '', // it has no such option

    run(script, key, args) {
      const given = { keys: [key], arguments: [...args] };
      return evaluate(
        () => client.evalSha(script.sha, given),
        () => client.eval(script.lua, given),
      );
    },

    async connection(lost) {
      const origin = 'nodeClient' in client ? await client.nodeClient(oneOf(client.masters)) : client;
      // destroy() does not stop what still connects: the socket's own signal does, in every state.
      const over = new AbortController();
      const copy = origin.duplicate({
        socket: { ...origin.options?.socket, reconnectStrategy: false, signal: over.signal },
        disableOfflineQueue: true,
      });
      for (const event of ['error', 'end']) copy.on(event, lost);
      return {
        async subscribe(channels, message) {
          await copy.connect();
          await copy.subscribe(channels, (text, channel) => {
            message(channel, text);
          });
        },
        ping: () => copy.ping(),
        destroy() {
          over.abort();
        },
      };
    },
  };
}
