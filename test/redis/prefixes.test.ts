/** Two environments on one Redis that a prefix keeps apart share nothing: no key, and no message. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLakiConnect, type LakiConnect, type Store } from 'lakiconnect-middleware';
import { redisStore, type RedisStoreOptions } from 'lakiconnect-middleware/redis';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIBRARIES, type Library, type Opened } from './clients.mjs';
import { startCluster, startRedis, until, type RedisServer } from './redis-server.js';

const KYC = { merchantId: 'm1', requirement: 'kycApproved' };
const LIVES = { metMs: 60_000, unmetMs: 5000, waitedMs: 0, claimMs: 1000 };
const YES = { isMet: true, value: '"yes"', ageMs: 0, keepMs: 60_000 };

let redis: RedisServer;
let cluster: Awaited<ReturnType<typeof startCluster>>;
beforeAll(async () => {
  [redis, cluster] = await Promise.all([startRedis(), startCluster()]);
}, 20_000);
afterAll(() => Promise.all([redis.close(), cluster.close()]));
beforeEach(() => Promise.all([redis, ...cluster.nodes].map((node) => node.command('FLUSHALL'))));

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A store that listens, and what it heard. */
async function environment({ client, end }: Opened, options?: RedisStoreOptions) {
  const store = redisStore(client, options);
  const heard: unknown[] = [];
  let isUp = false;
  const close = store.listen({
    up: () => (isUp = true),
    down: () => undefined,
    forgotten: (id) => heard.push(id),
    cooldown: (ms) => heard.push(ms),
  });
  endings.push(end, close);
  await until(() => isUp);
  await until(async () => (await store.coolFor()) < 0);
  return { store, heard };
}

async function keep(store: Store): Promise<void> {
  const reading = await store.read(KYC, LIVES);
  await store.write(KYC, (reading as { ticket: string }).ticket, YES);
}

const WITH_KEY_PREFIX = LIBRARIES.filter(({ hasKeyPrefix }) => hasKeyPrefix);
const opensAt = ({ name, open, openCluster }: Library) => [
  { name, at: (keyPrefix?: string | Buffer) => open(redis.port, keyPrefix) },
  {
    name: `${name}, in a cluster,`,
    at: (keyPrefix?: string | Buffer) => openCluster(cluster.ports, keyPrefix),
  },
];

type Given = readonly [keyPrefix: string | Buffer | undefined, prefix: string | undefined];

describe.each(WITH_KEY_PREFIX.flatMap(opensAt))('$name', ({ at }) => {
  const open = ([keyPrefix, prefix]: Given) => environment(at(keyPrefix), { prefix });

  test.each<[string, Given, Given]>([
    ['two of the client', ['staging:', undefined], ['production:', undefined]],
    ['one of the client', ['staging:', undefined], [undefined, undefined]],
    ['one of the client, in bytes,', [Buffer.from('staging:'), undefined], [undefined, undefined]],
    ['two of the store', [undefined, 'staging:'], [undefined, 'production:']],
    ['the same of both, and another of the client', ['a:', 'b:'], ['c:', 'b:']],
    ['the same of both, and another of the store', ['a:', 'b:'], ['a:', 'c:']],
  ])('keeps apart what has %s', async (_, one, other) => {
    const staging = await open(one);
    const production = await open(other);
    await keep(production.store);
    await staging.store.forget('m1');
    await staging.store.cool(60_000);
    await production.store.forget('m2'); // comes back after anything that came before it
    await until(() => staging.heard.length === 2 && production.heard.length > 0);
    await sleep(50);

    expect(new Set(staging.heard)).toEqual(new Set(['m1', 60_000])); // nodes of a cluster keep no order
    expect(production.heard).toEqual(['m2']);
    expect(await production.store.read(KYC, LIVES)).toMatchObject({ is: 'fresh' });
    expect(await production.store.coolFor()).toBeLessThan(0);
  });

  test.each<[string, Given, Given]>([
    ['as text and as bytes', ['a:', undefined], [Buffer.from('a:'), undefined]],
    ['by the client or by the store', ['a:', 'b:'], [undefined, 'a:b:']],
  ])('joins what has the same prefix, given %s', async (_, one, other) => {
    const [teller, hearer] = [await open(one), await open(other)];
    await keep(hearer.store);
    expect(await teller.store.read(KYC, LIVES)).toMatchObject({ is: 'fresh' });
    await teller.store.forget('m1');
    await teller.store.cool(60_000);
    await until(() => hearer.heard.length === 2);

    expect(new Set(hearer.heard)).toEqual(new Set(['m1', 60_000]));
    expect(await hearer.store.read(KYC, LIVES)).toMatchObject({ is: 'claimed' });
    expect(await hearer.store.coolFor()).toBeGreaterThan(0);
  });
});

test.each(LIBRARIES.flatMap((library) => opensAt(library).map((way) => ({ ...library, ...way }))))(
  '$name names keys and channels by the same prefix',
  async ({ at, hasKeyPrefix }) => {
    const { store, heard } = await environment(at('p:'), { prefix: 'q:' });
    await keep(store);
    await store.cool(60_000);
    await until(() => heard.length === 1);
    const nodes = [redis, ...cluster.nodes];
    const said = await Promise.all(
      nodes.flatMap((node) => [node.command('PUBSUB', 'CHANNELS'), node.command('KEYS', '*')]),
    );
    const named = new Set(
      said
        .join('')
        .match(/^[a-z].*$/gm)
        ?.map((line) => line.trim()),
    );

    const prefix = hasKeyPrefix ? 'p:q:' : 'q:';
    expect([...named].sort()).toEqual(
      ['cooldown', 'cooldown:', 'invalidated', 'merchant:m1'].map((name) => prefix + name),
    );
  },
);

test.each(WITH_KEY_PREFIX)(
  '$name: a 429 to one environment stops no payment of the other',
  async ({ open }) => {
    const asked: string[] = [];
    function core(keyPrefix: string, status: number) {
      const { client, end } = open(redis.port, keyPrefix);
      const laki = createLakiConnect({
        apiKey: 'lk_pub_1:lk_sec_1',
        store: redisStore(client),
        retry: false,
        onEvent: false,
        fetch: async () => {
          asked.push(keyPrefix);
          return Response.json({}, { status, headers: { 'retry-after': '60' } });
        },
      });
      endings.push(end, laki.close);
      return laki;
    }
    const pay = (laki: LakiConnect): Promise<string> =>
      laki.client.post('/payment/direct', { merchantId: 'm1' }).then(
        () => 'paid',
        ({ kind }: { kind: string }) => kind,
      );
    const [staging, sibling, production] = [
      core('staging:', 429),
      core('staging:', 200),
      core('production:', 200),
    ];
    await until(async () => {
      const channels = await redis.command('PUBSUB', 'NUMSUB', 'staging:lakiconnect:cooldown');
      const others = await redis.command('PUBSUB', 'NUMSUB', 'production:lakiconnect:cooldown');
      return channels.includes(':2') && others.includes(':1');
    });

    expect(await pay(staging)).toBe('RATE_LIMITED');
    await until(async () => (await pay(sibling)) === 'RATE_LIMITED');
    asked.length = 0;
    expect([await pay(sibling), await pay(production)]).toEqual(['RATE_LIMITED', 'paid']);
    expect(asked).toEqual(['production:']);
  },
);
