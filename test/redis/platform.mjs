/** One process of a platform, told what to do by the test that started it. */
import { EventEmitter } from 'node:events';
import process from 'node:process';
import { createLakiConnect, kycApproved } from 'lakiconnect-middleware';
import { redisStore } from 'lakiconnect-middleware/redis';
import { LIBRARIES } from './clients.mjs';

const { library, ports, baseUrl, options } = JSON.parse(process.argv[2]);
const { open, openCluster } = LIBRARIES.find(({ name }) => name === library);
const { client, end } = ports.length === 1 ? open(ports[0]) : openCluster(ports);
const events = [];
const laki = createLakiConnect({
  apiKey: 'lk_pub_1:lk_sec_1',
  baseUrl,
  store: redisStore(client, { deadlineMs: 250 }), // a busy machine is not what is tested
  onEvent: (event) => events.push(event),
  ...options,
});

const guard = laki.idempotencyGuard({ merchantId: () => 'cm_1' });
const payment = (key) => ({
  request: {},
  state: {},
  method: 'POST',
  url: '/payments',
  headers: { 'idempotency-key': key },
  body: { amount: 10 },
  response: new EventEmitter(),
});

const outcome = (work) =>
  work.then(
    () => 'met',
    (error) => error.kind ?? String(error),
  );

const does = {
  ready: () => true,
  check: (id) => outcome(laki.check(id, [kycApproved])),
  checkAll: (ids) => Promise.all(ids.map((id) => outcome(laki.check(id, [kycApproved])))),
  payAll: (keys) => Promise.all(keys.map((key) => outcome(guard(payment(key))))),
  invalidate: (id) => laki.invalidate(id),
  get: (path) => outcome(laki.client.get(path)),
  events: () => events,
  /** Nothing keeps the process alive then. */
  async close() {
    process.off('disconnect', abandoned);
    await laki.close();
    end();
    setImmediate(() => process.disconnect());
    return true;
  },
};

const abandoned = () => process.exit(1);
process.on('disconnect', abandoned);
process.on('message', async ({ number, word, given }) => {
  process.send({ number, result: await does[word](given) });
});
