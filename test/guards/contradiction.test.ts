import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  defineRequirement,
  feeConfigured,
  LakiConnectError,
  type Kind,
  type LakiConnectErrorInit,
  type Options,
} from 'lakiconnect-middleware';
import type { Told } from '../../src/events.js';
import { createContradiction } from '../../src/guards/contradiction.js';
import { createInvalidation } from '../../src/guards/invalidation.js';
import { documented } from '../envelopes.js';
import { rejection } from '../provider/harness.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { APPROVED, FREE, idle, spoken, start, type Asked } from './harness.js';

const error = (kind: Kind, more: Partial<LakiConnectErrorInit> = {}) =>
  new LakiConnectError({ kind, requestId: 'req_1', grounds: grounds('call'), ...more });

const grounds = (recognisedBy: 'origin' | 'call' | 'brand' | 'body') =>
  ({ recognisedBy, kindBy: 'code', outcomeBy: 'status' }) as const;

function hearing({ wasMet = true, isDone = true } = {}) {
  const facts = { wasMet: jest.fn(() => wasMet), distrust: jest.fn(() => isDone) };
  const told: Told[] = [];
  const tell = (event: Told) => void told.push(event);
  const invalidate = createInvalidation({ forget: () => undefined }, undefined, tell);
  return { facts, told, contradict: createContradiction(facts, invalidate, tell) };
}

describe('What the provider says of a merchant', () => {
  test.each<[Kind, string]>([
    ['KYC_NOT_APPROVED', 'kycApproved'],
    ['CONNECTED_MERCHANT_NOT_FOUND', 'kycApproved'],
    ['FEE_CONFIG_NOT_SET', 'feeConfigured'],
  ])('%s speaks against %s', (kind, requirement) => {
    const { facts, told, contradict } = hearing();
    contradict(error(kind), 'm1');
    expect(facts.wasMet.mock.calls).toEqual([['m1', requirement]]);
    expect(facts.distrust.mock.calls).toEqual([['m1']]);
    const about = { kind, merchantId: 'm1', requestId: 'req_1' };
    expect(told).toEqual([
      { type: 'disagreement', level: 'warn', requirement, ...about },
      { type: 'invalidated', level: 'info', cause: 'error', ...about },
    ]);
  });

  test.each<[boolean, boolean, readonly string[]]>([
    [true, false, ['disagreement']],
    [false, true, ['invalidated']],
    [false, false, []],
  ])('was met: %s, forgotten now: %s', (wasMet, isDone, types) => {
    const { told, contradict } = hearing({ wasMet, isDone });
    contradict(error('KYC_NOT_APPROVED'), 'm1');
    expect(told.map(({ type }) => type)).toEqual(types);
  });

  test.each<[string, LakiConnectError, string | undefined]>([
    ['of nobody in particular', error('KYC_NOT_APPROVED'), undefined],
    ['that a guard of ours has said', error('KYC_NOT_APPROVED', { grounds: undefined }), 'm1'],
    ['that a body alone has said', error('KYC_NOT_APPROVED', { grounds: grounds('body') }), 'm1'],
    ['that a name alone has said', error('KYC_NOT_APPROVED', { grounds: grounds('brand') }), 'm1'],
    ...(['NOT_FOUND', 'FORBIDDEN', 'TIMEOUT', 'UNDETERMINED', 'VALIDATION_ERROR'] as const).map(
      (kind): [string, LakiConnectError, string] => [`beside the point (${kind})`, error(kind), 'm1'],
    ),
  ])('%s changes nothing', (_what, said, merchantId) => {
    const { facts, told, contradict } = hearing();
    contradict(said, merchantId);
    expect(facts.wasMet).not.toHaveBeenCalled();
    expect(facts.distrust).not.toHaveBeenCalled();
    expect(told).toEqual([]);
  });

  test('is heard once, however often it is told, but not before it is known of whom', () => {
    const { facts, told, contradict } = hearing();
    const said = error('KYC_NOT_APPROVED');
    contradict(said, undefined);
    for (const id of ['m1', 'm1', 'm2']) contradict(said, id);
    expect(facts.distrust.mock.calls).toEqual([['m1']]);
    expect(told).toHaveLength(2);
    contradict(error('KYC_NOT_APPROVED'), 'm1');
    expect(facts.distrust).toHaveBeenCalledTimes(2);
  });
});

test.each([
  [true, 'info'],
  [false, 'error'],
] as const)('What the provider says is shared, as often as it is believed: %s', async (shared, level) => {
  const facts = { wasMet: () => false, distrust: jest.fn(() => true) };
  const told: Told[] = [];
  const tell = (event: Told) => void told.push(event);
  const forget = jest.fn(async () => shared);
  const invalidate = createInvalidation({ forget: () => undefined }, { forget }, tell);
  const contradict = createContradiction(facts, invalidate, tell);
  contradict(error('KYC_NOT_APPROVED'), 'm1');
  await Promise.resolve();
  facts.distrust.mockReturnValue(false);
  contradict(error('KYC_NOT_APPROVED'), 'm1');
  await idle();
  expect(forget.mock.calls).toEqual([['m1']]);
  const about = { kind: 'KYC_NOT_APPROVED', merchantId: 'm1', requestId: 'req_1' };
  expect(told).toEqual([{ type: 'invalidated', level, cause: 'error', shared, ...about }]);
});

describe('A payment that the provider refuses', () => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  beforeEach(() => {
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
  });
  afterAll(() => upstream.close());

  const request: Asked = { id: 'm1' };
  const incoming = { request, accept: undefined, acceptLanguage: 'en', isSent: () => false };

  function shop(options: Options<Asked> = {}) {
    const kycStatus = jest.fn(() => APPROVED);
    const feeConfig = jest.fn(() => FREE);
    const lookups = { kycStatus, feeConfig };
    const core = start({ apiKey: 'lk_pub_1:lk_sec_2', baseUrl: upstream.url, lookups, ...options });
    const said = () =>
      core.events
        .filter(({ type }) => type === 'disagreement' || type === 'invalidated')
        .map(({ type }) => type);
    return { ...core, kycStatus, feeConfig, said };
  }

  type Shop = ReturnType<typeof shop>;
  type Pay = (laki: Shop['laki']) => Promise<unknown>;

  const byClient: Pay = (laki) => laki.client.post('/payment/direct', { body: {}, merchantId: 'm1' });
  const byCall: Pay = (laki) =>
    laki.call(({ signal }) => fetch(`${upstream.url}/payment/direct`, { method: 'POST', signal }), {
      merchantId: 'm1',
    });
  const unread: Pay = async () => {
    const response = await fetch(`${upstream.url}/payment/direct`, { method: 'POST' });
    throw Object.assign(new Error('Not 2xx'), { response });
  };

  test.each<[string, Pay]>([
    ['client', byClient],
    ['call', byCall],
  ])('by %s makes the next request look again', async (_how, pay) => {
    const { laki, said, kycStatus, feeConfig } = shop();
    await laki.check('m1');
    expect(await rejection(pay(laki))).toMatchObject({ kind: 'KYC_NOT_APPROVED', merchantId: 'm1' });
    expect(said()).toEqual(['disagreement', 'invalidated']);
    await laki.check('m1');
    expect([kycStatus.mock.calls.length, feeConfig.mock.calls.length]).toEqual([2, 2]);
  });

  test('is told in full', async () => {
    const { laki, events } = shop();
    await laki.check('m1');
    await rejection(byClient(laki));
    const about = { kind: 'KYC_NOT_APPROVED', merchantId: 'm1', requestId: 'req_1a2b3c4d5e6f' };
    expect(events.slice(2)).toEqual([
      { type: 'disagreement', level: 'warn', requirement: 'kycApproved', ...about },
      { type: 'invalidated', level: 'info', cause: 'error', ...about },
    ]);
  });

  test.each<[string, Kind, number, (s: Shop) => Promise<unknown>, readonly string[]]>([
    ['that nobody has looked at', 'KYC_NOT_APPROVED', 403, async () => undefined, ['invalidated']],
    [
      'whose fee alone was looked at',
      'KYC_NOT_APPROVED',
      403,
      async ({ laki }) => laki.check('m1', [feeConfigured]),
      ['invalidated'],
    ],
    [
      'whose fee is gone',
      'FEE_CONFIG_NOT_SET',
      503,
      async ({ laki }) => laki.check('m1'),
      ['disagreement', 'invalidated'],
    ],
    [
      'that is not linked any more',
      'CONNECTED_MERCHANT_NOT_FOUND',
      404,
      async ({ laki }) => laki.check('m1'),
      ['disagreement', 'invalidated'],
    ],
    ['that exists, for something that does not', 'NOT_FOUND', 404, async ({ laki }) => laki.check('m1'), []],
  ])('for a merchant %s', async (_whose, code, status, before, types) => {
    upstream.answer({ status, body: documented(code) });
    const core = shop();
    await before(core);
    await rejection(byClient(core.laki));
    expect(core.said()).toEqual(types);
  });

  test('makes for one more look per `unmetMs`, however often it is tried', async () => {
    const { laki, clock, kycStatus, said } = shop();
    for (let n = 0; n < 20; n++) {
      await laki.check('m1');
      await rejection(byClient(laki));
      clock.pass(500);
    }
    expect(kycStatus).toHaveBeenCalledTimes(3);
    expect(said().filter((type) => type === 'invalidated')).toHaveLength(2);
    expect(said().filter((type) => type === 'disagreement')).toHaveLength(20);
  });

  test.each<[string, Pay]>([
    ['client', byClient],
    ['call', byCall],
  ])('is heard once: by %s, not again by the handler of errors', async (_how, pay) => {
    const { laki, clock, said } = shop();
    await laki.check('m1');
    const thrown = await rejection(pay(laki));
    clock.pass(5000);
    await laki.check('m1');
    const handle = laki.handler();
    for (let n = 0; n < 2; n++) await handle(thrown, incoming);
    expect(said()).toEqual(['disagreement', 'invalidated']);
  });

  test('without saying for whom is joined to the merchant of the route’s guard', async () => {
    const { laki, said, events } = shop();
    const state = {};
    await laki.guard()(request, state);
    const thrown = await rejection(unread(laki));
    const handled = await laki.handler()(thrown, { ...incoming, state });
    expect(handled).toMatchObject({ reply: { status: 409 }, error: { merchantId: 'm1' } });
    expect(said()).toEqual(['disagreement', 'invalidated']);
    expect(events.slice(2)).toMatchObject([{ merchantId: 'm1' }, { merchantId: 'm1' }, { merchantId: 'm1' }]);
  });

  test('by `client` without saying for whom is joined to the merchant of the route’s guard, too', async () => {
    const { laki, said } = shop();
    const state = {};
    await laki.guard()(request, state);
    const thrown = await rejection(laki.client.post('/payment/direct', { body: {} }));
    expect(said()).toEqual([]);
    await laki.handler()(thrown, { ...incoming, state });
    expect(said()).toEqual(['disagreement', 'invalidated']);
  });

  test('for another merchant than the guard’s is about that one', async () => {
    const { laki, events } = shop();
    const state = {};
    await laki.check('m2');
    await laki.guard()(request, state);
    const thrown = await rejection(laki.client.post('/payment/direct', { body: {}, merchantId: 'm2' }));
    await laki.handler()(thrown, { ...incoming, state });
    expect(events.slice(4)).toMatchObject([
      { type: 'disagreement', merchantId: 'm2' },
      { type: 'invalidated', merchantId: 'm2' },
      { type: 'translated', merchantId: 'm2' },
    ]);
  });

  test('without a guard and without a merchant changes nothing', async () => {
    const { laki, said } = shop();
    await laki.check('m1');
    await laki.handler()(await rejection(unread(laki)), { ...incoming, state: {} });
    expect(said()).toEqual([]);
  });

  test('after the reply has begun is heard all the same', async () => {
    const { laki, said } = shop();
    const state = {};
    await laki.guard()(request, state);
    await laki.handler()(await rejection(unread(laki)), { ...incoming, state, isSent: () => true });
    expect(said()).toEqual(['disagreement', 'invalidated']);
  });

  test('in answer to the lookup of a guard is no disagreement', async () => {
    upstream.answer({ status: 404, body: documented('CONNECTED_MERCHANT_NOT_FOUND') });
    const { laki, said, events } = shop({
      lookups: { kycStatus: undefined, feeConfig: () => FREE },
    });
    expect(await rejection(laki.check('m1'))).toMatchObject({ kind: 'CONNECTED_MERCHANT_NOT_FOUND' });
    expect(said()).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'refused', reason: 'it is not linked' });
  });
});

test.each<[string, Kind]>([
  ['a built-in requirement', 'KYC_NOT_APPROVED'],
  ['a requirement of the platform’s own with the same code', 'FEE_CONFIG_NOT_SET'],
])('The refusal of %s is not the provider’s, and changes nothing', async (_whose, kind) => {
  const own = defineRequirement({
    name: 'ownFee',
    rule: { status: 409, code: 'FEE_CONFIG_NOT_SET' },
    messages: spoken('FEE_CONFIG_NOT_SET'),
    lookup: () => ({ met: false }),
  });
  const { laki, events } = start({
    lookups: { kycStatus: () => (kind === 'KYC_NOT_APPROVED' ? 'pending' : APPROVED), feeConfig: () => FREE },
  });
  const state = {};
  await laki.guard(undefined, { mode: 'report' })({ id: 'm1' }, state);
  const guard = laki.guard(kind === 'KYC_NOT_APPROVED' ? undefined : [own]);
  const refused = await rejection(Promise.resolve().then(() => guard({ id: 'm1' }, state)));
  expect(refused).toMatchObject({ kind, origin: 'guard' });
  const incoming = { request: {}, accept: undefined, acceptLanguage: undefined, isSent: () => false, state };
  await laki.handler()(refused, incoming);
  expect(await rejection(laki.call(() => Promise.reject(refused), { merchantId: 'm1' }))).toBe(refused);
  expect(events.map(({ type }) => type)).not.toContain('invalidated');
  expect(events.map(({ type }) => type)).not.toContain('disagreement');
});
