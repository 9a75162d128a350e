import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import { transpile } from '../transpile.mjs';

/** The sources as JavaScript in a folder of their own, for processes of their own. */
export interface Apart {
  /** What a script that imports from './src' says, as it is left to end by itself. */
  readonly run: (script: string) => Promise<unknown>;
  readonly remove: () => Promise<void>;
}

/** Puts the sources there as they are now, without a look at their types. */
export async function createApart(): Promise<Apart> {
  const root = await mkdtemp(join(tmpdir(), 'lakiconnect-'));
  await Promise.all([
    transpile('src', join(root, 'src')),
    symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules')),
    writeFile(join(root, 'package.json'), '{"type":"module"}'),
  ]);
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
