import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { documented } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { startCluster, startRedis, until, type RedisServer } from './redis-server.js';
import { startWorker } from './worker.js';

type Worker = Awaited<ReturnType<typeof startWorker>>;

/** How soon all must have heard that a merchant is forgotten. */
const HEARD_MS = 250;
const LOOKUP_MS = 2000;

let redis: RedisServer;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let provider: Upstream;
/** What the provider says of each merchant, and how long it takes over that; `undefined` is for ever. */
const states = new Map<string, string>();
let delayMs: number | undefined;

beforeAll(async () => {
  [redis, cluster, provider] = await Promise.all([startRedis(), startCluster(), startUpstream()]);
}, 30_000);
afterAll(() => Promise.all([redis.close(), cluster.close(), provider.close()]));

/** Says of each merchant what is true when it is asked. */
function answerTruly(): void {
  delayMs = 0;
  provider.requests.length = 0;
  provider.answer(({ url }) => {
    const body = { kyc_status: states.get(url.slice(url.lastIndexOf('/') + 1)) ?? 'approved' };
    return delayMs === undefined ? { fault: 'hang-headers' } : { delayMs, status: 200, body };
  });
}
beforeEach(answerTruly);

describe.each([
  { library: 'node-redis 6', count: 8, on: 'one Redis' },
  { library: 'ioredis 6', count: 8, on: 'one Redis' },
  { library: 'node-redis 5', count: 2, on: 'one Redis' },
  { library: 'ioredis 5', count: 2, on: 'one Redis' },
  { library: 'node-redis 6', count: 2, on: 'a cluster' },
  { library: 'ioredis 6', count: 2, on: 'a cluster' },
])('$count processes with $library on $on', ({ library, count, on }) => {
  let workers: Worker[] = [];
  let merchants = 0;
  const next = (): string => `${library}-${on}-${String(++merchants)}`.replaceAll(' ', '-');
  const all = <T>(ask: (worker: Worker) => Promise<T>): Promise<T[]> => Promise.all(workers.map(ask));
  const first = (): Worker => workers[0] as Worker;
  const checked = (id: string) => all((worker) => worker.ask('check', id));

  beforeAll(async () => {
    answerTruly();
    const ports = on === 'a cluster' ? cluster.ports : [redis.port];
    const options = { lookupTimeoutMs: LOOKUP_MS, retry: false } as const;
    const setup = { library, ports, baseUrl: provider.url, options };
    const started = Array.from({ length: count }, async () => workers.push(await startWorker(setup)));
    await Promise.all(started);
    // All listen once what one forgets reaches the others.
    await until(async () => {
      const id = next();
      await checked(id);
      states.set(id, 'suspended');
      if (!(await first().ask('invalidate', id))) return false;
      return (await checked(id)).every((kind) => kind === 'KYC_NOT_APPROVED');
    });
  }, 60_000);
  afterAll(() => all((worker) => worker.close()), 20_000);

  test('look a merchant up once', async () => {
    const id = next();
    expect(await first().ask('check', id)).toBe('met');
    expect(new Set(await checked(id))).toEqual(new Set(['met']));
    expect(provider.requests).toHaveLength(1);
  });

  test('let one of all begin a payment, however often it comes at once', async () => {
    const keys = Array.from({ length: 10 }, next);
    const sent = keys.flatMap((key) => Array.from({ length: 5 }, () => key));
    const answers = (await all((worker) => worker.ask('payAll', sent))).flat();
    expect(answers.filter((answer) => answer === 'met')).toHaveLength(keys.length);
    expect(new Set(answers)).toEqual(new Set(['met', 'IDEMPOTENCY_IN_PROGRESS']));
  });

  test('look a cold merchant up once, however many ask at once', async () => {
    delayMs = 100;
    const ids = Array.from({ length: 10 }, next);
    const asked = ids.flatMap((id) => Array.from({ length: 20 }, () => id));
    const answers = await all((worker) => worker.ask('checkAll', asked));
    expect(new Set(answers.flat())).toEqual(new Set(['met']));
    expect(provider.requests).toHaveLength(ids.length);
  });

  test('look twice at most where a lookup takes more than half its deadline', async () => {
    delayMs = LOOKUP_MS * 0.6;
    const began = performance.now();
    expect(new Set(await checked(next()))).toEqual(new Set(['met']));
    expect(performance.now() - began).toBeLessThan(LOOKUP_MS * 1.5);
    expect(provider.requests.length).toBeLessThanOrEqual(2);
  }, 20_000);

  test('hear within 250 ms of what one forgets', async () => {
    for (let times = 0; times < 20; times++) {
      const id = next();
      await checked(id);
      states.set(id, 'suspended');
      expect(await first().ask('invalidate', id)).toBe(true);
      const told = performance.now();
      for (const worker of workers) {
        await until(async () => (await worker.ask('check', id)) === 'KYC_NOT_APPROVED', HEARD_MS);
      }
      expect(performance.now() - told).toBeLessThan(HEARD_MS);
    }
  }, 20_000);

  test('hear of what one forgets while another looks', async () => {
    delayMs = 60;
    for (let times = 0; times < 10; times++) {
      const id = next();
      const looking = (workers.at(-1) as Worker).ask('check', id);
      await until(() => provider.requests.some(({ url }) => url.endsWith(id)));
      states.set(id, 'suspended');
      expect(await first().ask('invalidate', id)).toBe(true);
      expect(await looking).toBe('KYC_NOT_APPROVED');
      expect(new Set(await checked(id))).toEqual(new Set(['KYC_NOT_APPROVED']));
    }
  }, 20_000);

  test('stay away together after a 429', async () => {
    provider.answer({ status: 429, headers: { 'retry-after': '1' }, body: documented('RATE_LIMITED') });
    expect(await first().ask('get', '/wallet')).toBe('RATE_LIMITED');
    const { length } = provider.requests;
    await sleep(100);
    expect(new Set(await all((worker) => worker.ask('get', '/wallet')))).toEqual(new Set(['RATE_LIMITED']));
    expect(provider.requests).toHaveLength(length);
    await sleep(1000);
    provider.answer({ status: 200, body: {} });
    expect(new Set(await all((worker) => worker.ask('get', '/wallet')))).toEqual(new Set(['met']));
  }, 20_000);

  // The last: it costs a process.
  test('go on when the one that looks is killed', async () => {
    const id = next();
    delayMs = undefined;
    const [lost, ...others] = workers as [Worker, ...Worker[]];
    void lost.ask('check', id);
    await until(() => provider.requests.length === 1);
    await lost.kill();
    workers = others;
    delayMs = 0;
    const began = performance.now();
    expect(new Set(await checked(id))).toEqual(new Set(['met']));
    expect(performance.now() - began).toBeLessThan(LOOKUP_MS / 2 + 500);
    expect(provider.requests).toHaveLength(2);
  }, 20_000);
});
