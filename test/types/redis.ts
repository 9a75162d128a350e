import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5';
import { createLakiConnect } from 'lakiconnect-middleware';
import { redisStore } from 'lakiconnect-middleware/redis';
import { createClient, createClientPool, createCluster } from 'redis';
import { createClient as createClient5, createCluster as createCluster5 } from 'redis-5';

for (const store of [
  redisStore(createClient()),
  redisStore(createClient({ RESP: 3 }), { prefix: process.env['PREFIX'], deadlineMs: undefined }),
  redisStore(createCluster({ rootNodes: [] })),
  redisStore(createClient5()),
  redisStore(createCluster5({ rootNodes: [] })),
  redisStore(new Redis()),
  redisStore(new Cluster([])),
  redisStore(new Redis5()),
  redisStore(new Cluster5([])),
]) {
  createLakiConnect({ store });
}
createLakiConnect({ store: undefined });

// @ts-expect-error it is no client
redisStore('redis://localhost');
// @ts-expect-error `deadline` is none of its options
redisStore(createClient(), { deadline: 25 });
// @ts-expect-error a pool has no connection to listen on
redisStore(createClientPool());
