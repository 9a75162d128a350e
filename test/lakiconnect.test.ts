import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  createLakiConnect,
  feeConfigured,
  isLakiConnectError,
  kycApproved,
  type CheckOptions,
  type LakiConnect,
  type LakiConnectEvent,
  type Options,
} from 'lakiconnect-middleware';
import { documented } from './envelopes.js';
import { APPROVED, deferred, FREE, idle, start, watchTimers, type Asked } from './guards/harness.js';
import { promptly, rejection, settled } from './provider/harness.js';
import { createMemoryStore } from './sharing/memory-store.js';
import { answered } from './translation/failures.js';
import { startUpstream, type Answer, type Upstream } from './upstream.js';

const KEY = 'lk_pub_5d3c1a:lk_sec_9f8e7b';
const ACCOUNTS = '/api/v2/lakiconnect/connected-accounts';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
beforeEach(() => {
  upstream.requests.length = 0;
});
afterAll(() => upstream.close());

/** What LakiConnect says of every merchant. */
const saying = (account: Answer, fee: Answer) => {
  upstream.answer(({ url }) => (url.endsWith('/fee-config') ? fee : account));
};
const approved: Answer = { status: 200, body: { data: { kyc_status: 'approved' } } };
const pending: Answer = { status: 200, body: { data: { kyc_status: 'pending' } } };
const free: Answer = { status: 200, body: { data: { fee_model: 'FREE' } } };
const feeless: Answer = { status: 404, body: documented('FEE_CONFIG_NOT_SET') };
const unlinked: Answer = { status: 404, body: documented('CONNECTED_MERCHANT_NOT_FOUND') };
const broken: Answer = { status: 500, body: documented('INTERNAL_ERROR') };

/** A core that asks LakiConnect itself. */
function connected(options: Options = {}) {
  const events: LakiConnectEvent[] = [];
  let at = 1_000_000;
  const laki = createLakiConnect({
    apiKey: KEY,
    baseUrl: upstream.url,
    now: () => at,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { laki, events, pass: (ms: number) => void (at += ms) };
}

describe('check', () => {
  test('resolves to what is known of the merchant, by two requests in all', async () => {
    saying(approved, free);
    const { laki } = connected();
    const merchant = {
      id: 'shop 7/a',
      kycStatus: 'approved',
      feeConfig: { fee_model: 'FREE' },
      facts: { kycApproved: 'approved', feeConfigured: { fee_model: 'FREE' } },
    };
    for (let n = 0; n < 3; n++) expect(await laki.check(merchant.id)).toEqual(merchant);
    expect(await Promise.all([laki.check(merchant.id), laki.check(merchant.id)])).toEqual([
      merchant,
      merchant,
    ]);

    expect(
      upstream.requests.map(({ method, url, headers }) => [method, url, headers['x-connected-merchant-id']]),
    ).toEqual([
      ['GET', `${ACCOUNTS}/shop%207%2Fa`, undefined],
      ['GET', `${ACCOUNTS}/fee-config`, 'shop 7/a'],
    ]);
  });

  test('asks for what it is asked for, and no more', async () => {
    saying(approved, free);
    const { laki } = connected();
    expect(await laki.check('m1', [kycApproved])).toEqual({
      id: 'm1',
      kycStatus: 'approved',
      facts: { kycApproved: 'approved' },
    });
    expect(upstream.requests.map(({ url }) => url)).toEqual([`${ACCOUNTS}/m1`]);
    await laki.check('m1', [feeConfigured]);
    await laki.check('m1', undefined);
    expect(upstream.requests).toHaveLength(2);
  });

  test.each<[string, Answer, Answer, object, number, number]>([
    ['not approved', pending, free, { kind: 'KYC_NOT_APPROVED', retryable: false }, 403, 409],
    ['without a fee', approved, feeless, { kind: 'FEE_CONFIG_NOT_SET', retryable: false }, 503, 409],
    ['not linked', unlinked, feeless, { kind: 'CONNECTED_MERCHANT_NOT_FOUND', retryable: false }, 404, 409],
    ['out of reach', broken, free, { kind: 'UNDETERMINED', retryable: true, retryAfterMs: 1000 }, 503, 503],
  ])('rejects a merchant that is %s', async (_what, account, fee, error, toMerchant, toCustomer) => {
    saying(account, fee);
    for (const [audience, status] of [
      ['merchant', toMerchant],
      ['customer', toCustomer],
      [undefined, toCustomer],
      [() => 'merchant' as const, toCustomer],
    ] as const) {
      const thrown = await rejection(connected({ audience }).laki.check('m1'));
      expect(isLakiConnectError(thrown)).toBe(true);
      const common = { merchantId: 'm1', origin: 'guard', outcome: 'rejected', upstream: {}, details: [] };
      expect(thrown).toMatchObject({ ...error, ...common, status, statusCode: status });
    }
  });

  test('rejects with the status that `rules` say', async () => {
    saying(pending, free);
    const rules = { KYC_NOT_APPROVED: { status: 422, customer: { status: 404 } } };
    expect(await rejection(connected({ rules }).laki.check('m1'))).toMatchObject({ status: 404 });
    const { laki } = connected({ rules, audience: 'merchant' });
    expect(await rejection(laki.check('m1'))).toMatchObject({ status: 422 });
  });

  test('resolves to what is known where nothing could be learnt, if it is allowed', async () => {
    saying(broken, free);
    const { laki, events } = connected();
    expect(await laki.check('m1', undefined, { whenUndetermined: 'allow' })).toEqual({
      id: 'm1',
      feeConfig: { fee_model: 'FREE' },
      facts: { feeConfigured: { fee_model: 'FREE' } },
    });
    expect(events.at(-1)).toMatchObject({ type: 'undetermined', passed: true });
  });

  test('believes a stale "yes" while LakiConnect is down, but no "no"', async () => {
    saying(approved, free);
    const { laki, pass } = connected();
    await laki.check('m1');
    saying(broken, broken);
    pass(359_999);
    expect(await laki.check('m1')).toMatchObject({ id: 'm1', kycStatus: 'approved' });
    pass(1);
    expect(await rejection(laki.check('m1'))).toMatchObject({ kind: 'UNDETERMINED' });

    saying(pending, free);
    expect(await rejection(laki.check('m2'))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });
    saying(broken, broken);
    pass(5000);
    expect(await rejection(laki.check('m2'))).toMatchObject({ kind: 'UNDETERMINED' });
  });

  test('keeps a merchant out that was just approved for no longer than `unmetMs`', async () => {
    saying(pending, free);
    const { laki, pass } = connected();
    await rejection(laki.check('m1'));
    saying(approved, free);
    pass(4999);
    expect(await rejection(laki.check('m1'))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });
    pass(1);
    expect(await laki.check('m1')).toMatchObject({ kycStatus: 'approved' });
  });

  test.each<[string, unknown, string]>([
    ['an unknown one', { mode: 'report' }, 'there is no option `mode`'],
    ['a wrong one', { whenUndetermined: 'ignore' }, "option `whenUndetermined` is 'ignore'"],
    ['none', null, 'options must be an object, got null'],
  ])('rejects, and does not throw, for options with %s', async (_what, options, told) => {
    const { laki } = connected();
    const thrown = await rejection(laki.check('m1', undefined, options as CheckOptions));
    expect(thrown).toMatchObject({ name: 'TypeError', message: expect.stringContaining(told) as unknown });
    expect(upstream.requests).toEqual([]);
  });

  test('needs its key when it is called, not when it is made', async () => {
    const { laki } = connected({ apiKey: undefined });
    expect(await rejection(laki.check('m1'))).toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining('`apiKey`') as unknown,
    });
    expect(upstream.requests).toEqual([]);
  });
});

describe('invalidate', () => {
  test('makes the next request look again', async () => {
    saying(approved, free);
    const { laki, events } = connected();
    await laki.check('m1');
    saying(pending, free);
    expect(await laki.invalidate('m1')).toBe(true);
    expect(await rejection(laki.check('m1'))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });
    expect(upstream.requests).toHaveLength(4);
    expect(events.filter(({ type }) => type === 'invalidated')).toEqual([
      { type: 'invalidated', level: 'info', merchantId: 'm1', cause: 'call' },
    ]);
  });

  test('acts at once, before it resolves', async () => {
    saying(approved, free);
    const { laki } = connected();
    await laki.check('m1');
    saying(pending, free);
    const told = laki.invalidate('m1');
    expect(await rejection(laki.check('m1'))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });
    expect(await told).toBe(true);
  });

  test('forgets stale facts, too, and those of no other merchant', async () => {
    saying(approved, free);
    const { laki, pass } = connected();
    await laki.check('m1');
    await laki.check('m2');
    pass(60_000);
    saying(broken, broken);
    await laki.invalidate('m1');
    expect(await rejection(laki.check('m1'))).toMatchObject({ kind: 'UNDETERMINED' });
    expect(await laki.check('m2')).toMatchObject({ id: 'm2' });
  });

  test('is never overwritten by the older answer of a lookup under way', async () => {
    const statuses = [deferred<string>(), deferred<string>()];
    let asked = 0;
    const { laki } = start({
      lookups: {
        kycStatus: () => (statuses[asked++] as (typeof statuses)[0]).promise,
        feeConfig: () => FREE,
      },
    });
    const before = settled(laki.check('m1'));
    await laki.invalidate('m1');
    statuses[0]?.resolve(APPROVED);
    const after = settled(laki.check('m1'));
    await idle();
    statuses[1]?.resolve('pending');
    const refused = { rejected: { kind: 'KYC_NOT_APPROVED' } };
    expect(await Promise.all([before, after])).toMatchObject([refused, refused]);
    expect(asked).toBe(2);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a segment of a path', 'wallet'],
    ['257 characters', 'm'.repeat(257)],
    ['an object', { id: 'm1' }],
  ])('has nothing to forget of what is no merchant: %s', async (_what, id) => {
    const { laki, events } = connected();
    expect(await laki.invalidate(id as string)).toBe(true);
    expect(events).toEqual([]);
  });

  test('is what a genuine webhook does', async () => {
    saying(approved, free);
    const { laki, events } = connected();
    await laki.check('m1');
    saying(pending, free);
    const body = JSON.stringify({
      event: 'connected_account.updated',
      data: { connected_merchant_id: 'm1' },
    });
    const signature = `sha256=${createHmac('sha256', 'whsec').update(body).digest('hex')}`;
    expect(await laki.receiveWebhook(body, 'sha256=00', { secret: 'whsec' })).toMatchObject({ status: 401 });
    expect(await laki.check('m1')).toMatchObject({ id: 'm1' });
    expect(await laki.receiveWebhook(body, signature, { secret: 'whsec' })).toMatchObject({ status: 200 });
    expect(await rejection(laki.check('m1'))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });
    expect(events.filter(({ type }) => type === 'invalidated')).toMatchObject([
      { merchantId: 'm1', cause: 'webhook' },
    ]);
  });
});

describe('What is learnt in one place counts in the others', () => {
  test('a payment that LakiConnect refuses makes the next check look again', async () => {
    saying(approved, free);
    const { laki, events } = connected();
    await laki.check('m1');
    upstream.answer(({ method }) =>
      method === 'POST' ? { status: 403, body: documented('KYC_NOT_APPROVED') } : pending,
    );
    await rejection(laki.client.post('/payment/direct', { body: {}, merchantId: 'm1' }));
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({
      kind: 'KYC_NOT_APPROVED',
      origin: 'guard',
    });
    expect(events.map(({ type }) => type)).toEqual([
      'lookup',
      'lookup',
      'disagreement',
      'invalidated',
      'lookup',
      'refused',
    ]);
  });

  test('after a 429 to a payment no lookup is made, and after one to a lookup no payment', async () => {
    upstream.answer({ status: 429, body: documented('RATE_LIMITED'), headers: { 'retry-after': '60' } });
    for (const first of ['payment', 'lookup']) {
      upstream.requests.length = 0;
      const { laki } = connected();
      const pay = () => rejection(laki.client.post('/payment/direct', { body: {} }));
      const check = () => rejection(laki.check('m1', [kycApproved]));
      await (first === 'payment' ? pay() : check());
      expect(await pay()).toMatchObject({ kind: 'RATE_LIMITED', origin: 'guard', retryAfterMs: 60_000 });
      expect(await check()).toMatchObject({ kind: 'UNDETERMINED', retryAfterMs: 60_000 });
      expect(upstream.requests).toHaveLength(1);
    }
  });

  test('after a 429 that only the error handler has seen neither payments nor lookups are sent', async () => {
    const { laki } = connected();
    const url = `${upstream.url}/payment/direct`;
    const thrown = answered(429, documented('RATE_LIMITED'), { 'retry-after': '60' }, { url });
    await laki.handler()(thrown, {
      request: {},
      accept: undefined,
      acceptLanguage: undefined,
      isSent: () => false,
    });
    const refused = await rejection(laki.client.post('/payment/direct', { body: {} }));
    expect(refused).toMatchObject({ kind: 'RATE_LIMITED', origin: 'guard', retryAfterMs: 60_000 });
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({ kind: 'UNDETERMINED' });
    expect(upstream.requests).toEqual([]);
  });

  test('a lookup that fails in an unknown way is told of as `unmapped`, too', async () => {
    upstream.answer({ status: 418, body: documented('TEAPOT') });
    const { laki, events } = connected();
    await rejection(laki.check('m1', [kycApproved]));
    expect(events.map(({ type }) => type)).toEqual(['unmapped', 'lookup', 'undetermined']);
  });
});

/** Deadlines that are set before and after it differ. */
const slowly = (now: () => number) => () => {
  const end = performance.now() + 20;
  while (performance.now() < end);
  return now();
};

describe('With a store', () => {
  test('what one core has learnt or forgotten, all know', async () => {
    saying(approved, free);
    const { store } = createMemoryStore();
    const [one, other] = [connected({ store }), connected({ store })];
    await one.laki.check('m1');
    expect(await other.laki.check('m1')).toMatchObject({ id: 'm1', kycStatus: 'approved' });
    expect(upstream.requests).toHaveLength(2);
    saying(pending, free);
    expect(await one.laki.invalidate('m1')).toBe(true);
    for (const { laki } of [other, one])
      expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });
    expect(upstream.requests).toHaveLength(3);
    await Promise.all([one.laki.close(), other.laki.close()]);
  });

  test('what one payment teaches counts for all: whom not to believe, and to wait', async () => {
    const { store } = createMemoryStore();
    const [one, other] = [connected({ store }), connected({ store })];
    saying(approved, free);
    await Promise.all([one.laki.check('m1'), other.laki.check('m1')]);
    upstream.answer(({ method }) =>
      method === 'POST' ? { status: 403, body: documented('KYC_NOT_APPROVED') } : pending,
    );
    const pay = ({ laki }: typeof one) =>
      rejection(laki.client.post('/payment/direct', { merchantId: 'm1' }));
    await pay(one);
    await idle();
    expect(await rejection(other.laki.check('m1'))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });

    upstream.answer({ status: 429, body: documented('RATE_LIMITED'), headers: { 'retry-after': '60' } });
    await pay(one);
    await idle();
    upstream.requests.length = 0;
    expect(await pay(other)).toMatchObject({ kind: 'RATE_LIMITED', origin: 'guard', retryAfterMs: 60_000 });
    expect(upstream.requests).toEqual([]);
    await Promise.all([one.laki.close(), other.laki.close()]);
  });

  test('that never answers a core answers, and closes without a timer', async () => {
    const { running, restore } = watchTimers();
    try {
      const memory = createMemoryStore();
      memory.hurt(() => new Promise(() => undefined));
      const { laki } = start({ store: memory.store });
      const checked = laki.check('m1');
      expect(running.size).toBeGreaterThan(0);
      await promptly(laki.close());
      expect(running.size).toBe(0);
      expect(memory.listeners.size).toBe(0);
      expect(await checked).toMatchObject({ id: 'm1' });
    } finally {
      restore();
    }
  });

  test.each([
    ['before', 'to wait', 429, 'RATE_LIMITED', 'cool'],
    ['after', 'to wait', 429, 'RATE_LIMITED', 'cool'],
    ['before', 'whom not to believe', 403, 'KYC_NOT_APPROVED', 'forget'],
    ['after', 'whom not to believe', 403, 'KYC_NOT_APPROVED', 'forget'],
  ] as const)(
    'closing, begun %s the last payment is answered, waits until the others know what it taught: %s',
    async (when, _what, status, code, does) => {
      const memory = createMemoryStore();
      const { promise: answer, resolve: respond } = deferred<Response>();
      const { promise: told, resolve: tell } = deferred<unknown>();
      const sharing = jest.fn(() => told);
      const { laki } = start({
        apiKey: KEY,
        store: { ...memory.store, deadlineMs: 1000, [does]: sharing },
        fetch: () => answer,
        retry: false,
      });
      const [listener] = memory.listeners;
      const paid = rejection(laki.client.post('/payment/direct', { merchantId: 'm1' }));
      const closed = jest.fn();
      const close = () => laki.close().then(closed);
      const early = when === 'before' ? close() : undefined;
      respond(new Response(JSON.stringify(documented(code)), { status }));
      await paid;
      const closing = early ?? close();
      await idle();
      const closedEarly = closed.mock.calls.length;
      listener?.forgotten('m1');
      tell(undefined);
      await promptly(closing);
      expect(sharing).toHaveBeenCalledTimes(1);
      expect(closedEarly).toBe(0);
    },
  );
});

describe('close', () => {
  let work: ReturnType<typeof deferred<unknown>>;

  test.each<[string, (laki: ReturnType<typeof start>['laki']) => Promise<unknown>]>([
    ['a lookup', (laki) => laki.check('m1')],
    ['a call', (laki) => laki.call(() => work.promise)],
    ['a request', (laki) => laki.client.get('/transactions/1')],
  ])('waits for %s under way, however it ends', async (_what, begin) => {
    for (const end of ['resolve', 'reject'] as const) {
      work = deferred();
      const { laki } = start({
        apiKey: KEY,
        lookups: { kycStatus: () => work.promise as Promise<string> },
        fetch: () => work.promise as Promise<Response>,
        retry: false,
      });
      const closed = jest.fn();
      const begun = settled(begin(laki));
      const closing = laki.close().then(closed);
      await idle();
      expect(closed).not.toHaveBeenCalled();
      work[end](new Response('{}'));
      await promptly(closing);
      await promptly(begun);
    }
  });

  test.each<[string, (laki: LakiConnect) => Promise<unknown>]>([
    ['a lookup', (laki) => laki.check('m1', [kycApproved])],
    ['a request', (laki) => laki.client.get('/transactions/1')],
    ['a call', (laki) => laki.call(() => new Promise(() => undefined))],
  ])('leaves no timer of %s behind that is never answered', async (_what, begin) => {
    const { running, restore } = watchTimers();
    try {
      const { laki } = connected({
        lookupTimeoutMs: 50,
        timeoutMs: 50,
        fetch: () => new Promise(() => undefined),
        now: slowly(Date.now),
      });
      const begun = settled(begin(laki));
      expect(running.size).toBeGreaterThan(0);
      await promptly(laki.close());
      expect(running.size).toBe(0);
      expect(await begun).toHaveProperty('rejected');
    } finally {
      restore();
    }
  });

  test('ends the wait for a retry', async () => {
    upstream.answer(broken);
    const { laki } = connected({ sleep: () => new Promise(() => undefined) });
    const got = settled(laki.client.get('/transactions/1'));
    while (upstream.requests.length === 0) await idle();
    await idle();
    await promptly(laki.close());
    expect(await promptly(got)).toMatchObject({ rejected: { kind: 'INTERNAL_ERROR' } });
    expect(upstream.requests).toHaveLength(1);
  });

  test('can be called when nothing is under way, and twice', async () => {
    const { laki } = connected();
    expect(await promptly(laki.close())).toBeUndefined();
    expect(await promptly(laki.close())).toBeUndefined();
  });
});

test('A core is made without a key, and without any option', async () => {
  for (const laki of [createLakiConnect(), createLakiConnect<Asked>({ apiKey: undefined })]) {
    expect(Object.keys(laki).sort()).toEqual([
      'call',
      'check',
      'client',
      'clientIn',
      'close',
      'counts',
      'describe',
      'explain',
      'guard',
      'handler',
      'idempotencyGuard',
      'idempotencyKeyIn',
      'invalidate',
      'learnt',
      'receiveWebhook',
      'receiver',
      'subscribe',
      'translate',
    ]);
    await laki.close();
  }
});

describe('subscribe', () => {
  test('takes a function alone, and translate a reader', () => {
    expect(() => createLakiConnect().translate(new Error('no'), null as never)).toThrow('options must be');
    expect(() => createLakiConnect().subscribe('log' as never)).toThrow('`listener` is');
  });

  test('tells one more listener of what onEvent is told, until it is ended', async () => {
    const { laki, events } = start();
    const heard: LakiConnectEvent[] = [];
    const listener = (event: LakiConnectEvent) => heard.push(event);
    const ends = [laki.subscribe(listener), laki.subscribe(listener)];

    await laki.invalidate('cm_1');
    expect(events).toHaveLength(1);
    expect(heard).toEqual([...events, ...events]);

    ends[0]!();
    await laki.invalidate('cm_1');
    expect(heard).toHaveLength(3);
    ends[1]!();
    await laki.invalidate('cm_1');
    expect(heard).toHaveLength(3);
    expect(events).toHaveLength(3);
  });

  test('a listener that throws harms neither the others nor the call', async () => {
    const { laki, events } = start();
    laki.subscribe(() => {
      throw new Error('no disk');
    });
    const heard: unknown[] = [];
    laki.subscribe((event) => heard.push(event));
    expect(await laki.invalidate('cm_1')).toBe(true);
    expect(heard).toEqual(events);
  });
});

describe('counts', () => {
  test('tells how often somebody passed, and of how many merchants something is remembered', async () => {
    const { laki } = start({
      lookups: { kycStatus: (id) => (id === 'cm_2' ? 'pending' : APPROVED), feeConfig: () => FREE },
    });
    expect(laki.counts()).toEqual({ passed: 0, merchants: 0 });
    const guard = laki.guard();
    await laki.check('cm_1');
    await guard({ id: 'cm_1' }, {});
    await guard({ id: 'cm_1' }, {});
    await rejection(laki.check('cm_2'));
    await rejection(Promise.resolve().then(() => guard({ id: '' }, {})));
    expect(laki.counts()).toEqual({ passed: 3, merchants: 2 });
    await laki.invalidate('cm_2');
    expect(laki.counts()).toEqual({ passed: 3, merchants: 1 });
  });
});
