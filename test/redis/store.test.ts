import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from 'lakiconnect-middleware';
import { redisStore, type RedisClient, type RedisStoreOptions } from 'lakiconnect-middleware/redis';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import type { KeyUse } from '../../src/idempotency/keys.js';
import type { StoreListener } from '../../src/sharing/store.js';
import { LIBRARIES, type Opened } from './clients.mjs';
import { startCluster, startRedis, until, type RedisServer } from './redis-server.js';

const LIVES = { metMs: 60_000, unmetMs: 5000, waitedMs: 0, claimMs: 1000 };
const KYC = { merchantId: 'm1', requirement: 'kycApproved' };
const FEE = { merchantId: 'm1', requirement: 'feeConfigured' };
const KEY_OF_M1 = 'lakiconnect:merchant:m1';
const YES = { isMet: true, value: '"yes"', ageMs: 0, keepMs: 60_000 };
const NO = { isMet: false, value: '"no"', ageMs: 0, keepMs: 5000 };

const use = (given: Partial<KeyUse>): KeyUse => ({
  name: 'n',
  owner: 'o',
  fingerprint: 'p',
  ttlMs: 60_000,
  ...given,
});

let redis: RedisServer;
let cluster: Awaited<ReturnType<typeof startCluster>>;

beforeAll(async () => {
  [redis, cluster] = await Promise.all([startRedis(), startCluster()]);
}, 20_000);
afterAll(() => Promise.all([redis.close(), cluster.close()]));
beforeEach(() => Promise.all([redis, ...cluster.nodes].map((node) => node.command('FLUSHALL'))));

let prefixes = 0;

/** What ends what a test has begun, whether it passes or not: a listener would come back for ever. */
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** @returns what ends it before the test does. */
function listen(store: Store, listener: Partial<StoreListener>): () => Promise<void> {
  const ignore = () => undefined;
  const end = store.listen({ up: ignore, down: ignore, forgotten: ignore, cooldown: ignore, ...listener });
  endings.push(end);
  return end;
}

/** A store over a client that is connected. */
async function connected(from: Opened, options?: RedisStoreOptions): Promise<Store> {
  endings.push(from.end);
  const store = redisStore(from.client, options);
  await until(async () => (await store.coolFor()) < 0);
  return store;
}

const over = (port: number, options?: RedisStoreOptions) =>
  connected((LIBRARIES[0] as (typeof LIBRARIES)[0]).open(port), options);

async function claim(store: Store, name = KYC): Promise<string> {
  const reading = await store.read(name, LIVES);
  if (reading.is !== 'claimed') throw new Error(`it is ${reading.is}`);
  return reading.ticket;
}

describe.each([
  ...LIBRARIES.map(({ name, open }) => ({ name, open: () => open(redis.port) })),
  ...LIBRARIES.map(({ name, openCluster }) => ({
    name: `${name}, in a cluster,`,
    open: () => openCluster(cluster.ports),
  })),
])('$name', ({ open }) => {
  test('keeps what one process found for the others, and whose turn it is to look', async () => {
    const store = await connected(open());
    const ticket = await claim(store);
    expect(await store.read(KYC, LIVES)).toEqual({ is: 'awaited', fact: undefined });
    expect(await store.read(FEE, LIVES)).toMatchObject({ is: 'claimed' });

    expect(await store.write(KYC, ticket, { ...YES, ageMs: 1000 })).toBe(true);
    const reading = await store.read(KYC, LIVES);
    expect(reading).toMatchObject({ is: 'fresh', fact: { isMet: true, value: '"yes"' } });
    expect(reading.fact?.ageMs).toBeGreaterThanOrEqual(1000);
    expect(reading.fact?.ageMs).toBeLessThan(5000);
  });

  test('drops what was found before a merchant was forgotten', async () => {
    const store = await connected(open());
    const ticket = await claim(store);
    await store.forget('m1');
    expect(await store.write(KYC, ticket, YES)).toBe(false);

    const next = await claim(store);
    expect(next).not.toBe(ticket);
    expect(await store.write(KYC, ticket, YES)).toBe(false);
    expect(await store.write(KYC, next, NO)).toBe(true);
    expect(await store.read(KYC, LIVES)).toMatchObject({
      is: 'fresh',
      fact: { isMet: false, value: '"no"' },
    });
    await store.forget('m1');
    expect(await store.read(KYC, LIVES)).toMatchObject({ is: 'claimed', fact: undefined });
  });

  test('works on where Redis has lost the scripts', async () => {
    const store = await connected(open());
    const ticket = await claim(store);
    for (const node of [redis, ...cluster.nodes]) await node.command('SCRIPT', 'FLUSH');
    expect(await store.write(KYC, ticket, YES)).toBe(true);
    expect(await store.read(KYC, LIVES)).toMatchObject({ is: 'fresh' });
  });

  test('tells whoever listens of what is forgotten and of cooldowns', async () => {
    const store = await connected(open(), { prefix: `${String(++prefixes)}:` });
    const heard: unknown[] = [];
    const end = listen(store, {
      up: () => heard.push('up'),
      down: (reason) => heard.push(reason),
      forgotten: (id) => heard.push(id),
      cooldown: (ms) => heard.push(ms),
    });
    await until(() => heard.includes('up'));
    await store.forget('m 1{x}:y');
    await store.cool(7000);
    await until(() => heard.includes('m 1{x}:y') && heard.includes(7000));
    expect(heard).toEqual(['up', 'm 1{x}:y', 7000]);

    await end();
    await store.forget('m2');
    await sleep(50);
    expect(heard).not.toContain('m2');
  });

  test('keeps the longest cooldown while it lasts', async () => {
    const store = await connected(open());
    await store.cool(60_000);
    await store.cool(1000);
    const left = await store.coolFor();
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  test('lets one begin with an idempotency key, until the end is told', async () => {
    const store = await connected(open());
    const all = Array.from({ length: 20 }, (_, number) => use({ owner: `o${String(number)}` }));
    const begun = await Promise.all(all.map((one) => store.begin(one, 30_000)));
    expect(begun).toEqual(['begun', ...Array.from({ length: 19 }, () => 'in-progress')]);

    const [first, second] = all as [KeyUse, KeyUse];
    const other = use({ owner: 'o20', fingerprint: 'other' });
    await store.finish(second); // it has begun nothing
    expect(await store.begin(second, 30_000)).toBe('in-progress');
    expect(await store.begin(other, 30_000)).toBe('conflict');
    expect(await store.begin(first, 30_000)).toBe('begun'); // a renewal
    await store.finish(first);
    expect(await store.begin(other, 30_000)).toBe('conflict');
    expect(await store.begin(second, 30_000)).toBe('begun');
    expect(await store.begin({ ...other, name: 'another' }, 30_000)).toBe('begun');
  });

  test('tells whether it drops keys', async () => {
    const store = await connected(open());
    expect(await store.evictionPolicy()).toBe('noeviction');
  });
});

describe('An idempotency key', () => {
  const KEY = 'lakiconnect:idempotency:n';
  const leftMs = async (): Promise<number> =>
    Number((await redis.command('PTTL', KEY)).replace(/[^\d-]/g, ''));

  test('is begun again when its lease is over, and then ended by its new owner alone', async () => {
    const store = await over(redis.port);
    const [first, second, third] = [use({ owner: 'o1' }), use({ owner: 'o2' }), use({ owner: 'o3' })];
    expect(await store.begin(first, 500)).toBe('begun');
    expect(await store.begin(second, 500)).toBe('in-progress');
    await sleep(510);
    expect(await store.begin(second, 60_000)).toBe('begun');
    await store.finish(first);
    expect(await store.begin(third, 60_000)).toBe('in-progress');
    expect(await store.begin(first, 60_000)).toBe('in-progress'); // it is too late to renew
  });

  test('is held for as long as it is renewed, however soon it is forgotten after its end', async () => {
    const store = await over(redis.port);
    const first = use({ owner: 'o1', ttlMs: 1 });
    const endsAt = async (): Promise<number> =>
      Number((await redis.command('HGET', KEY, 'until')).split('\r\n')[1]);
    await store.begin(first, 30_000);
    const before = await endsAt();
    await sleep(20);
    expect(await store.begin(first, 30_000)).toBe('begun');
    expect(await endsAt()).toBeGreaterThan(before);
    expect(await leftMs()).toBeGreaterThan(20_000);
    await store.finish(first);
    await sleep(10);
    expect(await redis.command('EXISTS', KEY)).toBe(':0\r\n');
  });

  test('is remembered from its end on, and where no end is told from that of its lease', async () => {
    const store = await over(redis.port);
    const first = use({ owner: 'o1' });
    await store.begin(first, 30_000);
    expect(await leftMs()).toBeGreaterThan(80_000);
    expect(await leftMs()).toBeLessThanOrEqual(90_000);
    await store.finish(first);
    expect(await leftMs()).toBeGreaterThan(50_000);
    expect(await leftMs()).toBeLessThanOrEqual(60_000);
  });

  test.each(['rubbish', '', '-5'])('whose lease was spoilt (%j) is begun again', async (spoilt) => {
    const store = await over(redis.port);
    await store.begin(use({ owner: 'o1' }), 30_000);
    await redis.command('HSET', KEY, 'until', spoilt);
    expect(await store.begin(use({ owner: 'o2', fingerprint: 'other' }), 30_000)).toBe('conflict');
    expect(await store.begin(use({ owner: 'o2' }), 30_000)).toBe('begun');
  });

  test('that was begun before the clock was set back is held, and for no longer than a lease', async () => {
    const store = await over(redis.port);
    await store.begin(use({ owner: 'o1' }), 200);
    await redis.command('HSET', KEY, 'until', String(Date.now() + 3_600_000));
    expect(await store.begin(use({ owner: 'o2' }), 200)).toBe('in-progress');
    await sleep(210);
    expect(await store.begin(use({ owner: 'o2' }), 200)).toBe('begun');
  });

  test('that was lost is begun by its renewal', async () => {
    const store = await over(redis.port);
    await store.begin(use({ owner: 'o1' }), 30_000);
    await redis.command('DEL', KEY);
    expect(await store.begin(use({ owner: 'o1' }), 30_000)).toBe('begun');
    expect(await store.begin(use({ owner: 'o2' }), 30_000)).toBe('in-progress');
  });

  test('that was lost is not made again by its end', async () => {
    const store = await over(redis.port);
    await store.begin(use({ owner: 'o1' }), 30_000);
    await redis.command('DEL', KEY);
    await store.finish(use({ owner: 'o1' }));
    expect(await redis.command('EXISTS', KEY)).toBe(':0\r\n');
  });

  test('that is no hash rejects, and is nobody’s', async () => {
    const store = await over(redis.port);
    await redis.command('SET', KEY, '1');
    await expect(store.begin(use({}), 30_000)).rejects.toThrow(/WRONGTYPE/);
  });
});

test('A store whose maxmemory-policy may drop keys says which it is', async () => {
  const store = await over(redis.port);
  await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  try {
    expect(await store.evictionPolicy()).toBe('allkeys-lru');
  } finally {
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  }
});

describe('A fact', () => {
  test.each([
    ['a "yes"', YES, 'metMs'],
    ['a "no"', NO, 'unmetMs'],
  ] as const)(
    'that is %s is fresh for as long as its reader says, and then known still',
    async (_, fact, life) => {
      const store = await over(redis.port);
      await store.write(KYC, await claim(store), { ...fact, ageMs: 2000 });
      const held = { isMet: fact.isMet, value: fact.value };
      expect(await store.read(KYC, { ...LIVES, [life]: 4000 })).toMatchObject({ is: 'fresh', fact: held });
      expect(await store.read(KYC, { ...LIVES, [life]: 1999 })).toMatchObject({ is: 'claimed', fact: held });
      expect(await store.read(KYC, { ...LIVES, [life]: 1999 })).toMatchObject({ is: 'awaited', fact: held });
    },
  );

  test('is fresh for who waited when it was written, however short its life', async () => {
    const store = await over(redis.port);
    const lives = { ...LIVES, metMs: 0, waitedMs: 100 };
    await store.write(KYC, await claim(store), { ...YES, ageMs: 5000 });
    expect(await store.read(KYC, lives)).toMatchObject({ is: 'fresh' });
    await sleep(110);
    expect(await store.read(KYC, lives)).toMatchObject({ is: 'claimed' });
    expect(await store.read(KYC, { ...lives, waitedMs: 10_000 })).toMatchObject({ is: 'fresh' });
    expect(await store.read(KYC, { ...lives, waitedMs: 0 })).toMatchObject({ is: 'awaited' });
  });

  test('is counted by the clock of Redis alone, and one from its future is not fresh', async () => {
    const store = await over(redis.port);
    await claim(store);
    await redis.command('HSET', KEY_OF_M1, 'fact:kycApproved', '99999999999999 1 1 "yes"');
    await redis.command('HDEL', KEY_OF_M1, 'claim:kycApproved');
    expect(await store.read(KYC, LIVES)).toMatchObject({ is: 'claimed' });
  });

  test.each(['99999999999999 99999999999999', '1 99999999999999'])(
    'from before the clock of Redis was set back (%s) is none, and never becomes one again',
    async (times) => {
      const store = await over(redis.port);
      await claim(store);
      await redis.command('HSET', KEY_OF_M1, 'fact:kycApproved', `${times} 1 "yes"`);
      await redis.command('HDEL', KEY_OF_M1, 'claim:kycApproved');
      expect(await store.read(KYC, { ...LIVES, waitedMs: 1 })).toMatchObject({
        is: 'claimed',
        fact: undefined,
      });
      expect(await redis.command('HEXISTS', KEY_OF_M1, 'fact:kycApproved')).toBe(':0\r\n');
    },
  );

  test.each([
    'rubbish',
    '',
    '1 1 1 ',
    '1795595699932 1795595699932 2 "yes"',
    '1e9 1e9 1 "yes"',
    '-5 -5 1 "yes"',
  ])('that was spoilt (%j) is none, and is overwritten', async (spoilt) => {
    const store = await over(redis.port);
    const ticket = await claim(store);
    await store.write(KYC, ticket, YES);
    await redis.command('HSET', KEY_OF_M1, 'fact:kycApproved', spoilt);
    const reading = await store.read(KYC, LIVES);
    expect(reading.is).toBe('claimed');
    await store.write(KYC, ticket, YES);
    expect(await store.read(KYC, LIVES)).toMatchObject({ is: 'fresh', fact: { value: '"yes"' } });
  });

  test('of an evicted merchant is not kept, and not taken for outdated', async () => {
    const store = await over(redis.port);
    const ticket = await claim(store);
    await redis.command('DEL', KEY_OF_M1);
    expect(await store.write(KYC, ticket, YES)).toBe(true);
    expect(await redis.command('EXISTS', KEY_OF_M1)).toBe(':0\r\n');
  });

  test('never gives way to one that was asked for earlier', async () => {
    const store = await over(redis.port);
    const ticket = await claim(store);
    expect(await store.write(KYC, ticket, NO)).toBe(true);
    expect(await store.write(KYC, ticket, { ...YES, ageMs: 1000 })).toBe(true);
    expect(await store.read(KYC, LIVES)).toMatchObject({ is: 'fresh', fact: { isMet: false } });
    await redis.command('HSET', KEY_OF_M1, 'fact:kycApproved', '99999999999999 1 1 "yes"');
    expect(await store.write(KYC, ticket, { ...NO, ageMs: 1000 })).toBe(true);
    expect(await store.read(KYC, LIVES)).toMatchObject({ is: 'fresh', fact: { isMet: false } });
  });

  test('whose times are no whole milliseconds is kept', async () => {
    const store = await over(redis.port);
    await store.write(KYC, await claim(store), { ...YES, ageMs: 0.25, keepMs: 60_000.75 });
    expect((await store.read(KYC, { ...LIVES, waitedMs: 0.5 })).is).toBe('fresh');
    await store.cool(1000.5);
    expect(await store.coolFor()).toBeGreaterThan(0);
  });

  test('of any text comes back as it was', async () => {
    const store = await over(redis.port);
    const value = JSON.stringify({ text: 'ሰላም \u0000 " \\ \r\n 1 1 \u{1f600}' });
    await store.write(KYC, await claim(store), { ...YES, value });
    expect((await store.read(KYC, LIVES)).fact?.value).toBe(value);
  });
});

describe('A turn to look', () => {
  test('ends by itself, for one whose process has died', async () => {
    const store = await over(redis.port);
    const lives = { ...LIVES, claimMs: 100 };
    expect((await store.read(KYC, lives)).is).toBe('claimed');
    expect((await store.read(KYC, lives)).is).toBe('awaited');
    await sleep(110);
    const both = await Promise.all([store.read(KYC, lives), store.read(KYC, lives)]);
    expect(both.map(({ is }) => is).sort()).toEqual(['awaited', 'claimed']);
  });

  test('may end long before the look that it allows: what that finds is kept', async () => {
    const store = await over(redis.port);
    const lives = { ...LIVES, claimMs: 50 };
    const slow = await store.read(KYC, lives);
    await sleep(60);
    const next = await store.read(KYC, lives);
    expect([slow.is, next.is]).toEqual(['claimed', 'claimed']);
    await sleep(100);
    expect(await store.write(KYC, (slow as { ticket: string }).ticket, YES)).toBe(true);
    expect(await store.write(KYC, (next as { ticket: string }).ticket, YES)).toBe(true);
    expect(await store.read(KYC, lives)).toMatchObject({ is: 'fresh' });
  });

  test('is not ended by one whose own has ended before', async () => {
    const store = await over(redis.port);
    const slow = await store.read(KYC, { ...LIVES, claimMs: 50 });
    await sleep(60);
    await claim(store);
    await store.write(KYC, (slow as { ticket: string }).ticket, undefined);
    expect((await store.read(KYC, LIVES)).is).toBe('awaited');
  });

  test('ends with a look that came to nothing', async () => {
    const store = await over(redis.port);
    expect(await store.write(KYC, await claim(store), undefined)).toBe(true);
    expect(await store.read(KYC, LIVES)).toMatchObject({ is: 'claimed', fact: undefined });
  });

  test('that was spoilt keeps nobody waiting', async () => {
    const store = await over(redis.port);
    for (const until of ['for ever', '99999999999999', '1e300', '99999999999999 x']) {
      await redis.command('HSET', KEY_OF_M1, 'claim:kycApproved', until);
      expect((await store.read(KYC, LIVES)).is).toBe('claimed');
    }
  });

  test('is one of a hundred who ask at once', async () => {
    const store = await over(redis.port);
    const readings = await Promise.all(Array.from({ length: 100 }, () => store.read(KYC, LIVES)));
    expect(readings.filter(({ is }) => is === 'claimed')).toHaveLength(1);
  });
});

describe('What is stored', () => {
  test('all expires', async () => {
    const store = await over(redis.port);
    await store.write(KYC, await claim(store), YES);
    await store.write(FEE, await claim(store, FEE), NO);
    await claim(store, { ...KYC, merchantId: 'm2' });
    await store.forget('m3');
    await store.cool(5000);
    const keys = (await redis.command('KEYS', '*')).match(/lakiconnect:\S+/g) ?? [];
    expect(keys.sort()).toEqual([
      'lakiconnect:cooldown:',
      KEY_OF_M1,
      'lakiconnect:merchant:m2',
      'lakiconnect:merchant:m3',
    ]);
    for (const [key, most] of Object.entries({ m1: 60_000, m2: 10_000, m3: 600_000 })) {
      const left = Number((await redis.command('PTTL', `lakiconnect:merchant:${key}`)).slice(1));
      expect(left).toBeGreaterThan(most - 900);
      expect(left).toBeLessThanOrEqual(most);
    }
  });

  test('has keys that no other prefix and id make', async () => {
    const prefixes = ['a:', 'a:merchant:', 'a:merchant:a:', 'a:cooldown:', 'a', 'merchant:'];
    const ids = ['a', 'a:', 'merchant:a', 'cooldown', 'cooldown:', '{a}', '%3A', ':', 'a%'];
    const port = redis.port;
    for (const prefix of prefixes) {
      const store = await over(port, { prefix });
      for (const merchantId of ids) await store.forget(merchantId);
      await store.cool(5000);
    }
    expect(await redis.command('DBSIZE')).toBe(`:${String(prefixes.length * (ids.length + 1))}\r\n`);
  });
});

describe('A Redis', () => {
  test('that holds something else under a key is a failure, until the merchant is forgotten', async () => {
    const store = await over(redis.port);
    await redis.command('SET', KEY_OF_M1, 'a text');
    await expect(store.read(KYC, LIVES)).rejects.toThrow('WRONGTYPE');
    await expect(store.write(KYC, 'a ticket', YES)).rejects.toThrow('WRONGTYPE');
    await store.forget('m1');
    expect((await store.read(KYC, LIVES)).is).toBe('claimed');
  });

  test('that is full still forgets and says so, and drops what was found before', async () => {
    const full = await startRedis('--maxmemory-policy', 'noeviction');
    endings.push(full.close);
    const store = await over(full.port);
    const heard: string[] = [];
    listen(store, { up: () => heard.push('up'), forgotten: (id) => heard.push(id) });
    await until(() => heard.includes('up'));
    const ticket = await claim(store);
    await store.write(KYC, ticket, YES);
    await full.command('CONFIG', 'SET', 'maxmemory', '1');
    expect((await store.read(KYC, LIVES)).is).toBe('fresh');
    await expect(store.read(FEE, LIVES)).rejects.toThrow('OOM');

    await store.forget('m1');
    await until(() => heard.includes('m1'));
    expect(await store.write(KYC, ticket, YES)).toBe(false);
    await expect(claim(store)).rejects.toThrow('OOM');
  });

  test.each([null, undefined, 'OK', 1, [], ['another', 'fresh', '', '1', '"yes"', 0], { fresh: true }])(
    'that replies %j, which is not to this call, is a failure',
    async (reply) => {
      const client = { evalSha: async () => reply, eval: async () => reply, duplicate: () => client };
      const store = redisStore(client);
      await expect(store.read(KYC, LIVES)).rejects.toThrow(TypeError);
      await expect(store.write(KYC, 'x', YES)).rejects.toThrow(TypeError);
      await expect(store.forget('m1')).rejects.toThrow(TypeError);
      await expect(store.cool(1000)).rejects.toThrow(TypeError);
      await expect(store.coolFor()).rejects.toThrow(TypeError);
    },
  );

  test('whose connection is out of step never gives one merchant what is known of another', async () => {
    const real = (LIBRARIES[0] as (typeof LIBRARIES)[0]).open(redis.port);
    const store = await connected(real);
    await store.write(KYC, await claim(store), YES);
    const { evalSha } = real.client as unknown as {
      evalSha: (sha: string, given: object) => Promise<unknown>;
    };
    let last: Promise<unknown> = Promise.resolve(null);
    const client = {
      evalSha: (sha: string, given: object) => {
        const late = last;
        last = evalSha.call(real.client, sha, given);
        return late;
      },
      eval: () => undefined,
      duplicate: () => undefined,
    };
    const late = redisStore(client);
    const readings = await Promise.allSettled(
      ['m1', 'm2', 'm3'].map((merchantId) => late.read({ ...KYC, merchantId }, LIVES)),
    );
    expect(readings.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(late.forget('m4')).rejects.toThrow('another call');
    await last;
  });

  test('whose client gives Buffers, and texts for numbers, is understood', async () => {
    const evalSha = async (_sha: string, given: { readonly arguments: readonly string[] }) =>
      [given.arguments[0] as string, 'fresh', '', '1', '"yes"', '7'].map((part) => Buffer.from(part));
    const client = { evalSha, eval: evalSha, duplicate: () => client };
    expect(await redisStore(client).read(KYC, LIVES)).toEqual({
      is: 'fresh',
      fact: { isMet: true, value: '"yes"', ageMs: 7 },
    });
  });
});

describe('What is heard', () => {
  test('is no cooldown unless it is a number', async () => {
    const store = await over(redis.port);
    const heard: unknown[] = [];
    listen(store, { up: () => heard.push('up'), cooldown: (ms) => heard.push(ms) });
    await until(() => heard.includes('up'));
    for (const text of ['soon', '', '-1', '1e9', '1.5', '9'.repeat(16), '7']) {
      await redis.command('PUBLISH', 'lakiconnect:cooldown', text);
    }
    await until(() => heard.includes(7));
    expect(heard).toEqual(['up', 7]);
  });

  test('is nothing while no node of a cluster is known', async () => {
    const ignore = () => undefined;
    const client = { evalSha: ignore, duplicate: ignore, masters: [], nodeClient: ignore };
    const reasons: unknown[] = [];
    listen(redisStore(client), {
      up: () => reasons.push('up'),
      down: (reason) => reasons.push(reason),
    });
    await until(() => reasons.length > 1);
    expect(reasons.map(String)).toEqual(reasons.map(() => 'Error: no node of the cluster is known yet'));
  });
});

describe('redisStore', () => {
  const client = createClient();

  test.each<[RedisStoreOptions, string]>([
    [{ prefix: '' }, 'prefix'],
    [{ prefix: 'with space' }, 'prefix'],
    [{ prefix: 'x'.repeat(129) }, 'prefix'],
    [{ deadlineMs: 0 }, 'deadlineMs'],
    [{ deadlineMs: 2.5 }, 'deadlineMs'],
    [{ deadlineMs: Infinity }, 'deadlineMs'],
    [{ deadline: 25 } as RedisStoreOptions, 'deadline'],
  ])('refuses %j by the name of its path', (options, path) => {
    expect(() => redisStore(client, options)).toThrow(TypeError);
    expect(() => redisStore(client, options)).toThrow(`\`${path}\``);
  });

  test.each([
    undefined,
    null,
    {},
    'redis://localhost',
    { evalSha: true },
    { evalSha: () => null },
    { duplicate: () => null },
  ])('refuses the client %j', (client) => {
    expect(() => redisStore(client as unknown as RedisClient)).toThrow(TypeError);
    expect(() => redisStore(client as unknown as RedisClient)).toThrow('node-redis 5 or 6');
  });

  test('takes every option as undefined, and waits 25 ms by default', () => {
    expect(redisStore(client, { prefix: undefined, deadlineMs: undefined }).deadlineMs).toBe(25);
    expect(redisStore(client, { deadlineMs: 40 }).deadlineMs).toBe(40);
  });
});
