import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transpile } from '../transpile.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Makes a new folder that is the package, of the sources as they are now, with these files in it: what runs there
 * runs at full speed, and is disturbed by no build.
 */
export async function createHome() {
  const home = await mkdtemp(join(tmpdir(), 'lakiconnect-fuzz-'));
  await Promise.all([
    transpile('src', join(home, 'dist/esm/src')),
    transpile('adapters', join(home, 'dist/esm/adapters')),
    transpile('test/envelopes.ts', join(home, 'test/envelopes.ts')),
    cp(join(ROOT, 'test/fuzz'), join(home, 'test/fuzz'), { recursive: true }),
    cp(join(ROOT, 'package.json'), join(home, 'package.json')),
    symlink(join(ROOT, 'node_modules'), join(home, 'node_modules'), 'junction'),
  ]);
  return home;
}
