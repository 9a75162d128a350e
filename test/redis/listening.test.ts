import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLakiConnect, kycApproved, type LakiConnect, type Options } from 'lakiconnect-middleware';
import { redisStore } from 'lakiconnect-middleware/redis';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIBRARIES, type Library, type Opened } from './clients.mjs';
import { startProxy, type Proxy } from './proxy.mjs';
import { startRedis, until, type RedisServer } from './redis-server.js';

let redis: RedisServer;
let proxy: Proxy;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
beforeEach(async () => {
  proxy = await startProxy(redis.port);
});

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  redis.go();
  await redis.kill();
  await redis.start();
  await proxy.close();
});

/** What a store says that listens through the proxy. */
function listen({ name, open }: Library, port = proxy.port) {
  const { client, end } = open(port);
  const said: string[] = [];
  const store = redisStore(client);
  const close = store.listen({
    up: () => said.push('up'),
    down: () => said.push('down'),
    forgotten: (id) => said.push(id),
    cooldown: () => undefined,
  });
  endings.push(end, close);
  return { name, said, close };
}

type Listening = ReturnType<typeof listen>;

/** All at once; what goes wrong names its library. */
async function each(all: readonly Listening[], story: (one: Listening) => Promise<void>): Promise<void> {
  await Promise.all(
    all.map((one) =>
      story(one).catch((cause: unknown) => {
        throw new Error(one.name, { cause });
      }),
    ),
  );
}

describe('A connection that listens', () => {
  test.each<[string, () => unknown, () => unknown]>([
    ['is cut', () => proxy.cut(), () => undefined],
    [
      'is cut and cannot come back at once',
      () => {
        proxy.set('refuse');
        proxy.cut();
      },
      () => {
        proxy.set('pass');
      },
    ],
    ['falls silent', () => proxy.set('silence'), () => proxy.set('pass')],
    ['gets rubbish', () => proxy.set('garble'), () => proxy.set('pass')],
    ['is lied to', () => proxy.set('lie'), () => proxy.set('pass')],
    ['loses a Redis that is killed', () => redis.kill(), () => redis.start()],
    ['has a Redis that is stopped', () => redis.stop(), () => redis.go()],
  ])(
    'and %s is down within 2.5 s, and another is up within 2 s when it can be',
    async (_, hurt, mend) => {
      const all = LIBRARIES.map((library) => listen(library));
      for (const { said } of all) await until(() => said.includes('up'));
      await hurt();
      await each(all, async ({ said }) => {
        await until(() => said[1] === 'down', 2500);
      });
      await sleep(300);
      await mend();
      await each(all, async ({ name, said }) => {
        await until(() => said.lastIndexOf('up') > 0, 2000);
        const merchant = name.replaceAll(' ', '-');
        await until(() =>
          redis.command('PUBLISH', 'lakiconnect:invalidated', merchant).then(() => said.includes(merchant)),
        );
      });
    },
    15_000,
  );

  test('is up soon after there is a Redis', async () => {
    await redis.kill();
    const all = LIBRARIES.map((library) => listen(library));
    for (const { said } of all) await until(() => said.length > 2);
    for (const { said } of all) expect(said).not.toContain('up');
    await redis.start();
    for (const { said } of all) await until(() => said.includes('up'), 2000);
  }, 15_000);

  test.each([0, 0, 1, 1, 2, 3, 5, 10])('and is ended after %i ms is left by none', async (ms) => {
    const all = LIBRARIES.map((library) => listen(library));
    if (ms > 0) await sleep(ms);
    await Promise.all(all.map(({ close }) => close()));
    await until(async () => !/ sub=[1-9]/.test(await redis.command('CLIENT', 'LIST')), 1000);
    await sleep(100);
    expect(await redis.command('CLIENT', 'LIST')).not.toMatch(/ sub=[1-9]/);
  });

  test.each<[string, () => unknown]>([
    ['connects', () => undefined],
    ['listens', () => sleep(100)],
    ['was cut', () => sleep(100).then(() => proxy.cut())],
    ['has no Redis', () => redis.kill().then(() => sleep(100))],
    ['has a Redis that is stopped', () => sleep(100).then(() => redis.stop())],
    [
      'has a Redis that was stopped before',
      () => {
        redis.stop();
        return sleep(100);
      },
    ],
  ])(
    'and %s ends at once, and says nothing any more',
    async (_, happens) => {
      const all = LIBRARIES.map((library) => listen(library));
      await happens();
      await each(all, async ({ close }) => {
        const began = performance.now();
        await close();
        expect(performance.now() - began).toBeLessThan(500);
      });
      const counts = all.map(({ said }) => said.length);
      redis.go();
      await sleep(400);
      expect(all.map(({ said }) => said.length)).toEqual(counts);
    },
    15_000,
  );
});

test('A connection to a Redis that is stopped is closed without its help', async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  for (const library of LIBRARIES) {
    const { said, close } = listen(library, redis.port);
    await until(() => said.includes('up'));
    await sleep(50);
    const open = sockets();
    redis.stop();
    await close();
    await until(() => sockets() < open, 500);
    redis.go();
  }
});

describe('While the others may go unheard', () => {
  let status: string;
  let lookups: number;

  beforeEach(() => {
    status = 'approved';
    lookups = 0;
  });

  function core({ client, end }: Opened, options: Options = {}): LakiConnect {
    const kycStatus = (): string => (lookups++, status);
    const laki = createLakiConnect({ store: redisStore(client), lookups: { kycStatus }, ...options });
    endings.push(end, laki.close);
    return laki;
  }

  const verdict = (laki: LakiConnect): Promise<string> =>
    laki.check('m1', [kycApproved]).then(
      () => 'met',
      ({ kind }: { kind: string }) => kind,
    );

  test.each(LIBRARIES)(
    '$name: what was forgotten elsewhere is served for two seconds at most',
    async ({ open }) => {
      const teller = core(open(redis.port));
      const deaf = core(open(proxy.port));
      await sleep(300);
      expect(await verdict(deaf)).toBe('met');
      expect(lookups).toBe(1);

      proxy.set('refuse');
      proxy.cut(1); // the first is that of commands
      status = 'suspended';
      expect(await teller.invalidate('m1')).toBe(true);
      const began = performance.now();
      let servedMs = 0;
      await until(async () => {
        if ((await verdict(deaf)) !== 'met') return true;
        servedMs = performance.now() - began;
        return false;
      }, 3000);
      expect(servedMs).toBeLessThan(2000);

      for (let times = 0; times < 50; times++) expect(await verdict(deaf)).toBe('KYC_NOT_APPROVED');
      expect(lookups).toBe(2);
      proxy.set('pass');
    },
    15_000,
  );

  test('what was forgotten meanwhile is not believed when they are heard again', async () => {
    const library = LIBRARIES[0] as Library;
    const teller = core(library.open(redis.port));
    const deaf = core(library.open(proxy.port), { lookupTimeoutMs: 5000 });
    await sleep(300);
    proxy.set('refuse');
    proxy.cut(); // commands, too: what is looked up now is shared with nobody
    await sleep(50);
    expect(await verdict(deaf)).toBe('met');
    status = 'suspended';
    expect(await teller.invalidate('m1')).toBe(true);
    expect(await verdict(deaf)).toBe('met'); // it cannot know

    proxy.set('pass');
    await until(async () => (await verdict(deaf)) === 'KYC_NOT_APPROVED', 2000);
  }, 15_000);
});
