import { describe, expect, test } from '@jest/globals';
import createError, { isHttpError } from 'http-errors';
import {
  createLakiConnect,
  LakiConnectError,
  type HandlerOptions,
  type LakiConnectEvent,
  type Options,
} from 'lakiconnect-middleware';
import { answered as thrownByAxios } from './translation/failures.js';

const timedOut = new LakiConnectError({
  kind: 'TIMEOUT',
  outcome: 'unknown',
  details: [{ field: 'a', issue: 'b' }],
});
const incoming = {
  request: {},
  accept: '*/*',
  acceptLanguage: 'am',
  isSent: () => false,
  isComplete: () => false,
};

async function handled(
  thrown: unknown,
  options: Options,
  handler?: HandlerOptions,
  more: Partial<typeof incoming> = {},
) {
  const events: LakiConnectEvent[] = [];
  const laki = createLakiConnect({
    audience: 'merchant',
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { handled: await laki.handler(handler)(thrown, { ...incoming, ...more }), events };
}

const raise = (): never => {
  throw new Error('Out of paper');
};
const rejects = () => Promise.reject(new Error('Out of paper')) as never;

describe('An unclear payment is answered even where the platform’s own function fails', () => {
  test.each<[string, Options, string]>([
    ['audience throws', { audience: raise }, 'Out of paper'],
    ['audience rejects', { audience: rejects }, '`audience` gave a promise'],
    ['locale throws', { locale: raise }, 'Out of paper'],
    ['locale rejects', { locale: rejects }, '`locale` gave a promise'],
    ['fields throws', { fields: raise }, 'Out of paper'],
    ['format throws', { format: raise }, 'Out of paper'],
  ])('%s', async (_, options, told) => {
    const { handled: answered, events } = await handled(timedOut, options);

    expect(answered.reply).toMatchObject({ status: 504, problem: { code: 'TIMEOUT', outcome: 'unknown' } });
    const option = Object.keys(options)[0];
    expect(events).toEqual([
      expect.objectContaining({ type: 'misconfigured', level: 'error', option }),
      expect.objectContaining({ level: 'error', readerError: expect.stringContaining(told) as unknown }),
    ]);
    await new Promise(setImmediate); // an unhandled rejection would fail the test
  });
});

test('The platform’s own http-error is answered, too, where its audience throws', async () => {
  const { handled: answered } = await handled(createError(404), { audience: raise }, { httpErrors: true });
  expect(answered.reply).toMatchObject({ status: 404, problem: { code: 'NOT_FOUND' } });
});

test('The platform’s own http-error is answered in the standard form where its format throws', async () => {
  const { handled: answered, events } = await handled(
    createError(404),
    { format: raise },
    { httpErrors: true },
  );
  expect(answered.reply).toMatchObject({ status: 404, problem: { code: 'NOT_FOUND' } });
  expect(events).toEqual([
    { type: 'misconfigured', level: 'error', option: 'format', reason: 'it threw Error: Out of paper' },
  ]);
});

test('Where fields throws, the reply is a 422 that names no field', async () => {
  const refused = new LakiConnectError({
    kind: 'VALIDATION_ERROR',
    details: [{ field: 'tin', issue: 'is wrong' }],
  });
  const { reply } = (await handled(refused, { fields: raise })).handled;
  expect(reply).toMatchObject({ status: 422, problem: { code: 'VALIDATION_ERROR' } });
  expect(reply?.problem).not.toHaveProperty('errors');
});

test('A function that throws undefined is told of, too', async () => {
  const audience = () => {
    throw undefined;
  };
  const { events } = await handled(timedOut, { audience });
  expect(events).toEqual([
    { type: 'misconfigured', level: 'error', option: 'audience', reason: 'it threw undefined' },
    expect.objectContaining({ level: 'error', readerError: expect.any(String) as unknown }),
  ]);
});

describe('Where the platform’s own function fails', () => {
  const refused = new LakiConnectError({ kind: 'KYC_NOT_APPROVED' });

  test('the reader is a customer, who keeps their language', async () => {
    const { reply } = (await handled(refused, {}, { audience: raise })).handled;
    expect(reply).toMatchObject({ status: 409, headers: { 'content-language': 'am' } });
  });

  test('and accepts what they did', async () => {
    const { reply } = (await handled(refused, { audience: raise }, {}, { accept: 'text/html' })).handled;
    expect(reply?.headers['content-type']).toMatch(/^text\/html/);
  });

  test('it is an error, however quiet the refusal would be', async () => {
    const { handled: failed, events } = await handled(refused, { audience: raise });
    expect([failed, ...events]).toMatchObject([
      { level: 'error' },
      { type: 'misconfigured' },
      { level: 'error' },
    ]);
    const { handled: sound, events: told } = await handled(refused, {});
    expect([sound, ...told]).toMatchObject([{ level: 'info' }, { level: 'info' }]);
    expect(told[0]).not.toHaveProperty('readerError');
  });
});

test('The reader is who the platform says, in the language and form they ask for', async () => {
  const refused = new LakiConnectError({ kind: 'KYC_NOT_APPROVED' });
  const accept = { accept: 'text/html' };
  const { reply } = (await handled(refused, { locale: () => 'en' }, {}, accept)).handled;
  expect(reply).toMatchObject({ status: 403, headers: { 'content-language': 'en' } });
  expect(reply?.headers['content-type']).toMatch(/^text\/html/);
  expect((await handled(refused, {})).handled.reply?.headers['content-language']).toBe('am');
});

test('Fields that have no public name are told by name, if there are any', async () => {
  const error = (...fields: string[]) =>
    new LakiConnectError({
      kind: 'VALIDATION_ERROR',
      details: fields.map((field) => ({ field, issue: 'is wrong' })),
    });
  const options: Options = { fields: { tin: 'taxNumber' } };
  const { events: some } = await handled(error('tin', 'internal_id'), options);
  expect(some).toMatchObject([{ type: 'translated', unmappedFields: ['internal_id'] }]);
  const { events: none } = await handled(error('tin'), options);
  expect(none).toMatchObject([{ type: 'translated' }]);
  expect(none[0]).not.toHaveProperty('unmappedFields');
});

describe('Where the response has begun', () => {
  const begun = { isSent: () => true };

  test('LakiConnect’s error is passed on as such, and not told as translated', async () => {
    const { handled: passed, events } = await handled(thrownByAxios(503), {}, {}, begun);
    expect(passed).toMatchObject({ pass: expect.any(LakiConnectError) as unknown });
    expect(events.filter(({ type }) => type === 'translated')).toEqual([]);
  });

  test('another’s error is passed on as it is', async () => {
    const thrown = createError(404);
    const { pass } = (await handled(thrown, {}, { httpErrors: true }, begun)).handled as { pass: unknown };
    expect(pass).toBe(thrown);
  });
});

describe('Where the response is complete', () => {
  const complete = { isSent: () => true, isComplete: () => true };

  test.each<[string, HandlerOptions]>([
    ['answered', {}],
    ['forwarded', { forward: true }],
  ])('LakiConnect’s error is late, and not %s', async (_, handler) => {
    const refused = new LakiConnectError({
      kind: 'KYC_NOT_APPROVED',
      merchantId: 'cm_7',
      requestId: 'req_1',
    });
    const { handled: late, events } = await handled(refused, {}, handler, complete);
    expect(late).toEqual({ late: refused });
    expect(events.filter(({ type }) => type !== 'invalidated')).toEqual([
      {
        type: 'late',
        level: 'warn',
        kind: 'KYC_NOT_APPROVED',
        outcome: 'rejected',
        merchantId: 'cm_7',
        requestId: 'req_1',
      },
    ]);
  });

  test('another’s error is passed on as it is', async () => {
    const thrown = createError(404);
    const { handled: passed, events } = await handled(thrown, {}, { httpErrors: true }, complete);
    expect((passed as { pass: unknown }).pass).toBe(thrown);
    expect(events).toEqual([]);
  });
});

describe('In the same tick', () => {
  const laki = createLakiConnect({ onEvent: () => undefined });

  test.each<[string, unknown, HandlerOptions, object]>([
    ['LakiConnect’s error is answered', timedOut, {}, { reply: { status: 504 } }],
    ['a recognised one is', thrownByAxios(429), {}, { reply: { status: 503 } }],
    ['a forwarded one is passed on', timedOut, { forward: true }, { pass: { status: 504 } }],
    ['an http-error is answered', createError(404), { httpErrors: true }, { reply: { status: 404 } }],
    ['another’s is passed on', createError(404), {}, { pass: { status: 404 } }],
  ])('%s', (_, thrown, options, parts) => {
    expect(laki.handler(options)(thrown, incoming)).toMatchObject(parts);
  });
});

test('What the framework would not survive is told once it is replaced, without keys', async () => {
  const apiKey = 'lk_pub_1:lk_sec_1';
  const thrown = Object.freeze(Object.assign(new TypeError(`no ${apiKey}`), { status: 404 }));
  const { handled: passed, events } = await handled(thrown, { apiKey });
  expect(events).toEqual([]);

  const { replace } = passed as { replace: () => Error };
  expect(replace()).toMatchObject({ message: thrown.message, status: 404 });
  expect(events).toEqual([{ type: 'replaced', level: 'error', reason: 'TypeError: no [redacted]' }]);
});

describe('The platform’s own http-error', () => {
  test.each([
    [404, 'info'],
    [499, 'info'],
    [500, 'error'],
    [503, 'error'],
  ])('with the status %i is answered, and is told as %s', async (status, level) => {
    const thrown = createError(status);
    const { handled: answered, events } = await handled(thrown, {}, { httpErrors: true });
    expect(answered).toMatchObject({ reply: { status }, level });
    expect((answered as { error: unknown }).error).toBe(thrown);
    expect(events).toEqual([]);
  });

  test.each<[string, HandlerOptions | undefined]>([
    ['unless that is asked for', undefined],
    ['if it is not wanted', { httpErrors: false }],
    ['where all is forwarded', { httpErrors: true, forward: true }],
  ])('is passed on as it is %s', async (_, handler) => {
    const thrown = createError(404);
    const { handled: passed } = await handled(thrown, {}, handler);
    expect(passed.reply).toBeUndefined();
    expect((passed as { pass: unknown }).pass).toBe(thrown);
  });
});

test('What is neither LakiConnect’s nor an http-error is passed on as it is', async () => {
  const thrown = new Error('Out of paper');
  const { handled: passed } = await handled(thrown, {}, { httpErrors: true });
  expect(passed.reply).toBeUndefined();
  expect((passed as { pass: unknown }).pass).toBe(thrown);
});

describe('A forwarded error', () => {
  const noStore = { 'cache-control': 'no-store' };

  test.each<
    [string, LakiConnectError, Options['rules'], { status: number; expose: boolean; headers: object }]
  >([
    [
      'of the reader’s is exposed',
      new LakiConnectError({ kind: 'NOT_FOUND' }),
      {},
      { status: 404, expose: true, headers: noStore },
    ],
    [
      'with the status 500 is not',
      new LakiConnectError({ kind: 'NOT_FOUND' }),
      { NOT_FOUND: { status: 500 } },
      { status: 500, expose: false, headers: noStore },
    ],
    [
      'that can be tried again says when',
      new LakiConnectError({ kind: 'RATE_LIMITED', retryAfterMs: 7000 }),
      {},
      { status: 503, expose: false, headers: { ...noStore, 'retry-after': '7' } },
    ],
  ])('%s', async (_, error, rules, parts) => {
    const { handled: forwarded, events } = await handled(error, { rules }, { forward: true });
    const { pass } = forwarded as { pass: createError.HttpError };

    expect(isHttpError(pass)).toBe(true);
    expect(pass).toMatchObject({ ...parts, problem: { status: parts.status, code: error.kind } });
    expect(pass['headers']).toStrictEqual(parts.headers);
    expect(pass.message).toBe((pass['problem'] as { detail: string }).detail);
    expect(events).toMatchObject([{ type: 'translated', kind: error.kind }]);
  });
});
