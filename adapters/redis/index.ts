import { randomUUID } from 'node:crypto';
import { judged, type Reading, type RedisStoreOptions, type Store } from '../../src/index.js';
import { redisStoreOptions } from '../../src/schemas/index.js';
import { redisOf, type RedisClient } from './client.js';
import { COOL, COOL_FOR, FORGET, READ, WRITE } from './scripts.js';
import { listening } from './subscription.js';

export type { RedisStoreOptions } from '../../src/index.js';
export type { RedisClient } from './client.js';

/** How long a new generation is kept, in milliseconds: longer than any lookup that it outdates lasts. */
const GENERATION_MS = 600_000;

/**
 * Where processes share facts, invalidations and cooldowns: Redis 7 or Valkey, alone or a cluster. `client` is
 * one of node-redis 5 or 6, or ioredis 5 or 6, connected or not; it stays the platform's to close. For what it
 * hears, a second connection is made from it, which `close()` of the core ends.
 *
 * @throws TypeError naming the path of a wrong option, or if `client` is none.
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): Store {
  const { prefix = 'lakiconnect:', deadlineMs = 25 } = judged(redisStoreOptions, options);
  const redis = redisOf(client);
  const channels = { forgotten: `${prefix}invalidated`, cooldown: `${prefix}cooldown` };
  /** An encoded id has no colon and is not empty: no other prefix and id make the same key. */
  const keyOf = (merchantId: string): string => `${prefix}merchant:${encodeURIComponent(merchantId)}`;
  const cooldownKey = `${prefix}cooldown:`;

  return {
    deadlineMs,

    async read({ merchantId, requirement }, { metMs, unmetMs, waitedMs, claimMs }) {
      const args = [requirement, metMs, unmetMs, waitedMs, claimMs, randomUUID()].map(String);
      return readingIn(await redis.run(READ, keyOf(merchantId), args));
    },

    async write({ merchantId, requirement }, ticket, fact) {
      const written =
        fact === undefined
          ? ['0']
          : ['1', fact.isMet ? '1' : '0', fact.value, String(fact.ageMs), String(fact.keepMs)];
      return whole(await redis.run(WRITE, keyOf(merchantId), [requirement, ticket, ...written])) === 1;
    },

    forget: (merchantId) =>
      redis.run(FORGET, keyOf(merchantId), [
        channels.forgotten,
        merchantId,
        randomUUID(),
        String(GENERATION_MS),
      ]),

    cool: (ms) => redis.run(COOL, cooldownKey, [channels.cooldown, String(ms)]),
    coolFor: async () => whole(await redis.run(COOL_FOR, cooldownKey, [])),

    listen: ({ up, down, forgotten, cooldown }) =>
      listening(redis, {
        channels: Object.values(channels),
        up,
        down,
        message(channel, text) {
          if (channel === channels.forgotten) forgotten(text);
          else if (/^\d{1,15}$/.test(text)) cooldown(Number(text));
        },
      }),
  };
}

/** @throws TypeError if it is nothing that the script returns. */
function readingIn(reply: unknown): Reading {
  if (!Array.isArray(reply) || reply.length !== 5) throw new TypeError(NO_REPLY);
  const [is, ticket, met, value, ageMs] = reply.map(String) as [string, string, string, string, string];
  const fact = met === '' ? undefined : { isMet: met === '1', value, ageMs: whole(ageMs) };
  if (is === 'fresh' && fact !== undefined) return { is, fact };
  if (is === 'claimed') return { is, ticket, fact };
  if (is === 'awaited') return { is, fact };
  throw new TypeError(NO_REPLY);
}

/** A number, or the text of one: some clients give it so. @throws TypeError for anything else. */
function whole(reply: unknown): number {
  const text = String(reply);
  if (!/^-?\d{1,15}$/.test(text)) throw new TypeError(NO_REPLY);
  return Number(text);
}

const NO_REPLY = 'Redis gave a reply that no script of ours gives';
