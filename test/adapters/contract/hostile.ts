import { expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { LakiConnectError } from 'lakiconnect-middleware';
import { core, documented, flat } from '../../envelopes.js';
import { answered, BASE, throwing } from './failures.js';
import type { Harness } from './harness.js';
import { oneAnswer, serve } from './server.js';

const raise = (): never => {
  throw new Error('trap');
};
const TRAPS = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((trap) => [trap, raise]));
const trapped = (): object => new Proxy({}, TRAPS);
const withGetter = (target: object, name: string): object =>
  Object.defineProperty(target, name, { get: raise, enumerable: true });

function nested(depth: number): object {
  let value: object = {};
  for (let level = 0; level < depth; level++) value = { details: value };
  return value;
}

function causes(depth: number): Error {
  let cause: object = {};
  for (let level = 0; level < depth; level++) cause = { cause };
  return Object.assign(answered(403, documented('FORBIDDEN')), { cause });
}

function cyclic(): Error {
  const error = answered(403, documented('FORBIDDEN'));
  return Object.assign(error, { cause: error, errors: [error], self: error });
}

const BIDI = '\u202e\u2066\u200f\ufeff';
const ANSI = '\u001b[31m\u009b1m\u0007';
const BREAKS = '\r\nset-cookie: a=b\u2028\u2029\u0000\u0085';
const QUOTES = '"'.repeat(200);
const NASTY = `${BIDI}${ANSI}${BREAKS}\ud800</script><img src=x onerror=alert(1)>`;

/** Made once: a body of this size takes longer to make than to read. */
const WIDE = wide(100_000);

function wide(keys: number): object {
  const parts = Array.from({ length: keys }, (_, at) => [`key${String(at)}`, at] as const);
  return { ...documented('FORBIDDEN'), ...Object.fromEntries(parts) };
}

const NAMES = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`x-${String(at)}`, '1']));

const FORBIDDEN = documented('FORBIDDEN');
const NOT_FOUND = Object.freeze({ error: Object.freeze({ code: 'NOT_FOUND' }), request_id: 'req_1' });
const PROTOTYPES = JSON.parse('{"__proto__": "x", "constructor": ["y"], "toString": "z"}') as object;
const GZIP = gzipSync(JSON.stringify(NOT_FOUND));

const refused = (body: unknown) => answered(403, body);
const limited = (headers: unknown) => answered(429, '', { headers });
const named = (requestId: unknown) => answered(404, { ...documented('NOT_FOUND'), request_id: requestId });
const coded = (code: unknown) => answered(403, { error: { code }, request_id: 'req_1' });
const unverified = (status: unknown) => answered(status, documented('KYC_NOT_APPROVED'));
const invalid = (details: unknown) => answered(422, documented('VALIDATION_ERROR', { details }));

type Row = readonly [string, () => unknown];

/** Throwables that are LakiConnect's by evidence, by the code that a merchant is told. */
const HOSTILE: Readonly<Record<string, readonly Row[]>> = {
  PAYMENTS_UNAVAILABLE: [
    ['a body with __proto__', () => refused(JSON.parse('{"__proto__": {"error": {"code": "NOT_FOUND"}}}'))],
    ['a body of 10,000 levels', () => refused(nested(10_000))],
    ['a text of 10,000 levels', () => refused('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000))],
    ['a body of 100,000 keys', () => refused(WIDE)],
    ['a text of 2 MB', () => refused('a'.repeat(2_000_000))],
    ['a cyclic body', () => refused(Object.assign({ ...FORBIDDEN }, { self: cyclic() }))],
    ['a body that traps', () => refused(trapped())],
    ['a body whose toJSON throws', () => refused({ ...FORBIDDEN, toJSON: raise })],
    ['a body with a bigint', () => refused({ ...FORBIDDEN, extra: 1n })],
    ['a body whose error throws', () => refused(withGetter({ request_id: 'req_1' }, 'error'))],
    ['gzip for a text', () => refused(GZIP.toString('latin1'))],
    ['gzip for a Buffer', () => refused(GZIP)],
    ['half a JSON text', () => refused('{"error": {"code": "NOT_FOUND"')],
    ['a number for a body', () => refused(42)],
    ['an array for a body', () => refused([NOT_FOUND])],
    ['a function for a body', () => refused(raise)],
    ['the code __proto__', () => coded('__proto__')],
    ['the code constructor', () => coded('constructor')],
    ['the code toString', () => coded('toString')],
    ['a code of 2 MB', () => coded('A'.repeat(2_000_000))],
    ['a code that is an object', () => coded({ toString: raise })],
    ['a cyclic cause', cyclic],
    ['100,000 causes', () => causes(100_000)],
    ['100,000 errors', () => Object.assign(refused(''), { errors: Array(100_000).fill(new Error('one')) })],
    ['a frozen error', () => Object.freeze(refused(FORBIDDEN))],
    ['a config that throws', () => withGetter(refused(FORBIDDEN), 'config')],
    ['headers that throw', () => answered(403, '', { headers: withGetter({}, 'retry-after') })],
    [
      'a stack, name and message that throw',
      () => ['stack', 'name', 'message'].reduce(withGetter, refused('')),
    ],
  ],
  NOT_FOUND: [
    ['a frozen envelope', () => refused(NOT_FOUND)],
    ['a Buffer', () => refused(Buffer.from(JSON.stringify(NOT_FOUND)))],
    ['a request id with line breaks', () => named(`req_1${BREAKS}`)],
    ['a request id with NUL', () => named('req_\u0000')],
    ['a request id of 2 MB', () => named('r'.repeat(2_000_000))],
    ['a request id that traps', () => named(trapped())],
    ['no Error at all', () => ({ config: { url: BASE }, response: { status: 404, data: {} } })],
    ['a body alone', () => NOT_FOUND],
    ['our own error, frozen', () => Object.freeze(new LakiConnectError({ kind: 'NOT_FOUND' }))],
  ],
  VALIDATION_ERROR: [
    ['bidi, ANSI and markup in an issue', () => invalid([{ field: 'tin', issue: NASTY }])],
    ['bidi, ANSI and markup in a field', () => invalid([{ field: NASTY, issue: 'bad' }])],
    ['an issue of 1 MB', () => invalid([{ field: 'tin', issue: `${BIDI}x`.repeat(200_000) }])],
    ['a field of 1 MB', () => invalid([{ field: 'x'.repeat(1_000_000), issue: 'bad' }])],
    ['10,000 issues', () => invalid(Array(10_000).fill({ field: 'tin', issue: 'bad' }))],
    ['20 long issues', () => invalid(Array(20).fill({ field: 'tin', issue: 'bad '.repeat(100) }))],
    ['20 issues of quotes', () => invalid(Array(20).fill({ field: QUOTES, issue: QUOTES }))],
    ['issues that trap', () => invalid([trapped(), withGetter({ field: 'tin' }, 'issue')])],
    ['nothing but clauses', () => answered(400, flat('a: b; '.repeat(50_000)))],
    ['nothing but brackets', () => answered(400, flat('a: ('.repeat(50_000)))],
    ['errors named like prototypes', () => answered(400, core('INVALID_AMOUNT', { errors: PROTOTYPES }))],
    ['our own error with nasty parts', () => new LakiConnectError(NASTY_PARTS)],
  ],
  KYC_NOT_APPROVED: [
    ['the status NaN', () => unverified(NaN)],
    ['the status 999', () => unverified(999)],
    ['the status "ERROR"', () => unverified('ERROR')],
    ['the status 200', () => unverified(200)],
    ['the status "404"', () => unverified('404')],
    ['the status 404.5', () => unverified(404.5)],
    ['the status -1', () => unverified(-1)],
    ['the status Infinity', () => unverified(Infinity)],
    ['a status that is no number, but has one', () => unverified({ valueOf: () => 404 })],
    ['a status that is a symbol', () => unverified(Symbol('404'))],
    ['a status that throws', () => withGetter(unverified(403), 'status')],
  ],
  RATE_LIMITED: [
    ['headers that trap', () => limited(trapped())],
    ['a Headers whose get throws', () => limited({ get: raise })],
    ['a Headers whose get gives a line break', () => limited({ get: () => '1\r\nset-cookie: a=b' })],
    ['10,000 headers', () => limited(NAMES)],
    ['a header under a symbol', () => limited({ [Symbol('retry-after')]: '\n' })],
    ['a Retry-After in Amharic', () => limited({ 'retry-after': 'ነገ' })],
    ['a Retry-After with a line break', () => limited({ 'retry-after': '1\r\nset-cookie: a=b' })],
    ['a Retry-After for ever', () => limited({ 'retry-after': '9'.repeat(40) })],
    ['Retry-After: Infinity', () => limited({ 'retry-after': 'Infinity' })],
  ],
  UNRECOGNISED: [
    ['the status 101', () => answered(101, {})],
    ['the status 302', () => answered(302, {}, { headers: { location: 'https://elsewhere.test' } })],
    ['a response that throws', () => withGetter(Object.assign(refused(''), { status: 302 }), 'response')],
    ["an SDK's error that says nothing", () => Object.assign(new Error(), { name: 'LakipayError' })],
  ],
  TIMEOUT: [['a stream that never ends', () => refused(new PassThrough())]],
};

const NASTY_PARTS = {
  kind: 'VALIDATION_ERROR',
  requestId: `req_1${BREAKS}`,
  details: [{ field: NASTY, issue: NASTY }],
} as const;

const ROWS = Object.entries(HOSTILE).flatMap(([code, rows]) =>
  rows.map(([name, make]) => [name, make, code] as const),
);

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(texts) : [];
}

export function hostile(harness: Harness): void {
  test.each(ROWS)('%s gets one safe answer', async (_, make, code) => {
    const server = await serve(harness, {
      options: { audience: 'merchant', timeoutMs: 100 },
      route: throwing(make),
    });
    const reply = oneAnswer(await server.bytes());
    const problem = JSON.parse(reply.body) as Record<string, unknown>;

    expect(problem).toMatchObject({ code, status: reply.status });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThanOrEqual(599);
    expect(texts(problem).filter((text) => INVISIBLE.test(text))).toEqual([]);

    for (const accept of ['text/html', 'text/plain']) {
      const { body, status } = oneAnswer(await server.bytes({ accept }));
      expect(status).toBe(reply.status);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(16 * 1024);
      expect(body.replaceAll('\n', '')).not.toMatch(INVISIBLE);
      if (accept === 'text/html') expect(body).not.toMatch(/<script|<img/);
    }
    expect(Buffer.byteLength(reply.body)).toBeLessThanOrEqual(16 * 1024);
    expect(reply.headers).not.toHaveProperty('set-cookie');
    expect(await server.isAlive()).toBe(true);
  });
}
