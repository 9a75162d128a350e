import { describe, expect, test } from '@jest/globals';
import { markOf } from '../../../src/guards/mark.js';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { Harness, Laki, Middleware } from './harness.js';
import { openShop } from './shop.js';

/** Guards put before a handler itself: a wrapper, and a method decorator. */
export function guarded(harness: Harness): void {
  const { guarded: putBefore, exchange } = harness;

  /** A controller whose one method is protected, and answers with a field of its own. */
  function controller(laki: Laki, guards: readonly Middleware[], fails?: () => unknown): Middleware {
    class Charges {
      readonly answer = 'paid';

      @putBefore(...guards)
      async pay(...given: unknown[]) {
        await new Promise(setImmediate);
        fails?.();
        exchange(laki, given).send(this.answer, 201);
      }
    }
    const charges = new Charges();
    return (...given) => charges.pay(...given);
  }

  const wrapped = (laki: Laki, guards: readonly Middleware[], fails?: () => unknown): Middleware =>
    putBefore(...guards)((...given: unknown[]) => {
      fails?.();
      exchange(laki, given).send('paid', 201);
    });

  describe.each([
    ['a controller', controller],
    ['a wrapped handler', wrapped],
  ])('%s', (_, make) => {
    test.each([
      ['approved', 201],
      ['pending', 409],
      ['without a fee', 409],
    ] as const)('of a merchant who is %s answers %d', async (standing, status) => {
      const shop = await openShop(harness, { before: (laki) => [make(laki, [laki.preflight()])] });
      shop.standing.set('cm_1', standing);

      expect(await shop.pay('cm_1')).toMatchObject({ status, ...(status === 201 ? { text: 'paid' } : {}) });
      expect(await shop.pay('cm_1')).toMatchObject({ status });
      expect(shop.reached()).toBe(0);
    });

    test('runs its guards in order, up to the first that refuses', async () => {
      const shop = await openShop(harness, {
        before: (laki) => [
          make(laki, [laki.requireFeeConfig({ audience: 'merchant' }), laki.requireKycApproved()]),
        ],
      });
      shop.standing.set('cm_1', 'without a fee').set('cm_2', 'pending');

      expect((await shop.pay('cm_1')).body.code).toBe('FEE_CONFIG_NOT_SET');
      expect(shop.lookups()).toEqual(['/fee-config']);
      expect((await shop.pay('cm_2')).body.code).toBe('KYC_NOT_APPROVED');
    });

    test.each<[string, () => unknown, number]>([
      ['LakiConnect’s error', () => answered(404, documented('NOT_FOUND')), 404],
      ['another error', () => new Error('Out of paper'), 500],
      ['undefined', () => undefined, 500],
      ['null', () => null, 500],
    ])('that throws %s is answered by the error handlers', async (_what, thrown, status) => {
      const shop = await openShop(harness, {
        before: (laki) => [make(laki, [laki.preflight()], throwing(thrown))],
      });

      expect((await shop.pay('cm_1')).status).toBe(status);
      expect(shop.reached()).toBe(0);
    });

    test('knows what its guards have learnt', async () => {
      const seen: unknown[] = [];
      const shop = await openShop(harness, {
        before: (laki) => [
          putBefore(laki.preflight())((...given: unknown[]) => {
            const { merchant, send } = exchange(laki, given);
            seen.push(merchant()?.kycStatus);
            send('paid');
          }),
        ],
      });
      await shop.pay('cm_1');

      expect(seen).toEqual(['approved']);
    });
  });

  test('a middleware of the platform’s may be among the guards, and end the request', async () => {
    const ends: Middleware = (...given) => exchange({} as Laki, given).send('closed', 423);
    let ran = 0;
    const shop = await openShop(harness, {
      before: (laki) => [putBefore(ends, laki.preflight())(() => void ran++)],
    });

    expect(await shop.pay('cm_1')).toMatchObject({ status: 423, text: 'closed' });
    expect([ran, shop.lookups().length, shop.reached()]).toEqual([0, 0, 0]);
  });

  test.each<[string, Middleware]>([
    ['throws', throwing(() => new Error('Out of paper'))],
    ['rejects', () => Promise.reject(new Error('Out of paper'))],
  ])('a middleware of the platform’s that %s is answered by the error handlers', async (_, middleware) => {
    let ran = 0;
    const shop = await openShop(harness, { before: () => [putBefore(middleware)(() => void ran++)] });

    expect((await shop.pay('cm_1')).status).toBe(500);
    expect(ran).toBe(0);
  });

  test('a handler may hand the request on', async () => {
    const shop = await openShop(harness, {
      before: (laki) => [
        putBefore(laki.preflight())((...given: unknown[]) => (given.at(-1) as () => unknown)()),
      ],
    });

    expect(await shop.pay('cm_1')).toMatchObject({ status: 201, text: 'paid' });
    expect(shop.reached()).toBe(1);
  });

  if (harness.framework === 'express') {
    test.each<[string, (next: Middleware) => Middleware]>([
      ['a guard', (goOn) => putBefore(goOn)(throwing(() => new Error('ran')))],
      ['a handler', (goOn) => putBefore(goOn)(goOn)],
    ])("%s may hand on 'route', which is no error", async (_, make) => {
      const goOn: Middleware = (...given: unknown[]) => (given.at(-1) as (to?: string) => unknown)('route');
      const shop = await openShop(harness, { before: () => [make(goOn)] });

      expect(await shop.pay('cm_1')).toMatchObject({ status: 201, text: 'paid' });
    });

    test('a handler that is called without next rejects with what it throws', async () => {
      const handler = putBefore((...given: unknown[]) => (given.at(-1) as () => unknown)())(
        throwing(() => new Error('Out of paper')) as (request: object, response: object) => unknown,
      );

      await expect(handler({}, {})).rejects.toThrow('Out of paper');
    });
  }

  const guard = () => (harness.lakiconnect({ apiKey: 'a:b', merchantId: () => 'cm_1' }) as Laki).preflight();
  const handler: Middleware = function pay() {};

  test.each<[string, unknown[]]>([
    ['nothing', []],
    ['undefined', [undefined]],
    ['an object', [{}]],
    ['two handlers', [handler, handler]],
    ['a handler and what is no context', [handler, { kind: 'field' }]],
    ['a getter', [handler, { kind: 'getter' }]],
    ['a class', [class {}, { kind: 'class' }]],
    ['a field under experimentalDecorators', [{}, 'pay', undefined]],
    ['an accessor under experimentalDecorators', [{}, 'pay', { get: handler }]],
    ['three handlers', [handler, handler, handler]],
  ])('%s is nothing that can be guarded', (_, given) => {
    const wrap = () => (putBefore(guard()) as (...given: unknown[]) => unknown)(...given);

    expect(wrap).toThrow(TypeError);
    expect(wrap).toThrow(/takes one handler.*or decorates one method/);
  });

  test.each<[string, unknown[]]>([
    ['no guard', []],
    ['undefined', [undefined]],
    ['a list of guards', [[guard()]]],
    ['the core’s options', [guard(), { audience: 'merchant' }]],
  ])('%s guards nothing', (_, given) => {
    const make = () => putBefore(...(given as Middleware[]));

    expect(make).toThrow(TypeError);
    expect(make).toThrow(/expected guards such as laki\.preflight\(\)/);
    expect(make).not.toThrow(/merchant/); // what is in an object may be a secret
  });

  test('what is guarded keeps its name, and can be told from what is not', () => {
    const report = (harness.lakiconnect({ apiKey: 'a:b', merchantId: () => 'cm_1' }) as Laki).preflight(
      undefined,
      {
        mode: 'report',
      },
    );

    expect(putBefore(guard())(handler)).toHaveProperty('name', 'pay');
    const { name } = Object.getOwnPropertyDescriptors(putBefore(guard())(handler));
    expect(name).toHaveProperty('configurable', true);
    expect(markOf(putBefore(guard())(handler))).toBe('guarded');
    expect(markOf(putBefore(handler, guard())(handler))).toBe('guarded');
    expect(markOf(putBefore(handler)(putBefore(guard())(handler)))).toBe('guarded');
    expect(markOf(putBefore(report)(handler))).toBeUndefined();
    expect(markOf(putBefore(handler)(handler))).toBeUndefined();
    expect(markOf(handler)).toBeUndefined();
  });
}
