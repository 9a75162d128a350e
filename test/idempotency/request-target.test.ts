import Router from '@koa/router';
import { describe, expect, test } from '@jest/globals';
import express5 from 'express';
import express4 from 'express4';
import fc from 'fast-check';
import Koa from 'koa';
import Koa2 from 'koa2';
import { once } from 'node:events';
import { createServer, request, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { normalizeTarget } from '../../src/idempotency/request-target.js';

/** One target, in many spellings. */
const SAME: readonly (readonly [what: string, one: string, other: string])[] = [
  ['a final slash', '/shops/cm_1/pay', '/shops/cm_1/pay/'],
  ['the case of a route', '/shops/cm_1/pay', '/Shops/cm_1/PAY'],
  ['an encoded letter of a parameter', '/shops/cm_1/pay', '/shops/cm%5F1/pay'],
  ['the case of an encoding', '/shops/%E1%89%81/pay', '/shops/%e1%89%81/pay'],
  ['the absolute form', '/shops/cm_1/pay', 'http://shop.example:80/shops/cm_1/pay'],
  ['a fragment', '/shops/cm_1/pay', '/shops/cm_1/pay#top'],
  ['an empty query', '/shops/cm_1/pay', '/shops/cm_1/pay?'],
  ['the order of a query', '/shops/cm_1/pay?a=1&b=2', '/shops/cm_1/pay?b=2&a=1'],
  ['the encoding of a query', '/shops/cm_1/pay?a=x%20y', '/shops/cm_1/pay?%61=x+y'],
];

const OTHER: readonly (readonly [what: string, one: string, other: string])[] = [
  ['another word', '/pay', '/pays'],
  ['a longer path', '/pay', '/pay/1'],
  ['an encoded slash', '/a/b', '/a%2Fb'],
  ['two slashes', '/a/b', '/a//b'],
  ['two slashes at the beginning', '//pay', '/pay'],
  ['what cannot be decoded', '/%zz', '/%25zz'],
  ['a plus', '/a+b', '/a%20b'],
  ['another query', '/pay?a=1', '/pay?a=2'],
  ['the order of values of one name', '/pay?a=1&a=2', '/pay?a=2&a=1'],
  ['a query in a fragment', '/pay?a=1', '/pay#?a=1'],
  ['a path that looks absolute', '/http://shop.example/pay', '/pay'],
];

describe('The target of a request', () => {
  test.each(SAME)('is the same, whatever %s', (_, one, other) => {
    expect(normalizeTarget(other)).toEqual(normalizeTarget(one));
  });

  test.each(OTHER)('is another with %s', (_, one, other) => {
    expect(normalizeTarget(other)).not.toEqual(normalizeTarget(one));
  });

  test.each(['', '/', '?', 'http://shop.example', 'http://shop.example?'])(
    '%j is that of the root',
    (url) => {
      expect(normalizeTarget(url)).toEqual({ path: '/', query: '' });
    },
  );

  const segment = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 8 })
    .filter((part) => part.isWellFormed());
  const target = fc.record({
    segments: fc.array(segment, { minLength: 1, maxLength: 4 }),
    query: fc.uniqueArray(fc.tuple(segment, segment), { maxLength: 4, selector: ([name]) => name }),
  });
  type Target = typeof target extends fc.Arbitrary<infer T> ? T : never;
  const coins = fc.infiniteStream(fc.boolean());

  const encode = (part: string): string => encodeURIComponent(part);
  const plain = ({ segments, query }: Target): string =>
    `/${segments.map(encode).join('/')}?${query.map((pair) => pair.map(encode).join('=')).join('&')}`;

  /** The same target, as another client may spell it. */
  function respelt({ segments, query }: Target, flip: () => boolean): string {
    const respell = (part: string): string =>
      [...encode(part).matchAll(/%..|./g)]
        .map(([sign]) => {
          if (sign.length === 3) return flip() ? sign.toLowerCase() : sign;
          return flip() ? `%${sign.charCodeAt(0).toString(16)}` : sign;
        })
        .join('');
    const path = segments.map((part) => respell(flip() ? part.toLowerCase() : part)).join('/');
    const pairs = query.map((pair) => pair.map(respell).join('='));
    const search = (flip() ? pairs.reverse() : pairs).join('&');
    return `${flip() ? 'HTTPS://shop.example' : ''}/${path}${flip() ? '/' : ''}?${search}${flip() ? '#x' : ''}`;
  }

  test('of any spelling is the same, and never that of another', () => {
    fc.assert(
      fc.property(target, target, coins, (one, other, stream) => {
        const flip = (): boolean => stream.next().value as boolean;
        expect(normalizeTarget(respelt(one, flip))).toEqual(normalizeTarget(plain(one)));
        const folded = ({ segments, query }: Target): string =>
          JSON.stringify([segments.map((part) => part.toLowerCase()), query.toSorted()]);
        const isSame =
          JSON.stringify(normalizeTarget(plain(one))) === JSON.stringify(normalizeTarget(plain(other)));
        expect(isSame).toBe(folded(one) === folded(other));
      }),
      { numRuns: 2000 },
    );
  });
});

const ROUTE = '/shops/:merchantId/pay';

function expressApp(express: typeof express5): RequestListener {
  const app = express();
  app.post(ROUTE, (req, res) => void res.json([req.params, req.query]));
  return app as RequestListener;
}

function koaApp(Application: typeof Koa): RequestListener {
  const router = new Router().post(ROUTE, (context) => {
    context.body = [context['params'], context.query];
  });
  const handle = new Application().use(router.routes()).callback();
  return (incoming, response) => void handle(incoming, response);
}

describe.each<[string, RequestListener]>([
  ['Express 4', expressApp(express4 as unknown as typeof express5)],
  ['Express 5', expressApp(express5)],
  ['Koa 2', koaApp(Koa2 as unknown as typeof Koa)],
  ['Koa 3', koaApp(Koa)],
])('%s', (_, listener) => {
  /** What a handler learns of a request; `undefined` if it reaches none. */
  async function handled(path: string): Promise<unknown> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path, agent: false }).end();
    const [response] = await once(sent, 'response');
    const body = await text(response);
    server.close();
    return response.statusCode === 200 ? JSON.parse(body) : undefined;
  }

  test.each(SAME)('takes both to one handler, whatever %s', async (_what, one, other) => {
    const told = await handled(one);
    expect(told).toBeDefined();
    expect(await handled(other)).toEqual(told);
  });
});
