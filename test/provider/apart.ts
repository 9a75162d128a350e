import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import { transformFile } from '@swc/core';

/** The sources as JavaScript in a folder of their own, for processes of their own. */
export interface Compiled {
  /** What a script that imports from './src' says, as it is left to end by itself. */
  readonly run: (script: string) => Promise<unknown>;
  readonly remove: () => Promise<void>;
}

/** Compiles `src`, without a look at its types. */
export async function compile(): Promise<Compiled> {
  const root = await mkdtemp(join(tmpdir(), 'lakiconnect-'));
  for (const name of await readdir('src', { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const { code } = await transformFile(join('src', name), {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    });
    const target = join(root, 'src', name.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
  await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  return {
    async run(script) {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 20_000,
      });
      const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
      const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
      expect({ complaint, ended: await ended }).toEqual({ complaint: '', ended: 0 });
      return JSON.parse(out);
    },
    remove: () => rm(root, { recursive: true }),
  };
}
