/** Fuzzes the sources: `npm run fuzz`, or `npm run fuzz -- --long`; `-- --seed=1` does the same again. */
import { inspect, parseArgs } from 'node:util';
import { campaign } from './campaign.mjs';

const { values } = parseArgs({ options: { long: { type: 'boolean' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const bodies = values.long ? 20_000_000 : 2_000_000;
const properties = 200_000;
const STEP = bodies / 20;

let told = 0;
function tell(done) {
  if (done - told < STEP) return;
  told = done;
  console.log(`${done} bodies`);
}

console.log(`seed ${seed}`);
const { findings, ...counted } = await campaign({ seed, bodies, properties, tell });
console.log(counted);
for (const finding of findings) {
  console.error(typeof finding === 'string' ? finding : inspect(finding, { depth: 5 }));
}
const isWhole = counted.bodies >= bodies && counted.properties >= properties;
if (!isWhole) console.error(`of ${bodies} bodies and ${properties} cases of properties some were not run`);
process.exitCode = findings.length === 0 && isWhole ? 0 : 1;
