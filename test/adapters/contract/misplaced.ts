import { describe, expect, test } from '@jest/globals';
import { SECRET } from '../../webhooks.js';
import type { Harness, Laki, Middleware } from './harness.js';
import { serve } from './server.js';

const OPTIONS = {
  merchantId: () => 'cm_1',
  lookups: { kycStatus: () => 'approved', feeConfig: () => ({}) },
};

/** What was made for the other framework says so, and which import is right. */
export function misplaced(harness: Harness): void {
  const { framework, guarded, guardedForOther } = harness;
  const other = harness.madeForOther(OPTIONS);

  /** A request to an app that uses some middleware, and what the platform's own error handler heard. */
  async function use(...middleware: Middleware[]) {
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
    return { reply: await server.ask(), heard, reached };
  }

  const handler: Middleware = (...given) => harness.exchange(other, given).send('reached');

  test.each<[string, Middleware]>([
    ['an error handler', other.errorHandler()],
    ['a guard', other.preflight()],
    ['a guard that only reports', other.preflight(undefined, { mode: 'report' })],
    ['a webhook', other.webhook({ secret: SECRET })],
    ['a guard inside the right guarded', guarded(other.preflight())(handler)],
    ['the other guarded', guardedForOther(other.preflight())(handler)],
    [
      'the other guarded around the right guard',
      guardedForOther((harness.lakiconnect(OPTIONS) as Laki).preflight())(handler),
    ],
  ])('%s', async (_, middleware) => {
    const { reply, heard, reached } = await use(middleware);

    expect(reply.status).toBe(500);
    expect(reached).toBe(0);
    expect(heard).toEqual([expect.any(TypeError)]);
    expect(String(heard[0])).toMatch(
      new RegExp(
        `made for (Express|Koa).* import \\{ (lakiconnect|guarded) \\} from 'lakiconnect-middleware/${framework}'`,
      ),
    );
  });

  describe('the right one is told nothing', () => {
    const laki = harness.lakiconnect(OPTIONS) as Laki;

    test('of a guard', async () => {
      expect(await use(laki.preflight())).toMatchObject({ reached: 1, heard: [], reply: { status: 200 } });
    });

    test('of guarded', async () => {
      expect(await use(guarded(laki.preflight())(handler))).toMatchObject({
        reply: { text: 'reached' },
        heard: [],
      });
    });
  });
}
