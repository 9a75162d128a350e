import * as ioRedis6 from 'ioredis';
import * as ioRedis5 from 'ioredis-5';
import * as nodeRedis6 from 'redis';
import * as nodeRedis5 from 'redis-5';

const host = '127.0.0.1';
const retryMs = (times) => Math.min(times * 50, 500);
const ignore = () => undefined;

/** It has no `keyPrefix`. */
function nodeRedis(name, { createClient, createCluster }) {
  const socket = { host, reconnectStrategy: retryMs, connectTimeout: 1000 };
  const opened = (client) => {
    client.on('error', ignore).connect().catch(ignore);
    return { client, end: () => void (client.isOpen && client.destroy()) };
  };
  return {
    name,
    hasKeyPrefix: false,
    open: (port) => opened(createClient({ socket: { ...socket, port }, disableOfflineQueue: true })),
    openCluster: (ports) =>
      opened(
        createCluster({
          rootNodes: ports.map((port) => ({ socket: { host, port } })),
          defaults: { socket: { reconnectStrategy: retryMs, connectTimeout: 1000 } },
        }),
      ),
  };
}

function ioRedis(name, { Redis, Cluster }) {
  const opened = (client) => ({ client: client.on('error', ignore), end: () => client.disconnect() });
  const options = { maxRetriesPerRequest: 1, enableOfflineQueue: false };
  return {
    name,
    hasKeyPrefix: true,
    open: (port, keyPrefix) =>
      opened(new Redis({ host, port, keyPrefix, retryStrategy: retryMs, ...options })),
    openCluster: (ports, keyPrefix) =>
      opened(
        new Cluster(
          ports.map((port) => ({ host, port })),
          { keyPrefix, clusterRetryStrategy: retryMs, enableOfflineQueue: false },
        ),
      ),
  };
}

export const LIBRARIES = [
  nodeRedis('node-redis 6', nodeRedis6),
  nodeRedis('node-redis 5', nodeRedis5),
  ioRedis('ioredis 6', ioRedis6),
  ioRedis('ioredis 5', ioRedis5),
];
