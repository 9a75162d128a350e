import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { replyHeaders, type PresentHeaders } from 'lakiconnect-middleware/adapter';
import type { Reply } from 'lakiconnect-middleware';

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

function changes(present: PresentHeaders, headers: Reply['headers'] = { 'content-type': 'text/plain' }) {
  return replyHeaders({ headers, body: 'ሰላም' } as unknown as Reply, present);
}

test.each(STALE)('%s speaks of the answer that is not sent', (name) => {
  expect(changes({ [name]: 'before' }).remove).toEqual([name]);
});

test.each(OF_THE_PLATFORM)('%s does not', (name) => {
  expect(changes({ [name]: 'before' }).remove).toEqual([]);
});

test('the length is that of the reply, in bytes', () => {
  expect(changes({ 'content-length': 3 }).set).toEqual({
    'content-type': 'text/plain',
    'content-length': '9',
  });
});

describe('vary', () => {
  test.each([
    [undefined, 'Accept', 'Accept'],
    ['Origin', 'Accept, Accept-Language', 'Origin, Accept, Accept-Language'],
    [['Origin', 'Cookie'], 'Accept', 'Origin, Cookie, Accept'],
    ['accept , Origin,', 'Accept, Accept-Language', 'accept, Origin, Accept-Language'],
    ['Origin', undefined, 'Origin'],
    ['', 'Accept', 'Accept'],
    ['*', 'Accept', '*'],
    ['Origin, *', 'Accept', '*'],
    ['Origin', '*', '*'],
  ])('%j and %j are %j', (present, own, expected) => {
    const { remove, set } = changes({ vary: present }, own === undefined ? {} : { vary: own });
    expect(remove).toEqual([]);
    expect(set['vary']).toBe(expected);
  });

  test('is not set where nobody has named anything', () => {
    expect(changes({}, {}).set).not.toHaveProperty('vary');
  });
});

test('whatever headers there are, those that are not stale stay, and a reply has its own', () => {
  const names = fc.uniqueArray(
    fc.oneof(
      fc.constantFrom(...STALE, ...OF_THE_PLATFORM),
      fc.stringMatching(/^(content-|x-accel-|x-)?[a-z]{1,8}(-cache-control)?$/),
    ),
  );
  fc.assert(
    fc.property(names, (given) => {
      const own = { 'cache-control': 'no-store', 'content-type': 'text/plain' };
      const { remove, set } = changes(Object.fromEntries(given.map((name) => [name, 'before'])), own);

      expect(set).toMatchObject(own);
      expect(remove).toEqual(given.filter((name) => remove.includes(name)));
      const known = given.filter((name) => OF_THE_PLATFORM.includes(name) || STALE.includes(name));
      expect(known.filter((name) => remove.includes(name))).toEqual(
        known.filter((name) => STALE.includes(name)),
      );
    }),
  );
});
