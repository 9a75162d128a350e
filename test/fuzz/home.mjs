import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PARTS = ['src', 'adapters'];
const OPTIONS = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
  module: { type: 'es6' },
};

/**
 * Compiles the sources as they are now into a new folder that is the package, with these files in it: what
 * runs there runs at full speed, and is disturbed by no build.
 */
export async function compile() {
  const home = await mkdtemp(join(tmpdir(), 'lakiconnect-fuzz-'));
  const listed = await Promise.all(PARTS.map((part) => readdir(join(ROOT, part), { recursive: true })));
  const sources = listed
    .flatMap((paths, at) => paths.map((path) => join(PARTS[at], path)))
    .filter((path) => path.endsWith('.ts'));
  await Promise.all([
    ...sources.map((path) => translate(path, join(home, 'dist/esm', path.replace(/ts$/, 'js')))),
    translate('test/envelopes.ts', join(home, 'test/envelopes.js')),
    cp(join(ROOT, 'test/fuzz'), join(home, 'test/fuzz'), { recursive: true }),
    cp(join(ROOT, 'package.json'), join(home, 'package.json')),
    symlink(join(ROOT, 'node_modules'), join(home, 'node_modules'), 'junction'),
  ]);
  return home;
}

async function translate(from, to) {
  const { code } = await transform(await readFile(join(ROOT, from), 'utf8'), OPTIONS);
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, code);
}
