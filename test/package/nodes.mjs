/**
 * The packed package on each version of Node that it is for: from CommonJS, from ES modules and in Jest. Then the whole
 * suite on each; with `--quick`, without it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { CONSUMERS, install } from './consumer.mjs';
import { pack, quietly, root, run } from './pack.mjs';

const VERSIONS = [20, 22, 24];

const temp = await mkdtemp(join(tmpdir(), 'lakiconnect-middleware-nodes-'));
try {
  const folder = join(temp, 'nodes');
  await cp(join(root, 'test/package/nodes'), folder, { recursive: true });
  await run('npm', ['ci', ...quietly], folder);
  const nodes = VERSIONS.map((version) =>
    join(folder, `node_modules/${process.arch}-${String(version)}/bin/node`),
  );

  const { tarball } = await pack(temp);
  const consumer = await install(tarball, join(temp, 'consumer'));
  for (const node of nodes) await tryConsumers(node, consumer);
  if (!process.argv.includes('--quick')) for (const node of nodes) await trySuite(node);
} finally {
  await rm(temp, { recursive: true, force: true });
}

async function tryConsumers(node, consumer) {
  const { stdout: version } = await run(node, ['--version']);
  for (const [name, args] of Object.entries(CONSUMERS)) {
    const error = await run(node, args, consumer).then(
      () => undefined,
      (reason) => reason,
    );
    tell(`${version.trim()}: ${name}`, error?.message);
  }
}

async function trySuite(node) {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const [, ...args] = scripts.test.split(' ');
  // Some tests start further processes.
  const env = { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH };
  const [code] = await once(spawn(node, args, { cwd: root, env, stdio: 'inherit' }), 'exit');
  tell(`${node}: the suite`, code === 0 ? undefined : `ends with ${String(code)}`);
}

function tell(what, complaint) {
  if (complaint === undefined) {
    console.log(`ok      ${what}`);
  } else {
    console.error(`FAILED  ${what}\n${complaint}`);
    process.exitCode = 1;
  }
}
