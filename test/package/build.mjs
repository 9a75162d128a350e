import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const tsc = (...args) =>
  promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', ...args], { cwd });
const asCommonJs = '--module commonjs --moduleResolution bundler --verbatimModuleSyntax false'.split(' ');

await rm(`${cwd}/dist`, { recursive: true, force: true });

const passes = await Promise.allSettled([
  tsc('--outDir', 'dist/esm'),
  tsc('--outDir', 'dist/cjs', ...asCommonJs),
]);
for (const { reason } of passes.filter(({ status }) => status === 'rejected')) {
  console.error(reason.stdout || reason.stderr || reason);
  process.exitCode = 1;
}

if (!process.exitCode) {
  await writeFile(`${cwd}/dist/cjs/package.json`, '{"type":"commonjs"}\n');
  await rm(`${cwd}/dist/cjs/src/cli`, { recursive: true }); // nobody requires a command
  await bundle();
}

/** Joins the modules of each entry: a hundred files take longer to load than all that is in them. */
async function bundle() {
  const { exports, bin } = JSON.parse(await readFile(`${cwd}/package.json`, 'utf8'));
  const esm = join(cwd, 'dist/esm');
  const modules = (await readdir(esm, { recursive: true })).filter((name) => name.endsWith('.js'));
  const bundles = await Promise.all([
    joined(Object.values(exports).flatMap((entry) => entry.import?.default ?? [])),
    joined(Object.values(bin)), // apart, as what it would share is split no further for it
  ]);
  await Promise.all(modules.map((name) => rm(join(esm, name))));
  await Promise.all(
    bundles.flatMap(({ outputFiles }) => outputFiles).map(({ path, contents }) => writeFile(path, contents)),
  );
}

function joined(entryPoints) {
  const esm = join(cwd, 'dist/esm');
  return build({
    entryPoints,
    absWorkingDir: cwd,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    outbase: esm,
    outdir: esm,
    chunkNames: 'shared-[hash]',
    write: false,
  });
}
