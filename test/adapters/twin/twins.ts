import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transpile } from '../../transpile.mjs';
import type { Case, Fates } from './process.js';

/** An app of a framework and its twin without the library, in a process that may well end. */
export interface Twins {
  readonly meet: (given: Case) => Promise<Fates>;
  readonly close: () => Promise<void>;
}

/** Puts the sources there as they are now, for processes that are no test's. */
export async function createHome(): Promise<{
  readonly start: (framework: string) => Promise<Twins>;
  readonly remove: () => Promise<void>;
}> {
  const home = await mkdtemp(join(tmpdir(), 'lakiconnect-twins-'));
  const folders = ['src', 'adapters', 'test/adapters/twin', 'test/adapters/contract/throwables.ts'];
  await Promise.all([
    ...folders.map((folder) => transpile(folder, join(home, folder))),
    symlink(join(process.cwd(), 'node_modules'), join(home, 'node_modules'), 'junction'),
    writeFile(join(home, 'package.json'), '{"type":"module"}'),
  ]);
  return {
    start: (framework) => start(join(home, 'test/adapters/twin/process.js'), framework),
    remove: () => rm(home, { recursive: true }),
  };
}

async function start(script: string, framework: string): Promise<Twins> {
  const child = fork(script, [framework], { execArgv: [] });
  const exited = once(child, 'exit');
  const heard = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(child, 'message'), exited.then(gone)])) as [unknown];
    return message;
  };
  await heard();
  return {
    async meet(given) {
      child.send(given);
      const fates = (await heard()) as Fates | { readonly broken: string };
      if ('broken' in fates) throw new Error(fates.broken);
      return fates;
    },
    async close() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function gone(): never {
  throw new Error('The process of the twins has ended.');
}
