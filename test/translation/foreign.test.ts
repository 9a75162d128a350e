import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import createError from 'http-errors';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { bearable } from '../../src/translation/foreign.js';
import { UNPRINTABLE } from './failures.js';

const error = (properties: object = {}) => Object.assign(new Error('x'), properties);
const define = (property: PropertyKey, descriptor: PropertyDescriptor, on: object = new Error('x')) =>
  Object.defineProperty(on, property, descriptor);
const throwing = {
  get() {
    throw new Error('read');
  },
};

const endless: object = new Proxy({}, { getPrototypeOf: () => endless });

/** An error with as many objects between it and Error.prototype. */
function descendant(generations: number): unknown {
  let prototype: object = Error.prototype;
  for (let n = 0; n < generations; n++) prototype = Object.create(prototype) as object;
  return Object.setPrototypeOf(new Error('x'), prototype);
}

class GetterOnly extends Error {
  get status() {
    return 404;
  }
}
class Accessors extends Error {
  get status() {
    return 404;
  }
  set status(_) {}
}
class StatusCode extends Error {
  get statusCode() {
    return 404;
  }
}

describe('A framework bears', () => {
  test.each<[string, unknown]>([
    ['a plain error', error()],
    ['a subclass', new TypeError('x')],
    ['an error of many', new AggregateError([new Error('a')], 'x')],
    ['an error of another realm', runInNewContext('new Error("x")')],
    ['a DOMException', new DOMException('x', 'AbortError')],
    ['an http-errors error', createError(404)],
    [
      'one with headers',
      createError(401, { headers: { 'WWW-Authenticate': 'Basic', 'X-List': ['a', 'b'], 'X-Number': 5 } }),
    ],
    ['a status of its own', error({ status: 404, statusCode: 404, expose: true })],
    ['a status that is none', error({ status: 'abc', statusCode: {} })],
    ['a code', error({ code: 'ENOENT' })],
    ['a numeric code', error({ code: 23 })],
    ['a status just below the interim ones', error({ status: 99 })],
    ['a status just above them', error({ status: 200 })],
    ['an interim status as a text', error({ status: '150' })],
    ['headers of null', error({ headers: null })],
    ['headers of undefined', error({ headers: undefined })],
    [
      'headers that are called much as those of a body',
      error({ headers: { 'x-trailer': 'a', 'trailer-x': 'b', 'transfer-encoding-x': 'c' } }),
    ],
    ['a Proxy that lets everything through', new Proxy(error(), {})],
    ['an error with many ancestors', descendant(97)],
    ['no headers at all', error({ headers: {} })],
    ['an error without a stack', define('stack', { value: undefined })],
    [
      'an error that contains itself',
      (() => {
        const loop = error();
        return Object.assign(loop, { cause: loop });
      })(),
    ],
    ['an error made by hand', Object.setPrototypeOf({ message: 'x', stack: 'x' }, Error.prototype)],
    ['a message with line breaks', new Error('a\r\nb')],
    ['a statusCode that can only be read', new StatusCode('x')],
    ['an expose that can only be read', define('expose', { get: () => true })],
  ])('%s, which is passed on as it came', (_, thrown) => {
    expect(bearable(thrown)).toBe(thrown);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'oops'],
    ['an empty string', ''],
    ['a number', 404],
    ['a bigint', 1n],
    ['a boolean', false],
    ['a symbol', Symbol('oops')],
    ['a function', () => 1],
    ['an object', { status: 404, message: 'x' }],
    ['a promise', Promise.resolve()],
    ['a response', new Response('x', { status: 404 })],
    ['a frozen error', Object.freeze(error())],
    ['a sealed error', Object.seal(error())],
    ['an error that cannot be extended', Object.preventExtensions(error())],
    ['a status that can only be read', new GetterOnly('x')],
    ['a status with a getter and a setter', new Accessors('x')],
    ['headers with a getter', define('headers', { get: () => ({}) })],
    ['a status that cannot be written', define('status', { value: 404 })],
    ['a status that throws', define('status', throwing)],
    ['a message that throws', define('message', throwing)],
    ['a name that throws', define('name', throwing)],
    ['a statusCode that throws', define('statusCode', throwing)],
    ['an expose that throws', define('expose', throwing)],
    ['the first interim status', error({ status: 100 })],
    ['the last interim status', error({ statusCode: 199 })],
    ['what looks like an error and inherits from none', { name: 'Error', message: 'x', stack: 'x' }],
    [
      'a function that inherits from Error',
      Object.setPrototypeOf(
        Object.defineProperties(() => 1, { name: { value: 'x' }, message: { value: 'x' } }),
        Error.prototype,
      ),
    ],
    ['more ancestors than anybody has', descendant(98)],
    ['a number for headers', error({ headers: 5 })],
    ['a function for a header', error({ headers: { 'x-a': () => 'b' } })],
    ['a Proxy for a list in a header', error({ headers: { 'x-a': new Proxy(['b'], {}) } })],
    ['an object among the texts of a header', error({ headers: { 'x-a': ['b', { toString: () => 'c' }] } })],
    ['a Proxy that does not take a status', new Proxy(error(), { set: (_, name) => name !== 'status' })],
    [
      'a function on it that cannot be printed',
      error({ about: Object.assign(() => 1, { [inspect.custom]: throwing.get }) }),
    ],
    ['a transfer-encoding beside a length', error({ headers: { 'Transfer-Encoding': 'chunked' } })],
    ['a stack that throws', define('stack', throwing)],
    ['headers that throw', define('headers', throwing)],
    ['a message that is no text', error({ message: 5 })],
    ['a name that is no text', error({ name: Symbol('x') })],
    ['a stack that is no text', error({ stack: { a: 1 } })],
    ['a code that is a symbol', error({ code: Symbol('x') })],
    ['a toString that throws', define('toString', { value: throwing.get })],
    ['an error without a prototype', Object.setPrototypeOf(new Error('x'), null)],
    ['headers that break a line', error({ headers: { 'x-a': 'a\r\nset-cookie: b=c' } })],
    ['headers with a name that is none', error({ headers: { 'x a': 'b' } })],
    ['a trailer, which Node refuses beside a length', error({ headers: { Trailer: 'x' } })],
    ['headers without a value', error({ headers: { 'x-a': undefined } })],
    ['headers beyond Latin-1', error({ headers: { 'x-a': 'ሀ' } })],
    ['a text for headers, which Koa spreads into headers named 0, 1, 2', error({ headers: 'a\nb' })],
    ['a function for headers', error({ headers: Object.assign(() => 1, { 'a b': 'c' }) })],
    // Koa 2 reads headers with for-in, and fetch's have inherited methods.
    ['a Headers object', error({ status: 429, headers: new Headers({ 'retry-after': '5' }) })],
    ['inherited headers that break a line', error({ headers: Object.create({ 'x-a': 'a\r\nb' }) })],
    ['a header that throws', error({ headers: define('x-a', { ...throwing, enumerable: true }, {}) })],
    [
      'a header in a list that gives another text each time',
      error({ headers: { 'x-a': [{ toString: () => 'b' }] } }),
    ],
    ['errors that throw, which printing reads', define('errors', throwing)],
    [
      'inherited errors that throw',
      new (class extends Error {
        get errors(): never {
          throw new Error('read');
        }
      })('x'),
    ],
    ['what cannot be printed', error({ [inspect.custom]: throwing.get })],
    ['a property that cannot be printed', error({ about: { [inspect.custom]: throwing.get } })],
    ['a Proxy', new Proxy(error(), { get: throwing.get })],
    ['a Proxy that cannot be written on', new Proxy(error(), { set: throwing.get })],
    ['a Proxy that does not take what is written', new Proxy(error(), { set: () => false })],
    ['a Proxy that inherits from itself', endless],
    ['an error that inherits without an end', Object.setPrototypeOf(error({ name: 'x' }), endless)],
    ['a Proxy that denies its prototype', new Proxy({}, { getPrototypeOf: throwing.get })],
    [
      'a revoked Proxy',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      })(),
    ],
  ])('not %s: a plain error goes in its place', (_, thrown) => {
    const passed = bearable(thrown) as Error;
    expect(passed).not.toBe(thrown);
    expect(Object.getPrototypeOf(passed)).toBe(Error.prototype);
    expect(Reflect.ownKeys(passed).sort()).toEqual(['message', 'stack']);
    expect(Object.isExtensible(passed)).toBe(true);
    expect(passed.message).toMatch(/^A value that no framework can handle was thrown: \w/);
    expect(bearable(passed)).toBe(passed);
  });

  test('inherited errors that cannot be printed, where Node does not read them: up to 20 it does', () => {
    const thrown = new (class extends Error {
      get errors() {
        return [{ [inspect.custom]: throwing.get }];
      }
    })('x');
    const isPrinted = Number(process.versions.node.split('.')[0]) >= 22;
    expect(bearable(thrown) === thrown).toBe(isPrinted);
    if (isPrinted) expect(inspect(thrown)).toContain('x');
    else expect(() => inspect(thrown)).toThrow();
  });
});

describe('What is said of it', () => {
  test.each([
    [undefined, 'undefined undefined'],
    [null, 'object null'],
    ['oops', "string 'oops'"],
    [404, 'number 404'],
    [{ password: 'secret' }, 'object'],
    [() => 'secret', 'function'],
  ])('of %p is the type, and the value of a scalar alone', (thrown, shown) => {
    expect((bearable(thrown) as Error).message).toBe(
      `A value that no framework can handle was thrown: ${shown}`,
    );
  });

  test('is the type alone of what has a tag that throws', () => {
    const { message } = bearable(define(Symbol.toStringTag, throwing)) as Error;
    expect(message).toBe('A value that no framework can handle was thrown: object');
  });

  test('is cut to 200 characters', () => {
    const { message } = bearable('a'.repeat(1000)) as Error;
    expect(message.slice(message.indexOf(': ') + 2)).toBe(`string '${'a'.repeat(192)}`);
  });

  test('is printable and short, whatever was thrown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.anything()), (thrown) => {
        const { message } = bearable(thrown) as Error;
        expect(message).not.toMatch(UNPRINTABLE);
        expect(message.length).toBeLessThanOrEqual(300);
      }),
      { numRuns: 300 },
    );
  });
});
