/** One of several processes that ask for the same merchants through one Redis: `node redis-process.mjs 6379`. */
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLakiConnect } from 'lakiconnect-middleware';
import { redisStore } from 'lakiconnect-middleware/redis';
import { createClient } from 'redis';

const MERCHANTS = 4000;
/** As many payments are under way in a process at once. */
const AT_ONCE = 16;
const LOOKUP_MS = 20;

let lookups = 0;
const lookup = (fact) => async () => {
  lookups++;
  await sleep(LOOKUP_MS);
  return fact;
};

const client = createClient({ socket: { host: '127.0.0.1', port: Number(process.argv[2]) } });
await client.on('error', () => undefined).connect();
const core = createLakiConnect({
  lookups: { kycStatus: lookup('approved'), feeConfig: lookup({ fee_model: 'FREE' }) },
  store: redisStore(client),
  onEvent: false,
});
await core.check('cm_warm');
await sleep(100); // it listens by now
lookups = 0;
process.send('ready');
await once(process, 'message');

let next = 0;
async function pay() {
  while (next < MERCHANTS) await core.check(`cm_${next++}`);
}
await Promise.all(Array.from({ length: AT_ONCE }, pay));
process.send({ merchants: MERCHANTS, lookups });
await core.close();
client.destroy();
process.disconnect();
