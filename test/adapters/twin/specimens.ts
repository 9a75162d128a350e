/** What platforms and their libraries really throw, and what a generator makes of the parts of an error. */
import { Ajv } from 'ajv';
import { IsEmail, validateSync } from 'class-validator';
import createError from 'http-errors';
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { z } from 'zod';
import { BORNE, CANARY, elsewhere, FICKLE, NOTHING, THROWABLES, type Row } from '../contract/throwables.js';

const require = createRequire(import.meta.url);
const createErrorOfKoa2 = require(
  require.resolve('http-errors', { paths: [require.resolve('koa2')] }),
) as typeof createError;

const error = (parts: object): Error => Object.assign(new Error(CANARY), parts);

class Subscriber {
  email = CANARY;
}
IsEmail()(Subscriber.prototype, 'email');

const ajv = new Ajv({ allErrors: true });
const isOrder = ajv.compile({ type: 'object', required: ['sku'], properties: { size: { type: 'number' } } });

class ShopError extends Error {
  constructor(
    readonly status: number,
    readonly body: object,
  ) {
    super(CANARY);
  }
  get headers() {
    return { 'x-shop': '1' };
  }
}

class OwnStatus extends Error {
  #status: unknown = 404;
  get status(): unknown {
    return this.#status;
  }
  set status(value: unknown) {
    this.#status = value;
  }
}

class APIError extends Error {
  readonly headers = new Headers({ 'retry-after': '5', 'x-request-id': 'req_1' });
  readonly error = { message: CANARY, type: 'rate_limit' };
  constructor(readonly status: number) {
    super(CANARY);
  }
}

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown;
  }
}

/** In use. */
const REAL: readonly Row[] = [
  ['a plain object with a status', () => ({ status: 404, message: 'no such shop' })],
  [
    'a plain object with a statusCode and headers',
    () => ({ statusCode: 429, headers: { 'retry-after': '5' } }),
  ],
  ['a plain object with an interim status', () => ({ status: 100 })],
  ['a frozen object', () => Object.freeze({ status: 404, message: 'no such shop' })],
  ['an array of express-validator', () => [{ type: 'field', msg: 'Invalid value', path: 'sku' }]],
  ["ajv's errors", () => (isOrder({ size: 'x' }) ? [] : [...(isOrder.errors ?? [])])],
  ["class-validator's errors", () => validateSync(new Subscriber())],
  ["zod's error", () => thrownBy(() => z.object({ sku: z.string() }).parse({}))],
  ["zod's error of safeParse", () => z.object({ sku: z.string() }).safeParse({}).error],
  [
    "zod's error with a status",
    () => Object.assign(z.string().safeParse(1).error as object, { status: 400 }),
  ],
  ["an openai's error", () => new APIError(429)],
  ["an openai's error for a good status", () => new APIError(200)],
  ['a class of the shop with headers', () => new ShopError(401, { code: 'UNAUTHORIZED' })],
  ['a status with a getter and a setter', () => new OwnStatus(CANARY)],
  ['a boom', () => error({ isBoom: true, isServer: false, output: { statusCode: 404, headers: {} } })],
  ...[400, 401, 404, 413, 429, 500, 503].map((status): Row => [
    `an http-errors ${String(status)}`,
    () => createError(status, 'Sorry', { headers: { 'x-why': 'because' } }),
  ]),
  ['an http-errors of Koa 2', () => createErrorOfKoa2(404, 'No such shop')],
  ['an http-errors that is frozen', () => Object.freeze(createError(404, 'No such shop'))],
  ['an http-errors that is exposed', () => createError(503, 'Closed today', { expose: true })],
  ['an http-errors without expose', () => createError(404, 'Hush', { expose: false })],
  [
    "co-body's SyntaxError",
    () => Object.assign(new SyntaxError('Unexpected end'), { status: 400, body: '{' }),
  ],
  [
    "body-parser's error",
    () => createError(400, new SyntaxError('Unexpected'), { type: 'entity.parse.failed' }),
  ],
  ['a sealed error with a status', () => Object.seal(error({ status: 404 }))],
  ['a getter-only status', () => Object.defineProperty(error({}), 'status', { get: () => 404 })],
  ['a getter-only statusCode', () => Object.defineProperty(error({}), 'statusCode', { get: () => 404 })],
  ...[100, 101, 102, 103, 199, 200, 204, 205, 304, 306, 399, 418, 499, 599, 700].map((status): Row => [
    `the status ${String(status)} that is exposed`,
    () => error({ status, expose: true }),
  ]),
  ['a statusCode alone', () => error({ statusCode: 404 })],
  ['a status and another statusCode', () => error({ status: 404, statusCode: 410 })],
  ['a status 0 and a statusCode', () => error({ status: 0, statusCode: 410 })],
  ['no file', () => Object.assign(new Error('ENOENT'), { code: 'ENOENT' })],
  ['a system error with its status', () => Object.assign(new Error('x'), { code: 'EACCES', status: 403 })],
  [
    'content headers',
    () => error({ status: 404, headers: { 'content-length': '3', 'Content-Type': 'a/b' } }),
  ],
  [
    'a chunked trailer',
    () => error({ status: 404, headers: { trailer: 'x', 'transfer-encoding': 'chunked' } }),
  ],
  ['headers without a status', () => error({ headers: { 'x a': '\n' } })],
  ['null for a header', () => error({ status: 404, headers: { 'x-a': null } })],
  ['a list with a gap for a header', () => error({ status: 404, headers: { 'x-a': ['b', undefined] } })],
  ['inherited headers', () => error({ status: 404, headers: Object.create({ 'x-a': 'b' }) as object })],
  [
    'inherited headers that break a line',
    () => error({ status: 404, headers: Object.create({ 'x-a': 'b\nc' }) as object }),
  ],
  ["another realm's error with a status", () => elsewhere('Object.assign(new Error("x"), { status: 404 })')],
  ["another realm's plain object", () => elsewhere('({ status: 404, message: "x" })')],
  [
    'an AggregateError with a status',
    () => Object.assign(new AggregateError([error({})], CANARY), { status: 502 }),
  ],
  ['a DOMException of a timeout', () => new DOMException('The operation was aborted', 'TimeoutError')],
  ['an error of an error', () => error({ status: 502, cause: error({ status: 404 }) })],
];

export const SPECIMENS: readonly Row[] = [...REAL, ...NOTHING, ...BORNE, ...THROWABLES, ...FICKLE];

export const isFickle = (specimen: number): boolean => specimen >= SPECIMENS.length - FICKLE.length;

/** How a part of a throwable is there. */
export const PARTS = ['value', 'getter', 'accessor', 'read-only', 'throwing', 'inherited'] as const;

export interface Spec {
  readonly base: 'error' | 'object' | 'bare' | 'array' | 'function' | 'foreign' | 'class';
  readonly parts: readonly {
    readonly name: string;
    readonly how: (typeof PARTS)[number];
    readonly value: number;
  }[];
  readonly lock: 'none' | 'sealed' | 'frozen' | 'closed';
  readonly wrap: 'none' | 'proxy' | 'cause';
}

const raise = (): never => {
  throw new Error(CANARY);
};

/** By the name of a part, what it may be. */
export const VALUES: Readonly<Record<string, readonly (() => unknown)[]>> = {
  status: [
    () => 404,
    () => 500,
    () => 204,
    () => 100,
    () => 700,
    () => '404',
    () => undefined,
    () => NaN,
    () => Symbol('s'),
  ],
  statusCode: [() => 410, () => 200, () => null, () => ({})],
  expose: [() => true, () => false, () => 'yes', () => Symbol('e')],
  headers: [
    () => ({ 'x-a': 'b' }),
    () => ({ 'x a': 'b' }),
    () => ({ 'x-a': 'b\r\nc: d' }),
    () => ({ 'x-a': undefined }),
    () => ({ trailer: 'x' }),
    () => ({ 'x-a': 5, 'x-b': ['c', 'd'], [Symbol('x')]: '\n' }),
    () => new Headers({ 'retry-after': '5' }),
    () => new Map([['x-a', '\n']]),
    () => 'text',
    () => null,
    () => 7,
  ],
  message: [() => 'Sorry', () => '', () => 42, () => ({ toString: raise }), () => Symbol('m')],
  stack: [
    () => 'Error: x',
    () => '',
    () => undefined,
    () => 42,
    () => ({ toString: raise }),
    () => Symbol('t'),
  ],
  name: [() => 'Sorry', () => Symbol('n'), () => 42],
  code: [() => 'ENOENT', () => 23],
  about: [() => ({ [inspect.custom]: raise }), () => ({ a: 1 }), () => 10n],
  toString: [() => raise, () => () => 'text', () => 5],
  toJSON: [() => raise, () => () => 'json'],
};

export function specimenOf({ base, parts, lock, wrap }: Spec): unknown {
  const bases: Record<Spec['base'], () => object> = {
    error: () => new Error(CANARY),
    object: () => ({ message: CANARY }),
    bare: () => Object.create(null) as object,
    array: () => [CANARY],
    function: () => () => CANARY,
    foreign: () => elsewhere('new Error("sorry")') as object,
    class: () => new (class Own extends TypeError {})(CANARY),
  };
  const made = bases[base]();
  for (const { name, how, value } of parts) {
    const values = VALUES[name] as readonly (() => unknown)[];
    const given = (values[value % values.length] as () => unknown)();
    if (how === 'inherited') {
      const parent = Object.create(Object.getPrototypeOf(made) as object | null, {
        [name]: { value: given, writable: true, configurable: true },
      }) as object;
      Object.setPrototypeOf(made, parent);
      continue;
    }
    const descriptors = {
      value: { value: given, writable: true },
      getter: { get: () => given },
      accessor: { get: () => given, set: () => undefined },
      'read-only': { value: given },
      throwing: { get: raise },
    };
    try {
      Object.defineProperty(made, name, { ...descriptors[how], enumerable: true, configurable: true });
    } catch {
      // V8 makes a stack when it is first asked for, and cannot of a name that is a symbol.
    }
  }
  if (lock === 'closed') Object.preventExtensions(made);
  if (lock === 'sealed') Object.seal(made);
  if (lock === 'frozen') Object.freeze(made);
  if (wrap === 'proxy') return new Proxy(made, {});
  return wrap === 'cause' ? new Error(CANARY, { cause: made }) : made;
}
