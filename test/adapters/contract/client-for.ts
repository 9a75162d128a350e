import { expect, test } from '@jest/globals';
import { createLakiConnect, type MerchantClient } from 'lakiconnect-middleware';
import type { AnyRequest, Exchange, Harness, Laki, Middleware } from './harness.js';
import { openShop } from './shop.js';

const NOT_NAMED = /TypeError: lakiconnect: clientFor\(\) .* no guard has named.*laki\.preflight\(\)/;

/** A client for the merchant, and with the key, that a route's guards have learnt. */
export function clientFor(harness: Harness): void {
  const [parser] = Object.values(harness.parsers.spoiling);

  /** What reached LakiConnect of payments and of other requests that are no lookups, in short. */
  async function open(
    before: (laki: Laki) => Middleware[],
    use: (client: MerchantClient) => Promise<unknown>,
  ) {
    const thrown: unknown[] = [];
    const shop = await openShop(harness, {
      before,
      route: async ({ clientFor: of, send }: Exchange) => {
        try {
          await use(of());
        } catch (error) {
          thrown.push(error);
        }
        send('over');
      },
    });
    const sent = () =>
      shop.provider.requests
        .filter(({ url }) => !url.includes('/connected-accounts/'))
        .map(({ method, url, headers, body }) => ({
          method,
          url: url.slice('/api/v2'.length),
          merchant: headers['x-connected-merchant-id'],
          key: headers['idempotency-key'],
          body,
        }));
    const pay = (headers: Record<string, string> = {}) =>
      fetch(shop.server.url, {
        method: 'POST',
        headers: { 'x-merchant': 'cm_1', 'content-type': 'application/json', ...headers },
        body: '{}',
      }).then((reply) => reply.text());
    return { shop, pay, sent, thrown };
  }

  const post = (client: MerchantClient) => client.post('/payment/direct', { body: { amount: 1 } });
  const sentFor = { method: 'POST', url: '/payment/direct', body: '{"amount":1}' };

  test.each<[string, (laki: Laki) => Middleware[], object]>([
    ['preflight', (laki) => [laki.preflight()], { merchant: 'cm_1', key: undefined }],
    ['requireKycApproved', (laki) => [laki.requireKycApproved()], { merchant: 'cm_1', key: undefined }],
    ['requireFeeConfig', (laki) => [laki.requireFeeConfig()], { merchant: 'cm_1', key: undefined }],
    [
      'requireIdempotencyKey',
      (laki) => [parser!, laki.requireIdempotencyKey()],
      { merchant: 'cm_1', key: 'order-1' },
    ],
    [
      'both',
      (laki) => [parser!, laki.preflight(), laki.requireIdempotencyKey()],
      { merchant: 'cm_1', key: 'order-1' },
    ],
    [
      'a guard with a merchant of its own',
      (laki) => [laki.preflight(undefined, { merchantId: () => 'cm_2' })],
      { merchant: 'cm_2', key: undefined },
    ],
    [
      'a guard that only reports',
      (laki) => [laki.preflight(undefined, { mode: 'report' })],
      { merchant: 'cm_1', key: undefined },
    ],
  ])('pays for the merchant that was named to %s', async (_, before, learnt) => {
    const { pay, sent, thrown } = await open(before, post);
    await pay({ 'idempotency-key': 'order-1' });
    expect(thrown).toEqual([]);
    expect(sent()).toEqual([{ ...sentFor, ...learnt }]);
  });

  test.each<[string, (laki: Laki) => Middleware[], Record<string, string>]>([
    ['without a guard', () => [], {}],
    [
      'behind a guard that only reports that there is none',
      (laki) => [laki.preflight(undefined, { mode: 'report' })],
      { 'x-merchant': '' },
    ],
    [
      'behind a guard that only reports, and whose function throws',
      (laki) => [
        laki.preflight(undefined, {
          mode: 'report',
          merchantId: () => {
            throw new Error('no session');
          },
        }),
      ],
      {},
    ],
    [
      'behind a guard that needs no key, and got none',
      (laki) => [parser!, laki.requireIdempotencyKey({ required: false })],
      {},
    ],
  ])('throws at once where nobody has named a merchant, %s', async (_, before, headers) => {
    const { pay, sent, thrown } = await open(before, post);
    await pay(headers);
    expect(thrown.map(String)).toEqual([expect.stringMatching(NOT_NAMED)]);
    expect(sent()).toEqual([]);
  });

  test('sends the key with every post and put, and with no get', async () => {
    const { pay, sent } = await open(
      (laki) => [parser!, laki.requireIdempotencyKey()],
      async (client) => {
        await client.get('/x', { query: { page: 1 } });
        await client.post('/x');
        await client.put('/x', { body: [] });
        await client.get('/x', { idempotencyKey: 'own' });
      },
    );
    await pay({ 'idempotency-key': 'order-1' });
    expect(sent()).toEqual([
      { method: 'GET', url: '/x?page=1', merchant: 'cm_1', key: undefined, body: '' },
      { method: 'POST', url: '/x', merchant: 'cm_1', key: 'order-1', body: '' },
      { method: 'PUT', url: '/x', merchant: 'cm_1', key: 'order-1', body: '[]' },
      { method: 'GET', url: '/x', merchant: 'cm_1', key: 'own', body: '' },
    ]);
  });

  test.each([
    ['another', 'order-1-fee', 'order-1-fee'],
    ['none', '', undefined],
    ['nothing', undefined, 'order-1'],
  ])('sends %s where the handler says so', async (_, idempotencyKey, key) => {
    const { pay, sent } = await open(
      (laki) => [parser!, laki.requireIdempotencyKey()],
      (client) => client.post('/payment/direct', { body: { amount: 1 }, idempotencyKey }),
    );
    await pay({ 'idempotency-key': 'order-1' });
    expect(sent()).toEqual([{ ...sentFor, merchant: 'cm_1', key }]);
  });

  test.each(['get', 'post', 'put'] as const)('takes no other merchant: %s', async (method) => {
    const { pay, sent, thrown } = await open(
      (laki) => [laki.preflight()],
      (client) => client[method]('/x', { merchantId: 'cm_2' } as object),
    );
    await pay();
    expect(thrown.map(String)).toEqual([expect.stringMatching(/TypeError: .*no option `merchantId`/)]);
    expect(sent()).toEqual([]);
  });

  test('knows of two requests at once which is whose', async () => {
    const { pay, sent } = await open((laki) => [laki.preflight()], post);
    const ids = Array.from({ length: 20 }, (_, at) => `cm_${String(at)}`);
    await Promise.all(ids.map((id) => pay({ 'x-merchant': id })));
    expect(
      sent()
        .map(({ merchant }) => merchant)
        .sort(),
    ).toEqual(ids.sort());
  });

  test('asks no guard of another core', async () => {
    const other = harness.lakiconnect(
      createLakiConnect<AnyRequest>({
        merchantId: () => 'cm_2',
        lookups: { kycStatus: () => 'approved', feeConfig: () => ({}) },
      }),
    ) as Laki;
    const { pay, sent, thrown } = await open(() => [other.preflight()], post);
    await pay();
    expect(thrown.map(String)).toEqual([expect.stringMatching(NOT_NAMED)]);
    expect(sent()).toEqual([]);
  });
}
