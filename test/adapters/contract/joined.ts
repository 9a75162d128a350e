import { describe, expect, test } from '@jest/globals';
import ky from 'ky';
import { documented } from '../../envelopes.js';
import { answered } from './failures.js';
import type { Exchange, Harness } from './harness.js';
import { openShop, type Shop } from './shop.js';

type Way = (exchange: Exchange, url: string) => unknown;

const post = (url: string) => fetch(url, { method: 'POST' });

/** How a route may learn that LakiConnect refuses a payment. */
const WAYS: Readonly<Record<string, Way>> = {
  'laki.client': ({ laki }) => laki.client.post('/payment/direct', { merchantId: 'cm_1' }),
  'laki.call': ({ laki }, url) => laki.call(() => post(url), { merchantId: 'cm_1' }),
  'laki.call that names no merchant': ({ laki }, url) => laki.call(() => post(url)),
  'an error thrown bare': async (_, url) => {
    const response = await post(url);
    if (!response.ok) throw answered(response.status, await response.json(), { url });
  },
  'an error whose body is unread': async (_, url) => void (await ky.post(url, { retry: 0 })),
};

const REFUSALS = [
  ['KYC_NOT_APPROVED', 'kycApproved', 'pending'],
  ['CONNECTED_MERCHANT_NOT_FOUND', 'kycApproved', 'unlinked'],
  ['FEE_CONFIG_NOT_SET', 'feeConfigured', 'without a fee'],
] as const;

const refusal = (code: string) => ({ status: 403, body: documented(code) });
const pay: Way = WAYS['laki.client']!;

/** What LakiConnect says of a payment is newer than what a guard believes. */
export function joined(harness: Harness): void {
  const clock = { now: 1_000_000 };

  async function open(way: Way, isGuarded = true): Promise<Shop> {
    const shop: Shop = await openShop(harness, {
      ...(isGuarded ? {} : { before: () => [] }),
      options: { now: () => clock.now },
      route: async (exchange) => {
        await way(exchange, `${shop.provider.url}/payment/direct`);
        exchange.send('paid', 201);
      },
    });
    return shop;
  }

  describe.each(Object.entries(WAYS))('seen by %s', (_, way) => {
    test.each(REFUSALS)('%s makes the guard look again', async (kind, requirement, standing) => {
      const shop = await open(way);
      expect(await shop.pay('cm_1')).toMatchObject({ status: 201 });

      shop.payment.answer = refusal(kind);
      shop.standing.set('cm_1', standing);
      expect(await shop.pay('cm_1')).toMatchObject({ status: 409 });
      expect(shop.told('disagreement')).toMatchObject([{ kind, merchantId: 'cm_1', requirement }]);
      expect(shop.told('invalidated')).toMatchObject([{ kind, merchantId: 'cm_1', cause: 'error' }]);
      expect(shop.told('translated')).toMatchObject([{ kind, merchantId: 'cm_1', origin: 'upstream' }]);
      expect(shop.reached()).toBe(2);

      expect(await shop.pay('cm_1')).toMatchObject({ status: 409 });
      expect(shop.told('translated').slice(1)).toMatchObject([{ kind, origin: 'guard' }]);
      expect(shop.reached()).toBe(2);
    });
  });

  test.each([
    ['laki.client', 1],
    ['laki.call', 1],
    ['laki.call that names no merchant', 0],
    ['an error thrown bare', 0],
  ])('seen by %s where no guard stands, nothing disagrees', async (way, invalidated) => {
    const shop = await open(WAYS[way]!, false);
    shop.payment.answer = refusal('KYC_NOT_APPROVED');
    await shop.pay('cm_1');

    expect(shop.told('disagreement')).toEqual([]);
    expect(shop.told('invalidated')).toHaveLength(invalidated);
  });

  test.each(['VALIDATION_ERROR', 'UNAUTHORIZED', 'NOT_FOUND', 'INTERNAL_ERROR'])(
    '%s says nothing against a merchant',
    async (code) => {
      const shop = await open(pay);
      shop.payment.answer = refusal(code);
      await shop.pay('cm_1');
      await shop.pay('cm_1');

      expect([...shop.told('disagreement'), ...shop.told('invalidated')]).toEqual([]);
      expect(shop.lookups()).toHaveLength(2);
      expect(shop.reached()).toBe(2);
    },
  );

  test('a refusal that is provoked again and again cannot drive lookups', async () => {
    const shop = await open(pay);
    shop.payment.answer = refusal('KYC_NOT_APPROVED');
    for (let request = 0; request < 20; request++) await shop.pay('cm_1');

    expect(shop.reached()).toBe(20);
    expect(shop.told('invalidated')).toHaveLength(1);
    expect(shop.lookups()).toHaveLength(4);

    clock.now += 5000;
    await shop.pay('cm_1');
    expect(shop.told('invalidated')).toHaveLength(2);
  });

  test('another merchant is believed as before', async () => {
    const shop = await open(pay);
    await shop.pay('cm_2');
    shop.payment.answer = refusal('KYC_NOT_APPROVED');
    await shop.pay('cm_1');
    const looked = shop.lookups();
    await shop.pay('cm_2');

    expect(shop.lookups().slice(looked.length)).toEqual([]);
  });

  test('laki.invalidate makes the guard look again, too', async () => {
    const shop = await open(({ laki }) => laki.invalidate('cm_1'));
    await shop.pay('cm_1');
    shop.standing.set('cm_1', 'pending');

    expect(await shop.pay('cm_1')).toMatchObject({ status: 409 });
    expect(shop.reached()).toBe(1);
  });
}
