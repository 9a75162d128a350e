import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LakiConnectEvent, Options } from 'lakiconnect-middleware';

interface Words {
  readonly ready: [undefined, true];
  readonly check: [string, string];
  readonly checkAll: [readonly string[], readonly string[]];
  /** Payments with these idempotency keys, which do not end. */
  readonly payAll: [readonly string[], readonly string[]];
  readonly invalidate: [string, boolean];
  readonly get: [string, string];
  readonly events: [undefined, readonly LakiConnectEvent[]];
  readonly close: [undefined, true];
}

/** What a worker is: its client, where Redis and the provider are, and options that survive JSON. */
interface Setup {
  readonly library: string;
  readonly ports: readonly number[];
  readonly baseUrl: string;
  readonly options?: Options;
}

/** A process of a platform, of its own. */
export async function startWorker(setup: Setup) {
  const child = fork(fileURLToPath(new URL('platform.mjs', import.meta.url)), [JSON.stringify(setup)]);
  const waiting = new Map<number, (result: unknown) => void>();
  let asked = 0;
  child.on('message', ({ number, result }: { number: number; result: unknown }) => {
    waiting.get(number)?.(result);
    waiting.delete(number);
  });

  function ask<W extends keyof Words>(word: W, given?: Words[W][0]): Promise<Words[W][1]> {
    return new Promise((resolve) => {
      const number = ++asked;
      waiting.set(number, resolve as (result: unknown) => void);
      child.send({ number, word, given });
    });
  }

  await ask('ready');
  return {
    ask,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    /** @throws Error if anything keeps the process alive after `laki.close()`. */
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      await ask('close');
      const code = await Promise.race([
        exit.then(([exitCode]) => exitCode as number),
        sleep(2000, 'alive', { ref: false }),
      ]);
      child.kill('SIGKILL');
      if (code !== 0) throw new Error(`the worker is ${String(code)} two seconds after it was closed`);
    },
  };
}
