import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quietly, root, run } from './pack.mjs';

/** Ways to use the package, and what is run for each where it is installed. */
export const CONSUMERS = {
  require: ['cjs.cjs'],
  import: ['esm.mjs'],
  'CommonJS Jest': ['node_modules/jest/bin/jest.js', '--ci'],
};

const PEERS = ['express', 'express4', 'koa', 'koa2', 'jest', '@opentelemetry/api'];

/** Makes a project of a packed package, with frameworks as they are locked here. */
export async function install(tarball, folder, peers = PEERS) {
  const dependencies = { 'lakiconnect-middleware': `file:${tarball}`, ...(await locked(peers)) };

  await cp(join(root, 'test/package/consumers'), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await run('npm', ['install', '--prefix', folder, ...quietly], folder);
  return folder;
}

/** The versions of packages that are locked here, as npm is asked for them. */
export async function locked(names) {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const versions = names.map((name) => {
    const { name: real, version } = packages[`node_modules/${name}`];
    return [name, real ? `npm:${real}@${version}` : version];
  });
  return Object.fromEntries(versions);
}
