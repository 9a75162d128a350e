import { randomUUID } from 'node:crypto';
import type { RedisStoreOptions, Store } from '../../src/index.js';
import { judged } from '../../src/judge.js';
import { redisStoreOptions } from '../../src/schemas/index.js';
import type { Reading } from '../../src/sharing/store.js';
import { redisOf, type RedisClient } from './client.js';
import {
  BEGIN,
  COOL,
  COOL_FOR,
  EVICTION_POLICY,
  FINISH,
  FORGET,
  READ,
  WRITE,
  type Script,
} from './scripts.js';
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
  /** Keys get the client's own prefix on the way; channels do not. */
  const channelPrefix = redis.keyPrefix + prefix;
  const channels = { forgotten: `${channelPrefix}invalidated`, cooldown: `${channelPrefix}cooldown` };
  /** An encoded id has no colon and is not empty: no other prefix and id make the same key. */
  const keyOf = (merchantId: string): string => `${prefix}merchant:${encodeURIComponent(merchantId)}`;
  const idempotencyKeyOf = (name: string): string => `${prefix}idempotency:${name}`;
  const cooldownKey = `${prefix}cooldown:`;

  /** @throws TypeError if the reply is another call's. */
  async function ask(script: Script, key: string, ...args: readonly (string | number)[]): Promise<string[]> {
    const word = randomUUID();
    const given = args.map((arg) => (typeof arg === 'number' ? String(Math.ceil(arg)) : arg));
    const reply = await redis.run(script, key, [word, ...given]);
    if (!Array.isArray(reply) || String(reply[0]) !== word) throw new TypeError(NO_REPLY);
    return reply.slice(1).map(String);
  }

  return {
    '~brand': 'Store',
    deadlineMs,

    async read({ merchantId, requirement }, { metMs, unmetMs, waitedMs, claimMs }) {
      const key = keyOf(merchantId);
      return readingIn(await ask(READ, key, requirement, metMs, unmetMs, waitedMs, claimMs));
    },

    async write({ merchantId, requirement }, ticket, fact) {
      const written = fact === undefined ? [0] : [1, fact.isMet ? 1 : 0, fact.value, fact.ageMs, fact.keepMs];
      const [isKept] = await ask(WRITE, keyOf(merchantId), requirement, ticket, ...written);
      return isKept !== '0';
    },

    forget: (merchantId) => ask(FORGET, keyOf(merchantId), channels.forgotten, merchantId, GENERATION_MS),

    async begin({ name, owner, fingerprint, ttlMs }, leaseMs) {
      const [begun] = await ask(BEGIN, idempotencyKeyOf(name), owner, fingerprint, leaseMs, leaseMs + ttlMs);
      return begun as Awaited<ReturnType<Store['begin']>>;
    },

    finish: ({ name, owner, ttlMs }) => ask(FINISH, idempotencyKeyOf(name), owner, ttlMs),
    evictionPolicy: async () => (await ask(EVICTION_POLICY, idempotencyKeyOf('')))[0],
    cool: (ms) => ask(COOL, cooldownKey, channels.cooldown, ms),
    coolFor: async () => Number((await ask(COOL_FOR, cooldownKey))[0]),

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

/** What {@link READ} returns. */
function readingIn(reply: readonly string[]): Reading {
  const [is, ticket, met, value, ageMs] = reply as [Reading['is'], string, string, string, string];
  const fact = { isMet: met === '1', value, ageMs: Number(ageMs) };
  if (is === 'fresh') return { is, fact };
  const earlier = met === '' ? undefined : fact;
  return is === 'claimed' ? { is, ticket, fact: earlier } : { is, fact: earlier };
}

const NO_REPLY = "Redis gave another call's reply, or none that is ours";
