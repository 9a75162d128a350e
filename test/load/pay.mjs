/** Pays 100,000 times through faults, or as often as is asked for, and prints what became of the money. */
import { payThroughFaults, WAYS } from './payments.mjs';

const payments = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 32);
const runs = Object.keys(WAYS).flatMap((way) => [false, true].map((isKeyed) => ({ way, isKeyed })));

console.log(`${payments} payments, seed ${seed}`);
const rows = [];
const wrong = [];
for (const run of runs) {
  const began = performance.now();
  const { wrong: found, ...tally } = await payThroughFaults({
    ...run,
    payments: Math.ceil(payments / runs.length),
    seed,
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  rows.push({ ...run, ...tally, wrong: found.length, seconds });
  wrong.push(...found);
}
console.table(rows);
for (const what of wrong.slice(0, 20)) console.log(what);
process.exitCode = wrong.length === 0 ? 0 : 1;
