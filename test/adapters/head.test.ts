import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isStale, writeHeaders } from '../../adapters/head.js';
import type { Reply } from '../../src/index.js';

const STALE = [
  ...['content-type', 'content-length', 'content-encoding', 'content-language', 'content-location'],
  ...['content-range', 'content-disposition', 'content-md5', 'content-digest', 'repr-digest', 'digest'],
  ...['etag', 'last-modified', 'accept-ranges', 'age', 'expires', 'retry-after', 'location', 'refresh'],
  ...['cdn-cache-control', 'vercel-cdn-cache-control', 'surrogate-control', 'edge-control'],
  ...['x-accel-redirect', 'x-accel-expires', 'x-sendfile', 'x-lighttpd-send-file', 'x-litespeed-location'],
  ...['transfer-encoding', 'trailer'],
];

const OF_THE_PLATFORM = [
  ...['content-security-policy', 'content-security-policy-report-only', 'strict-transport-security'],
  ...['access-control-allow-origin', 'access-control-expose-headers', 'cross-origin-opener-policy'],
  ...['set-cookie', 'vary', 'date', 'connection', 'link', 'allow', 'www-authenticate', 'x-frame-options'],
  ...['referrer-policy', 'permissions-policy', 'server-timing', 'x-request-id', 'traceparent', 'accept-ch'],
  ...[
    'ratelimit',
    'cache-control',
    'x-content-type-options',
    'x-powered-by',
    'clear-site-data',
    'my-content-id',
  ],
];

test.each(STALE)('%s speaks of the answer that is not sent', (name) => {
  expect(isStale(name)).toBe(true);
});

test.each(OF_THE_PLATFORM)('%s does not', (name) => {
  expect(isStale(name)).toBe(false);
});

/** A response's headers, as Node keeps them. */
function headOf(names: readonly string[]) {
  const kept = new Map<string, string | number>(names.map((name) => [name, 'before']));
  const head = {
    getHeaderNames: () => [...kept.keys()],
    setHeader: (name: string, value: string | number) => void kept.set(name, value),
    removeHeader: (name: string) => void kept.delete(name),
  };
  return { kept, head };
}

describe('Whatever headers there are, a reply', () => {
  const names = fc.uniqueArray(
    fc.oneof(
      fc.constantFrom(...STALE, ...OF_THE_PLATFORM),
      fc.stringMatching(/^(content-|x-accel-|x-)?[a-z]{1,8}(-cache-control)?$/),
    ),
  );

  test('leaves those that are not stale, in their order, and its own', () => {
    fc.assert(
      fc.property(names, (given) => {
        const { kept, head } = headOf(given);
        const headers = { 'cache-control': 'no-store', 'content-type': 'text/plain', vary: 'Accept' };
        const varied: string[] = [];
        writeHeaders(head, { headers } as unknown as Reply, (fields) => varied.push(fields));

        const stay = given.filter((name) => !isStale(name));
        expect([...kept.keys()].filter((name) => stay.includes(name))).toEqual(stay);
        expect([...kept.keys()].every((name) => stay.includes(name) || name in headers)).toBe(true);
        expect(kept.get('cache-control')).toBe('no-store');
        expect(varied).toEqual(given.includes('vary') ? ['Accept'] : []);
      }),
    );
  });
});
