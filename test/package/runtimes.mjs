/** The packed package on Bun and Deno, and by the same script on this Node. Builds it if nobody has. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from './consumer.mjs';
import { pack, quietly, root, run } from './pack.mjs';

const temp = await mkdtemp(join(tmpdir(), 'lakiconnect-middleware-runtimes-'));
try {
  if (!existsSync(join(root, 'dist/cjs/package.json'))) {
    await run(process.execPath, ['test/package/build.mjs']);
  }
  const [consumer, modules] = await Promise.all([installPackage(), installRuntimes()]);
  const runtimes = {
    Node: [process.execPath],
    Bun: [join(modules, `bun-${process.arch}/bin/bun`)],
    Deno: [join(modules, `deno-${process.arch}/deno`), 'run', '--quiet', '--no-lock', '--allow-all'],
  };
  // One after another: each measures deadlines.
  for (const [name, [command, ...args]] of Object.entries(runtimes)) {
    const { stdout, stderr, code } = await run(command, [...args, 'runtime.mjs'], consumer).catch(
      (error) => error,
    );
    console.log(`${name}\n${stdout}${code === undefined ? '' : stderr}`);
    if (code !== undefined) process.exitCode = 1;
  }
} finally {
  await rm(temp, { recursive: true, force: true });
}

async function installPackage() {
  const { tarball } = await pack(temp);
  return install(tarball, join(temp, 'consumer'), ['express', 'koa', '@opentelemetry/api']);
}

/** @returns where they are installed. */
async function installRuntimes() {
  const folder = join(temp, 'runtimes');
  await cp(join(root, 'test/package/runtimes'), folder, { recursive: true });
  await run('npm', ['ci', ...quietly], folder);
  return join(folder, 'node_modules');
}
