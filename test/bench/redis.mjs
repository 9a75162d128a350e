/** What Redis costs: the facts of a merchant, as one process learns them from another, and as several ask at once. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLakiConnect } from 'lakiconnect-middleware';
import { redisStore } from 'lakiconnect-middleware/redis';
import { createClient } from 'redis';
import { approved } from './http/shop.mjs';

const MERCHANTS = 2000;
const ROUNDS = 5;

async function startRedis() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await once(probe.close(), 'close');
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const client = createClient({ socket: { host: '127.0.0.1', port } }).on('error', () => undefined);
  await client.connect();
  return {
    port,
    client,
    async close() {
      client.destroy();
      server.kill();
      await once(server, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}

/** @returns microseconds for each merchant, one after the other. */
async function timed(ask) {
  const began = performance.now();
  for (let number = 0; number < MERCHANTS; number++) await ask(`cm_${number}`);
  return ((performance.now() - began) * 1000) / MERCHANTS;
}

/** Reads what `client` is asked, as it goes to the socket. */
function counted(client) {
  const counts = { commands: 0 };
  const evalSha = client.evalSha.bind(client);
  client.evalSha = (...given) => {
    counts.commands++;
    return evalSha(...given);
  };
  return counts;
}

/** @returns what the facts of a merchant cost whom another process has looked at, and what 64 who ask at once cost. */
export async function redis() {
  const { client, close } = await startRedis();
  const counts = counted(client);
  let lookups = 0;
  const counting = { ...approved, kycStatus: async () => (lookups++, await sleep(5), 'approved') };
  const cores = [];
  const coreWith = (options) => {
    const core = createLakiConnect({
      lookups: approved,
      store: redisStore(client),
      onEvent: false,
      ...options,
    });
    cores.push(core);
    return core;
  };

  const first = coreWith();
  for (let number = 0; number < MERCHANTS; number++) await first.check(`cm_${number}`);
  const values = Array.from({ length: MERCHANTS }, (_, number) => [
    `bare:cm_${number}:kyc`,
    `bare:cm_${number}:fee`,
  ]);
  for (const [kyc, fee] of values) await client.mSet({ [kyc]: 'approved', [fee]: '{"fee_model":"FREE"}' });

  const best = { factsUs: Infinity, mgetUs: Infinity, scriptsUs: Infinity };
  const idle = await client.scriptLoad('return 1');
  const script = (id) => client.evalSha(idle, { keys: [`bare:${id}`] });
  let commands = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const cold = coreWith();
    await sleep(100); // it listens by now
    counts.commands = 0;
    best.factsUs = Math.min(best.factsUs, await timed((id) => cold.check(id)));
    commands = counts.commands / MERCHANTS;
    best.mgetUs = Math.min(
      best.mgetUs,
      await timed((id) => client.mGet([`bare:${id}:kyc`, `bare:${id}:fee`])),
    );
    best.scriptsUs = Math.min(best.scriptsUs, await timed((id) => Promise.all([script(id), script(id)])));
  }

  const many = coreWith({ lookups: counting });
  await sleep(100);
  counts.commands = 0;
  await Promise.all(Array.from({ length: 64 }, () => many.check('cm_cold')));
  const misses = { asked: 64, lookups, commands: counts.commands };
  for (const core of cores) await core.close();
  await close();
  return { ...best, commands, misses };
}

/** @returns how fast so many processes learn of the same merchants, of whom nobody knows yet. */
export async function processes(counts) {
  const rows = [];
  for (const count of counts) {
    const { port, close } = await startRedis();
    const children = Array.from({ length: count }, () =>
      fork(fileURLToPath(new URL('redis-process.mjs', import.meta.url)), [String(port)]),
    );
    const ended = children.map((child) => once(child, 'exit'));
    await Promise.all(children.map((child) => once(child, 'message')));
    const began = performance.now();
    const found = children.map((child) => once(child, 'message'));
    for (const child of children) child.send('go');
    const answers = (await Promise.all(found)).map(([answer]) => answer);
    const seconds = (performance.now() - began) / 1000;
    await Promise.all(ended);
    await close();
    const { merchants } = answers[0];
    const lookups = answers.reduce((sum, answer) => sum + answer.lookups, 0) / (2 * merchants);
    rows.push({ count, perSecond: (count * merchants) / seconds, lookups });
    console.log(rows.at(-1));
  }
  return rows;
}
