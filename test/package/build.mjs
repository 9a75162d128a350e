import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

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

if (!process.exitCode) await writeFile(`${cwd}/dist/cjs/package.json`, '{"type":"commonjs"}\n');
