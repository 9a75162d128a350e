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
import { redis } from './redis.mjs';
import { writeReport } from './report.mjs';
import { size, startUp } from './start-up.mjs';

const FRAMEWORKS = ['express', 'koa'];
const COMMON = ['both guards', 'a recognised error, thrown'];
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

function tell({ framework, kind, name, variantUs, ratio, lowest, highest, throughput }) {
  const range = `${lowest.toFixed(2)} to ${highest.toFixed(2)}`;
  const cpu = `${variantUs.toFixed(1)} µs, ${ratio.toFixed(3)} of bare by CPU (${range})`;
  console.log(`${framework}, ${kind}, ${name}: ${cpu}, ${throughput.toFixed(2)} by throughput`);
}

async function requests(names, groups) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const sleep = keepAwake();
  const rows = [];
  for (const group of groups) {
    for (const framework of FRAMEWORKS) {
      const found = await runGroup(framework, group, { pairs: 9, names, folder, tell });
      if (!found.isStill) {
        console.error(`${framework}, ${group}: void, as two copies of the same app seemed to differ.`);
        process.exitCode = 1;
      }
      rows.push(...found.rows);
    }
  }
  sleep();
  await rm(folder, { recursive: true });
  return rows;
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
    requests: await requests(() => true, ['guards', 'errors', 'webhooks']),
    startUp: await startUp(15),
    size: await size(),
    scale: await scales(),
    redis: await redis(),
  };
  if (process.exitCode === undefined) {
    await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
    await writeReport(results);
  }
} else {
  await wrk();
  await steps();
  await requests((name) => COMMON.includes(name), ['guards', 'errors']);
}
process.exit();
