/** The fake provider as a whole: what the library makes of it, how it starts, forgets and ends. */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { createLakiConnect, feeConfigured, kycApproved, type Options } from 'lakiconnect-middleware';
import {
  createFakeLakiConnect,
  type FakeLakiConnect,
  type FakeMerchant,
} from 'lakiconnect-middleware/testing';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, link, order, pay, refused } from './ask.js';
import { others } from './others.js';

const fake = await createFakeLakiConnect();
afterEach(fake.reset);
afterAll(fake.close);
const start = others();

const WAYS: [string, (fake: FakeLakiConnect) => Options][] = [
  ['baseUrl', ({ baseUrl, apiKey }) => ({ baseUrl, apiKey })],
  ['fetch', ({ fetch, apiKey }) => ({ fetch, apiKey })], // and the base URL that is LakiConnect's own
];

describe.each(WAYS)('Through the option %s', (_, options) => {
  const both = [kycApproved, feeConfigured];
  const free = { fee_model: 'FREE' };

  test.each<[string, FakeMerchant | undefined, kind: string]>([
    ['is not linked', undefined, 'CONNECTED_MERCHANT_NOT_FOUND'],
    ['is pending', { kycStatus: 'pending', feeConfig: free }, 'KYC_NOT_APPROVED'],
    ['is new', {}, 'KYC_NOT_APPROVED'],
    ['has no fee', { kycStatus: 'approved' }, 'FEE_CONFIG_NOT_SET'],
  ])('a merchant that %s is refused', async (_what, merchant, kind) => {
    if (merchant !== undefined) fake.merchants.set('cm_1', merchant);
    const laki = createLakiConnect({ ...options(fake), retry: false });
    await expect(laki.check('cm_1', both)).rejects.toMatchObject({
      kind,
      origin: 'guard',
      merchantId: 'cm_1',
    });
    await laki.close();
  });

  test('a merchant that is approved and has a fee passes', async () => {
    fake.merchants.set('cm_1', { kycStatus: 'approved', feeConfig: { fee_model: 'PERCENT', fee_value: 2 } });
    const laki = createLakiConnect(options(fake));
    expect(await laki.check('cm_1', both)).toMatchObject({
      kycStatus: 'approved',
      feeConfig: { fee_model: 'PERCENT', fee_value: 2 },
    });
    await laki.close();
  });

  test('a merchant that is approved later passes once the webhook was received', async () => {
    fake.merchants.set('cm_1', { kycStatus: 'pending', feeConfig: free });
    const laki = createLakiConnect(options(fake));
    const { webhookSecret: secret } = fake;
    await expect(laki.check('cm_1', both)).rejects.toMatchObject({ kind: 'KYC_NOT_APPROVED' });
    fake.merchants.set('cm_1', { kycStatus: 'approved', feeConfig: free });
    const { headers, body } = fake.signWebhook({ data: { connected_merchant_id: 'cm_1' } });
    const signature = headers['X-LakiConnect-Signature'];
    expect(await laki.receiveWebhook(body, signature, { secret })).toMatchObject({ status: 200 });
    expect(await laki.check('cm_1', both)).toMatchObject({ kycStatus: 'approved' });
    await laki.close();
  });

  test('a provider that is in trouble leaves it undetermined', async () => {
    link(fake, 'cm_1');
    fake.failNext('bad-gateway', { times: 2 });
    const laki = createLakiConnect(options(fake));
    await expect(laki.check('cm_1', both)).rejects.toMatchObject({ kind: 'UNDETERMINED' });
    await laki.close();
  });

  test('a payment is made, and an error is LakiConnect’s own', async () => {
    link(fake, 'cm_1');
    const { client } = createLakiConnect({ ...options(fake), retry: false });
    const paying = () => client.post('/payment/direct', { body: order, merchantId: 'cm_1' });
    expect(await paying()).toMatchObject({ status: 'pending' });
    for (const [code, envelope] of [
      ['INSUFFICIENT_BALANCE', 'core'],
      ['KYC_NOT_APPROVED', 'documented'],
      ['FORBIDDEN', 'html'],
    ] as const) {
      fake.failNext(code, { envelope });
      await expect(paying()).rejects.toMatchObject({ kind: code });
    }
    expect(fake.charges).toHaveLength(1);
  });
});

test.each(['https://api.lakipay.co', 'http://sandbox.example:8080', fake.baseUrl.replace('/api/v2', '')])(
  'Its fetch asks it, whatever host is meant: %s',
  async (origin) => {
    link(fake, 'cm_1');
    const url = `${origin}/api/v2/lakiconnect/connected-accounts?page=2`;
    const response = await fake.fetch(url, { method: 'GET', headers: { 'x-api-key': fake.apiKey } });
    expect(await response.json()).toMatchObject({ pagination: { page: 2, total: 1 } });
    expect(fake.requests).toMatchObject([{ url: '/api/v2/lakiconnect/connected-accounts?page=2' }]);
  },
);

test('It tells how each request is answered before it is', async () => {
  const told: [string, number | undefined][] = [];
  const watched = await start({
    onAnswer: ({ path }, { status }) => told.push([path, status]),
  });
  watched.failNext('RATE_LIMITED');
  await ask(watched, 'GET', '/a');
  expect(told).toEqual([['/a', 429]]);
  await ask(watched, 'GET', '/b');
  watched.answerNext({ body: {} });
  await ask(watched, 'GET', '/c');
  expect(told).toEqual([
    ['/a', 429],
    ['/b', 404],
    ['/c', undefined],
  ]);
});

describe('Its secrets', () => {
  test.each([
    [undefined, ['lk_pub_fake:lk_sec_fake', 'lk_pub_fake', 'lk_sec_fake']],
    ['lk_live_1', ['lk_live_1']],
    ['lk_pub_1:', ['lk_pub_1:', 'lk_pub_1']],
  ])('are key, halves, webhook secret and cookie: %s', async (apiKey, keys) => {
    const other = await start({ apiKey });
    expect(other.secrets).toEqual([...keys, 'whsec_fake', expect.stringMatching(/^laki_sid=/)]);
  });
});

test('reset() forgets everything', async () => {
  const fees = '/lakiconnect/connected-accounts/fee-config';
  const settings = '/lakiconnect/connected-accounts/webhook-settings';
  const untouched = async () => [
    await ask(fake, 'GET', fees),
    await ask(fake, 'GET', settings),
    await ask(fake, 'GET', '/lakiconnect/connected-accounts'),
  ];
  const before = (await untouched()).map(({ text }) => text);
  fake.reset();

  link(fake, 'cm_1');
  await ask(fake, 'PUT', fees, { body: { fee_model: 'FREE' } });
  const body = { webhook_url: 'https://a.example', webhook_secret: 'b', webhook_enabled: true };
  await ask(fake, 'PUT', settings, { body });
  const paid = await pay(fake, { key: 'key-1' });
  fake.failNext('RATE_LIMITED', { times: Infinity });
  fake.answerNext({ status: 418 }, { times: Infinity });
  const { merchants, requests, charges } = fake;
  fake.reset();

  expect([merchants.size, requests.length, charges.length]).toEqual([0, 0, 0]);
  expect([fake.merchants, fake.requests, fake.charges]).toEqual([merchants, requests, charges]);
  expect((await untouched()).map(({ text }) => text)).toEqual(before);
  expect(await ask(fake, 'GET', `/payment/transaction/${paid.body.transaction_id}`)).toMatchObject(
    refused(404, 'NOT_FOUND'),
  );
  link(fake, 'cm_1');
  expect((await pay(fake, { key: 'key-1', body: { ...order, amount: 7 } })).status).toBe(200);
});

describe('Its start', () => {
  test('takes less than 50 ms', async () => {
    const took: number[] = [];
    for (let at = 0; at < 5; at++) {
      const began = performance.now();
      const other = await start();
      took.push(performance.now() - began);
      await other.close();
    }
    expect(Math.min(...took)).toBeLessThan(50);
  });

  test('takes the port that it is told, and says so if that is taken', async () => {
    const port = Number(new URL(fake.baseUrl).port);
    await expect(createFakeLakiConnect({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const other = await start();
    const { baseUrl } = other;
    await other.close();
    const again = await start({ port: Number(new URL(baseUrl).port) });
    expect(again.baseUrl).toBe(baseUrl);
  });

  test('is apart from every other', async () => {
    const other = await start();
    link(fake, 'cm_1');
    fake.failNext('RATE_LIMITED', { times: Infinity, path: '/x' });
    await pay(fake, { key: 'key-1' });
    expect(other.baseUrl).not.toBe(fake.baseUrl);
    expect(await pay(other, { key: 'key-1' })).toMatchObject(refused(404, 'CONNECTED_MERCHANT_NOT_FOUND'));
    expect(await ask(other, 'GET', '/x')).toMatchObject({ status: 404 });
    expect([other.charges, other.merchants.size, other.requests.length]).toEqual([[], 0, 2]);
    other.reset();
    expect(fake.charges).toHaveLength(1);
  });
});

describe('Its end', () => {
  /** What keeps this process alive, and did not before. */
  const beyond = (before: readonly string[]) => {
    const known = [...before];
    return process.getActiveResourcesInfo().filter((name) => {
      const at = known.indexOf(name);
      if (at >= 0) known.splice(at, 1);
      return at < 0;
    });
  };

  /** Whether nothing listens there any more. */
  const isFree = (baseUrl: string) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
      socket.on('connect', () => resolve(false)).on('error', () => resolve(true));
      socket.on('connect', () => socket.destroy());
    });

  const times = Infinity;

  test.each<[what: string, ends: string[], (other: FakeLakiConnect) => void]>([
    ['all was answered', ['answered'], () => {}],
    ['answers hang', ['cut off'], (other) => other.failNext('hang-headers', { times })],
    ['halves of answers hang', ['cut off'], (other) => other.failNext('hang-body', { times })],
    ['answers are held back', ['cut off'], (other) => other.failNext('slow', { delayMs: 60_000, times })],
    [
      'functions never answer',
      ['cut off'],
      (other) => other.answerNext(() => new Promise(() => {}), { times }),
    ],
  ])('leaves nothing behind within 100 ms, even if %s', async (_, ends, spoil) => {
    await sleep(20); // what came before has ended
    const before = process.getActiveResourcesInfo();
    const other = await start();
    spoil(other);
    // So many that what ends meanwhile cannot hide them.
    const asked = Array.from({ length: 20 }, () =>
      ask(other, 'GET', '/x').then(
        () => 'answered',
        () => 'cut off',
      ),
    );
    while (other.requests.length < asked.length) await sleep(5);
    if (ends[0] === 'answered') await Promise.all(asked);
    await Promise.all([other.close(), other.close()]);
    await other.close();
    expect([...new Set(await Promise.all(asked))]).toEqual(ends);
    const began = performance.now();
    while (beyond(before).length > 0 && performance.now() - began < 100) {
      await sleep(5, undefined, { ref: false });
    }
    expect(beyond(before)).toEqual([]);
    expect(await isFree(other.baseUrl)).toBe(true);
  });

  test('needs no request before it', async () => {
    const other = await start();
    expect(await isFree(other.baseUrl)).toBe(false);
    await other.close();
    expect(await isFree(other.baseUrl)).toBe(true);
  });

  test('is felt by whoever asks later', async () => {
    const other = await start();
    await other.close();
    await expect(ask(other, 'GET', '/x')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    const { client } = createLakiConnect({ baseUrl: other.baseUrl, apiKey: other.apiKey, retry: false });
    await expect(client.post('/payment/direct', { body: order })).rejects.toMatchObject({
      kind: 'UNREACHABLE',
      outcome: 'rejected',
    });
  });
});
