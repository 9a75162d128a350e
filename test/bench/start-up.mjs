/** What an entry costs to import, in processes of its own, beside the packages that it needs. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { pack, root } from '../package/pack.mjs';

const run = promisify(execFile);
/** What a web server has of Node anyway. */
const NODE = ['http', 'crypto', 'util', 'events', 'timers/promises'].map((name) => `node:${name}`);
const PACKAGES = ['zod', 'http-errors', 'negotiator'];
const NEEDED = [...NODE, ...PACKAGES];
const ENTRIES = ['', '/express', '/koa', '/redis', '/openapi', '/opentelemetry', '/testing', '/schemas'];

async function importMs(modules) {
  const script = `for (const name of ${JSON.stringify(modules)}) await import(name);`;
  const timed = `const began = performance.now(); ${script} console.log(performance.now() - began);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', timed]);
  return Number(stdout);
}

/** @returns the middle of so many imports, in milliseconds, in turn with those of what is needed anyway. */
export async function startUp(rounds) {
  const middle = (times) => times.sort((a, b) => a - b)[Math.floor(rounds / 2)];
  const rows = [];
  for (const entry of ENTRIES) {
    const needed = [];
    const whole = [];
    for (let round = 0; round < rounds; round++) {
      needed.push(await importMs(NEEDED));
      whole.push(await importMs([...NEEDED, `lakiconnect-middleware${entry}`]));
    }
    const [neededMs, wholeMs] = [middle(needed), middle(whole)];
    rows.push({ entry: `lakiconnect-middleware${entry}`, neededMs, ownMs: wholeMs - neededMs });
  }
  return rows;
}

/** @returns how large the package is, in KiB. */
export async function size() {
  const folder = await mkdtemp(join(tmpdir(), 'lakiconnect-'));
  const { tarball, files } = await pack(folder);
  const sizes = await Promise.all(
    [tarball, ...files.map((file) => join(root, file))].map((file) => stat(file)),
  );
  await rm(folder, { recursive: true });
  const [packed, ...unpacked] = sizes.map((found) => found.size / 1024);
  return { files: files.length, packedKiB: packed, unpackedKiB: unpacked.reduce((sum, one) => sum + one, 0) };
}
