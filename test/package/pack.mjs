import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const run = (command, args, cwd = root) => promisify(execFile)(command, args, { cwd });

/** Packs what is built into a folder. */
export async function pack(folder) {
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [packed] = Object.values(JSON.parse(stdout));
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path).sort() };
}

export const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
