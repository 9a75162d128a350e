import { expect, test } from '@jest/globals';
import createError from 'http-errors';
import { documented } from '../../envelopes.js';
import { answered } from './failures.js';
import type { Exchange, Harness } from './harness.js';
import { serve } from './server.js';

const SECRET = 'sorrycanary';

/** Express: a route that calls `next` with an error, and goes on. */
export function tick(harness: Harness): void {
  const forgetful =
    (thrown: unknown) => (_: object, response: ExpressResponse, next: (error: unknown) => void) => {
      next(thrown);
      if (!response.headersSent) response.json({ SECRET });
    };

  test.each<[string, () => unknown, number]>([
    ['a LakiConnect error', () => answered(403, documented('KYC_NOT_APPROVED')), 409],
    ["the platform's 401", () => createError(401), 401],
    ['a plain object', () => ({ status: 401 }), 401],
  ])('%s wins over what a route sends after next(error)', async (_, make, status) => {
    const own = (error: unknown, { send }: Exchange): boolean => {
      send('Log in.', (error as { status: number }).status);
      return true;
    };
    const before = () => [forgetful(make()) as never];
    const server = await serve(harness, { before, own, route: () => undefined });
    const reply = await server.ask();

    expect(reply).toMatchObject({ status });
    expect(reply.text).not.toContain(SECRET);
  });

  test.each([
    ['answered', { httpErrors: true }, 401],
    ['forwarded', { forward: true }, 409],
  ])('what is %s wins, too', async (_, handler, status) => {
    const thrown = status === 401 ? createError(401) : answered(403, documented('KYC_NOT_APPROVED'));
    const own = (error: unknown, { send }: Exchange): boolean => {
      send('Sorry.', (error as { status: number }).status);
      return true;
    };
    const before = () => [forgetful(thrown) as never];
    const server = await serve(harness, { handler, before, own, route: () => undefined });

    expect(await server.ask()).toMatchObject({ status });
  });
}

interface ExpressResponse {
  readonly headersSent: boolean;
  json(body: object): unknown;
}
