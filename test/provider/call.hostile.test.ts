/** Whatever is thrown or returned, `call` and `translate` throw it as it is, or a LakiConnectError. */
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLakiConnect, isLakiConnectError, type LakiConnectError } from 'lakiconnect-middleware';
import { core, documented, flat, htmlPage, nested, plainText, started, succeeded } from '../envelopes.js';
import { aftermath, promptly, rejection, settled } from './harness.js';

const laki = createLakiConnect({ timeoutMs: 500, headers: { idempotency: 'Idempotency-Key' } });
const OURS = 'https://api.lakipay.co/api/v2/payment/direct';

const no = (): never => {
  throw new Error('hostile');
};

/** Refuses every question. */
const mute = () =>
  new Proxy(
    {},
    { get: no, has: no, ownKeys: no, getPrototypeOf: no, getOwnPropertyDescriptor: no, set: no, apply: no },
  );

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function detached<T>(view: (buffer: ArrayBuffer) => T): T {
  const buffer = new ArrayBuffer(8);
  const viewed = view(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  return viewed;
}

function cyclic(): Error {
  const error: Error & { errors?: unknown } = new Error('cycle');
  error.cause = { cause: error, errors: [error] };
  error.errors = [error, error.cause];
  return error;
}

const getter = (name: string) => Object.defineProperty({ status: 500, headers: {} }, name, { get: no });
const carrying = (data: unknown, headers: unknown = {}) => ({ response: { status: 500, data, headers } });

const HOSTILE: readonly (readonly [what: string, value: unknown])[] = [
  ['a getter for `status` that throws', getter('status')],
  ['a getter for `response` that throws', getter('response')],
  ['a getter for `headers` that throws', getter('headers')],
  ['a getter for `data` that throws', getter('data')],
  ['a getter for `cause` that throws', getter('cause')],
  ['a getter for `clone` that throws', getter('clone')],
  ['headers that refuse', carrying({}, mute())],
  ['headers whose `get` throws', carrying({}, { get: no })],
  ['a body that refuses', carrying(mute())],
  ['a body that is revoked', carrying(revoked())],
  ['a body whose `toJSON` throws', carrying({ toJSON: no })],
  ['a body of bytes that are gone', carrying(detached((buffer) => new Uint8Array(buffer)))],
  ['a body in a buffer that is gone', carrying(detached((buffer) => buffer))],
  ['a body in a view of bytes that are gone', carrying(detached((buffer) => new DataView(buffer)))],
  ['a body in shared memory', carrying(new Uint8Array(new SharedArrayBuffer(8)))],
  ['a body that is a symbol', carrying(Symbol('no'))],
  ['a body that is a bigint', carrying(10n)],
  [
    'a URL whose `href` throws',
    {
      config: {
        url: {
          get href() {
            return no();
          },
        },
      },
      status: 500,
    },
  ],
  ['a URL that is none', { config: { url: 'https://[' }, response: { status: 500 } }],
  ['a request whose `getHeader` throws', { statusCode: 500, headers: {}, req: { getHeader: no } }],
  ['a method that is no text', { config: { method: {} }, response: { status: 500 } }],
  ['a code, name and message that are no text', { code: {}, name: [], message: 1, stack: 'at' }],
  ['numeric codes', { code: 23, cause: { code: 110 }, errors: [{ code: -104 }] }],
  ['`errors` that is revoked', Object.assign(new Error('no'), { errors: revoked() })],
  ['`cause` that is revoked', Object.assign(new Error('no'), { cause: revoked() })],
  ['a hundred thousand errors', { errors: Array.from({ length: 100_000 }, () => new Error('no')) }],
  ['causes in a circle', cyclic()],
  ['a clone that throws', { status: 500, headers: {}, clone: no, text: no }],
  ['a clone that is nothing', { status: 500, headers: {}, clone: () => null, text: no }],
  ['a clone that is revoked', { status: 500, headers: {}, clone: revoked, text: no }],
  ['a stream whose reader cannot be had', carrying({ getReader: no })],
  ['a stream whose reader cannot read', carrying({ getReader: () => ({}) })],
  ['a stream that cannot be read', carrying({ pipe: no, [Symbol.asyncIterator]: no })],
  [
    'a body like undici’s that is none',
    { statusCode: 500, headers: {}, body: { pipe: no, dump: no, bodyUsed: false } },
  ],
  [
    'a request_id that is an object',
    carrying({ error: { code: 'NOT_FOUND' }, request_id: { toString: no } }),
  ],
  [
    'a body with a prototype of its own',
    carrying(Object.create({ error: { code: 'NOT_FOUND' }, request_id: 'x' })),
  ],
  [
    'keys that poison',
    carrying(JSON.parse('{"__proto__":{"status":"ERROR"},"constructor":{"prototype":{}}}')),
  ],
];

/** Whether a rejection is what was thrown, or ours. */
const isAllowed = (rejected: unknown, thrown: unknown) =>
  Object.is(rejected, thrown) || isLakiConnectError(rejected);

describe.each(HOSTILE)('%s', (_what, value) => {
  test('is nothing to be afraid of where it is thrown', async () => {
    expect(() => laki.translate(value)).not.toThrow();
    const rejected = await rejection(
      laki.call(() => {
        throw value;
      }),
    );
    expect(isAllowed(rejected, value)).toBe(true);
    expect(() => laki.translate(rejected)).not.toThrow();
  });

  test('is nothing to be afraid of where it is returned', async () => {
    const outcome = await promptly(settled(laki.call(() => value)));
    expect('resolved' in outcome ? outcome.resolved === value : isLakiConnectError(outcome.rejected)).toBe(
      true,
    );
    await new Promise(setImmediate);
  });
});

test.each([
  ['refuses everything', mute()],
  ['is revoked', revoked()],
])('What %s and is thrown is a payment of which nothing is known', async (_what, value) => {
  expect(laki.translate(value)).toBeUndefined();
  const outcome = await settled(
    laki.call(() => {
      throw value;
    }),
  );
  expect('rejected' in outcome && outcome.rejected).toMatchObject({
    kind: 'UNRECOGNISED',
    outcome: 'unknown',
  });
});

test('Reading pollutes no prototype', async () => {
  const poison =
    '{"error":{"code":"NOT_FOUND","__proto__":{"polluted":1}},"__proto__":{"polluted":1},"request_id":"r"}';
  for (const body of [poison, JSON.parse(poison)]) await rejection(laki.call(() => carrying(body).response));
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

describe('An answer that cannot be read', () => {
  const locked = (init: ResponseInit) => {
    const response = new Response('{"status":"ERROR"}', init);
    void response.body?.getReader();
    return response;
  };
  const unclonable = (init: ResponseInit) =>
    Object.assign(new Response('{"status":"ERROR"}', init), { clone: no });

  test.each([
    ['locked', locked],
    ['without a clone', unclonable],
  ])('is good at 200, and goes by its status otherwise: %s', async (_how, make) => {
    const good = make({ status: 200 });
    expect((await laki.call(() => good)) === good).toBe(true);
    expect(await rejection(laki.call(() => make({ status: 403 })))).toMatchObject({ kind: 'FORBIDDEN' });
    expect(await rejection(laki.call(() => make({ status: 502 })))).toMatchObject({
      kind: 'INTERNAL_ERROR',
      outcome: 'unknown',
    });
  });

  const broken = (init: ResponseInit) =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) }), init);

  test.each([200, 403, 502])('for its stream breaks is lost, whatever the status: %d', async (status) => {
    const error = await rejection(laki.call(() => broken({ status })));
    expect(error).toMatchObject({
      kind: 'UNREACHABLE',
      outcome: 'unknown',
      retryable: false,
      upstream: { status },
    });
  });

  test('for its bare stream breaks is lost', async () => {
    const body = new Readable({
      read() {
        this.destroy(new Error('cut'));
      },
    });
    const error = await rejection(laki.call(() => ({ statusCode: 403, headers: {}, body })));
    expect(error).toMatchObject({ kind: 'UNREACHABLE', outcome: 'unknown' });
  });
});

describe('Several failures at once', () => {
  const code = (name: string) => Object.assign(new Error(name), { code: name });
  const attempts = (...codes: string[]) => new AggregateError(codes.map(code));

  test.each<[codes: string[], kind: string, outcome: string]>([
    [['ECONNREFUSED', 'ECONNREFUSED'], 'UNREACHABLE', 'rejected'],
    [['ECONNREFUSED', 'ENOTFOUND'], 'UNREACHABLE', 'rejected'],
    [['ECONNREFUSED', 'ETIMEDOUT'], 'TIMEOUT', 'unknown'],
    [['ETIMEDOUT', 'ECONNREFUSED'], 'TIMEOUT', 'unknown'],
    [['ECONNREFUSED', 'ECONNRESET'], 'UNREACHABLE', 'unknown'],
    [[...Array<string>(7).fill('ECONNREFUSED'), 'ECONNRESET'], 'UNREACHABLE', 'unknown'],
  ])('of %j are %s, and %s', async (codes, kind, outcome) => {
    const thrown = attempts(...codes);
    expect(await rejection(laki.call(() => Promise.reject(thrown)))).toMatchObject({ kind, outcome });
    const wrapped = new TypeError('fetch failed', { cause: thrown });
    expect(await rejection(laki.call(() => Promise.reject(wrapped)))).toMatchObject({ kind, outcome });
  });
});

describe('At random', () => {
  /** The names under which clients keep what is read. */
  const NAMES = [
    'status', 'statusCode', 'response', 'request', 'req', 'config', 'options', 'headers', 'header', 'data', '_data',
    'body', 'text', 'details', 'url', 'baseURL', 'href', 'method', 'code', 'name', 'message', 'stack', 'cause',
    'errors', 'error', 'error_code', 'success', 'request_id', 'clone', 'bodyUsed', 'redirected', 'requestUrl', 'expose',
  ]; // prettier-ignore

  const leaf = fc.oneof(
    fc.anything({ maxDepth: 1 }),
    fc.constantFrom(
      OURS, 'https://api.example.com/', 'POST', 'GET', 'ECONNREFUSED', 'ECONNRESET', 'TimeoutError', 'AbortError',
      'LakipayError', 'ERROR', 'KYC_NOT_APPROVED', 'fetch failed', 200, 302, 403, 404, 408, 429, 500, 999, true, false,
    ), // prettier-ignore
    fc.constantFrom(
      () => undefined,
      () => '',
      no,
    ),
  );
  const record: fc.Arbitrary<object> = fc.letrec<{ record: object }>((tie) => ({
    record: fc.dictionary(
      fc.constantFrom(...NAMES),
      fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('record')),
      {
        maxKeys: 8,
      },
    ),
  })).record;
  const thrown = fc.oneof(
    fc.anything({
      maxKeys: 6,
      withNullPrototype: true,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withTypedArray: true,
    }),
    record,
    record.map((properties) => {
      const error = new Error('no');
      expect(error.stack).toBeDefined(); // printed before it has a name that cannot be
      return Object.defineProperties(error, Object.getOwnPropertyDescriptors(properties));
    }),
  );

  test('nothing that is thrown makes `translate` throw, or `call` throw anything else', async () => {
    await fc.assert(
      fc.asyncProperty(thrown, async (value) => {
        const reply = laki.translate(value);
        expect(
          reply === undefined || (reply.status >= 400 && reply.status <= 599 && reply.status !== 401),
        ).toBe(true);
        const { rejected } = await settled(laki.call(() => Promise.reject(value)));
        expect(isAllowed(rejected, value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('nothing that is returned makes `call` do anything but pass it or throw a LakiConnectError', async () => {
    await fc.assert(
      fc.asyncProperty(record, async (value) => {
        const outcome = await settled(laki.call(() => value));
        expect(
          'resolved' in outcome ? outcome.resolved === value : isLakiConnectError(outcome.rejected),
        ).toBe(true);
      }),
      { numRuns: 1000 },
    );
    await aftermath();
  });

  /** Design, “Outcome”: of a POST whose answer has come whole. */
  const KNOWN = new Set([
    'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONNECTED_MERCHANT_NOT_FOUND', 'VALIDATION_ERROR', 'KYC_NOT_APPROVED',
    'FEE_CONFIG_NOT_SET', 'RATE_LIMITED', 'IDEMPOTENCY_CONFLICT', 'INVALID_API_KEY', 'INVALID_AMOUNT', 'INVALID_PHONE',
    'INSUFFICIENT_BALANCE', 'PROVIDER_ERROR',
  ]); // prettier-ignore

  interface Said {
    readonly body: unknown;
    readonly code?: string;
    /** Whether a 4xx with it is one that can be read. */
    readonly readable: boolean;
    /** Whether it is no good answer, though it came with a 2xx. */
    readonly bad: boolean;
  }

  const saying = (readable: boolean, bad: boolean, ...bodies: unknown[]) =>
    fc.constantFrom(...bodies).map((body): Said => ({ body, readable, bad }));

  const code = fc.oneof(
    fc.constantFrom(...KNOWN),
    fc.constantFrom('SHARD_LOST', 'toString', '__proto__', 'not a code', ''),
  );
  const said: fc.Arbitrary<Said> = fc.oneof(
    code.map((code) => ({ body: documented(code), code, readable: true, bad: true })),
    code.map((code) => ({ body: core(code), code, readable: true, bad: true })),
    saying(
      true,
      true,
      flat('amount: cannot be blank.'),
      nested('invalid key'),
      { status: 'ERROR' },
      { success: false },
    ),
    saying(
      true,
      false,
      succeeded,
      started,
      {},
      { detail: 'no' },
      { status: 'FAILED', error: { code: 'NOT_FOUND' } },
    ),
    saying(true, false, plainText, ''),
    saying(false, true, htmlPage, '<', '{"error":{"code":"KYC_NOT_APPR', '{'),
    saying(false, false, '[1]', '"', '{"id":1}\n{"id":2}', 'x'.repeat(70_000)),
  );

  test.each<[how: string, answer: (status: number, body: unknown) => unknown]>([
    ['parsed', (status, body) => ({ status, headers: {}, data: body })],
    ['as text', (status, body) => ({ status, headers: {}, data: asText(body) })],
    ['as bytes', (status, body) => ({ statusCode: status, headers: {}, body: Buffer.from(asText(body)) })],
    [
      'unread',
      (status, body) => new Response([204, 205, 304].includes(status) ? null : asText(body), { status }),
    ],
  ])('the outcome of an answer %s follows the transport', async (how, answer) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 200, max: 599 }),
        said,
        fc.boolean(),
        async (status, { body, readable, code, bad }, keyed) => {
          const bodiless = how === 'unread' && [204, 205, 304].includes(status);
          const isGood = status <= 299 && (!bad || bodiless);
          const outcome = await settled(
            laki.call(() => answer(status, body), { idempotencyKey: keyed ? '1' : undefined }),
          );
          expect('resolved' in outcome).toBe(isGood);
          if (isGood) return;

          const error = (outcome as { rejected: LakiConnectError }).rejected;
          const isProviders = !bodiless && code === 'PROVIDER_ERROR';
          const known = !bodiless && code !== undefined && KNOWN.has(code);
          const isRefusal = status >= 400 && status <= 499 && status !== 408 && status !== 425;
          const isRejected = !isProviders && (status <= 299 ? known : isRefusal && (readable || bodiless));
          expect(error.outcome).toBe(isRejected ? 'rejected' : 'unknown');
          expect(error.retryable && !isRejected && !keyed).toBe(false);
          expect(error.upstream.status).toBe(status);
          expect(error.status).toBeGreaterThanOrEqual(400);
          expect(error.status).toBeLessThanOrEqual(599);
          expect([401, 403, 407, 408, 421, 425]).not.toContain(error.status);
          expect(error.status).toBe(error.statusCode);
        },
      ),
      { numRuns: 400 },
    );
  });

  function asText(body: unknown): string {
    return typeof body === 'string' ? body : JSON.stringify(body);
  }
});
