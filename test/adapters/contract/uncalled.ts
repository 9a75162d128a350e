import { describe, expect, test } from '@jest/globals';
import { SECRET } from '../../webhooks.js';
import type { Harness, Laki, Middleware } from './harness.js';
import { serve } from './server.js';

const OPTIONS = {
  merchantId: () => 'cm_1',
  lookups: { kycStatus: () => 'approved', feeConfig: () => ({}) },
};

/** What makes middleware is mounted itself, in place of what it makes: the error says to call it. */
export function uncalled(harness: Harness): void {
  const laki = harness.lakiconnect(OPTIONS) as Laki;
  const handler: Middleware = (...given) => harness.exchange(laki, given).send('reached');
  const failing: Middleware = () => {
    throw new Error('a route of the platform failed');
  };

  test.each<[usage: string, middleware: Middleware[]]>([
    ['preflight()', [laki.preflight]],
    ['preflight()', [harness.guarded(laki.preflight)(handler)]],
    ['requireKycApproved()', [laki.requireKycApproved]],
    ['requireFeeConfig()', [laki.requireFeeConfig]],
    ['requireIdempotencyKey()', [laki.requireIdempotencyKey]],
    ['webhook({ secret })', [laki.webhook]],
    // Koa's stands before what fails, Express's behind it.
    ['errorHandler()', [laki.errorHandler, failing, laki.errorHandler]],
  ])('%s', async (usage, middleware) => {
    const heard: unknown[] = [];
    let reached = 0;
    const server = await serve(harness, {
      options: OPTIONS,
      mounted: false,
      before: () => middleware,
      route: ({ send }) => {
        reached++;
        send('reached');
      },
      own: (error) => heard.push(error) < 0,
    });
    const [name] = usage.split('(');
    expect((await server.ask()).status).toBe(500);
    expect(reached).toBe(0);
    expect(heard).toEqual([
      new TypeError(
        `lakiconnect: ${name!} was mounted without being called. Mount what it returns, as in app.use(laki.${usage}).`,
      ),
    ]);
  });

  describe('one that was called', () => {
    test('is told nothing', async () => {
      const server = await serve(harness, {
        options: OPTIONS,
        before: () => [
          laki.preflight(),
          laki.requireKycApproved(),
          laki.requireFeeConfig({ mode: 'report' }),
          laki.requireIdempotencyKey({ required: false }),
        ],
        route: ({ send }) => send('reached'),
      });
      expect(await server.ask()).toMatchObject({ status: 200, text: 'reached' });
      expect(laki.webhook({ secret: SECRET })).toBeInstanceOf(Function);
    });
  });
}
