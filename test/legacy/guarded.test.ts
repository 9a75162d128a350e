/** `guarded` as a method decorator under `experimentalDecorators`. */
import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import express from 'express';
import express4 from 'express4';
import Koa from 'koa';
import Koa2 from 'koa2';
import { expressHarness } from '../adapters/express.js';
import type { Laki, Middleware } from '../adapters/contract/harness.js';
import { closeServers } from '../adapters/contract/server.js';
import { openShop } from '../adapters/contract/shop.js';
import { koaHarness } from '../adapters/koa.js';

// The frameworks' own handlers log there in production.
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(async () => {
  await closeServers();
  jest.restoreAllMocks();
});

const HARNESSES = [
  expressHarness(4, express4 as unknown as typeof express),
  expressHarness(5, express),
  koaHarness(2, Koa2 as unknown as typeof Koa),
  koaHarness(3, Koa),
];

/** As other libraries say of a method what it is for. */
const says =
  (key: string, value: unknown): MethodDecorator =>
  (_target, _property, descriptor) =>
    Reflect.defineMetadata(key, value, descriptor.value as object);

describe.each(HARNESSES)('$name', (harness) => {
  const { guarded, exchange } = harness;

  function controller(laki: Laki) {
    class Charges {
      readonly answer = 'paid';
      static readonly answer = 'paid, too';

      @says('above', 1)
      @guarded(laki.requireKycApproved(), laki.requireFeeConfig())
      @says('below', 2)
      async pay(...given: unknown[]): Promise<void> {
        await new Promise(setImmediate);
        exchange(laki, given).send(this.answer, 201);
      }

      @guarded(laki.preflight())
      static pay(...given: unknown[]) {
        exchange(laki, given).send(this.answer, 201);
      }

      @guarded(laki.preflight())
      fail(this: void): Promise<never> {
        return Promise.reject<never>(undefined);
      }
    }
    return { Charges, charges: new Charges() };
  }

  const mounted = (pick: (made: ReturnType<typeof controller>) => Middleware) =>
    openShop(harness, { before: (laki) => [pick(controller(laki))] });

  test.each([
    ['approved', 201],
    ['pending', 409],
    ['without a fee', 409],
  ] as const)('a method for a merchant who is %s answers %d', async (standing, status) => {
    const shop = await mounted(
      ({ charges }) =>
        (...given) =>
          charges.pay(...given),
    );
    shop.standing.set('cm_1', standing);
    const reply = await shop.pay('cm_1');

    expect(reply.status).toBe(status);
    if (status === 201) expect(reply.text).toBe('paid');
  });

  test('a static method keeps its class', async () => {
    const shop = await mounted(
      ({ Charges }) =>
        (...given) =>
          Charges.pay(...given),
    );

    expect(await shop.pay('cm_1')).toMatchObject({ status: 201, text: 'paid, too' });
    shop.standing.set('cm_2', 'unlinked');
    expect((await shop.pay('cm_2')).status).toBe(409);
  });

  test('a method that rejects with undefined is a 500', async () => {
    const shop = await mounted(
      ({ charges }) =>
        (...given) =>
          (charges.fail as Middleware)(...given),
    );

    expect((await shop.pay('cm_1')).status).toBe(500);
    expect(shop.reached()).toBe(0);
  });

  test('metadata from above and below stay, and so does what the compiler says', () => {
    const { Charges, charges } = controller(
      harness.lakiconnect({ apiKey: 'a:b', merchantId: () => 'cm_1' }) as Laki,
    );

    expect(Reflect.getMetadata('above', charges.pay)).toBe(1);
    expect(Reflect.getMetadata('below', charges.pay)).toBe(2);
    expect(Reflect.getMetadata('design:returntype', Charges.prototype, 'pay')).toBe(Promise);
    expect(charges.pay.name).toBe('pay');
  });

  test('the property stays as it was but for its value', () => {
    const { Charges } = controller(harness.lakiconnect({ apiKey: 'a:b', merchantId: () => 'cm_1' }) as Laki);

    expect(Object.getOwnPropertyDescriptor(Charges.prototype, 'pay')).toEqual({
      value: expect.any(Function),
      writable: true,
      enumerable: false,
      configurable: true,
    });
  });
});
