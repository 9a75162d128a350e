import { describe, expect, jest, test } from '@jest/globals';
import {
  feeConfigured,
  kycApproved,
  type GuardOptions,
  type LakiConnectError,
  type Options,
} from 'lakiconnect-middleware';
import { markOf } from '../../src/guards/mark.js';
import { rejection } from '../provider/harness.js';
import { APPROVED, FREE, idle, start, type Asked } from './harness.js';

type MerchantIdOf = NonNullable<GuardOptions<Asked>['merchantId']>;

const REQUEST: Asked = { id: 'm1' };
const own = new Error('The session has expired');
const throws = (): never => {
  throw own;
};

/** What a guard throws or rejects with. */
const refusalOf = (guarded: () => void | Promise<void>): Promise<unknown> =>
  rejection(Promise.resolve().then(guarded));

describe('A merchant’s id', () => {
  test('is asked for by each guard, as a route has other params than the router around it', async () => {
    const merchantId = jest.fn(({ id }: Asked) => id as string);
    const { laki } = start({ merchantId });
    const state = {};
    await laki.guard([kycApproved])(REQUEST, state);
    await laki.guard([feeConfigured])({ id: 'm2' }, state);
    expect(merchantId.mock.calls).toEqual([[REQUEST], [{ id: 'm2' }]]);
    expect(laki.learnt(state)).toEqual({ id: 'm2', feeConfig: FREE, facts: { feeConfigured: FREE } });
  });

  test('that stays the same keeps what the guard before has learnt', async () => {
    const { laki } = start();
    const state = {};
    await laki.guard([kycApproved])(REQUEST, state);
    await laki.guard([feeConfigured])(REQUEST, state);
    expect(laki.learnt(state)).toEqual({
      id: 'm1',
      kycStatus: APPROVED,
      feeConfig: FREE,
      facts: { kycApproved: APPROVED, feeConfigured: FREE },
    });
  });

  test('that one guard lets pass opens no other guard for another', async () => {
    const { laki } = start({ lookups: { kycStatus: (id) => (id === 'm1' ? APPROVED : 'pending') } });
    const guard = laki.guard([kycApproved]);
    const state = {};
    await guard(REQUEST, state);
    expect(await refusalOf(() => guard({ id: 'm2' }, state))).toMatchObject({ merchantId: 'm2' });
  });

  test('is asked for again by a guard with another function; what was learnt is of the last', async () => {
    const { laki } = start();
    const other = jest.fn(() => 'm2');
    const state = {};
    await laki.guard([kycApproved])(REQUEST, state);
    await laki.guard([feeConfigured], { merchantId: other })(REQUEST, state);
    expect(other).toHaveBeenCalledTimes(1);
    expect(laki.learnt(state)).toEqual({ id: 'm2', feeConfig: FREE, facts: { feeConfigured: FREE } });
  });

  test('from another function keeps what was learnt, if it is the same', async () => {
    const { laki } = start();
    const state = {};
    await laki.guard([kycApproved])(REQUEST, state);
    await laki.guard([feeConfigured], { merchantId: () => 'm1' })(REQUEST, state);
    expect(laki.learnt(state)?.facts).toEqual({ kycApproved: APPROVED, feeConfigured: FREE });
  });

  test('is asked for in each request', async () => {
    const merchantId = jest.fn(({ id }: Asked) => id as string);
    const { laki } = start({ merchantId });
    const guard = laki.guard();
    for (const id of ['m1', 'm2', 'm1']) await guard({ id }, {});
    expect(merchantId).toHaveBeenCalledTimes(3);
  });

  test.each<[string, MerchantIdOf]>([
    ['a promise', async () => 'm1'],
    ['a thenable', (() => ({ then: (settle: (id: string) => void) => settle('m1') })) as never],
  ])('may be %s', async (_what, merchantId) => {
    const { laki } = start({ merchantId });
    const state = {};
    await laki.guard()(REQUEST, state);
    expect(laki.learnt(state)).toMatchObject({ id: 'm1', kycStatus: APPROVED });
  });

  test('that is a promise of none is refused', async () => {
    const { laki } = start({ merchantId: async () => undefined });
    expect(await refusalOf(() => laki.guard()(REQUEST, {}))).toMatchObject({ kind: 'MERCHANT_UNIDENTIFIED' });
  });

  test.each<[string, MerchantIdOf]>([
    ['throws', throws],
    ['rejects', async () => throws()],
    [
      'gives a thenable that rejects',
      (() => ({ then: (_: unknown, no: (e: Error) => void) => no(own) })) as never,
    ],
  ])('whose function %s is the platform’s own error, and passes on', async (_how, merchantId) => {
    const { laki, events } = start({ merchantId });
    const state = {};
    expect(await refusalOf(() => laki.guard()(REQUEST, state))).toBe(own);
    expect(laki.learnt(state)).toBeUndefined();
    expect(events).toEqual([]);
  });

  test.each<[string, MerchantIdOf, string]>([
    ['throws', throws, 'Error: The session has expired'],
    ['rejects', async () => throws(), 'Error: The session has expired'],
    [
      'throws nothing in particular',
      () => {
        throw undefined;
      },
      'undefined',
    ],
  ])('whose function %s stops no request in a trial, but is told', async (_how, merchantId, reason) => {
    const { laki, events } = start({ merchantId });
    const state = {};
    expect(await laki.guard(undefined, { mode: 'report' })(REQUEST, state)).toBeUndefined();
    expect(events).toEqual([{ type: 'undetermined', level: 'error', mode: 'report', passed: true, reason }]);
    expect(laki.learnt(state)).toBeUndefined();
  });

  test('must be somebody’s to name, before any request', () => {
    const { laki } = start({ merchantId: undefined });
    for (const options of [undefined, {}, { merchantId: undefined }]) {
      expect(() => laki.guard(undefined, options)).toThrow(TypeError);
      expect(() => laki.guard(undefined, options)).toThrow('`merchantId`');
    }
    expect(() => laki.guard(undefined, { merchantId: () => 'm1' })).not.toThrow();
  });
});

describe('What a guard learnt', () => {
  test('is one core’s and one request’s', async () => {
    const [{ laki }, { laki: other }] = [start(), start()];
    const state = {};
    await laki.guard()(REQUEST, state);
    expect(laki.learnt(state)).toMatchObject({ id: 'm1' });
    expect(laki.learnt({})).toBeUndefined();
    expect(laki.learnt(undefined)).toBeUndefined();
    expect(other.learnt(state)).toBeUndefined();
  });

  test('leaves the platform’s own state alone', async () => {
    const { laki } = start();
    const state = { user: 'u1' };
    await laki.guard()(REQUEST, state);
    expect(Object.entries(state)).toEqual([['user', 'u1']]);
    expect(JSON.stringify(state)).toBe('{"user":"u1"}');
  });

  test('is nothing where the merchant was refused', async () => {
    const { laki } = start({ lookups: { kycStatus: () => 'pending', feeConfig: () => FREE } });
    const state = {};
    await refusalOf(() => laki.guard()(REQUEST, state));
    expect(laki.learnt(state)).toBeUndefined();
  });

  test('is what is known, where it is let pass unjudged', async () => {
    const { laki } = start({ lookups: { kycStatus: throws, feeConfig: () => FREE } });
    const state = {};
    await laki.guard(undefined, { whenUndetermined: 'allow' })(REQUEST, state);
    expect(laki.learnt(state)).toEqual({ id: 'm1', feeConfig: FREE, facts: { feeConfigured: FREE } });
  });
});

describe('The audience of a guard', () => {
  const refusing = { kycStatus: () => 'pending', feeConfig: () => FREE };
  const incoming = { accept: undefined, acceptLanguage: 'en', isSent: () => false };

  async function replied(options: Options<Asked>, guarding: GuardOptions<Asked>, request: Asked = REQUEST) {
    const { laki } = start({ lookups: refusing, ...options });
    const state = {};
    const error = (await refusalOf(() =>
      laki.guard([kycApproved], guarding)(request, state),
    )) as LakiConnectError;
    return { error, reply: (await laki.handler()(error, { ...incoming, request, state })).reply };
  }

  const bySeller = ({ seller }: Asked) => (seller === true ? ('merchant' as const) : ('customer' as const));
  const seller = { ...REQUEST, seller: true };

  test.each<[string, Options<Asked>, GuardOptions<Asked>, Asked, number]>([
    ['of nobody in particular is the customer', {}, {}, REQUEST, 409],
    ['is that of the core', { audience: 'merchant' }, {}, REQUEST, 403],
    ['is its own before the core’s', {}, { audience: 'merchant' }, REQUEST, 403],
    ['is its own, if it tells less', { audience: 'merchant' }, { audience: 'customer' }, REQUEST, 409],
    ['is asked of the request', {}, { audience: bySeller }, seller, 403],
    ['is asked of the request, and may be the customer', {}, { audience: bySeller }, REQUEST, 409],
    ['that is none is the customer', {}, { audience: (() => 'staff') as never }, seller, 409],
  ])('%s', async (_whose, options, guarding, request, status) => {
    expect((await replied(options, guarding, request)).reply).toMatchObject({ status });
  });

  test('is asked at the guard, and not again where the reply is made', async () => {
    const audience = jest.fn(bySeller);
    await replied({}, { audience }, seller);
    expect(audience.mock.calls).toEqual([[seller]]);
  });

  test('is the reader of later errors of the route, too', async () => {
    const { laki } = start({ lookups: { kycStatus: () => APPROVED, feeConfig: () => FREE } });
    const state = {};
    await laki.guard(undefined, { audience: 'merchant' })(REQUEST, state);
    const { laki: other } = start({ lookups: refusing });
    const error = await rejection(other.check('m1'));
    const { reply } = await laki.handler()(error, { ...incoming, request: REQUEST, state });
    expect(reply).toMatchObject({ status: 403 });
  });

  test.each<[string, () => never, string]>([
    ['throws', throws, 'it threw '],
    ['gives a promise', () => Promise.resolve('merchant') as never, 'it gave a promise'],
    ['gives a promise that rejects', () => Promise.reject(own) as never, 'it gave a promise'],
    ['gives another word', () => 'staff' as never, "it gave 'staff'"],
  ])('whose function %s is the customer, and an event says so', async (_how, audience, told) => {
    const { laki, events } = start({ lookups: refusing });
    const state = {};
    const error = await refusalOf(() => laki.guard([kycApproved], { audience })(REQUEST, state));
    const { reply } = await laki.handler({ audience: 'merchant' })(error, {
      ...incoming,
      request: REQUEST,
      state,
    });
    expect(reply).toMatchObject({ status: 409 });
    await idle(); // an unhandled rejection would fail the test
    const reason = expect.stringContaining(told) as unknown;
    expect(events[0]).toEqual({ type: 'misconfigured', level: 'error', option: 'audience', reason });
  });
});

test.each<[string, unknown, string]>([
  ['mode', { mode: 'dry' }, "option `mode` is 'dry'"],
  ['whenUndetermined', { whenUndetermined: true }, 'option `whenUndetermined` is true'],
  ['audience', { audience: 'staff' }, "option `audience` is 'staff'"],
  ['merchantId', { merchantId: 'm1' }, "option `merchantId` is 'm1'"],
  ['what there is not', { merchant: () => 'm1' }, 'there is no option `merchant`'],
  ['null', null, 'options must be an object, got null'],
])('A guard is not made with a wrong option: %s', (_what, options, told) => {
  const { laki } = start();
  expect(() => laki.guard(undefined, options as GuardOptions<Asked>)).toThrow(TypeError);
  expect(() => laki.guard(undefined, options as GuardOptions<Asked>)).toThrow(told);
});

test.each<[GuardOptions<Asked>['mode'], string | undefined]>([
  [undefined, 'guard'],
  ['enforce', 'guard'],
  ['report', undefined],
])('A guard in mode %s is marked as %s', (mode, mark) => {
  expect(markOf(start().laki.guard(undefined, { mode }))).toBe(mark);
});
