/**
 * `npm run bench` times the steps and the most common requests, in three minutes; `-- --full` all there is, beside
 * peers, and writes docs/performance.md; `-- --check` the steps alone, and ends with 1 where one has become slower
 * than its limit. Linux, two processors, and Debian's wrk are needed for requests.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { keepAwake } from './http/pairs.mjs';
import { runGroup } from './http/run.mjs';
import { machine } from './machine.mjs';
import { compare, comparisons } from './micro.mjs';
import { processes, redis } from './redis.mjs';
import { writeReport } from './report.mjs';
import { size, startUp } from './start-up.mjs';

/** How often a group is run again whose controls were not still. */
const TRIES = 3;
const FRAMEWORKS = ['express', 'koa'];
/** The guards over other numbers of connections than the usual 16. */
const CROWDED = [1, 256].map((connections) => ({
  group: 'guards',
  names: (name) => name === 'both guards',
  connections,
}));
const PAIRS = { quick: 5, full: 9 };
const EVERYTHING = ['guards', 'errors', 'webhooks'].map((group) => ({ group, names: () => true }));
const COMMON = ['guards', 'errors'].map((group) => ({
  group,
  names: (name) => ['both guards', 'a recognised error, thrown'].includes(name),
}));
const RESULTS = new URL('results.json', import.meta.url);

const { values } = parseArgs({ options: { full: { type: 'boolean' }, check: { type: 'boolean' } } });

async function steps() {
  const rows = [];
  for (const { name, floorName, target, limit, ...timed } of await comparisons()) {
    const row = { name, floorName, target, limit, ...(await compare(timed)) };
    rows.push(row);
    const verdict = row.ratio > limit ? `more than ${limit}` : '';
    console.log(`${name}: ${row.ns.toFixed(0)} ns, ${row.ratio.toFixed(2)} of ${floorName} ${verdict}`);
  }
  return rows;
}

function tell({ framework, kind, name, connections, variantUs, ratio, lowest, highest, throughput }) {
  const range = `${lowest.toFixed(2)} to ${highest.toFixed(2)}`;
  const cpu = `${variantUs.toFixed(1)} µs, ${ratio.toFixed(3)} of bare by CPU (${range})`;
  console.log(
    `${framework}, ${connections} connections, ${kind}, ${name}: ${cpu}, ${throughput.toFixed(2)} by throughput`,
  );
}

/** @throws Error where the machine is too restless to believe anything. */
async function stillRows(framework, group, given) {
  for (let left = TRIES; left > 0; left--) {
    const { rows, isStill } = await runGroup(framework, group, given);
    if (isStill) return rows;
    console.error(`${framework}, ${group}: void, as two copies of the same app seemed to differ.`);
  }
  throw new Error('Nothing is written: this machine has other work to do.');
}

async function requests(runs, pairs) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const sleep = keepAwake();
  try {
    const rows = [];
    for (const { group, names, connections } of runs) {
      for (const framework of FRAMEWORKS) {
        rows.push(...(await stillRows(framework, group, { pairs, names, connections, folder, tell })));
      }
    }
    return rows;
  } finally {
    sleep();
    await rm(folder, { recursive: true });
  }
}

async function scales() {
  const rows = [];
  for (const merchants of [1, 1000, 1_000_000]) {
    const child = fork(fileURLToPath(new URL('scale.mjs', import.meta.url)), [String(merchants)]);
    const [row] = await once(child, 'message');
    console.log(row);
    rows.push(row);
  }
  return rows;
}

async function installPeers() {
  const folder = fileURLToPath(new URL('peers', import.meta.url));
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'];
  await promisify(execFile)('npm', ['ci', ...quietly], { cwd: folder });
}

async function wrk() {
  await promisify(execFile)('wrk', ['-v']).catch(({ code }) => {
    if (code === 'ENOENT')
      throw new Error("Requests are sent by wrk: install Debian's package of that name.");
  });
}

if (values.check) {
  const slower = (await steps()).filter(({ ratio, limit }) => ratio > limit);
  process.exitCode = slower.length === 0 ? 0 : 1;
} else if (values.full) {
  await wrk();
  await installPeers();
  const results = {
    machine: machine(),
    steps: await steps(),
    requests: await requests(EVERYTHING, PAIRS.full),
    crowds: await requests(CROWDED, PAIRS.full),
    startUp: await startUp(15),
    size: await size(),
    scale: await scales(),
    redis: await redis(),
    processes: await processes([1, 2, 4, 8]),
  };
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  await writeReport(results);
} else {
  await wrk();
  await steps();
  await requests(COMMON, PAIRS.quick);
}
process.exit();
