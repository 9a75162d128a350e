import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billOf } from './bill.mjs';
import { CONSUMERS, install, locked } from './consumer.mjs';
import { pack, root, run } from './pack.mjs';
import { follow } from './transcript.mjs';
import { compiles } from './types.mjs';

const at = (path) => join(root, path);
const node = (...args) => run(process.execPath, args);
const isGiven = (flag) => process.argv.includes(flag);

const temp = await mkdtemp(join(tmpdir(), 'lakiconnect-middleware-'));
try {
  if (!existsSync(at('dist/cjs/package.json'))) await node('test/package/build.mjs');
  await checkPackage(await pack(temp));
} catch (error) {
  fail('build and pack', error);
} finally {
  await rm(temp, { recursive: true, force: true });
}

async function checkPackage({ tarball, files }) {
  const installed = install(tarball, join(temp, 'consumer'));
  installed.catch(() => {});

  const results = await Promise.all([
    check('packed files', () => matchesSnapshot(files)),
    check('dependencies', () => bringsNoMore(tarball)),
    check('published types name no framework', () => namesNoFramework(files)),
    check('publint', () => run(bin('publint'), ['run', tarball, '--strict'])),
    check('are the types wrong', () => run(bin('attw'), [tarball, '--no-definitely-typed', '--no-emoji'])),
    check('API reports', () => node('test/package/api.mjs', ...process.argv.slice(2))),
    check('types', () => compiles(tarball, join(temp, 'types'), { isFull: isGiven('--full') })),
    ...Object.entries(CONSUMERS).map(([name, args]) =>
      check(name, async () => run(process.execPath, args, await installed)),
    ),
    check('command', async () => explains(await installed)),
    check('five minutes', () => followFiveMinutes(tarball)),
  ]);
  for (const { name, error } of results) {
    if (error) fail(name, error);
    else console.log(`ok      ${name}`);
  }
}

async function check(name, attempt) {
  try {
    await attempt();
    return { name };
  } catch (error) {
    return { name, error };
  }
}

function fail(name, error) {
  console.error(`FAILED  ${name}\n${[error.message, error.stdout].filter(Boolean).join('\n')}`);
  process.exitCode = 1;
}

function bin(name, folder = root) {
  return join(folder, 'node_modules/.bin', name);
}

async function matchesSnapshot(files) {
  const snapshot = at('test/package/files.txt');
  const list = `${files.join('\n')}\n`.replaceAll(/shared-[A-Z0-9]{8}\./g, 'shared-[hash].');
  if (isGiven('--update')) await writeFile(snapshot, list);
  assert.equal(list, await readFile(snapshot, 'utf8'), 'run again with --update if this is meant');
}

/** docs/decisions/0012-dependencies.md */
async function bringsNoMore(tarball) {
  const { components } = await billOf(tarball, join(temp, 'bill'));
  const names = components.map(({ name }) => name).filter((name) => name !== 'lakiconnect-middleware');
  const ofHttpErrors = ['depd', 'inherits', 'setprototypeof', 'statuses', 'toidentifier'];
  const expected = ['http-errors', ...ofHttpErrors, 'zod'];
  assert.deepEqual(names.sort(), expected.sort());
}

async function namesNoFramework(files) {
  const framework = /(from|import|import\(|require\(|types=)\s*["'](@types\/)?(express|koa|redis|ioredis)/;
  for (const file of files.filter((path) => path.endsWith('.d.ts'))) {
    assert.doesNotMatch(await readFile(at(file), 'utf8'), framework, file);
  }
}

async function explains(consumer) {
  const command = bin('lakiconnect-middleware', consumer);
  const { stdout, stderr } = await run(command, ['explain', 'KYC_NOT_APPROVED', '--lang', 'am'], consumer);
  assert.match(stdout, /^KYC_NOT_APPROVED\n[^]*403 KYC_NOT_APPROVED[^]*\p{Script=Ethiopic}/u);
  assert.equal(stderr, '');
  await assert.rejects(run(command, ['explain', 'KYC_NOT_APROVED'], consumer), {
    code: 1,
    stdout: '',
    stderr: /Did you mean KYC_NOT_APPROVED\?/,
  });
}

async function followFiveMinutes(tarball) {
  const { express, supertest } = await locked(['express', 'supertest']);
  await follow(at('docs/five-minutes.md'), await mkdtemp(join(temp, 'five-minutes-')), {
    'lakiconnect-middleware': tarball,
    express: `express@${express}`,
    supertest: `supertest@${supertest}`,
  });
}
