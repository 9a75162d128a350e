import { afterEach, expect, test } from '@jest/globals';
import createError from 'http-errors';
import { documented } from '../../envelopes.js';
import { answered, throwing, unanswered } from './failures.js';
import type { Harness, Setup } from './harness.js';
import { serve } from './server.js';

const MODES = ['production', 'development', 'test'];

const FAILURES: readonly (readonly [what: string, make: () => unknown])[] = [
  ['a refusal', () => answered(403, documented('KYC_NOT_APPROVED'))],
  ['refused fields', () => answered(422, documented('VALIDATION_ERROR'))],
  ['a reset', () => unanswered('ECONNRESET')],
  ["a platform's own 503", () => createError(503, 'No disk at /var/lib/shop')],
];

/** What only whoever runs the platform may know. */
const INSIDE = /\n\s+at |node_modules|\.[jt]s:\d|\/var\/lib|NODE_ENV/;

export function modes(harness: Harness): void {
  const { NODE_ENV } = process.env;
  afterEach(() => {
    process.env['NODE_ENV'] = NODE_ENV;
  });

  async function bytesIn(mode: string, accept: string, setup: Setup): Promise<string> {
    process.env['NODE_ENV'] = mode;
    const server = await serve(harness, { ...setup, mode });
    return (await server.bytes({ accept })).toString().replace(/^Date: .*$/m, '');
  }

  test.each(FAILURES)(
    '%s is told in production as anywhere else, without what is inside',
    async (_, make) => {
      for (const accept of ['application/problem+json', 'text/html', 'text/plain']) {
        const setup: Setup = { handler: { httpErrors: true }, route: throwing(make) };
        const told: string[] = [];
        for (const mode of MODES) told.push(await bytesIn(mode, accept, setup));

        expect(new Set(told).size).toBe(1);
        expect(told[0]).toContain(`content-type: ${accept}`);
        expect(told[0]).not.toMatch(INSIDE);
        expect(told[0]).not.toContain(process.cwd());
      }
    },
  );
}
