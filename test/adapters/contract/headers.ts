import { expect, test } from '@jest/globals';
import type { Options } from 'lakiconnect-middleware';
import { createHash } from 'node:crypto';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { AnyRequest, Harness } from './harness.js';
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
  'content-location': '/receipts/1.pdf',
  'content-digest': 'sha-256=:AAAA:',
  'repr-digest': 'sha-256=:AAAA:',
  'content-md5': 'AAAA',
  refresh: '5; url=/receipts/1',
  'cdn-cache-control': 'max-age=3600',
  'surrogate-control': 'max-age=3600',
  'fastly-cache-control': 'max-age=3600',
  'x-accel-redirect': '/files/receipt.pdf',
  'x-sendfile': '/files/receipt.pdf',
};

const OURS = {
  'content-type': 'application/problem+json',
  'content-language': 'en',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

const OF_THE_PLATFORM = "default-src 'self'; frame-ancestors 'self'";

/** What a page may use: the style in it, and nothing else. */
function policyOf(html: string): string {
  const style = /<style>(.*)<\/style>/s.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

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

  test.each<[string, string, Options<AnyRequest>, (text: string) => string]>([
    ['gives way to that of our page', 'text/html', {}, policyOf],
    ['stays on a page of its own', 'text/html', { html: () => '<p>' }, () => OF_THE_PLATFORM],
    ['stays on JSON', 'application/json', {}, () => OF_THE_PLATFORM],
    ['stays on problem details', '*/*', {}, () => OF_THE_PLATFORM],
    ['stays on text', 'text/plain', {}, () => OF_THE_PLATFORM],
  ])("a platform's own Content-Security-Policy %s", async (_, accept, options, policy) => {
    const server = await serve(harness, {
      options,
      first: ({ res }) => res.setHeader('content-security-policy', OF_THE_PLATFORM),
      route: fails,
    });
    const { headers, text } = await server.ask({ accept });

    expect(headers['content-security-policy']).toBe(policy(text));
  });

  test('where a platform has no Content-Security-Policy, ours is on our page alone', async () => {
    const server = await serve(harness, { route: fails });
    const page = await server.ask({ accept: 'text/html' });

    expect(page.headers['content-security-policy']).toBe(policyOf(page.text));
    expect((await server.ask()).headers).not.toHaveProperty('content-security-policy');
  });

  test.each(['*/*', 'text/html', 'text/plain'])(
    'the host that a client names decides nothing of a reply in %s',
    async (accept) => {
      const server = await serve(harness, { route: fails });
      const forged = {
        ...{ host: 'evil.test', 'x-forwarded-host': 'evil.test', forwarded: 'host=evil.test' },
        ...{ 'x-forwarded-proto': 'ftp', origin: 'https://evil.test', referer: 'https://evil.test/pay' },
      };
      const [own, other] = [await server.bytes({ accept }), await server.bytes({ accept, ...forged })].map(
        (bytes) => bytes.toString().replace(/^Date: .*$/m, ''),
      );

      expect(other).toBe(own);
      expect(own).not.toMatch(/^location:/im);
    },
  );

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
