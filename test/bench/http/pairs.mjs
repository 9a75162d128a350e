/**
 * Compares two servers under load, second by second in turn: one that has long been hot, and one that is fresh. What
 * counts is the server's own CPU for each request, of all its threads; the load comes from the other core.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SERVER_CORE = '0';
const LOAD_CORE = '1';
const WARM_UP_SECONDS = 2;

/** Ends by itself when nobody is left who started it. */
const BUSY = `for (let n = 0; n % 1e6 > 0 || process.ppid === ${process.pid}; n++);`;

/**
 * Keeps the core that the load comes from awake, with work that gives way to any other. To wake a sleeping core costs
 * the server five microseconds, and only where it is the slower of the two.
 *
 * @returns what ends it.
 */
export function keepAwake() {
  const command = ['-c', LOAD_CORE, 'chrt', '--idle', '0', process.execPath, '--eval', BUSY];
  const child = spawn('taskset', command, { stdio: 'ignore' });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  return () => {
    process.off('exit', end);
    end();
  };
}

/** Starts an app of one of the frameworks' files. */
export async function start(framework, group, name) {
  const file = fileURLToPath(new URL('server.mjs', import.meta.url));
  const command = ['-c', SERVER_CORE, process.execPath, file, framework, group, name];
  const child = spawn('taskset', command, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [port] = await Promise.race([once(child, 'message'), once(child, 'exit').then(failed)]);
  return {
    url: `http://127.0.0.1:${port}`,
    cpuNs: () => cpuNsOf(child.pid),
    stop() {
      child.disconnect();
      return once(child, 'exit');
    },
  };
}

function failed([code]) {
  throw new Error(`A server ended with ${code} before it listened.`);
}

/** The first number of /proc/PID/task/TID/schedstat is how long a thread has run, in nanoseconds. */
function cpuNsOf(pid) {
  return readdirSync(`/proc/${pid}/task`)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, ns) => sum + ns, 0);
}

/** Loads a server for some seconds. `target` is the path, and wrk's arguments for anything but a GET. */
async function load(server, { path, args, connections }, seconds) {
  const before = server.cpuNs();
  const { stdout } = await promisify(execFile)('taskset', [
    ...['-c', LOAD_CORE, 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`],
    ...args,
    server.url + path,
  ]);
  const cpuNs = server.cpuNs() - before;
  if (/Socket errors/.test(stdout)) throw new Error(stdout);
  const requests = Number(/(\d+) requests in/.exec(stdout)[1]);
  return { cpuNs: cpuNs / requests, throughput: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]) };
}

export const warmUp = (server, target) => load(server, target, WARM_UP_SECONDS);

/**
 * Loads both in turn, now the one first and now the other.
 *
 * @returns CPU for a request of each, in microseconds, and how the variant stands to the base: above 1 it is
 * the cheaper, or the faster; the middle one of all pairs, and the lowest and the highest.
 */
export async function compare(base, variant, target, pairs) {
  const found = [];
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? [base, variant] : [variant, base];
    const loads = [];
    for (const server of order) loads.push(await load(server, target, 1));
    const [ofBase, ofVariant] = pair % 2 === 0 ? loads : loads.reverse();
    found.push({
      baseUs: ofBase.cpuNs / 1000,
      variantUs: ofVariant.cpuNs / 1000,
      ratio: ofBase.cpuNs / ofVariant.cpuNs,
      throughput: ofVariant.throughput / ofBase.throughput,
    });
  }
  const sorted = (name) => found.map((pair) => pair[name]).sort((a, b) => a - b);
  const middle = (name) => sorted(name)[Math.floor(pairs / 2)];
  return {
    baseUs: middle('baseUs'),
    variantUs: middle('variantUs'),
    ratio: middle('ratio'),
    lowest: sorted('ratio')[0],
    highest: sorted('ratio').at(-1),
    throughput: middle('throughput'),
  };
}
