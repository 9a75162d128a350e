import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The playground in a process of its own. */
export interface Demo {
  /** With a slash at its end. */
  readonly url: string;
  /** @returns how it ended, and all that it complained of until then. */
  readonly end: () => Promise<{ readonly code: number | null; readonly complaints: string }>;
}

const START = fileURLToPath(new URL('../../docs/playground/start.mjs', import.meta.url));

/** Starts it as a newcomer does, and reads where it is. */
export async function startDemo(): Promise<Demo> {
  const child = spawn(process.execPath, [START], {
    env: { PATH: process.env['PATH'], PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const url = await Promise.race([printedUrl(child.stdout), ended.then(() => undefined)]);
  if (url === undefined) throw new Error(`The demo does not start. Is it built?\n${complaints}`);
  return {
    url,
    async end() {
      process.kill(child.pid as number, 'SIGTERM');
      const [code] = await ended;
      return { code, complaints };
    },
  };
}

async function printedUrl(input: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input })) {
    const url = /http:\S+/.exec(line)?.[0];
    if (url !== undefined) {
      input.resume();
      return url;
    }
  }
  return undefined;
}
