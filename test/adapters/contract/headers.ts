import { expect, test } from '@jest/globals';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { Harness } from './harness.js';
import { oneAnswer, serve } from './server.js';

const fails = throwing(() => answered(403, documented('KYC_NOT_APPROVED')));

/** What a route had said of the body that it did not send. */
const OF_THE_BODY = {
  'content-encoding': 'gzip',
  'content-type': 'application/pdf',
  'content-disposition': 'attachment; filename="receipt.pdf"',
  'content-range': 'bytes 0-9/10',
  'content-language': 'fr',
  'content-length': '4321',
  'accept-ranges': 'bytes',
  'cache-control': 'public, max-age=600',
  etag: '"receipt"',
  expires: 'Thu, 01 Jan 2099 00:00:00 GMT',
  'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
  location: '/receipts/1',
  'retry-after': '99',
  trailer: 'x-late',
  'transfer-encoding': 'chunked',
};

const OURS = {
  'content-type': 'application/problem+json; charset=utf-8',
  'content-language': 'en',
  'cache-control': 'no-store',
};

export function headers(harness: Harness): void {
  test("another middleware's headers stay", async () => {
    const cors = {
      'access-control-allow-origin': 'https://shop.test',
      'access-control-allow-credentials': 'true',
      'strict-transport-security': 'max-age=1',
      'x-request-id': 'platform-1',
    };
    const server = await serve(harness, {
      first: ({ res }) => {
        for (const [name, value] of Object.entries(cors)) res.setHeader(name, value);
      },
      route: fails,
    });

    expect((await server.ask()).headers).toMatchObject({ ...cors, ...OURS });
  });

  test("a platform's own cookies stay", async () => {
    const cookies = ['session=1; HttpOnly', 'theme=dark'];
    const server = await serve(harness, {
      first: ({ res }) => res.setHeader('set-cookie', cookies),
      route: fails,
    });

    expect((await server.ask()).headers['set-cookie']).toEqual(cookies);
  });

  test.each([
    ['Origin', 'Origin, Accept, Accept-Language'],
    ['accept-language, Origin', 'accept-language, Origin, Accept'],
    ['*', '*'],
  ])('Vary: %s becomes Vary: %s', async (before, after) => {
    const server = await serve(harness, {
      first: ({ res }) => res.setHeader('vary', before),
      route: fails,
    });

    expect((await server.ask()).headers).toHaveProperty('vary', after);
  });

  test.each(Object.entries(OF_THE_BODY))('%s: %s of the failed route does not stay', async (name, value) => {
    const server = await serve(harness, {
      route: ({ res }) => {
        res.setHeader(name, value);
        fails();
      },
    });
    const reply = oneAnswer(await server.bytes());

    expect(reply).toMatchObject({ status: 409, headers: OURS });
    expect(reply.headers[name]).not.toBe(value);
    expect(JSON.parse(reply.body)).toHaveProperty('code', 'PAYMENTS_UNAVAILABLE');
  });
}
