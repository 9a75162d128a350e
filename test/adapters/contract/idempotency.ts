import { expect, test } from '@jest/globals';
import type { IdempotencyOptions } from 'lakiconnect-middleware';
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { deferred } from '../../guards/harness.js';
import type { AnyRequest, Exchange, Harness, Middleware } from './harness.js';
import { openShop, type Shop } from './shop.js';

interface Payment {
  readonly key?: string | undefined;
  readonly merchant?: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: unknown;
  /** Hangs up. */
  readonly signal?: AbortSignal;
}

const AMOUNT = { amount: 10, currency: 'ETB' };

/** Sends one payment, its path as it is spelt. @returns what it was answered, in short, and the reply. */
async function pay(
  shop: Shop,
  { key = 'k1', merchant = 'cm_1', path = '/', method = 'POST', body = AMOUNT, signal }: Payment = {},
) {
  const { port, hostname: host } = new URL(shop.server.url);
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'x-merchant': merchant,
    ...(key === '' ? {} : { 'idempotency-key': key }),
  };
  const sent = request({ port, host, path, method, headers, agent: false, signal }).end(JSON.stringify(body));
  const [reply] = await once(sent, 'response');
  const answer = await text(reply);
  const { code } = (answer.startsWith('{') ? JSON.parse(answer) : {}) as { code?: string };
  return {
    is: `${String(reply.statusCode)} ${code ?? answer}`,
    headers: new Headers(reply.headers),
    text: answer,
  };
}

const PAID = '201 paid';
const CONFLICT = '409 IDEMPOTENCY_CONFLICT';
const IN_PROGRESS = '409 IDEMPOTENCY_IN_PROGRESS';
const REQUIRED = '400 IDEMPOTENCY_KEY_REQUIRED';

export function idempotency(harness: Harness): void {
  const [parser] = Object.values(harness.parsers.spoiling);
  const open = (options?: IdempotencyOptions<AnyRequest>, setup: Parameters<typeof openShop>[1] = {}) =>
    openShop(harness, {
      before: (laki) => [parser!, laki.requireIdempotencyKey(options)],
      ...setup,
    });

  test('the same payment with the same key comes through once more, whatever the order of its parts', async () => {
    const shop = await open();
    expect((await pay(shop)).is).toBe(PAID);
    expect((await pay(shop, { body: { currency: 'ETB', amount: 10 } })).is).toBe(PAID);
    expect(shop.reached()).toBe(2);
    expect(shop.told('refused')).toEqual([]);
  });

  test('another payment with the same key is refused at once, and says so to nobody but operators', async () => {
    const shop = await open();
    await pay(shop);
    const refused = await pay(shop, { body: { ...AMOUNT, amount: 11 } });
    expect(refused.is).toBe(CONFLICT);
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(refused.text).not.toMatch(/k1|11|cm_1/);
    expect(shop.reached()).toBe(1);
    expect(shop.told('refused')).toMatchObject([
      { kind: 'IDEMPOTENCY_CONFLICT', merchantId: 'cm_1', passed: false, mode: 'enforce' },
    ]);
    expect((await pay(shop)).is).toBe(PAID);
  });

  test.each<[string, Payment]>([
    ['another merchant', { merchant: 'cm_2' }],
    ['another path', { path: '/payouts' }],
    ['another method', { method: 'PUT' }],
    ['another key', { key: 'k2' }],
  ])('%s is another payment', async (_, other) => {
    const shop = await open();
    await pay(shop);
    expect((await pay(shop, { ...other, body: { ...AMOUNT, amount: 11 } })).is).toBe(PAID);
  });

  test('another query makes it another payment with the same key', async () => {
    const shop = await open();
    await pay(shop, { path: '/?amount=1' });
    expect((await pay(shop, { path: '/?amount=2' })).is).toBe(CONFLICT);
    expect((await pay(shop, { path: '/?amount=1' })).is).toBe(PAID);
  });

  test('while a payment is under way, the same is told when to come back', async () => {
    const held = deferred<undefined>();
    const begun = deferred<undefined>();
    const shop = await open(undefined, {
      route: async ({ send }) => {
        begun.resolve(undefined);
        await held.promise;
        send('paid', 201);
      },
    });
    const first = pay(shop);
    await begun.promise;
    const [second, third] = await Promise.all([pay(shop), pay(shop, { body: { ...AMOUNT, amount: 11 } })]);
    expect([second.is, third.is]).toEqual([IN_PROGRESS, CONFLICT]);
    expect(second.headers.get('retry-after')).toBe('1');
    expect(JSON.parse(second.text)).toMatchObject({ retryable: true, retry_after: 1, outcome: 'rejected' });
    expect(shop.reached()).toBe(1);

    held.resolve(undefined);
    expect((await first).is).toBe(PAID);
    expect((await pay(shop)).is).toBe(PAID);
  });

  test('while a payment is under way, the same is refused, whatever `ttlMs` and the clock say', async () => {
    const held = deferred<undefined>();
    const begun = deferred<undefined>();
    let now = Date.now();
    const shop = await open(
      { ttlMs: 1 },
      {
        options: { now: () => now, retry: false, timeoutMs: 100, lookupTimeoutMs: 100 },
        route: async ({ send }) => {
          begun.resolve(undefined);
          await held.promise;
          send('paid', 201);
        },
      },
    );
    const first = pay(shop);
    await begun.promise;
    for (const ms of [1000, -3_600_000, 86_400_000]) {
      now += ms;
      expect((await pay(shop)).is).toBe(IN_PROGRESS);
      expect((await pay(shop, { body: {} })).is).toBe(CONFLICT);
    }
    expect(shop.reached()).toBe(1);
    held.resolve(undefined);
    expect((await first).is).toBe(PAID);
    now += 1;
    expect((await pay(shop, { body: {} })).is).toBe(PAID);
  });

  const endings: readonly [string, (exchange: Exchange) => unknown][] = [
    [
      'answers all the same',
      ({ send }) => {
        send('paid', 201);
      },
    ],
    [
      'throws',
      () => {
        throw new Error('nobody is there');
      },
    ],
    [
      'throws after its first bytes',
      () => {
        throw new Error('nobody is there');
      },
    ],
    ['is guarded, and answers nothing', () => undefined],
  ];
  test.each(endings)(
    'a client that hangs up frees its key with its handler, which %s',
    async (ending, end) => {
      const held = deferred<undefined>();
      const left = deferred<undefined>();
      const ended = deferred<undefined>();
      const hangUp = new AbortController();
      let payments = 0;
      async function handle(exchange: Exchange): Promise<unknown> {
        if (payments++ > 0) {
          exchange.send('paid', 201);
          return;
        }
        const gone = once(exchange.res, 'close');
        if (ending.endsWith('first bytes')) exchange.res.write('{');
        hangUp.abort();
        await gone;
        left.resolve(undefined);
        await held.promise;
        setImmediate(() => void ended.resolve(undefined));
        return end(exchange);
      }
      const shop = await open(undefined, {
        before: (laki) => [
          parser!,
          ...(ending.startsWith('is guarded')
            ? [
                harness.guarded(laki.requireIdempotencyKey())(((...given: readonly unknown[]) =>
                  handle(harness.exchange(laki, given))) as Middleware),
              ]
            : [laki.requireIdempotencyKey()]),
        ],
        route: handle,
      });
      await expect(pay(shop, { signal: hangUp.signal })).rejects.toThrow(/abort/);
      await left.promise;
      expect((await pay(shop)).is).toBe(IN_PROGRESS);
      expect((await pay(shop, { body: {} })).is).toBe(CONFLICT);
      held.resolve(undefined);
      await ended.promise;
      expect((await pay(shop)).is).toBe(PAID);
      expect(payments).toBe(2);
    },
  );

  test('a guarded middleware that goes on is not the end of a handler', async () => {
    const held = deferred<undefined>();
    const left = deferred<undefined>();
    const hangUp = new AbortController();
    const goOn = async (...given: readonly unknown[]): Promise<unknown> => (given.at(-1) as () => unknown)();
    const shop = await open(undefined, {
      before: (laki) => [
        parser!,
        laki.requireIdempotencyKey(),
        harness.guarded(laki.preflight())(goOn as Middleware),
      ],
      route: async ({ res, send }) => {
        const gone = once(res, 'close');
        hangUp.abort();
        await gone;
        left.resolve(undefined);
        await held.promise;
        send('paid', 201);
      },
    });
    await expect(pay(shop, { signal: hangUp.signal })).rejects.toThrow(/abort/);
    await left.promise;
    expect((await pay(shop)).is).toBe(IN_PROGRESS);
    held.resolve(undefined);
  });

  test.each([
    ['a final slash', '/tips/a%20b/'],
    ['another case', '/Tips/A%20B'],
    ['another encoding', '/t%69ps/%61%20b'],
    ['the absolute form', 'http://shop.example/tips/a%20b'],
    ['a query that is empty', '/tips/a%20b?'],
  ])('the same path with %s is the same payment', async (_, path) => {
    const shop = await open();
    expect((await pay(shop, { path: '/tips/a%20b' })).is).toBe(PAID);
    expect((await pay(shop, { path, body: {} })).is).toBe(CONFLICT);
    expect((await pay(shop, { path })).is).toBe(PAID);
  });

  test('the same query in another order is the same payment', async () => {
    const shop = await open();
    expect((await pay(shop, { path: '/?a=1&b=x%20y' })).is).toBe(PAID);
    expect((await pay(shop, { path: '/?b=x+y&a=1' })).is).toBe(PAID);
    expect((await pay(shop, { path: '/?b=x+y&a=2' })).is).toBe(CONFLICT);
  });

  test('of a hundred at once one comes through', async () => {
    const held = deferred<undefined>();
    const shop = await open(undefined, {
      route: async ({ send }) => {
        await held.promise;
        send('paid', 201);
      },
    });
    const all = Array.from({ length: 100 }, () => pay(shop));
    let answers = 0;
    for (const one of all) void one.then(() => ++answers === 99 && held.resolve(undefined));
    const told = (await Promise.all(all)).map(({ is }) => is);
    expect(told.filter((is) => is === PAID)).toHaveLength(1);
    expect(told.filter((is) => is === IN_PROGRESS)).toHaveLength(99);
    expect(shop.reached()).toBe(1);
  }, 60_000);

  test('a payment whose handler throws is over, and may be tried again', async () => {
    let tries = 0;
    const shop = await open(undefined, {
      route: ({ send }) => {
        if (tries++ === 0) throw new Error('the database is down');
        send('paid', 201);
      },
    });
    expect((await pay(shop)).is).toMatch(/^500 /);
    expect((await pay(shop)).is).toBe(PAID);
  });

  test.each(['', 'two words', 'x'.repeat(256), 'ቁልፍ'].map((key) => [key.slice(0, 20), key]))(
    'the key "%s" is none that protects a payment',
    async (_, key) => {
      const shop = await open();
      const sent = /^[ -~]*$/.test(key) ? key : Buffer.from(key).toString('latin1');
      expect((await pay(shop, { key: sent })).is).toBe(REQUIRED);
      expect(shop.reached()).toBe(0);
    },
  );

  test('without a key a payment comes through where none is required, and is not remembered', async () => {
    const shop = await open({ required: false });
    expect((await pay(shop, { key: '' })).is).toBe(PAID);
    expect((await pay(shop, { key: '', body: { ...AMOUNT, amount: 11 } })).is).toBe(PAID);
    expect((await pay(shop)).is).toBe(PAID);
    expect((await pay(shop, { body: { ...AMOUNT, amount: 11 } })).is).toBe(CONFLICT);
  });

  test('a handler gets the key that was found, to hand it on', async () => {
    const shop = await open(
      { key: ({ headers }) => `order-${String(headers['x-order'] ?? 7)}` },
      {
        route: ({ idempotencyKey, send }) => {
          send(String(idempotencyKey()));
        },
      },
    );
    expect((await pay(shop, { key: '' })).is).toBe('200 order-7');
    const without = await openShop(harness, {
      before: () => [],
      route: ({ idempotencyKey, send }) => {
        send(String(idempotencyKey()));
      },
    });
    expect((await pay(without)).is).toBe('200 undefined');
  });

  test('a second guard in a route adds nothing', async () => {
    const shop = await open(undefined, {
      before: (laki) => [parser!, laki.requireIdempotencyKey(), laki.requireIdempotencyKey()],
    });
    expect((await pay(shop)).is).toBe(PAID);
    expect((await pay(shop)).is).toBe(PAID);
  });

  test('stands before or behind the guards of a merchant', async () => {
    for (const isFirst of [true, false]) {
      const shop = await open(undefined, {
        before: (laki) => {
          const both = [laki.requireIdempotencyKey(), laki.preflight()];
          return [parser!, ...(isFirst ? both : both.reverse())];
        },
      });
      expect((await pay(shop)).is).toBe(PAID);
      expect((await pay(shop, { body: {} })).is).toBe(CONFLICT);
      expect((await pay(shop, { merchant: '' })).is).toBe('400 MERCHANT_UNIDENTIFIED');
      shop.standing.set('cm_9', 'pending');
      expect((await pay(shop, { merchant: 'cm_9' })).is).toBe('409 PAYMENTS_UNAVAILABLE');
    }
  });

  test.each([
    ['before', true],
    ['behind', false],
  ])('stands %s the guards of a merchant, who is known to the handler', async (_, isFirst) => {
    const seen: unknown[] = [];
    const shop = await open(undefined, {
      before: (laki) => {
        const both = [laki.requireIdempotencyKey(), laki.requireKycApproved()];
        return [parser!, ...(isFirst ? both : both.reverse())];
      },
      route: ({ merchant, send }) => {
        seen.push(merchant());
        send('paid', 201);
      },
    });
    expect((await pay(shop)).is).toBe(PAID);
    expect((await pay(shop)).is).toBe(PAID);
    const known = { id: 'cm_1', kycStatus: 'approved', facts: { kycApproved: 'approved' } };
    expect(seen).toEqual([known, known]);
  });

  test('alone in a route it tells the handler whose money it is', async () => {
    const shop = await open(undefined, {
      route: ({ merchant, send }) => {
        send(String(merchant()?.id));
      },
    });
    expect((await pay(shop)).is).toBe('200 cm_1');
  });

  test('tells payments apart by where they were sent, not by what a router leaves of that', async () => {
    const shop = await open(undefined, { first: ({ req }) => void (req.url = '/pay') });
    expect((await pay(shop, { path: '/shops/pay' })).is).toBe(PAID);
    expect((await pay(shop, { path: '/tips/pay', body: { ...AMOUNT, amount: 11 } })).is).toBe(PAID);
    expect((await pay(shop, { path: '/tips/pay' })).is).toBe(CONFLICT);
  });

  test('on trial nothing is refused, and operators hear what would have been', async () => {
    const shop = await open({ mode: 'report' });
    expect((await pay(shop)).is).toBe(PAID);
    expect((await pay(shop, { body: {} })).is).toBe(PAID);
    expect((await pay(shop, { key: '' })).is).toBe(PAID);
    expect((await pay(shop, { merchant: '' })).is).toBe(PAID);
    expect(shop.told('refused')).toMatchObject([
      { kind: 'IDEMPOTENCY_CONFLICT', mode: 'report', passed: true },
      { kind: 'IDEMPOTENCY_KEY_REQUIRED', mode: 'report', passed: true },
      { kind: 'MERCHANT_UNIDENTIFIED', mode: 'report', passed: true },
    ]);
  });

  test('without a body parser before it, it says how to mount it', async () => {
    const heard: unknown[] = [];
    const shop = await open(undefined, {
      before: (laki) => [laki.requireIdempotencyKey()],
      own: (error) => heard.push(error) < 0,
    });
    expect((await pay(shop)).is).toMatch(/^500 /);
    expect(String(heard[0])).toMatch(/Mount a body parser before it/);
    expect(shop.reached()).toBe(0);
  });

  test('a body that is nested beyond all reason is refused, and kills nothing', async () => {
    const shop = await open();
    const reply = await fetch(shop.server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-merchant': 'cm_1', 'idempotency-key': 'k1' },
      body: '['.repeat(45_000) + ']'.repeat(45_000),
    });
    expect(reply.status).toBe(422);
    expect(shop.reached()).toBe(0);
    expect((await pay(shop)).is).toBe(PAID);
  });
}
