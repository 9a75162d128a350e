/** Many requests of all sorts while the provider and Redis come and go. `npm run soak` sends a million. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createFakeLakiConnect, type FakeLakiConnect } from 'lakiconnect-middleware/testing';
import { randomOf } from '../load/random.mjs';
import { startRedis, type RedisServer } from './redis-server.js';

const REQUESTS = Number(process.env['SOAK_REQUESTS'] ?? 6000) / 2;
const CUSTOMERS = 32;
const HOT = 50;
const COLD = 5000;
const MIB = 1024 * 1024;

/** A cooldown of one second, the retry that it holds up, and the lag of a busy machine are a trouble's doing still. */
const AFTERMATH_MS = 2000;

let redis: RedisServer;
let fake: FakeLakiConnect;
beforeAll(async () => {
  redis = await startRedis();
  fake = await createFakeLakiConnect();
});
afterAll(async () => {
  await fake.close();
  await redis.close();
});

const platforms: ChildProcess[] = [];
afterEach(async () => {
  for (const platform of platforms.splice(0)) platform.kill('SIGKILL');
  redis.go();
  await redis.kill();
  await redis.start();
});

/** What LakiConnect does for a while, in place of its work. */
const TROUBLES = [
  { status: 503, body: 'Service Unavailable' },
  { fault: 'reset' as const },
  { fault: 'hang-headers' as const },
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 502, body: '<html><hr>nginx</html>' },
];

interface Tally {
  readonly statuses: Record<string, number>;
  /** Of those to customers while LakiConnect was well. */
  readonly well: Record<string, number>;
}

/** @returns the status and, of an error, its code. */
async function send(agent: Agent, port: number, method: string, path: string, headers = {}, body = '') {
  const sent = request({ agent, port, host: '127.0.0.1', method, path, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const said = await text(response);
  const { code = '' } = (said.startsWith('{') ? JSON.parse(said) : {}) as { code?: string };
  return `${String(response.statusCode)} ${code}`.trim();
}

async function told(child: ChildProcess, word: string) {
  child.send(word);
  const [answer] = (await once(child, 'message')) as [{ heap: number; events: Record<string, number> }];
  return answer;
}

/** Loads a platform with `count` requests, a third of them while LakiConnect is unwell. */
async function load(port: number, count: number, seed: number): Promise<Tally> {
  const random = randomOf(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: CUSTOMERS });
  const tally: Tally = { statuses: {}, well: {} };
  let sent = 0;
  let isOver = false;
  let wellSince = 0;

  const merchant = () =>
    random() < 0.8
      ? `cm_${String(Math.floor(random() * HOT))}`
      : `cm_${String(HOT + Math.floor(random() * COLD))}`;

  async function buy(): Promise<void> {
    const drawn = random();
    const began = performance.now();
    const status = await (drawn < 0.6
      ? send(agent, port, 'GET', `/shops/${merchant()}`)
      : drawn < 0.9
        ? send(agent, port, 'POST', `/shops/${merchant()}/charges`)
        : send(agent, port, 'GET', '/payments/txn_unknown'));
    tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
    if (began > wellSince) tally.well[status] = (tally.well[status] ?? 0) + 1;
  }

  async function deliver(): Promise<void> {
    const secret = random() < 0.7 ? fake.webhookSecret : 'whsec_guessed';
    const { headers, body } = fake.signWebhook({ data: { connected_merchant_id: merchant() } }, { secret });
    const status = await send(agent, port, 'POST', '/webhooks', headers, body);
    tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
  }

  async function customer(): Promise<void> {
    while (sent++ < count) await (random() < 0.93 ? buy() : deliver());
  }

  async function unwell(): Promise<void> {
    for (let round = 0; !isOver; round++) {
      await sleep(600);
      wellSince = Infinity;
      const trouble = TROUBLES[round % TROUBLES.length] as (typeof TROUBLES)[number];
      fake.answerNext(() => (wellSince === Infinity ? trouble : undefined), { times: Infinity });
      await sleep(300);
      wellSince = performance.now() + AFTERMATH_MS;
      fake.requests.length = 0;
      fake.charges.length = 0;
      await sleep(AFTERMATH_MS);
      restart();
    }
  }

  async function redisComesAndGoes(): Promise<void> {
    for (let round = 0; !isOver; round++) {
      await sleep(500);
      if (round % 3 === 2) {
        await redis.kill();
        await sleep(150);
        await redis.start();
      } else {
        redis.stop();
        await sleep(150);
        redis.go();
      }
    }
  }

  restart();
  const troubles = [unwell(), redisComesAndGoes()];
  try {
    await Promise.all(Array.from({ length: CUSTOMERS }, customer));
  } finally {
    isOver = true;
    await Promise.all(troubles);
    agent.destroy();
  }
  return tally;
}

/** LakiConnect as it is when it is well; every tenth merchant is not approved. */
function restart(): void {
  fake.reset();
  for (let number = 0; number < HOT + COLD; number++) {
    const kycStatus = number % 10 === 0 ? 'pending' : 'approved';
    fake.merchants.set(`cm_${String(number)}`, { kycStatus, feeConfig: { fee_model: 'FREE' } });
  }
}

test.each(['Express', 'Koa'])(
  '%s takes all sorts of requests for a long time, and nothing is left of them',
  async (framework) => {
    const setup = { framework, port: redis.port, apiKey: fake.apiKey, baseUrl: fake.baseUrl };
    const child = fork(
      fileURLToPath(new URL('soak-platform.mjs', import.meta.url)),
      [JSON.stringify({ ...setup, webhookSecret: fake.webhookSecret })],
      { execArgv: ['--expose-gc'] },
    );
    platforms.push(child);
    const [port] = (await once(child, 'message')) as [number];
    const seed = Date.now() % 2 ** 32;

    await load(port, REQUESTS / 4, seed);
    const before = await told(child, 'heap');
    const began = performance.now();
    const { statuses, well } = await load(port, REQUESTS, seed + 1);
    const seconds = (performance.now() - began) / 1000;
    const after = await told(child, 'heap');

    const exited = once(child, 'exit');
    child.send('close');
    const [code] = (await Promise.race([exited, sleep(3000, ['alive'], { ref: false })])) as [unknown];
    const grown = (after.heap - before.heap) / MIB;
    if (process.env['SOAK_REQUESTS'] !== undefined) {
      console.log({ framework, seed, seconds, statuses, well, grown, ...after });
    }

    expect({ seed, code }).toEqual({ seed, code: 0 });
    const policy = [200, 201, 401, 404, 409, 502, 503, 504];
    expect({
      seed,
      beyond: Object.keys(statuses).filter((told) => !policy.includes(parseInt(told))),
    }).toEqual({
      seed,
      beyond: [],
    });
    // While LakiConnect is well no customer hears of Redis, whatever that does.
    const trouble = Object.keys(well).filter((told) => parseInt(told) >= 500);
    const events = trouble.length > 0 ? after.events : {};
    expect({ seed, trouble, events }).toEqual({ seed, trouble: [], events: {} });
    const seen = new Set(Object.keys(statuses).map((told) => parseInt(told)));
    expect([...seen]).toEqual(expect.arrayContaining([200, 201, 401, 404, 409, 502, 503]));
    expect(grown).toBeLessThan(8);
  },
  Math.max(120_000, REQUESTS * 5),
);
