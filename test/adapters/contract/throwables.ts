import { PassThrough, Readable } from 'node:stream';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';

/** What stands in all of these, and in no answer. */
export const CANARY = 'sorrycanary';

export type Row = readonly [name: string, make: () => unknown];

const raise = (): never => {
  throw new Error(CANARY);
};

/** A getter that gives a value a few times, and then throws. */
function lasting<T>(value: T, reads: number): () => T {
  let left = reads;
  return () => (left-- > 0 ? value : raise());
}

const property = (name: PropertyKey, descriptor: PropertyDescriptor): Error =>
  Object.defineProperty(new Error(CANARY), name, descriptor);

const carrying = (properties: object): Error => Object.assign(new Error(CANARY), properties);

const sending = (headers: unknown): Error => carrying({ status: 404, headers });

const TRAPS = Object.getOwnPropertyNames(Reflect);

const trapping = (...traps: string[]): ProxyHandler<object> =>
  Object.fromEntries(traps.map((trap) => [trap, raise]));

/** What a framework or a logger may read of an error. */
const READ = [
  ...['name', 'message', 'stack', 'code', 'status', 'statusCode', 'expose', 'headers', 'cause', 'errors'],
  ...['response', 'config', 'toString', 'toJSON', 'constructor', Symbol.toPrimitive, inspect.custom],
];

const READ_ONLY: object = Object.create(Error.prototype, { status: { value: 404 } }) as object;

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function ownParent(): object {
  const proxy: object = new Proxy({}, { getPrototypeOf: () => proxy });
  return proxy;
}

/** A promise whose rejection somebody has seen to. */
function rejected(): Promise<never> {
  const promise = Promise.reject<never>(new Error(CANARY));
  promise.catch(() => undefined);
  return promise;
}

function chained(link: 'cause' | 'errors', depth: number): Error {
  let end: object = new Error(CANARY);
  for (let level = 0; level < depth; level++) end = { [link]: link === 'cause' ? end : [end] };
  return carrying({ [link]: link === 'cause' ? end : [end] });
}

function cyclic(): Error {
  const error = carrying({});
  return Object.assign(error, { cause: error, errors: [error], response: error, config: error });
}

/** What a script makes in a realm of its own; where errors were made there is not told. */
export const elsewhere = (script: string): unknown =>
  runInNewContext(`Error.stackTraceLimit = 0; ${script}`, { sorry: CANARY });

class Shouting extends Error {
  get status(): number {
    return 404;
  }
}

class Missing extends Error {
  status = 404;
  get expose(): boolean {
    return false;
  }
}

class Unprintable extends Error {
  toJSON = raise;
  [inspect.custom] = raise;
}

/** Made once: they take longer to make than to handle. */
const LONG = CANARY.repeat(1_000_000);
const WORDY = new Error(LONG);
const NAMED = carrying({ name: CANARY.repeat(100_000) });
const MANY = Array<Error>(100_000).fill(new Error(CANARY));
const NAMES = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`x-${String(at)}`, CANARY]));
const DEEP = chained('cause', 10_000);
const NESTED = chained('errors', 10_000);

const THINGS: readonly Row[] = [
  ['a string', () => CANARY],
  ['a string with a line break', () => `${CANARY}\r\nset-cookie: b=c`],
  ['a string of 11 MB', () => LONG],
  ['a number', () => 42],
  ['a number like a status', () => 404],
  ['Infinity', () => Infinity],
  ['a bigint', () => 10n],
  ['a bigint of 10,000 digits', () => 10n ** 9_999n],
  ['true', () => true],
  ['a symbol', () => Symbol(CANARY)],
  ['a symbol of 11 MB', () => Symbol(LONG)],
  ['a function', () => raise],
  ['a class', () => Shouting],
  ['a plain object', () => ({ sorry: CANARY })],
  ['an object without a prototype', () => Object.assign(Object.create(null), { sorry: CANARY }) as object],
  ['an object that inherits from an Error', () => Object.create(new Error(CANARY)) as object],
  ['an array', () => [CANARY]],
  ['an array of 100,000', () => MANY],
  ['an object that is not JSON', () => ({ toJSON: raise })],
  ['an object that cannot be printed', () => ({ [inspect.custom]: raise, toString: raise })],
  ['an object like an error', () => ({ status: 404, message: CANARY, headers: { 'a b': '\n' } })],
  ['a boxed string', () => Object(CANARY) as object],
  ['a Response', () => new Response(CANARY, { status: 403 })],
  ['a Response that was read', () => Response.error()],
  ['a Request', () => new Request(`https://shop.test/${CANARY}`)],
  ['a Headers', () => new Headers({ sorry: CANARY })],
  ['a Buffer', () => Buffer.from(CANARY)],
  ['a transferred ArrayBuffer', transferred],
  ['a Readable', () => Readable.from([CANARY])],
  ['a stream that never ends', () => new PassThrough()],
  ['a destroyed stream', () => new PassThrough().destroy()],
  ['a ReadableStream', () => new ReadableStream()],
  ['a Date', () => new Date(0)],
  ['an invalid Date', () => new Date(NaN)],
  ['a RegExp', () => /sorry/],
  ['a Map', () => new Map([['sorry', CANARY]])],
  ['a Set', () => new Set([CANARY])],
  ['a WeakMap', () => new WeakMap([[raise, CANARY]])],
  ['a URL', () => new URL(`https://shop.test/${CANARY}`)],
  ['a promise that is rejected', rejected],
  ['a promise that never ends', () => new Promise(() => undefined)],
  ['a thenable', () => ({ then: (done: (value: string) => void) => done(CANARY) })],
  ['a thenable that throws', () => ({ then: raise })],
  ['a then that throws when read', () => Object.defineProperty({}, 'then', { get: raise })],
  ['a revoked Proxy', revoked],
];

function transferred(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

const ERRORS: readonly Row[] = [
  ['a frozen Error', () => Object.freeze(new Error(CANARY))],
  ['a frozen Error with a status', () => Object.freeze(carrying({ status: 404 }))],
  ['a sealed Error', () => Object.seal(new Error(CANARY))],
  ['an Error that takes no property', () => Object.preventExtensions(new Error(CANARY))],
  ['a getter-only status of its class', () => new Shouting(CANARY)],
  ['a read-only status', () => property('status', { value: 404 })],
  ['a read-only status of its prototype', () => Object.setPrototypeOf(new Error(CANARY), READ_ONLY) as Error],
  ['a status that throws when written', () => property('status', { get: () => 500, set: raise })],
  ...[undefined, Symbol(CANARY), {}, '404'].flatMap((junk): Row[] =>
    ['status', 'statusCode', 'headers'].map((name) => [
      `a getter-only ${name} that gives ${inspect(junk)}`,
      () => property(name, { get: () => junk, enumerable: true }),
    ]),
  ),
  ...['404', 99, 101, 600, 999, 1e9, -1, NaN, Infinity, 10n, [], true, null, Symbol(CANARY)].map(
    (status): Row => [`the status ${inspect(status)}`, () => carrying({ status })],
  ),
  ['a status that is no number, but has one', () => carrying({ status: { valueOf: () => 404 } })],
  ['a statusCode that is a string', () => carrying({ statusCode: '404' })],
  ...READ.map((name): Row => [`a ${String(name)} that throws`, () => property(name, { get: raise })]),
  ['a message that is no text', () => property('message', { value: { toString: raise } })],
  ['a symbol for a message', () => carrying({ message: Symbol(CANARY), expose: true })],
  ['a message of 11 MB', () => WORDY],
  ['a stack that is no text', () => carrying({ stack: 42 })],
  ['a stack of 11 MB', () => carrying({ stack: LONG })],
  ['a symbol for a name', () => carrying({ name: Symbol(CANARY), stack: '' })],
  ['a name of 1 MB', () => NAMED],
  ['a toString that throws', () => carrying({ toString: raise, stack: '' })],
  ['a toString that gives no text', () => carrying({ toString: () => ({}), stack: '' })],
  ['a toPrimitive that throws', () => carrying({ [Symbol.toPrimitive]: raise, stack: '' })],
  ['a toStringTag that throws', () => property(Symbol.toStringTag, { get: raise })],
  ['an Error that says that it is none', () => carrying({ [Symbol.toStringTag]: 'Sorry' })],
  ['an Error without a prototype', () => Object.setPrototypeOf(new Error(CANARY), null) as object],
  ['a toJSON and an inspect that throw', () => new Unprintable(CANARY)],
  ['a property that cannot be printed', () => carrying({ about: { [inspect.custom]: raise } })],
  [
    'a function that cannot be printed',
    () => carrying({ about: Object.assign(() => undefined, { [inspect.custom]: raise }) }),
  ],
  ['a cause that cannot be printed', () => new Error(CANARY, { cause: new Proxy({}, trapping('ownKeys')) })],
  ['a cyclic Error', cyclic],
  ['10,000 causes', () => DEEP],
  ['10,000 errors, each in another', () => NESTED],
  ['an AggregateError of 100,000', () => new AggregateError(MANY, CANARY)],
  ['a DOMException', () => new DOMException(CANARY, 'AbortError')],
  ["another realm's Error", () => elsewhere('new TypeError(sorry)')],
  ["another realm's frozen Error", () => elsewhere('Object.freeze(new Error(sorry))')],
  [
    "another realm's getter-only status",
    () => elsewhere('Object.defineProperty(new Error(sorry), "status", { get: () => 404 })'),
  ],
  ["another realm's object", () => elsewhere('({ sorry })')],
  ['a Proxy of which every trap throws', () => new Proxy(new Error(CANARY), trapping(...TRAPS))],
  ...TRAPS.map((trap): Row => [
    `a Proxy whose ${trap} throws`,
    () => new Proxy(new Error(CANARY), trapping(trap)),
  ]),
  ['a Proxy that inherits from itself', ownParent],
  ...['get', 'set', 'getOwnPropertyDescriptor'].map((trap): Row => [
    `a prototype whose ${trap} throws`,
    () => Object.setPrototypeOf(new Error(CANARY), new Proxy(new Error(), trapping(trap))) as Error,
  ]),
];

const HEADERS: readonly Row[] = [
  ['headers that throw', () => property('headers', { get: raise })],
  ['headers with a line break', () => sending({ 'x-a': 'b\r\nset-cookie: c=d' })],
  ['a header name with a line break', () => sending({ 'x-a\r\nx-b': 'c' })],
  ['a header name with a space', () => sending({ 'x a': 'b' })],
  ['a header without a name', () => sending({ '': 'b' })],
  ['a header in Amharic', () => sending({ 'x-a': 'ሰላም' })],
  ['a header with NUL', () => sending({ 'x-a': '\0' })],
  ['a trailer', () => sending({ trailer: 'x-late' })],
  ['a transfer-encoding', () => sending({ 'Transfer-Encoding': 'chunked' })],
  ['a header without a value', () => sending({ 'x-a': undefined })],
  ['a header that is no text', () => sending({ 'x-a': { toString: raise } })],
  ['a symbol for a header', () => sending({ 'x-a': Symbol(CANARY) })],
  ['a header that throws', () => sending(Object.defineProperty({}, 'x-a', { get: raise, enumerable: true }))],
  ['a list of unsendable headers', () => sending({ 'x-a': ['b', 'c\nd'] })],
  ['a function for headers', () => sending(raise)],
  ['a text with a line break for headers', () => sending('a\r\nb')],
  ['a symbol for headers', () => sending(Symbol(CANARY))],
  ['a Proxy for headers', () => sending(new Proxy({}, trapping('ownKeys')))],
];

/** What is another thing the next time that it is read: no two apps answer it alike. */
export const FICKLE: readonly Row[] = [
  ...[1, 2, 3, 4, 5].map((reads): Row => [
    `headers that throw after ${String(reads)} readings`,
    () => property('headers', { get: lasting({ allow: 'GET' }, reads) }),
  ]),
  ...[1, 3].flatMap((reads): Row[] => [
    [
      `a header that throws after ${String(reads)} readings`,
      () => sending(Object.defineProperty({}, 'x-a', { get: lasting('b', reads), enumerable: true })),
    ],
    [
      `a header that is no text after ${String(reads)} readings`,
      () => sending({ 'x-a': { toString: lasting('b', reads) } }),
    ],
    [
      `a Proxy for headers that throws after ${String(reads)} readings`,
      () => sending(new Proxy({ 'x-a': 'b' }, { get: lasting('b', reads) })),
    ],
  ]),
  [
    'a list of headers one of which is no text',
    () => sending({ 'x-a': ['b', { toString: lasting('c', 1) }] }),
  ],
];

/** What the frameworks do not take for an error, do not survive, or answer with their own 500. */
export const THROWABLES: readonly Row[] = [...THINGS, ...ERRORS, ...HEADERS];

/** What a framework answers in its own way, which is not always a 500. */
export const BORNE: readonly Row[] = [
  ['the status 404.5', () => carrying({ status: 404.5 })],
  ['no headers', () => sending(undefined)],
  ['null for headers', () => sending(null)],
  ['headers of several kinds', () => sending({ allow: ['GET'], 'x-max': 3, 'x-yes': true })],
  ['a Proxy that hides nothing', () => new Proxy(carrying({ status: 404 }), {})],
  ['a class of its own', () => new Missing(CANARY)],
  ['10,000 headers', () => sending(NAMES)],
  ['a header under a symbol', () => sending({ [Symbol('x-a')]: '\n' })],
  ['a Map for headers', () => sending(new Map([['x-a', '\n']]))],
];

/** Express takes these for no error at all: what it does then is its own, with the library and without. */
export const NOTHING: readonly Row[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['an empty string', () => ''],
  ['zero', () => 0],
  ['zero of the large', () => 0n],
  ['NaN', () => NaN],
  ['false', () => false],
];
