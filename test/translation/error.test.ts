import { describe, expect, test } from '@jest/globals';
import { isHttpError } from 'http-errors';
import {
  isLakiConnectError,
  LakiConnectError,
  originalError,
  type LakiConnectErrorInit,
} from 'lakiconnect-middleware';
import { inspect } from 'node:util';
import { unfrozen } from '../../src/translation/copied.js';
import { groundsOf, ownRowOf } from '../../src/translation/error.js';
import { KINDS, RULES } from '../../src/translation/rules.js';
import type { Grounds } from '../../src/translation/grounds.js';
import { languageNegotiation } from '../../src/translation/negotiate.js';
import type { OwnRow } from '../../src/translation/own-row.js';
import type * as ErrorModule from '../../src/translation/error.js';

/** The class as another copy of the package in the same process has it. */
const path = '../../src/translation/error.js?another-copy';
const another = (await import(path)) as typeof ErrorModule;

const SECRET = 'lk_pub_abcdef:lk_sec_ghijkl';
const original = { config: { headers: { 'X-API-Key': SECRET } } };
const full = (Class = LakiConnectError) =>
  new Class({
    kind: 'KYC_NOT_APPROVED',
    status: 409,
    code: 'KYC_NOT_APPROVED',
    details: [{ field: 'tin', issue: 'is wrong' }],
    requestId: 'req_1',
    retryAfterMs: 1500,
    outcome: 'unknown',
    retryable: true,
    merchantId: 'cm_1',
    origin: 'guard',
    upstream: { status: 418, code: 'UPSTREAM_CODE', message: 'upstream message' },
    original,
  });

const hostile = {
  revoked: (() => {
    const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
    revoke();
    return proxy;
  })(),
  proxy: new Proxy(full(), {
    get() {
      throw new Error('read');
    },
    getPrototypeOf() {
      throw new Error('asked');
    },
  }),
  getter: Object.defineProperty(new Error('x'), Symbol.for('lakiconnect-middleware.error'), {
    get() {
      throw new Error('read');
    },
  }),
};

/** All that logs may have of it: everything but what the provider said. */
const LOGGED = {
  name: 'LakiConnectError',
  message: 'LakiConnect did not complete the request.',
  kind: 'KYC_NOT_APPROVED',
  action: 'check',
  code: 'KYC_NOT_APPROVED',
  status: 409,
  statusCode: 409,
  expose: false,
  outcome: 'unknown',
  retryable: true,
  details: [{ field: 'tin', issue: 'is wrong' }],
  requestId: 'req_1',
  retryAfterMs: 1500,
  merchantId: 'cm_1',
  origin: 'guard',
};

test('What was answered without a message is told as it was', () => {
  const upstream = { status: 502, code: 'ECONNRESET' };
  const error = new LakiConnectError({ kind: 'INTERNAL_ERROR', upstream });
  expect(error.upstream).toStrictEqual(upstream);
  expect(error.upstream).not.toBe(upstream);
});

describe('A LakiConnectError', () => {
  test('has what it was made with', () => {
    expect(full()).toMatchObject({
      ...LOGGED,
      upstream: { status: 418, code: 'UPSTREAM_CODE', message: 'upstream message' },
    });
  });

  test.each(KINDS)('of the kind %s has the customer’s status and the rule’s word on retries', (kind) => {
    const { status, retryable, customer = { status } } = { customer: undefined, ...RULES[kind] };
    expect(new LakiConnectError({ kind, outcome: 'rejected' })).toMatchObject({
      status: customer.status,
      statusCode: customer.status,
      retryable,
      outcome: 'rejected',
      origin: 'upstream',
      details: [],
      upstream: {},
      expose: false,
      message: full().message,
    });
  });

  test('says what a customer does next, unless whoever makes it knows its reader', () => {
    const actionOf = (init: LakiConnectErrorInit) => new LakiConnectError(init).action;
    expect(actionOf({ kind: 'KYC_NOT_APPROVED' })).toBe('other-way');
    expect(actionOf({ kind: 'KYC_NOT_APPROVED', outcome: 'unknown' })).toBe('check');
    expect(actionOf({ kind: 'KYC_NOT_APPROVED', action: 'onboard' })).toBe('onboard');
  });

  test.each(['TIMEOUT', 'UNREACHABLE', 'INTERNAL_ERROR', 'PROVIDER_ERROR', 'UNRECOGNISED'] as const)(
    'of the kind %s leaves open what was done, and is not to be sent again, unless it is said',
    (kind) => {
      expect(new LakiConnectError({ kind })).toMatchObject({ outcome: 'unknown', retryable: false });
      expect(new LakiConnectError({ kind, outcome: 'unknown' }).retryable).toBe(false);
      expect(new LakiConnectError({ kind, retryable: true }).retryable).toBe(true);
    },
  );

  test.each(['RATE_LIMITED', 'IDEMPOTENCY_IN_PROGRESS', 'UNDETERMINED'] as const)(
    'of the kind %s asks to wait a second, or as long as is known',
    (kind) => {
      expect(new LakiConnectError({ kind }).retryAfterMs).toBe(1000);
      expect(new LakiConnectError({ kind, retryAfterMs: 7000 }).retryAfterMs).toBe(7000);
    },
  );

  test('has no property for what it does not know', () => {
    const error = new LakiConnectError({ kind: 'TIMEOUT', code: undefined, merchantId: undefined });
    for (const property of [
      'code',
      'requestId',
      'retryAfterMs',
      'merchantId',
      'headers',
      'cause',
      'original',
    ]) {
      expect(property in error).toBe(false);
    }
  });

  test.each(['NOPE', '__proto__', 'toString', '', undefined, 5])('has no kind %p', (kind) => {
    const make = () => new LakiConnectError({ kind: kind as 'TIMEOUT' });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`lakiconnect: there is no kind ${inspect(kind)}.`);
  });

  test('may be tried again if it is of such a kind, and nothing was done', () => {
    const may = (init: Partial<LakiConnectErrorInit>) =>
      new LakiConnectError({ kind: 'RATE_LIMITED', ...init }).retryable;
    expect([may({}), may({ outcome: 'unknown' }), may({ kind: 'NOT_FOUND' })]).toEqual([true, false, false]);
  });

  test.each([0, -1, Number.NaN])('has no wait of %p milliseconds', (retryAfterMs) => {
    expect(new LakiConnectError({ kind: 'TIMEOUT', retryAfterMs })).not.toHaveProperty('retryAfterMs');
    expect(new LakiConnectError({ kind: 'RATE_LIMITED', retryAfterMs })).toHaveProperty('retryAfterMs', 1000);
  });

  test.each([200, 302, 399, 600, 404.5, Number.NaN, '500', null])('has no status %p', (status) => {
    const error = new LakiConnectError({ kind: 'TIMEOUT', status: status as number });
    expect([error.status, error.statusCode]).toEqual([504, 504]);
  });

  test.each([400, 404, 599])('has the status %i', (status) => {
    expect(new LakiConnectError({ kind: 'TIMEOUT', status })).toMatchObject({ status, statusCode: status });
  });

  test('is fit for a log line, whoever made it', () => {
    const hostile = `a\r\nb\u202ec\u2028${'d'.repeat(1000)}`;
    const error = new LakiConnectError({
      kind: 'TIMEOUT',
      code: hostile,
      requestId: hostile,
      merchantId: hostile,
      details: Array.from({ length: 30 }, () => ({ field: hostile, issue: hostile })),
      upstream: { status: 500, code: 'A', message: hostile },
    });
    expect(error).not.toHaveProperty('code');
    expect(error).not.toHaveProperty('requestId');
    expect(error.details).toHaveLength(20);
    const [detail] = error.details;
    expect(error.upstream).toMatchObject({ status: 500, code: 'A' });
    const texts = [detail?.field, detail?.issue, error.merchantId, error.upstream.message];
    expect(texts.map((text) => text?.length)).toEqual([200, 200, 256, 512]);
    for (const text of texts) expect(text).toMatch(/^a bc d+$/);
  });

  test('can be written on, as frameworks do', () => {
    const error = full();
    expect(Object.isExtensible(error)).toBe(true);
    Object.assign(error, { status: 500, statusCode: 500, expose: true, headerSent: true, message: 'x' });
    expect(error).toMatchObject({ status: 500, statusCode: 500, headerSent: true, message: 'x' });
  });

  test('is an http-errors error by its shape, which never shows its message', () => {
    expect(isHttpError(full())).toBe(true);
    expect(full().expose).toBe(false);
  });

  test('has a name that is no property of its own and may be changed', () => {
    expect(Object.keys(full())).not.toContain('name');
    expect(Object.assign(full(), { name: 'Renamed' }).name).toBe('Renamed');
    expect(full().stack).toMatch(/^LakiConnectError: LakiConnect did not complete the request\.\n/);
  });

  test('is written as JSON without what the provider said', () => {
    const json = JSON.parse(JSON.stringify(full())) as object;
    expect(json).toEqual(LOGGED);
    expect(JSON.stringify(json)).not.toMatch(/upstream|418|stack/i);
  });

  test.each<[string, (error: LakiConnectError) => string]>([
    ['inspect', (error) => inspect(error)],
    [
      'inspect with everything',
      (error) => inspect(error, { showHidden: true, depth: Infinity, getters: true }),
    ],
    ['JSON', (error) => JSON.stringify(error)],
    ['JSON of its properties', (error) => JSON.stringify({ ...error })],
    ['a list of its property names', (error) => JSON.stringify(Reflect.ownKeys(error).map(String))],
    ['its stack', (error) => String(error.stack)],
    ['its text', (error) => String(error)],
  ])('shows nothing of the original in %s', (_, print) => {
    const printed = print(full());
    expect(printed).not.toContain(SECRET);
    expect(printed).not.toMatch(/original|X-API-Key/i);
  });
});

describe('What was thrown first', () => {
  test('is reached through originalError alone', () => {
    expect(originalError(full())).toBe(original);
    expect(Reflect.ownKeys(full()).map((key) => (full() as never)[key])).not.toContain(original);
  });

  test('is reached across copies of the package', () => {
    expect(originalError(full(another.LakiConnectError))).toBe(original);
    expect(another.originalError(full())).toBe(original);
  });

  test('is undefined where there was nothing', () => {
    expect(originalError(new LakiConnectError({ kind: 'UNDETERMINED' }))).toBeUndefined();
    expect(originalError(new Error('x') as LakiConnectError)).toBeUndefined();
  });
});

const ownRow: OwnRow = {
  rule: RULES.NOT_FOUND,
  messages: {},
  texts: new Map(),
  language: languageNegotiation(['en']),
};
const grounds: Grounds = { recognisedBy: 'call', kindBy: 'status', outcomeBy: 'status' };

test('Other copies of the package find what they need under names that never change', () => {
  const error = new LakiConnectError({ kind: 'NOT_FOUND', ownRow, grounds, original });
  const under = (name: string): unknown => Reflect.get(error, Symbol.for(`lakiconnect-middleware.${name}`));
  expect(under('error')).toBe(true);
  expect((under('original') as typeof ownRowOf).call(error, error)).toBe(original);
  expect((under('own-row') as typeof ownRowOf).call(error, error)).toBe(ownRow);
  expect((under('grounds') as typeof groundsOf).call(error, error)).toBe(grounds);
  expect(ownRowOf(error)).toBe(ownRow);
  expect(ownRowOf(new Error('another'))).toBeUndefined();
  expect(groundsOf(new Error('another'))).toBeUndefined();
});

test('The name of an error can be written', () => {
  expect(Object.assign(full(), { name: 'PaymentError' }).name).toBe('PaymentError');
});

describe('A frozen error', () => {
  test('keeps the row that came with it, and by what it was made', () => {
    const error = unfrozen(frozen(new LakiConnectError({ kind: 'NO_PAYOUT', ownRow, grounds })));
    expect(groundsOf(error)).toBe(grounds);
    expect(error.kind).toBe('NO_PAYOUT');
    expect(ownRowOf(error)).toBe(ownRow);
  });

  function frozen(error: LakiConnectError): LakiConnectError {
    Object.freeze(error);
    return error;
  }

  test('is made again, so that a framework may write on it', () => {
    const error = frozen(full());
    const again = unfrozen(error);
    expect(again).not.toBe(error);
    expect(Object.isExtensible(again)).toBe(true);
    expect(again.toJSON()).toEqual(error.toJSON());
    expect(again.upstream).toEqual(error.upstream);
    expect(originalError(again)).toBe(original);
  });

  test.each([
    ['sealed', Object.seal(full())],
    ['not to be extended', Object.preventExtensions(full())],
    ['of another copy', frozen(full(another.LakiConnectError))],
  ])('that is %s is made again, too', (_, error) => {
    expect(Object.isExtensible(unfrozen(error))).toBe(true);
  });

  test('of a kind that only a newer copy knows is made again, too', () => {
    const newer = Object.assign(full(another.LakiConnectError), { kind: 'NEW_KIND' });
    expect(() => unfrozen(frozen(newer))).not.toThrow();
  });

  test('that is none is left as it is', () => {
    const error = full();
    expect(unfrozen(error)).toBe(error);
  });
});

describe('An error is recognised', () => {
  class Mine extends LakiConnectError {}

  test('by instanceof and isLakiConnectError', () => {
    expect(full()).toBeInstanceOf(LakiConnectError);
    expect(full()).toBeInstanceOf(Error);
    expect(isLakiConnectError(full())).toBe(true);
  });

  test('across copies of the package, in both directions', () => {
    expect(another.LakiConnectError).not.toBe(LakiConnectError);
    expect(full(another.LakiConnectError)).toBeInstanceOf(LakiConnectError);
    expect(full()).toBeInstanceOf(another.LakiConnectError);
    expect(isLakiConnectError(full(another.LakiConnectError))).toBe(true);
    expect(another.isLakiConnectError(full())).toBe(true);
  });

  test('as a subclass by its own instances alone', () => {
    expect(full(Mine)).toBeInstanceOf(Mine);
    expect(full(Mine)).toBeInstanceOf(LakiConnectError);
    expect(full()).not.toBeInstanceOf(Mine);
    expect(full(another.LakiConnectError)).not.toBeInstanceOf(Mine);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'LakiConnectError'],
    ['a plain error', new Error('x')],
    ['an error of the same name', Object.assign(new Error('x'), { name: 'LakiConnectError' })],
    ['a look-alike', { ...full() }],
    ['an object with the prototype', Object.create(LakiConnectError.prototype)],
    ['the prototype', LakiConnectError.prototype],
    ['the class', LakiConnectError],
    ['its JSON', full().toJSON()],
    ['a body that claims the brand', { [Symbol.for('lakiconnect-middleware.error')]: true }],
    [
      'an error with a brand of another kind',
      Object.assign(new Error('x'), { [Symbol.for('lakiconnect-middleware.error')]: 'yes' }),
    ],
    ['a Proxy of one', hostile.proxy],
    ['a revoked Proxy', hostile.revoked],
    ['an error that throws when it is asked', hostile.getter],
  ])('and %s is not, without an exception', (_, value) => {
    expect(isLakiConnectError(value)).toBe(false);
    expect(value instanceof LakiConnectError).toBe(false);
  });
});
