import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A redis-server of a test's own, on a free port. */
export interface RedisServer {
  readonly port: number;
  /** Sends one command on a connection of its own. @returns the reply as it came. */
  readonly command: (...words: readonly string[]) => Promise<string>;
  readonly stop: () => void;
  readonly go: () => void;
  readonly kill: () => Promise<void>;
  /** Again, on the same port, and empty. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Of the two that a node of a cluster needs, the second is 10,000 higher. */
const HIGHEST_PORT = 50_000;

/** `args`: of redis-server, such as `--maxmemory 2mb`. */
export async function startRedis(...args: readonly string[]): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir];
    const still = ['--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', [...own, ...still, ...args], { stdio: 'ignore' });
    server = child;
    const lost = once(child, 'exit').then(
      () => new Error(`redis-server has ended: is port ${String(port)} another's?`),
      (cause: unknown) => new Error("These tests need Debian's package redis-server.", { cause }),
    );
    const isOurs = async (): Promise<boolean> =>
      (await command('INFO', 'server')).includes(`process_id:${String(child.pid)}\r`);
    const failed = await Promise.race([lost, until(isOurs)]);
    if (failed !== undefined) throw failed;
  }

  async function command(...words: readonly string[]): Promise<string> {
    const socket = connect({ port, host: '127.0.0.1' });
    const parts = words.map((word) => `$${String(Buffer.byteLength(word))}\r\n${word}\r\n`);
    socket.write(`*${String(words.length)}\r\n${parts.join('')}*1\r\n$4\r\nQUIT\r\n`);
    let reply = '';
    for await (const chunk of socket) reply += String(chunk);
    return reply.replace(/\+OK\r\n$/, '');
  }

  async function kill(): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  }

  await start();
  return {
    port,
    command,
    start,
    kill,
    stop: () => server?.kill('SIGSTOP'),
    go: () => server?.kill('SIGCONT'),
    async close() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A cluster of three masters, without replicas. */
export async function startCluster() {
  const nodes = await Promise.all(
    [0, 1, 2].map(() => startRedis('--cluster-enabled', 'yes', '--cluster-node-timeout', '2000')),
  );
  const [first] = nodes as [RedisServer];
  const bounds = [0, 5461, 10_923, 16_384];
  for (const [at, node] of nodes.entries()) {
    const [from, to] = [bounds[at] as number, (bounds[at + 1] as number) - 1];
    await node.command('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(at + 1));
    await first.command('CLUSTER', 'MEET', '127.0.0.1', String(node.port));
  }
  for (const node of nodes) {
    await until(async () => {
      const info = await node.command('CLUSTER', 'INFO');
      return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
    });
  }
  return {
    nodes,
    ports: nodes.map(({ port }) => port),
    close: () => Promise.all(nodes.map((node) => node.close())),
  };
}

async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await once(server.close(), 'close');
    if (port < HIGHEST_PORT) return port;
  }
}

/** Asks again and again, for ten seconds. What fails is not yet so. */
export async function until(isSo: () => Promise<boolean> | boolean, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (
    !(await Promise.resolve()
      .then(isSo)
      .catch(() => false))
  ) {
    if (performance.now() > end) throw new Error(`not within ${String(ms)} ms: ${String(isSo)}`);
    await sleep(10);
  }
}
