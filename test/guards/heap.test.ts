/** Nothing grows with the number of requests or of merchants. */
import { expect, jest, test } from '@jest/globals';
import { kycApproved, type Lookups } from 'lakiconnect-middleware';
import { createBeliefs } from '../../src/guards/beliefs.js';
import { createFacts } from '../../src/guards/facts.js';
import { createForgetting } from '../../src/sharing/forgetting.js';
import { growth } from '../growth.js';
import { createMemoryStore } from '../sharing/memory-store.js';
import { APPROVED, met, start } from './harness.js';

const MILLION = 1_000_000;
const MAX_GROWTH = 1024 * 1024;

test('A million checks of what is known leave nothing behind', async () => {
  const kycStatus = jest.fn(() => APPROVED);
  const { laki } = start({ lookups: { kycStatus }, onEvent: undefined });
  expect(await growth(MILLION, () => laki.check('m1'))).toBeLessThan(MAX_GROWTH);
  expect(kycStatus).toHaveBeenCalledTimes(1);
});

test('A million guarded requests leave nothing behind', async () => {
  const { laki } = start({ onEvent: undefined });
  const guard = laki.guard();
  expect(await growth(MILLION, () => guard({ id: 'm1' }, {}))).toBeLessThan(MAX_GROWTH);
});

test('Twenty thousand requests while other processes are not heard leave nothing behind', async () => {
  const cache = { metMs: 60_000, unmetMs: 5000, staleIfErrorMs: 300_000, maxMerchants: 1000 };
  const { put, pass } = createBeliefs({ cache, elapsed: () => 0 }, () => false);
  put('m1', kycApproved.name, { verdict: met(), since: 0 });
  const passed = () => expect(pass('m1', [kycApproved])).toBeDefined();
  expect(await growth(20_000, passed)).toBeLessThan(MAX_GROWTH);
});

test('Of a million merchants no more than `maxMerchants` are remembered', async () => {
  let lookups = 0;
  const look = async () => (lookups++, { verdict: met(), since: 0 });
  const cache = { metMs: 60_000, unmetMs: 5000, staleIfErrorMs: 300_000, maxMerchants: 1000 };
  const facts = createFacts({ cache, lookupTimeoutMs: 2000, elapsed: () => 0 }, look, () => undefined);
  const learn = (n: number) => facts.learn(`m${String(n)}`, kycApproved);

  expect(await growth(MILLION, learn)).toBeLessThan(MAX_GROWTH);
  expect(lookups).toBe(MILLION);
  for (let n = MILLION - 1000; n < MILLION; n++) await learn(n);
  expect(lookups).toBe(MILLION);
  for (let n = 0; n < 10; n++) await learn(n);
  expect(lookups).toBe(MILLION + 10);
});

const down = new Error('down');

test.each<[string, number, Lookups['kycStatus']]>([
  ['Two hundred thousand merchants that are looked up', 200_000, () => APPROVED],
  ['Twenty thousand merchants that cannot be looked up', 20_000, () => Promise.reject(down)],
])('%s leave nothing behind', async (_who, rounds, kycStatus) => {
  const { laki } = start({
    lookups: { kycStatus },
    cache: { maxMerchants: 1000 },
    onEvent: undefined,
  });
  const check = (n: number) => laki.check(`m${String(n)}`, [kycApproved], { whenUndetermined: 'allow' });
  expect(await growth(rounds, check)).toBeLessThan(MAX_GROWTH);
});

test('A million merchants that are forgotten leave nothing behind', async () => {
  const { laki } = start({ onEvent: undefined });
  expect(await growth(MILLION, (n) => laki.invalidate(`m${String(n)}`))).toBeLessThan(MAX_GROWTH);
});

test('Two hundred thousand merchants of whom the others cannot be told leave nothing behind', async () => {
  const { store, hurt } = createMemoryStore();
  hurt(() => Promise.reject(new Error('cut')));
  const ask = <T>(_: string, run: (signal: AbortSignal) => Promise<T>) =>
    run(new AbortController().signal).catch(() => undefined);
  const breaker = { ask, tellFailed: () => undefined };
  const { forget } = createForgetting(store, breaker, () => true, 100);
  expect(await growth(200_000, (n) => forget(`m${String(n)}`))).toBeLessThan(MAX_GROWTH);
});
