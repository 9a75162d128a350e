import { describe, expect, test } from '@jest/globals';
import { throwing } from './failures.js';
import type { Harness } from './harness.js';
import { oneAnswer, serve } from './server.js';

const raise = (): never => {
  throw new Error('trap');
};

const property = (name: string, descriptor: PropertyDescriptor): Error =>
  Object.defineProperty(new Error('Unbearable'), name, descriptor);

const carrying = (properties: object): Error => Object.assign(new Error('Unbearable'), properties);

const TRAPS = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [trap, raise]),
) as ProxyHandler<Error>;

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function lasting<T>(value: T, reads: number): () => T {
  let left = reads;
  return () => (left-- > 0 ? value : raise());
}

class Shouting extends Error {
  get status(): number {
    return 404;
  }
}

/** What the frameworks do not take for an error, or do not survive. */
const THROWABLES: readonly (readonly [string, () => unknown])[] = [
  ['a string', () => 'sorry'],
  ['a string with a line break', () => 'a\r\nset-cookie: b=c'],
  ['a number', () => 42],
  ['a number like a status', () => 404],
  ['a bigint', () => 10n],
  ['true', () => true],
  ['a symbol', () => Symbol('sorry')],
  ['a function', () => raise],
  ['a plain object', () => ({ sorry: true })],
  ['an object without a prototype', () => Object.create(null) as object],
  ['an array', () => ['sorry']],
  ['an object that is not JSON', () => ({ toJSON: raise })],
  ['an object like an error', () => ({ status: 404, message: 'No', headers: { 'a b': '\n' } })],
  ['a Response', () => new Response('sorry', { status: 403 })],
  ['a frozen Error', () => Object.freeze(new Error('Frozen'))],
  ['a frozen Error with a status', () => Object.freeze(carrying({ status: 404 }))],
  ['a sealed Error', () => Object.seal(new Error('Sealed'))],
  ['a getter-only status', () => property('status', { get: () => 404 })],
  ['a getter-only status of its class', () => new Shouting('Loud')],
  ['a read-only status', () => property('status', { value: 404 })],
  ['a status that throws when read', () => property('status', { get: raise, set: raise })],
  ['a status that throws when written', () => property('status', { get: () => 500, set: raise })],
  ['a statusCode that throws', () => property('statusCode', { get: raise })],
  ['an expose that throws', () => property('expose', { get: raise })],
  ['an interim status', () => carrying({ status: 101 })],
  ['a transfer-encoding', () => carrying({ status: 404, headers: { 'Transfer-Encoding': 'chunked' } })],
  ['a message that throws', () => property('message', { get: raise })],
  ['a message that is no text', () => property('message', { value: { toString: raise } })],
  ['a symbol for a message', () => carrying({ message: Symbol('sorry'), expose: true })],
  ['a stack that throws', () => property('stack', { get: raise })],
  ['a stack that is no text', () => carrying({ stack: 42 })],
  ['a name that throws', () => property('name', { get: raise })],
  ['a symbol for a name', () => carrying({ name: Symbol('sorry'), stack: '' })],
  ['a toString that throws', () => carrying({ toString: raise, stack: '' })],
  ['a Proxy whose traps throw', () => new Proxy(new Error('Proxy'), TRAPS)],
  ['a Proxy whose get throws', () => new Proxy(new Error('Proxy'), { get: raise })],
  ['a revoked Proxy', revoked],
  ['headers that throw', () => property('headers', { get: raise })],
  ...[1, 2, 3, 4, 5].map((reads) => {
    const make = () => property('headers', { get: lasting({ allow: 'GET' }, reads) });
    return [`headers that throw after ${String(reads)} readings`, make] as const;
  }),
  ['headers with a line break', () => carrying({ status: 404, headers: { 'x-a': 'b\r\nset-cookie: c=d' } })],
  ['a header name with a line break', () => carrying({ status: 404, headers: { 'x-a\r\nx-b': 'c' } })],
  ['a trailer', () => carrying({ status: 404, headers: { trailer: 'x-late' } })],
  ['a header without a value', () => carrying({ status: 404, headers: { 'x-a': undefined } })],
  ['a header that is no text', () => carrying({ status: 404, headers: { 'x-a': { toString: raise } } })],
  ['a symbol for a header', () => carrying({ status: 404, headers: { 'x-a': Symbol('b') } })],
  ['a list of unsendable headers', () => carrying({ status: 404, headers: { 'x-a': ['b', 'c\nd'] } })],
  ['a Proxy for headers', () => carrying({ status: 404, headers: new Proxy({}, { ownKeys: raise }) })],
];

/** Express takes these for no error at all: what it does then is its own, with the library and without. */
const NOTHING: readonly (readonly [string, () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['an empty string', () => ''],
  ['zero', () => 0],
  ['NaN', () => NaN],
  ['false', () => false],
];

const WAYS = [
  ['thrown', (make: () => unknown) => throwing(make)],
  ['rejected with', (make: () => unknown) => async () => throwing(make)()],
] as const;

export function unbearable(harness: Harness): void {
  describe.each(WAYS)('%s', (_way, inRoute) => {
    test.each(THROWABLES)("%s gets the framework's own 500", async (_, make) => {
      const server = await serve(harness, { route: inRoute(make) });
      const { status, body, headers } = oneAnswer(await server.bytes());

      expect(status).toBe(500);
      expect(body).toContain('Internal Server Error');
      expect(body).not.toContain('sorry');
      expect(headers).not.toHaveProperty('set-cookie');
      expect(await server.isAlive()).toBe(true);
    });

    test('a text with a line break for headers gets one answer', async () => {
      const server = await serve(harness, {
        route: inRoute(() => carrying({ status: 404, headers: 'a\r\nb' })),
      });

      expect([404, 500]).toContain(oneAnswer(await server.bytes()).status);
      expect(await server.isAlive()).toBe(true);
    });

    test.each(NOTHING)('%s gets one answer', async (_, make) => {
      const server = await serve(harness, { route: inRoute(make) });
      const { status } = oneAnswer(await server.bytes());

      if (harness.framework === 'koa') expect(status).toBe(500);
      else {
        const twin = await serve(harness, { route: inRoute(make), mounted: false });
        expect(status).toBe(oneAnswer(await twin.bytes()).status);
      }
      expect(await server.isAlive()).toBe(true);
    });
  });
}
