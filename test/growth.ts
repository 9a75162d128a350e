import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** How much more memory is held, in bytes, after `rounds` of `work` than after the first tenth of them. */
export async function growth(rounds: number, work: (round: number) => unknown): Promise<number> {
  const run = async (from: number, to: number): Promise<number> => {
    for (let round = from; round < to; round++) await work(round);
    await setImmediate();
    collect();
    return process.memoryUsage().heapUsed;
  };
  const warm = await run(0, rounds / 10);
  return (await run(rounds / 10, rounds)) - warm;
}
