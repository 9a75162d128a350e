import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createHome } from './home.mjs';

const PROCESSES = Math.min(availableParallelism(), 8);

/** A process that is silent so long, twice in a row, hangs; once, the machine may have slept. */
const SILENCE_MS = 30_000;

/**
 * Puts so many mutated bodies and so many cases of properties to the sources, in as many processes as there
 * are processors. `tell` hears how many bodies are done.
 *
 * @returns what was counted, and what was wrong.
 */
export async function campaign({ seed, bodies, properties, tell = () => undefined }) {
  const began = performance.now();
  const home = await createHome();
  const each = (count) => Math.ceil(count / PROCESSES);
  const done = Array(PROCESSES).fill(0);
  const shares = done.map((_, at) => {
    const share = { seed, from: at * each(bodies), bodies: each(bodies), properties: each(properties) };
    return run(home, share, (count) => {
      done[at] = count;
      tell(done.reduce((sum, part) => sum + part, 0));
    });
  });
  try {
    const results = await Promise.all(shares.map(({ result }) => result));
    return { seed, seconds: (performance.now() - began) / 1000, ...joined(results) };
  } finally {
    for (const { child } of shares) child.kill('SIGKILL');
    await rm(home, { recursive: true, force: true });
  }
}

function run(home, share, tell) {
  const child = fork(join(home, 'test/fuzz/share.mjs'), [JSON.stringify(share)], { cwd: home, execArgv: [] });
  const result = new Promise((resolve, reject) => {
    let last = 0;
    let silences = 0;
    const hung = setInterval(() => {
      if (++silences < 2) return;
      reject(new Error(`seed ${share.seed}: no end of one of the cases from ${share.from + last} on`));
    }, SILENCE_MS);
    child.on('message', (message) => {
      silences = 0;
      if (message.result !== undefined) return resolve(message.result);
      last = message.done;
      tell(last);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(hung);
      reject(new Error(`seed ${share.seed}: a process ended with ${code ?? signal}`));
    });
  });
  return { child, result };
}

function joined(results) {
  const bodies = results.map((result) => result.bodies);
  const properties = results.map((result) => result.properties);
  const sum = (counts) => counts.reduce((total, count) => total + count, 0);
  const ways = Object.keys(bodies[0].ways).sort();
  return {
    bodies: sum(bodies.map(({ cases }) => cases)),
    ways: Object.fromEntries(ways.map((way) => [way, sum(bodies.map((share) => share.ways[way] ?? 0))])),
    slowest: bodies.map(({ slowest }) => slowest).reduce((one, other) => (one.ms > other.ms ? one : other)),
    properties: sum(properties.map(({ cases }) => cases)),
    findings: [...properties, ...bodies].flatMap(({ findings }) => findings),
  };
}
