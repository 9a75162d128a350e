/** What each event is measured as, with the real SDK. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import { createLakiConnect, type LakiConnectEvent } from 'lakiconnect-middleware';
import { instrument } from 'lakiconnect-middleware/opentelemetry';
import { documented } from '../envelopes.js';
import { createMemoryStore } from '../sharing/memory-store.js';
import { approved, SECRET, signatureOf } from '../webhooks.js';
import { startSdk, type Exported, type Sdk } from './sdk.js';
import { createTeller } from './told.js';

let sdk: Sdk;
beforeEach(() => {
  sdk = startSdk();
});
afterEach(() => sdk.stop());

/** What is read from the counts is there in any case. */
const isTold = ({ name }: Exported): boolean =>
  name !== 'lakiconnect.guard.passes' && name !== 'lakiconnect.merchants';

const translated = {
  type: 'translated',
  level: 'error',
  kind: 'TIMEOUT',
  code: 'TIMEOUT',
  status: 504,
  audience: 'customer',
  locale: 'en',
  fault: 'provider',
  outcome: 'unknown',
  retryable: false,
  origin: 'upstream',
  merchantId: 'cm_1',
  requestId: 'req_1',
  upstreamCode: 'ECONNRESET',
  upstreamMessage: 'socket hang up',
};
const held = { level: 'warn', mode: 'enforce', passed: false, merchantId: 'cm_1', reason: 'no' };

interface Row {
  readonly event: { readonly type: LakiConnectEvent['type'] } & Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly unit: string;
  readonly attributes: Attributes;
  readonly value?: number;
}

const ROWS: readonly Row[] = [
  {
    event: translated as Row['event'],
    name: 'lakiconnect.translations',
    unit: '{reply}',
    attributes: {
      'error.type': 'TIMEOUT',
      'lakiconnect.fault': 'provider',
      'lakiconnect.outcome': 'unknown',
      'lakiconnect.audience': 'customer',
      'http.response.status_code': 504,
    },
  },
  {
    event: { type: 'unmapped', kind: 'UNRECOGNISED', code: 'NEW', outcome: 'unknown', upstreamStatus: 418 },
    name: 'lakiconnect.unmapped',
    unit: '{failure}',
    attributes: { 'error.type': 'UNRECOGNISED' },
  },
  {
    event: { type: 'refused', ...held, kind: 'KYC_NOT_APPROVED', requirement: 'kycApproved' },
    name: 'lakiconnect.guard.holds',
    unit: '{request}',
    attributes: {
      'lakiconnect.guard.verdict': 'refused',
      'lakiconnect.guard.requirement': 'kycApproved',
      'lakiconnect.guard.mode': 'enforce',
      'lakiconnect.guard.passed': false,
      'error.type': 'KYC_NOT_APPROVED',
    },
  },
  {
    event: { type: 'undetermined', ...held, mode: 'report', passed: true },
    name: 'lakiconnect.guard.holds',
    unit: '{request}',
    attributes: {
      'lakiconnect.guard.verdict': 'undetermined',
      'lakiconnect.guard.mode': 'report',
      'lakiconnect.guard.passed': true,
    },
  },
  {
    event: { type: 'disagreement', kind: 'KYC_NOT_APPROVED', merchantId: 'cm_1', requirement: 'kycApproved' },
    name: 'lakiconnect.disagreements',
    unit: '{disagreement}',
    attributes: { 'error.type': 'KYC_NOT_APPROVED', 'lakiconnect.guard.requirement': 'kycApproved' },
  },
  {
    event: { type: 'invalidated', merchantId: 'cm_1', cause: 'webhook', shared: false },
    name: 'lakiconnect.invalidations',
    unit: '{invalidation}',
    attributes: { 'lakiconnect.invalidation.cause': 'webhook', 'lakiconnect.invalidation.shared': false },
  },
  {
    event: { type: 'webhook', status: 503, event: 'account.approved', merchantIds: ['cm_1'], reason: 'no' },
    name: 'lakiconnect.webhooks',
    unit: '{webhook}',
    attributes: { 'http.response.status_code': 503 },
  },
  {
    event: {
      type: 'retry',
      kind: 'TIMEOUT',
      outcome: 'unknown',
      attempt: 2,
      delayMs: 71,
      merchantId: 'cm_1',
    },
    name: 'lakiconnect.retries',
    unit: '{retry}',
    attributes: { 'error.type': 'TIMEOUT', 'lakiconnect.outcome': 'unknown' },
  },
  {
    event: { type: 'cooldown', kind: 'RATE_LIMITED', retryAfterMs: 7123, requestId: 'req_1', shared: true },
    name: 'lakiconnect.cooldowns',
    unit: '{cooldown}',
    attributes: { 'lakiconnect.cooldown.shared': true },
  },
  {
    event: { type: 'replaced', level: 'error', reason: 'null was thrown' },
    name: 'lakiconnect.errors.replaced',
    unit: '{error}',
    attributes: {},
  },
  {
    event: { type: 'late', level: 'error', kind: 'TIMEOUT', outcome: 'unknown' },
    name: 'lakiconnect.errors.late',
    unit: '{error}',
    attributes: { 'error.type': 'TIMEOUT' },
  },
  {
    event: { type: 'store-failed', operation: 'read', reason: 'Error: cut', failures: 7 },
    name: 'lakiconnect.store.failures',
    unit: '{failure}',
    attributes: {},
    value: 7,
  },
];

test.each(ROWS)('$event.type adds to $name', async ({ event, name, unit, attributes, value = 1 }) => {
  const { laki, tell } = createTeller();
  instrument(laki, { meterProvider: sdk.meterProvider });
  tell(event);
  tell(event);

  expect((await sdk.exported()).filter(isTold)).toStrictEqual([{ name, unit, attributes, value: 2 * value }]);
});

describe('A lookup', () => {
  const lookup = { type: 'lookup', merchantId: 'cm_1', requirement: 'kycApproved', verdict: 'met' };

  test('is a duration in seconds', async () => {
    const { laki, tell } = createTeller();
    instrument(laki, { meterProvider: sdk.meterProvider });
    for (const durationMs of [0, 4, 40, 2003]) tell({ ...lookup, durationMs });

    const [exported] = (await sdk.exported()).filter(isTold);
    expect(exported).toMatchObject({
      name: 'lakiconnect.lookup.duration',
      unit: 's',
      attributes: { 'lakiconnect.guard.requirement': 'kycApproved', 'lakiconnect.lookup.verdict': 'met' },
      value: { count: 4, sum: 2.047, min: 0, max: 2.003 },
    });
    const { buckets } = exported?.value as Exclude<Exported['value'], number>;
    const filled = buckets.counts.flatMap((count, at) => (count === 0 ? [] : [buckets.boundaries[at]]));
    expect(filled).toEqual([0.001, 0.005, 0.05, 5]);
  });

  test('during which the clock was set back took no time', async () => {
    const { laki, tell } = createTeller();
    instrument(laki, { meterProvider: sdk.meterProvider });
    tell({ ...lookup, durationMs: -3_600_000 });

    expect((await sdk.exported()).filter(isTold)).toMatchObject([{ value: { count: 1, sum: 0 } }]);
  });

  test('that failed, or was not made, is told apart', async () => {
    const { laki, tell } = createTeller();
    instrument(laki, { meterProvider: sdk.meterProvider });
    tell({ ...lookup, durationMs: 1, verdict: 'undetermined', kind: 'TIMEOUT', reason: 'no', stale: true });
    tell({ ...lookup, durationMs: 1, shared: true });

    expect((await sdk.exported()).filter(isTold).map(({ attributes }) => attributes)).toEqual([
      {
        'lakiconnect.guard.requirement': 'kycApproved',
        'lakiconnect.lookup.verdict': 'undetermined',
        'lakiconnect.lookup.stale': true,
      },
      {
        'lakiconnect.guard.requirement': 'kycApproved',
        'lakiconnect.lookup.verdict': 'met',
        'lakiconnect.lookup.shared': true,
      },
    ]);
  });
});

const LOOKUPS = { kycStatus: () => 'approved', feeConfig: () => ({ fee_model: 'FREE' }) };

describe('What is counted', () => {
  const counted = async () => (await sdk.exported()).filter((series) => !isTold(series));

  test('is read when metrics are collected', async () => {
    const laki = createLakiConnect({ lookups: LOOKUPS });
    instrument(laki, { meterProvider: sdk.meterProvider });
    const values = async () => (await counted()).map(({ name, unit, value }) => [name, unit, value]);
    expect(await values()).toEqual([
      ['lakiconnect.guard.passes', '{request}', 0],
      ['lakiconnect.merchants', '{merchant}', 0],
    ]);

    for (const id of ['cm_1', 'cm_2', 'cm_1']) await laki.check(id);
    expect(await values()).toEqual([
      ['lakiconnect.guard.passes', '{request}', 3],
      ['lakiconnect.merchants', '{merchant}', 2],
    ]);
    await laki.invalidate('cm_1');
    expect((await values())[1]).toEqual(['lakiconnect.merchants', '{merchant}', 1]);
  });

  test('of two cores is told apart by attributes', async () => {
    const cores = ['shop', 'payouts'].map((name) => {
      const teller = createTeller();
      const attributes = { 'platform.core': name, 'platform.unset': undefined };
      instrument(teller.laki, { meterProvider: sdk.meterProvider, attributes });
      return { ...teller, name };
    });
    for (const [at, { counts, tell }] of cores.entries()) {
      Object.assign(counts, { passed: at + 1, merchants: at + 4 });
      tell({ type: 'webhook', status: 200 });
    }

    const found = await sdk.exported();
    expect(found.map(({ name, attributes, value }) => [name, attributes, value])).toStrictEqual([
      ['lakiconnect.webhooks', { 'platform.core': 'shop', 'http.response.status_code': 200 }, 1],
      ['lakiconnect.webhooks', { 'platform.core': 'payouts', 'http.response.status_code': 200 }, 1],
      ['lakiconnect.guard.passes', { 'platform.core': 'shop' }, 1],
      ['lakiconnect.guard.passes', { 'platform.core': 'payouts' }, 2],
      ['lakiconnect.merchants', { 'platform.core': 'shop' }, 4],
      ['lakiconnect.merchants', { 'platform.core': 'payouts' }, 5],
    ]);
  });
});

/** Shops of all kinds, each of which does all that a shop can provoke; a provider that ends every payment otherwise. */
async function trade(merchants: number): Promise<Exported[]> {
  const own = startSdk();
  const memory = createMemoryStore();
  let payments = 0;
  const CODES = ['KYC_NOT_APPROVED', 'INTERNAL_ERROR', 'VALIDATION_ERROR'] as const;
  const laki = createLakiConnect({
    apiKey: 'lk_pub_1:lk_sec_1',
    store: memory.store,
    retry: false,
    lookups: {
      kycStatus: (id) => (id.endsWith('3') ? 'pending' : 'approved'),
      feeConfig: (id) => (id.endsWith('7') ? null : {}),
    },
    fetch: async () => {
      const at = payments++;
      const code = at % 5 < 3 ? (CODES[at % 3] as string) : `CODE_${String(at)}`;
      const status = [403, 500, 422][at % 3] as number;
      const body = documented(code, { message: `No ${String(at)}`, requestId: `req_${String(at)}` });
      return new Response(JSON.stringify(body), { status });
    },
  });
  instrument(laki, { meterProvider: own.meterProvider });
  const handle = laki.handler();
  for (let at = 0; at < merchants; at++) {
    const id = `cm_${String(at)}`;
    await laki.check(id).catch(() => undefined);
    const thrown = await laki.client
      .post('/payment/direct', { merchantId: id })
      .catch((error: unknown) => error);
    await handle(thrown, { request: {}, accept: undefined, acceptLanguage: 'en', isSent: () => false });
    const hook = approved(id);
    await laki.receiveWebhook(hook, signatureOf(hook), { secret: SECRET });
  }
  const exported = await own.exported();
  await Promise.all([laki.close(), own.stop()]);
  return exported;
}

test('A thousand shops make no more series than thirty do', async () => {
  const seriesOf = (exported: readonly Exported[]) =>
    new Set(exported.map(({ name, attributes }) => `${name} ${JSON.stringify(attributes)}`));
  const [few, many] = [seriesOf(await trade(30)), seriesOf(await trade(1000))];

  expect([...many].filter((series) => !few.has(series))).toEqual([]);
  expect(many.size).toBeGreaterThan(12);
  expect(many.size).toBeLessThan(40);
}, 30_000);
