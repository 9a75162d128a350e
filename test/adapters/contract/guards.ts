import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { am, defineRequirement, type GuardOptions } from 'lakiconnect-middleware';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { AnyRequest, Harness, Laki, Middleware } from './harness.js';
import { oneAnswer } from './server.js';
import { openShop, type Standing } from './shop.js';

type Mounts = (options: GuardOptions<AnyRequest>) => (laki: Laki) => Middleware[];

const GUARDS: Readonly<Record<string, Mounts>> = {
  preflight: (options) => (laki) => [laki.preflight(undefined, options)],
  requireKycApproved: (options) => (laki) => [laki.requireKycApproved(options)],
  requireFeeConfig: (options) => (laki) => [laki.requireFeeConfig(options)],
  'one guard after another': (options) => (laki) => [
    laki.requireKycApproved(options),
    laki.requireFeeConfig(options),
  ],
};

const PAID = '201 paid';
const KYC = '403 KYC_NOT_APPROVED';
const FEE = '503 FEE_CONFIG_NOT_SET';
const UNLINKED = '404 CONNECTED_MERCHANT_NOT_FOUND';

const ANSWERS: readonly (readonly [string, Standing, string])[] = [
  ['preflight', 'approved', PAID],
  ['preflight', 'pending', KYC],
  ['preflight', 'without a fee', FEE],
  ['preflight', 'unlinked', UNLINKED],
  ['requireKycApproved', 'approved', PAID],
  ['requireKycApproved', 'pending', KYC],
  ['requireKycApproved', 'without a fee', PAID],
  ['requireKycApproved', 'unlinked', UNLINKED],
  ['requireFeeConfig', 'approved', PAID],
  ['requireFeeConfig', 'pending', PAID],
  ['requireFeeConfig', 'without a fee', FEE],
  ['one guard after another', 'approved', PAID],
  ['one guard after another', 'pending', KYC],
  ['one guard after another', 'without a fee', FEE],
];

const payoutAccount = defineRequirement({
  name: 'payoutAccount',
  rule: { status: 409, code: 'PAYOUT_ACCOUNT_MISSING', customer: { code: 'PAYMENTS_UNAVAILABLE' } },
  messages: {
    en: { PAYOUT_ACCOUNT_MISSING: { merchant: { title: 'No account', detail: 'Add a bank account.' } } },
    am: { PAYOUT_ACCOUNT_MISSING: { merchant: { title: 'መለያ የለም', detail: 'የባንክ መለያ ያክሉ።' } } },
  },
  lookup: async (merchantId) =>
    merchantId === 'cm_1' ? { met: false, reason: 'none yet' } : { met: true, facts: { bank: 'CBE' } },
});

/** What an answer says, in short. */
const told = ({ status, text }: { readonly status: number; readonly text: string }): string => {
  const { code } = (text.startsWith('{') ? JSON.parse(text) : {}) as { code?: string };
  return `${String(status)} ${code ?? text}`;
};

export function guards(harness: Harness): void {
  test.each(ANSWERS)(
    '%s: a merchant who is %s is told %s, twice for one lookup',
    async (guard, standing, answer) => {
      const shop = await openShop(harness, {
        before: GUARDS[guard]!({ audience: 'merchant' }),
        options: { now: () => 1_000_000 },
      });
      shop.standing.set('cm_1', standing);

      expect(told(await shop.pay('cm_1'))).toBe(answer);
      const looked = shop.lookups();
      expect(told(await shop.pay('cm_1'))).toBe(answer);
      expect(shop.lookups()).toEqual(looked);
      expect(new Set(looked).size).toBe(looked.length);
      expect(shop.reached()).toBe(answer === PAID ? 2 : 0);
    },
  );

  test.each(ANSWERS.filter(([, , answer]) => answer !== PAID))(
    '%s: the customer of one who is %s is told neither that nor %s',
    async (guard, standing) => {
      const shop = await openShop(harness, { before: GUARDS[guard]!({}) });
      shop.standing.set('cm_1', standing);
      const { status, body, text } = await shop.pay('cm_1');

      expect({ status, body }).toMatchObject({ status: 409, body: { code: 'PAYMENTS_UNAVAILABLE' } });
      expect(text).not.toMatch(/kyc|fee|link|approv|cm_1/i);
      expect(shop.reached()).toBe(0);
    },
  );

  test.each(['application/problem+json', 'text/html', 'text/plain'])(
    'a customer cannot tell KYC, fee and unlinked apart, nor a guard from LakiConnect, byte for byte, in %s',
    async (accept) => {
      const shop = await openShop(harness);
      shop.standing.set('cm_1', 'pending').set('cm_2', 'without a fee').set('cm_3', 'unlinked');
      const refusing = await openShop(harness, {
        before: (laki) => [laki.requireKycApproved()],
        route: throwing(() =>
          answered(409, documented('FEE_CONFIG_NOT_SET'), { headers: { 'retry-after': '7' } }),
        ),
      });
      const bytes = await Promise.all([
        ...['cm_1', 'cm_2', 'cm_3'].map((id) => shop.server.bytes({ accept, 'x-merchant': id })),
        refusing.server.bytes({ accept, 'x-merchant': 'cm_4' }),
      ]);
      const replies = bytes.map((reply) => reply.toString().replace(/^Date: .*$/m, ''));

      expect(oneAnswer(bytes[0]).status).toBe(409);
      expect(new Set(replies).size).toBe(1);
      expect([shop.reached(), refusing.reached()]).toEqual([0, 1]);
    },
  );

  test.each([
    ['requireKycApproved', 'pending', 'FEE_CONFIG_NOT_SET'],
    ['requireKycApproved', 'unlinked', 'FEE_CONFIG_NOT_SET'],
    ['requireFeeConfig', 'without a fee', 'KYC_NOT_APPROVED'],
    ['requireFeeConfig', 'unlinked', 'KYC_NOT_APPROVED'],
  ] as const)(
    'a customer cannot tell what %s alone refuses (%s) from what LakiConnect does (%s), byte for byte',
    async (guard, standing, code) => {
      const shop = await openShop(harness, {
        before: GUARDS[guard]!({}),
        route: throwing(() => answered(403, documented(code))),
      });
      shop.standing.set('cm_1', standing);
      for (const accept of ['application/problem+json', 'text/html', 'text/plain']) {
        const replies = ['cm_1', 'cm_2'].map((id) => shop.server.bytes({ accept, 'x-merchant': id }));
        const [ours, theirs] = (await Promise.all(replies)).map((reply) =>
          reply.toString().replace(/^Date: .*$/m, ''),
        );
        expect(ours).toBe(theirs);
      }
      expect(shop.reached()).toBe(3);
    },
  );

  test('a refusal is told to operators, and what it was is not told to the client', async () => {
    const shop = await openShop(harness);
    shop.standing.set('cm_1', 'pending');
    await shop.pay('cm_1');

    expect(shop.told('refused')).toMatchObject([
      { kind: 'KYC_NOT_APPROVED', merchantId: 'cm_1', requirement: 'kycApproved', passed: false },
    ]);
    expect(shop.told('translated')).toMatchObject([
      { origin: 'guard', kind: 'KYC_NOT_APPROVED', merchantId: 'cm_1', status: 409 },
    ]);
  });

  test.each([
    ['no id', undefined],
    ['a segment of a path', 'fee-config'],
    ['two dots', '..'],
    ['an id of 257 characters', 'x'.repeat(257)],
  ])('%s is a 400 for whoever asks, and nobody is asked', async (_, id) => {
    for (const audience of ['merchant', 'customer'] as const) {
      const shop = await openShop(harness, { options: { audience } });

      expect(told(await shop.pay(id))).toBe('400 MERCHANT_UNIDENTIFIED');
      expect(shop.reached()).toBe(0);
      expect(shop.provider.requests).toEqual([]);
    }
  });

  describe('while LakiConnect is down', () => {
    test.each(['merchant', 'customer'] as const)('a %s is told to come again', async (audience) => {
      const shop = await openShop(harness, { options: { audience } });
      shop.provider.answer({ status: 502, body: 'Bad Gateway' });
      const reply = await shop.pay('cm_1');

      expect(told(reply)).toBe('503 UNDETERMINED');
      expect(reply.headers['retry-after']).toBe('1');
      expect(reply.text).not.toMatch(/kyc|approv|502|gateway/i);
      expect(shop.reached()).toBe(0);
      expect(shop.told('undetermined')).toHaveLength(1);
    });

    test('whoever was approved before still takes payments, for a while', async () => {
      const clock = { now: 1_000_000 };
      const cache = { metMs: 1000, staleIfErrorMs: 1000 };
      const shop = await openShop(harness, { options: { now: () => clock.now, cache } });
      await shop.pay('cm_1');
      shop.provider.answer({ status: 502, body: 'Bad Gateway' });

      clock.now += 1999;
      expect(told(await shop.pay('cm_1'))).toBe(PAID);
      clock.now += 1;
      expect(told(await shop.pay('cm_1'))).toBe('503 UNDETERMINED');
      expect(shop.reached()).toBe(2);
    });

    test('whenUndetermined: allow lets everybody pass, and tells operators', async () => {
      const shop = await openShop(harness, { before: GUARDS['preflight']!({ whenUndetermined: 'allow' }) });
      shop.provider.answer({ status: 502, body: 'Bad Gateway' });

      expect(told(await shop.pay('cm_1'))).toBe(PAID);
      expect(shop.told('undetermined')).toMatchObject([{ passed: true, merchantId: 'cm_1' }]);
    });

    test('Retry-After of a 429 is told on', async () => {
      const shop = await openShop(harness);
      shop.provider.answer({
        status: 429,
        headers: { 'retry-after': '7' },
        body: documented('RATE_LIMITED'),
      });
      const reply = await shop.pay('cm_1');

      expect(told(reply)).toBe('503 UNDETERMINED');
      expect(reply.headers['retry-after']).toBe('7');
    });
  });

  test('whenUndetermined: allow lets nobody pass who is known to be refused', async () => {
    const shop = await openShop(harness, { before: GUARDS['preflight']!({ whenUndetermined: 'allow' }) });
    shop.standing.set('cm_1', 'pending');

    expect(told(await shop.pay('cm_1'))).toBe('409 PAYMENTS_UNAVAILABLE');
    expect(shop.reached()).toBe(0);
  });

  test.each<[string, Standing | 'down', string | undefined, string]>([
    ['a merchant who is pending', 'pending', 'cm_1', 'refused'],
    ['a merchant who is unlinked', 'unlinked', 'cm_1', 'refused'],
    ['nobody', 'approved', undefined, 'refused'],
    ['anybody while LakiConnect is down', 'down', 'cm_1', 'undetermined'],
  ])('mode: report lets %s pass, and tells operators', async (_, standing, id, type) => {
    const shop = await openShop(harness, { before: GUARDS['preflight']!({ mode: 'report' }) });
    if (standing === 'down') shop.provider.answer({ status: 502, body: 'Bad Gateway' });
    else shop.standing.set('cm_1', standing);

    expect(told(await shop.pay(id))).toBe(PAID);
    expect(shop.told(type as 'refused')).toMatchObject([{ mode: 'report', passed: true }]);
    expect(shop.told('translated')).toEqual([]);
  });

  describe('a requirement of the platform’s own', () => {
    const before = (laki: Laki) => [laki.preflight([payoutAccount])];
    const merchant = payoutAccount.own!.messages;

    test.each(['en', 'am'])('is told to its merchant in its own words, in %s', async (language) => {
      const shop = await openShop(harness, { before, options: { audience: 'merchant' } });
      const { status, body } = await shop.pay('cm_1', { 'accept-language': language });

      expect(status).toBe(409);
      expect(body).toMatchObject({
        type: 'urn:problem-type:lakiconnect:payout-account-missing',
        code: 'PAYOUT_ACCOUNT_MISSING',
        ...(merchant[language]!['PAYOUT_ACCOUNT_MISSING']!.merchant as object),
      });
      expect(shop.reached()).toBe(0);
    });

    test('is masked for the customer as its row says', async () => {
      const shop = await openShop(harness, { before });
      const { status, body, text } = await shop.pay('cm_1', { 'accept-language': 'am' });

      expect({ status, body }).toMatchObject({
        status: 409,
        body: { code: 'PAYMENTS_UNAVAILABLE', ...am.texts.PAYMENTS_UNAVAILABLE.customer },
      });
      expect(text).not.toMatch(/payout|bank|none yet/i);
    });

    test('lets a merchant pass who meets it, with its facts', async () => {
      const facts: unknown[] = [];
      const shop = await openShop(harness, {
        before,
        route: ({ merchant: of, send }) => {
          facts.push(of()?.facts);
          send('paid', 201);
        },
      });

      expect(told(await shop.pay('cm_2'))).toBe(PAID);
      expect(facts).toEqual([{ payoutAccount: { bank: 'CBE' } }]);
      expect(shop.provider.requests).toEqual([]);
    });
  });

  describe('a guard’s own audience', () => {
    const route = throwing(() => answered(403, documented('KYC_NOT_APPROVED')));
    const bySeller = ({ headers }: AnyRequest) => (headers['x-who'] === 'seller' ? 'merchant' : 'customer');

    test.each([
      ['merchant', 'customer', '403 KYC_NOT_APPROVED'],
      ['customer', 'merchant', '409 PAYMENTS_UNAVAILABLE'],
      [bySeller, 'customer', '403 KYC_NOT_APPROVED'],
    ] as const)(
      '%p goes before an errorHandler’s %p where its route fails',
      async (audience, other, answer) => {
        const shop = await openShop(harness, {
          before: GUARDS['preflight']!({ audience }),
          handler: { audience: other },
          route,
        });

        expect(told(await shop.pay('cm_1', { 'x-who': 'seller' }))).toBe(answer);
        expect(shop.reached()).toBe(1);
      },
    );

    test('is a customer’s where it says nonsense, and where it throws', async () => {
      const nonsense = () => 'seller' as 'merchant';
      const shop = await openShop(harness, { before: GUARDS['preflight']!({ audience: nonsense }), route });
      const broken = await openShop(harness, {
        before: GUARDS['preflight']!({ audience: throwing(() => new Error('No session')) }),
        route,
      });

      expect(told(await shop.pay('cm_1'))).toBe('409 PAYMENTS_UNAVAILABLE');
      expect(told(await broken.pay('cm_1'))).toBe('409 PAYMENTS_UNAVAILABLE');
    });
  });

  describe('a merchantId function', () => {
    const lost = new Error('No session');
    test.each<[string, () => never | Promise<never>]>([
      ['throws', throwing(() => lost)],
      ['rejects', () => Promise.reject(lost)],
    ])('that %s is the platform’s own error', async (_, merchantId) => {
      const reached: unknown[] = [];
      const own = (error: unknown) => reached.push(error) < 0;
      const shop = await openShop(harness, { options: { merchantId }, own });
      const { status, headers } = await shop.pay('cm_1');

      expect(status).toBe(500);
      expect(headers['content-type']).not.toMatch(/problem/);
      expect(reached).toHaveLength(1);
      expect(reached[0]).toBe(lost);
      expect(shop.reached()).toBe(0);
      expect([...shop.told('refused'), ...shop.told('translated')]).toEqual([]);
    });

    test.each<[string, () => never | Promise<never>]>([
      ['throws', throwing(() => undefined)],
      ['rejects with', () => Promise.reject<never>(undefined)],
    ])('that %s nothing lets nobody pass', async (_, merchantId) => {
      const shop = await openShop(harness, { options: { merchantId } });

      expect((await shop.pay('cm_1')).status).toBe(500);
      expect(shop.reached()).toBe(0);
    });

    test('may be a guard’s own, read the path, and give a promise', async () => {
      const shop = await openShop(harness, {
        before: GUARDS['preflight']!({
          audience: 'merchant',
          merchantId: async ({ path }) => path.split('/')[2],
        }),
      });
      shop.standing.set('cm_2', 'pending');
      const statuses = ['/shops/cm_1/charges', '/shops/cm_2/charges', '/'].map(
        async (path) => (await fetch(shop.server.url + path, { headers: { 'x-merchant': 'cm_1' } })).status,
      );

      expect(await Promise.all(statuses)).toEqual([201, 403, 400]);
    });
  });

  test('what is known is answered in the same tick', async () => {
    const inTick: boolean[] = [];
    let isSameTick = false;
    const goOn = (given: unknown[]): unknown => (given.at(-1) as () => unknown)();
    const shop = await openShop(harness, {
      before: (laki) => [
        (...given) => {
          isSameTick = true;
          queueMicrotask(() => (isSameTick = false));
          return goOn(given);
        },
        laki.preflight(),
        laki.requireKycApproved({ audience: 'merchant' }),
        (...given) => {
          inTick.push(isSameTick);
          return goOn(given);
        },
      ],
    });
    await shop.pay('cm_1');
    await shop.pay('cm_1');

    expect(inTick).toEqual([false, true]);
  });

  test('a client that leaves during the lookup troubles nobody, and the next one need not wait', async () => {
    const shop = await openShop(harness);
    shop.provider.answer({
      delayMs: 100,
      status: 200,
      body: { kyc_status: 'approved', fee_model: 'FREE' },
    });
    const left = fetch(shop.server.url, {
      headers: { 'x-merchant': 'cm_1' },
      signal: AbortSignal.timeout(30),
    });

    await expect(left).rejects.toHaveProperty('name', 'TimeoutError');
    await sleep(150);
    expect(told(await shop.pay('cm_1'))).toBe(PAID);
    expect(shop.lookups()).toHaveLength(2);
  });
}
