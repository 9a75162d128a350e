import { expect, test } from '@jest/globals';
import { createLakiConnect, type Merchant } from 'lakiconnect-middleware';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { AnyRequest, Exchange, Harness, Laki, Middleware } from './harness.js';
import { FEE, openShop } from './shop.js';

const KNOWN = { kycApproved: 'approved', feeConfigured: FEE };

/** What guards have learnt, where handlers ask for it. */
export function merchant(harness: Harness): void {
  test.each<[string, (laki: Laki) => Middleware[], unknown]>([
    [
      'preflight',
      (laki) => [laki.preflight()],
      { id: 'cm_1', kycStatus: 'approved', feeConfig: FEE, facts: KNOWN },
    ],
    [
      'requireKycApproved',
      (laki) => [laki.requireKycApproved()],
      { id: 'cm_1', kycStatus: 'approved', facts: { kycApproved: 'approved' } },
    ],
    [
      'requireFeeConfig',
      (laki) => [laki.requireFeeConfig()],
      { id: 'cm_1', feeConfig: FEE, facts: { feeConfigured: FEE } },
    ],
    [
      'two guards for one merchant',
      (laki) => [laki.requireFeeConfig(), laki.requireKycApproved()],
      { id: 'cm_1', kycStatus: 'approved', feeConfig: FEE, facts: KNOWN },
    ],
    [
      'two guards for two merchants, of whom the last counts',
      (laki) => [laki.preflight(), laki.requireKycApproved({ merchantId: () => 'cm_2' })],
      { id: 'cm_2', kycStatus: 'approved', facts: { kycApproved: 'approved' } },
    ],
    ['no guard', () => [], undefined],
  ])('a handler knows what was learnt by %s', async (_, before, known) => {
    const seen: unknown[] = [];
    const shop = await openShop(harness, {
      before,
      route: ({ merchant: of, send }) => {
        seen.push(of());
        send('paid');
      },
    });
    await shop.pay('cm_1');
    await shop.pay('cm_1');

    expect(seen).toEqual([known, known]);
  });

  test('a handler knows only the merchant where a guard let it pass unknown', async () => {
    const seen: unknown[] = [];
    const shop = await openShop(harness, {
      before: (laki) => [laki.preflight(undefined, { whenUndetermined: 'allow' })],
      route: ({ merchant: of, send }) => {
        seen.push(of());
        send('paid');
      },
    });
    shop.provider.answer({ status: 502 });
    await shop.pay('cm_1');

    expect(seen).toEqual([{ id: 'cm_1', facts: {} }]);
  });

  test('the platform’s error handler knows it, too', async () => {
    const seen: (Merchant | undefined)[] = [];
    const own = (_error: unknown, { merchant: of }: Exchange) => seen.push(of()) < 0;
    const shop = await openShop(harness, { route: throwing(() => new Error('Out of paper')), own });
    await shop.pay('cm_1');

    expect(seen).toEqual([{ id: 'cm_1', kycStatus: 'approved', feeConfig: FEE, facts: KNOWN }]);
  });

  test('before a guard, and of whom it refuses, nothing is known', async () => {
    const seen: unknown[] = [];
    const shop = await openShop(harness, {
      first: ({ merchant: of }) => seen.push(of()),
      handler: { forward: true },
      own: (_error, { merchant: of }) => seen.push(of()) < 0,
    });
    shop.standing.set('cm_1', 'pending');
    await shop.pay('cm_1');

    expect(seen).toEqual([undefined, undefined]);
  });

  test('requests at once each know their own', async () => {
    const shop = await openShop(harness, {
      route: ({ merchant: of, send }) => send(String(of()?.id)),
    });
    const ids = Array.from({ length: 50 }, (_, at) => `cm_${String(at)}`);
    const replies = await Promise.all(ids.map((id) => shop.pay(id)));

    expect(replies.map(({ text }) => text)).toEqual(ids);
  }, 60_000);

  test('another core’s guard is not asked', async () => {
    const other = harness.lakiconnect(
      createLakiConnect<AnyRequest>({
        merchantId: () => 'cm_2',
        lookups: { kycStatus: () => 'approved', feeConfig: () => ({}) },
      }),
    ) as Laki;
    const seen: unknown[] = [];
    const shop = await openShop(harness, {
      before: () => [other.preflight()],
      route: ({ merchant: of, send }) => {
        seen.push(of());
        send('paid');
      },
    });
    await shop.pay('cm_1');

    expect(seen).toEqual([undefined]);
  });

  test('an error of the route’s is told of beside it', async () => {
    const route = throwing(() => answered(404, documented('NOT_FOUND')));
    const shop = await openShop(harness, { route });
    await shop.pay('cm_1');

    expect(shop.told('translated')).toMatchObject([{ kind: 'NOT_FOUND', merchantId: 'cm_1' }]);
  });
}
