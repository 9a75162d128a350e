/** What Express's last handler survives; test/adapters/twin.test.ts asks Express itself. */
import { describe, expect, test } from '@jest/globals';
import createError from 'http-errors';
import { inspect } from 'node:util';
import { survivesFinalHandler, type ExpressApp } from '../../adapters/express/final-handler.js';

const app = (env: string, more: object = {}): ExpressApp => ({ get: () => env, ...more });
const EXPRESS_4 = { del: () => undefined };
const survives = (thrown: unknown, given = app('production'), isSent = false): boolean =>
  survivesFinalHandler(thrown, { app: given, isSent });

const raise = (): never => {
  throw new Error('read');
};
const error = (properties: object): Error => Object.assign(new Error('x'), properties);
const throwing = (property: string, on: object = new Error('x')): object =>
  Object.defineProperty(on, property, { get: raise, enumerable: true });
const sending = (headers: unknown): Error => error({ status: 404, headers });

test.each<[string, unknown]>([
  ['a plain object with a status', { status: 404, message: 'no such shop' }],
  ['an array', [{ path: 'sku' }]],
  ['a text', 'oops'],
  ['a symbol', Symbol('oops')],
  ['a frozen error', Object.freeze(error({ status: 404 }))],
  ['a getter-only status', Object.defineProperty(error({}), 'status', { get: () => 404 })],
  ['headers of fetch', sending(new Headers({ 'retry-after': '5' }))],
  ['headers of several kinds', sending({ allow: ['GET', 'HEAD'], 'x-max': 3, 'x-none': null })],
  ['headers that are none', sending('a\nb')],
  ['a header under a symbol', sending({ [Symbol('x')]: '\n' })],
  ['headers that break a line, without a status', error({ headers: { 'x a': '\n' } })],
  ['a trailer that is chunked', sending({ Trailer: 'x', 'Transfer-Encoding': 'chunked' })],
  ['an http-errors', createError(401, { headers: { 'www-authenticate': 'Basic' } })],
])('%s is survived', (_, thrown) => {
  for (const env of ['production', 'development', 'test']) expect(survives(thrown, app(env))).toBe(true);
  expect(survivesFinalHandler(thrown, { app: undefined, isSent: false })).toBe(true);
});

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['an empty text', ''],
  ['a status that throws', throwing('status')],
  ['a statusCode that throws', throwing('statusCode')],
  ['headers that throw', throwing('headers', error({ statusCode: 404 }))],
  ['a header that breaks a line', sending({ 'x-a': 'b\r\nset-cookie: c' })],
  ['a header whose name is none', sending({ 'x a': 'b' })],
  ['a header without a value', sending({ 'x-a': undefined })],
  ['a header whose text is made when it is read', sending({ 'x-a': { toString: () => 'b' } })],
  ['one of those in a list', sending({ 'x-a': ['b', () => 'c'] })],
  [
    'a header with a getter',
    sending({
      get 'x-a'() {
        return 'b';
      },
    }),
  ],
  ['a Proxy for headers', sending(new Proxy({}, {}))],
  ['a trailer beside a length', sending({ TRAILER: 'x' })],
])('%s is not', (_, thrown) => {
  expect(survives(thrown)).toBe(false);
});

describe('What is read depends on the app', () => {
  const unprintable = error({ [inspect.custom]: raise });
  const noText = error({ stack: Symbol('x') });
  const silent = error({ stack: '', toString: raise });
  const bare = Object.create(null) as object;

  test.each<[string, unknown, ExpressApp, boolean]>([
    ['Express 5 prints all', unprintable, app('production'), false],
    ['Express 4 prints the stack', unprintable, app('production', EXPRESS_4), true],
    ['neither prints in tests', unprintable, app('test'), true],
    ['a page shows the stack', noText, app('development'), false],
    ['in production it does not', noText, app('production'), true],
    ['a page shows the text where there is no stack', silent, app('test'), false],
    ['Express 4 prints the text where there is no stack', silent, app('production', EXPRESS_4), false],
    ['Express 5 does not', silent, app('production'), true],
    ['Express 4 prints what has no text', bare, app('production', EXPRESS_4), false],
    ['a page shows the status of what has no text', bare, app('development'), true],
  ])('%s', (_, thrown, given, is) => {
    expect(survives(thrown, given)).toBe(is);
  });

  test.each<[string, unknown, boolean]>([
    ['headers are not sent', sending({ 'x a': '\n' }), true],
    [
      'but read',
      sending({
        get 'x-a'() {
          return raise();
        },
      }),
      false,
    ],
    ['a page is not written', noText, true],
    ['but its text is asked for', throwing('stack'), false],
  ])('once bytes are sent, %s', (_, thrown, is) => {
    expect(survives(thrown, app('development'), true)).toBe(is);
  });
});
