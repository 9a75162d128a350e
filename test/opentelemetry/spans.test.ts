/** What the span of a request is told, over real servers and with the real SDK. */
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { context, trace, type Attributes, type Span } from '@opentelemetry/api';
import { createLakiConnect, LakiConnectError, type Options } from 'lakiconnect-middleware';
import { instrument, type Instrumented, type InstrumentOptions } from 'lakiconnect-middleware/opentelemetry';
import { answered, throwing, unanswered } from '../adapters/contract/failures.js';
import type { AnyRequest, Setup } from '../adapters/contract/harness.js';
import { closeServers, serve } from '../adapters/contract/server.js';
import { openShop } from '../adapters/contract/shop.js';
import { documented } from '../envelopes.js';
import { FRAMEWORKS } from './frameworks.js';
import { startSdk, traced } from './sdk.js';
import { createTeller } from './told.js';

const sdk = startSdk();
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterAll(sdk.stop);
afterEach(async () => {
  jest.restoreAllMocks();
  await closeServers();
  sdk.reset();
});

/** What stands before a route that instruments what its adapter made. */
const instrumented =
  (options?: InstrumentOptions, guards: Setup['before'] = () => []): NonNullable<Setup['before']> =>
  (laki) => {
    instrument(laki as unknown as Instrumented, options);
    return guards(laki);
  };

const failed = (kind: string, more: Attributes) => ({
  'error.type': kind,
  'lakiconnect.audience': 'customer',
  'lakiconnect.origin': 'upstream',
  'lakiconnect.outcome': 'rejected',
  'lakiconnect.retryable': false,
  ...more,
});

const KYC = failed('KYC_NOT_APPROVED', {
  'lakiconnect.code': 'PAYMENTS_UNAVAILABLE',
  'lakiconnect.fault': 'merchant',
  'lakiconnect.request_id': 'req_1a2b3c4d5e6f',
  'lakiconnect.upstream.status_code': 403,
});

const says = (status: number, code: string) => () => answered(status, documented(code));

interface Row {
  readonly of: string;
  readonly fails: () => unknown;
  readonly options?: Options<AnyRequest>;
  readonly attributes: Attributes;
  readonly status: 'ERROR' | 'UNSET';
}

const ROWS: readonly Row[] = [
  { of: 'a merchant without KYC', fails: says(403, 'KYC_NOT_APPROVED'), attributes: KYC, status: 'UNSET' },
  {
    of: 'a field that is wrong',
    fails: says(422, 'VALIDATION_ERROR'),
    attributes: failed('VALIDATION_ERROR', {
      'lakiconnect.code': 'VALIDATION_ERROR',
      'lakiconnect.fault': 'caller',
      'lakiconnect.request_id': 'req_1a2b3c4d5e6f',
      'lakiconnect.upstream.status_code': 422,
    }),
    status: 'UNSET',
  },
  {
    of: 'a key that has expired',
    fails: says(401, 'UNAUTHORIZED'),
    attributes: failed('UNAUTHORIZED', {
      'lakiconnect.code': 'PAYMENTS_UNAVAILABLE',
      'lakiconnect.fault': 'platform',
      'lakiconnect.request_id': 'req_1a2b3c4d5e6f',
      'lakiconnect.upstream.status_code': 401,
    }),
    status: 'ERROR',
  },
  {
    of: 'the same, answered by 500',
    fails: says(401, 'UNAUTHORIZED'),
    options: { rules: { UNAUTHORIZED: { status: 500 } } },
    attributes: failed('UNAUTHORIZED', {
      'lakiconnect.code': 'PAYMENTS_UNAVAILABLE',
      'lakiconnect.fault': 'platform',
      'lakiconnect.request_id': 'req_1a2b3c4d5e6f',
      'lakiconnect.upstream.status_code': 401,
    }),
    status: 'ERROR',
  },
  {
    of: "a fault of the platform's that is answered by 409",
    fails: says(404, 'FEE_CONFIG_NOT_SET'),
    attributes: failed('FEE_CONFIG_NOT_SET', {
      'lakiconnect.code': 'PAYMENTS_UNAVAILABLE',
      'lakiconnect.fault': 'platform',
      'lakiconnect.request_id': 'req_1a2b3c4d5e6f',
      'lakiconnect.upstream.status_code': 404,
    }),
    status: 'UNSET',
  },
  {
    of: 'an unclear payment',
    fails: () => unanswered('ETIMEDOUT'),
    attributes: failed('TIMEOUT', {
      'lakiconnect.code': 'TIMEOUT',
      'lakiconnect.fault': 'provider',
      'lakiconnect.outcome': 'unknown',
    }),
    status: 'ERROR',
  },
  {
    of: "a merchant's fault that is answered by 503",
    fails: says(400, 'INSUFFICIENT_BALANCE'),
    options: { rules: { INSUFFICIENT_BALANCE: { status: 503 } }, audience: 'merchant' },
    attributes: failed('INSUFFICIENT_BALANCE', {
      'lakiconnect.audience': 'merchant',
      'lakiconnect.code': 'INSUFFICIENT_BALANCE',
      'lakiconnect.fault': 'merchant',
      'lakiconnect.request_id': 'req_1a2b3c4d5e6f',
      'lakiconnect.upstream.status_code': 400,
    }),
    status: 'UNSET',
  },
  { of: "another's error", fails: () => new Error('Out of paper'), attributes: {}, status: 'UNSET' },
];

const guarded = (verdict: string, kind: string, requirement: string, more: Attributes = {}) => ({
  'lakiconnect.guard.verdict': verdict,
  'lakiconnect.guard.kind': kind,
  'lakiconnect.guard.requirement': requirement,
  'lakiconnect.guard.mode': 'enforce',
  'lakiconnect.guard.passed': false,
  ...more,
});

describe.each(FRAMEWORKS)('$name', (framework) => {
  const harness = traced(framework, sdk);

  test.each(ROWS)('$of', async ({ fails, options = {}, attributes, status }) => {
    const server = await serve(harness, { options, before: instrumented(), route: throwing(fails) });
    await server.ask();

    expect(sdk.spans()).toStrictEqual([{ name: '/', attributes, status }]);
  });

  test('who is refused by a guard: the verdict, and the reply', async () => {
    const shop = await openShop(harness, { before: instrumented({}, (laki) => [laki.preflight()]) });
    shop.standing.set('cm_7', 'pending');
    await shop.pay('cm_7');

    const [span] = sdk.spans();
    expect(span).toStrictEqual({
      name: '/',
      attributes: {
        ...guarded('refused', 'KYC_NOT_APPROVED', 'kycApproved'),
        ...failed('KYC_NOT_APPROVED', {
          'lakiconnect.code': 'PAYMENTS_UNAVAILABLE',
          'lakiconnect.fault': 'merchant',
          'lakiconnect.origin': 'guard',
        }),
      },
      status: 'UNSET',
    });
  });

  test('of whom nothing can be learnt', async () => {
    const shop = await openShop(harness, { before: instrumented({}, (laki) => [laki.requireFeeConfig()]) });
    shop.provider.answer({ status: 500, body: documented('INTERNAL_ERROR') });
    await shop.pay('cm_7');

    expect(sdk.spans()).toMatchObject([
      {
        attributes: {
          ...guarded('undetermined', 'UNDETERMINED', 'feeConfigured'),
          'error.type': 'UNDETERMINED',
          'lakiconnect.origin': 'guard',
        },
        status: 'ERROR',
      },
    ]);
  });

  test('who would have been refused has not failed', async () => {
    const shop = await openShop(harness, {
      before: instrumented({}, (laki) => [laki.requireKycApproved({ mode: 'report' })]),
    });
    shop.standing.set('cm_7', 'pending');
    expect((await shop.pay('cm_7')).status).toBe(201);

    const attributes = guarded('refused', 'KYC_NOT_APPROVED', 'kycApproved', {
      'lakiconnect.guard.mode': 'report',
      'lakiconnect.guard.passed': true,
    });
    expect(sdk.spans()).toStrictEqual([{ name: '/', attributes, status: 'UNSET' }]);
  });

  test('a refusal that the platform answers itself is still told', async () => {
    const server = await serve(harness, {
      before: instrumented(),
      options: { lookups: { kycStatus: () => 'pending', feeConfig: () => ({}) } },
      route: async ({ laki, send }) => {
        await laki.check('cm_7').catch(() => undefined);
        send('Not yet', 409);
      },
    });
    await server.ask();

    const attributes = guarded('refused', 'KYC_NOT_APPROVED', 'kycApproved', {
      'error.type': 'KYC_NOT_APPROVED',
    });
    expect(sdk.spans()).toStrictEqual([{ name: '/', attributes, status: 'UNSET' }]);
  });

  test('requests at the same time do not mix', async () => {
    const COUNT = 20;
    let arrive = (): void => undefined;
    const all = new Promise<void>((resolve) => (arrive = resolve));
    let arrived = 0;
    const server = await serve(harness, {
      before: instrumented({ merchantId: true }),
      route: async ({ req }) => {
        if (++arrived === COUNT) arrive();
        await all;
        const merchantId = String(req.headers['x-merchant']);
        throw new LakiConnectError({ kind: 'TIMEOUT', merchantId, requestId: `req_${merchantId}` });
      },
    });
    const ids = Array.from({ length: COUNT }, (_, at) => `cm_${String(at)}`);
    await Promise.all(ids.map((id) => server.ask({ 'x-merchant': id })));

    const told = sdk
      .spans()
      .map(({ attributes }) => [attributes['lakiconnect.merchant.id'], attributes['lakiconnect.request_id']]);
    expect(told.sort()).toEqual(ids.map((id) => [id, `req_${id}`]).sort());
  });

  test('nor do those that wait for one lookup', async () => {
    const shop = await openShop(harness, {
      before: instrumented({ merchantId: true }, (laki) => [laki.preflight()]),
    });
    const ids = ['cm_1', 'cm_2', 'cm_1', 'cm_2', 'cm_1', 'cm_2'];
    shop.standing.set('cm_1', 'pending').set('cm_2', 'unlinked');
    await Promise.all(ids.map((id) => shop.pay(id)));

    const told = sdk
      .spans()
      .map(({ attributes }) => [
        attributes['lakiconnect.merchant.id'],
        attributes['lakiconnect.guard.kind'],
        attributes['error.type'],
      ]);
    const KINDS = { cm_1: 'KYC_NOT_APPROVED', cm_2: 'CONNECTED_MERCHANT_NOT_FOUND' };
    const expected = ids.map((id) => [id, KINDS[id as 'cm_1'], KINDS[id as 'cm_1']]);
    expect(told.sort()).toStrictEqual(expected.sort());
    expect(shop.lookups().filter((path) => path === '/cm_1')).toHaveLength(1);
  });

  test.each([
    [undefined, undefined],
    [{ merchantId: false }, undefined],
    [{ merchantId: true }, 'cm_7'],
  ])("with %j the merchant's id is %s", async (options, id) => {
    const shop = await openShop(harness, { before: instrumented(options, (laki) => [laki.preflight()]) });
    shop.standing.set('cm_7', 'unlinked');
    await shop.pay('cm_7');

    const [span] = sdk.spans();
    expect(span?.attributes['lakiconnect.merchant.id']).toBe(id);
    expect(JSON.stringify(span).includes('cm_7')).toBe(id !== undefined);
  });

  test('once it has ended, spans are told nothing', async () => {
    const server = await serve(harness, {
      before: (laki) => {
        instrument(laki as unknown as Instrumented)();
        return [];
      },
      route: throwing(says(403, 'KYC_NOT_APPROVED')),
    });
    await server.ask();

    expect(sdk.spans()).toStrictEqual([{ name: '/', attributes: {}, status: 'UNSET' }]);
  });
});

describe('A request', () => {
  /** What becomes of an error in the context of some span. */
  const replied = async (span: Span | undefined) => {
    const laki = createLakiConnect();
    instrument(laki);
    const active = span === undefined ? context.active() : trace.setSpan(context.active(), span);
    const incoming = { request: {}, accept: undefined, acceptLanguage: 'en', isSent: () => false };
    return context.with(active, () =>
      laki.handler()(new LakiConnectError({ kind: 'UNAUTHORIZED' }), incoming),
    );
  };
  const reply = { status: 502, problem: { code: 'PAYMENTS_UNAVAILABLE' } };

  test('without a span is answered', async () => {
    await expect(replied(undefined)).resolves.toMatchObject({ reply });
  });

  test.each(['isRecording', 'setAttributes', 'setStatus'] as const)(
    'whose span throws from %s is answered',
    async (method) => {
      const span = sdk.tracer.startSpan('hostile');
      const called: string[] = [];
      span[method] = () => {
        called.push(method);
        throw new Error('No disk');
      };
      await expect(replied(span)).resolves.toMatchObject({ reply });
      expect(called).toEqual([method]);
    },
  );

  test('is told nothing of what is not its own', () => {
    const { laki, tell } = createTeller();
    instrument(laki, { merchantId: true });
    const span = sdk.tracer.startSpan('one');
    context.with(trace.setSpan(context.active(), span), () => {
      for (const type of ['lookup', 'webhook', 'invalidated'])
        tell({ type, status: 503, merchantId: 'cm_7' });
    });
    span.end();

    expect(sdk.spans()).toStrictEqual([{ name: 'one', attributes: {}, status: 'UNSET' }]);
  });

  test('whose span is not recorded asks no more of it', async () => {
    const span = trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 0 });
    span.setAttributes = () => {
      throw new Error('It was told.');
    };
    let asked = 0;
    span.isRecording = () => {
      asked++;
      return false;
    };
    await expect(replied(span)).resolves.toMatchObject({ reply });
    expect(asked).toBe(1);
  });
});
