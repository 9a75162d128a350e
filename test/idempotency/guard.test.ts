import { describe, expect, test } from '@jest/globals';
import type { IdempotencyOptions, IdempotentRequest, Options } from 'lakiconnect-middleware';
import { refusalsOf } from '../../src/guards/refusals.js';
import { idle, start, type Asked } from '../guards/harness.js';
import { createMemoryStore } from '../sharing/memory-store.js';
import { FakeResponse } from './fake-response.js';

interface Sent {
  readonly key?: unknown;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly id?: unknown;
  readonly url?: string;
}

/** A guard of a core, and what becomes of requests to it. */
function open(options: IdempotencyOptions<Asked> = {}, core: Options<Asked> = {}) {
  const { laki, events, clock } = start(core);
  const guard = laki.idempotencyGuard(options);

  function send({ key = 'k1', body = { amount: 10 }, headers = {}, id = 'cm_1', url = '/pay' }: Sent = {}) {
    const response = new FakeResponse();
    const state = {};
    const passed = Promise.resolve().then(() =>
      guard({
        request: { id },
        state,
        method: 'POST',
        url,
        headers: { ...(key === undefined ? {} : { 'idempotency-key': key as string }), ...headers },
        body,
        response,
      } satisfies IdempotentRequest<Asked>),
    );
    const is = passed.then(
      () => 'passed',
      (error: Error & { kind?: string }) => error.kind ?? String(error),
    );
    return { is, passed, response, finish: () => response.end(), key: () => laki.idempotencyKeyIn(state) };
  }
  return { laki, guard, events, clock, send };
}

describe('A guard for idempotency keys', () => {
  test.each<[string, object, RegExp]>([
    ['ttlMs', { ttlMs: 0 }, /`ttlMs` is 0, expected a whole number of milliseconds/],
    ['required', { required: 'yes' }, /`required` is 'yes', expected true or false/],
    ['key', { key: 'x-key' }, /`key` is 'x-key', expected a function \(request\) => key/],
    [
      'whenStoreFails',
      { whenStoreFails: 'pas' },
      /`whenStoreFails` is 'pas', expected one of 'refuse', 'pass'/,
    ],
    ['mode', { mode: 'off' }, /`mode` is 'off', expected one of 'enforce', 'report'/],
    ['a name that is none', { ttl: 1 }, /there is no option `ttl`/],
  ])('says what is wrong with %s', (_, options, message) => {
    expect(() => open(options)).toThrow(message);
    expect(() => open(options)).toThrow(TypeError);
  });

  test('must know whose money it is about', () => {
    expect(() => open({}, { merchantId: undefined })).toThrow(/must know whose money a request is about/);
    expect(() => open({ merchantId: () => 'cm_1' }, { merchantId: undefined })).not.toThrow();
  });

  test('asks the platform whose money it is, and waits for the answer', async () => {
    const { send } = open({ merchantId: async ({ id }) => id as string });
    expect(await send().is).toBe('passed');
    expect(await send({ id: '..' }).is).toBe('MERCHANT_UNIDENTIFIED');
  });

  test('remembers a key for a day, unless it is told otherwise', async () => {
    for (const [options, ms] of [
      [{}, 86_400_000],
      [{ ttlMs: 5000 }, 5000],
    ] as const) {
      const { send, clock } = open(options);
      const first = send();
      await first.is;
      first.finish();
      clock.pass(ms - 1);
      expect(await send({ body: {} }).is).toBe('IDEMPOTENCY_CONFLICT');
      clock.pass(1);
      expect(await send({ body: {} }).is).toBe('passed');
    }
  });

  test('holds a key until its handler has ended, whatever `ttlMs` and the clock say', async () => {
    const { send, clock } = open({ ttlMs: 1000 });
    const first = send();
    expect(await first.is).toBe('passed');
    for (const ms of [1000, 86_400_000, -172_800_000]) {
      clock.pass(ms);
      expect(await send().is).toBe('IDEMPOTENCY_IN_PROGRESS');
      expect(await send({ body: {} }).is).toBe('IDEMPOTENCY_CONFLICT');
    }
    first.finish();
    expect(await send({ body: {} }).is).toBe('IDEMPOTENCY_CONFLICT');
    clock.pass(1000);
    expect(await send({ body: {} }).is).toBe('passed');
  });

  test.each<[string, (response: FakeResponse) => void]>([
    ['answers all the same', (response) => response.end()],
    ['settles', (response) => void response.settle()],
  ])('holds the key of a client that has hung up until its handler %s', async (_, end) => {
    const { send } = open();
    const first = send();
    await first.is;
    first.response.hangUp();
    expect(await send().is).toBe('IDEMPOTENCY_IN_PROGRESS');
    end(first.response);
    expect(await send().is).toBe('passed');
  });

  test.each([59_999, 60_000, 86_400_000])('tells operators of a `ttlMs` under a minute: %i', (ttlMs) => {
    const reason = `it is ${String(ttlMs)} milliseconds: whoever pays again after that pays twice. If seconds were meant, set ${String(ttlMs * 1000)}`;
    const told = [{ type: 'misconfigured', level: 'warn', option: 'ttlMs', reason }];
    expect(open({ ttlMs }).events).toEqual(ttlMs < 60_000 ? told : []);
  });

  test('keeps the key for the handler once it has begun, and not before', async () => {
    const { send } = open();
    const first = send();
    expect(first.key()).toBeUndefined();
    await first.is;
    expect(first.key()).toBe('k1');
    const second = send();
    await second.is;
    expect(second.key()).toBeUndefined();
  });

  test.each<[string, Sent, string]>([
    ['none', { key: undefined, headers: {} }, 'there is no key'],
    ['an empty one', { key: '' }, 'there is no key'],
    [
      'one of two words',
      { key: 'a b' },
      "the key is 'a b', expected at most 255 letters, digits and signs without spaces",
    ],
    [
      'one that begins a line',
      { key: 'a\nb' },
      "the key is 'a\\nb', expected at most 255 letters, digits and signs without spaces",
    ],
  ])('refuses a request whose key is %s, and tells operators why', async (_, sent, reason) => {
    const { guard, events } = open();
    const incoming = {
      request: { id: 'cm_1' },
      state: {},
      method: 'POST',
      url: '/',
      body: {},
      response: new FakeResponse(),
      headers: sent.key === undefined ? {} : { 'idempotency-key': sent.key as string },
    };
    await expect(guard(incoming)).rejects.toMatchObject({
      kind: 'IDEMPOTENCY_KEY_REQUIRED',
      status: 400,
      origin: 'guard',
      outcome: 'rejected',
      retryable: false,
    });
    expect(events).toEqual([
      {
        type: 'refused',
        level: 'warn',
        kind: 'IDEMPOTENCY_KEY_REQUIRED',
        passed: false,
        mode: 'enforce',
        reason,
      },
    ]);
  });

  test('takes the key from where it is told to, and no promise of it', async () => {
    const { send } = open({ key: () => 'fixed' });
    const first = send({ key: 'ignored' });
    expect(await first.is).toBe('passed');
    expect(first.key()).toBe('fixed');
    const { send: promised } = open({ key: () => Promise.resolve('late') as never });
    await expect(promised().passed).rejects.toThrow(/option `key` gave a promise/);
    const { send: numbered } = open({ key: () => 7 as never });
    expect(await numbered().is).toBe('IDEMPOTENCY_KEY_REQUIRED');
  });

  test.each<[string, Sent, string]>([
    ['with a length and no parser', { body: undefined, headers: { 'content-length': '12' } }, 'TypeError'],
    [
      'in chunks and no parser',
      { body: undefined, headers: { 'transfer-encoding': 'chunked' } },
      'TypeError',
    ],
    ['of no length', { body: undefined, headers: { 'content-length': '0' } }, 'passed'],
    ['that nobody sent', { body: undefined }, 'passed'],
    ['that a parser made of what is no JSON', { body: { amount: 10n } }, 'TypeError'],
  ])('a body %s: %s', async (_, sent, is) => {
    const { guard } = open();
    const { body, headers = {} } = sent;
    const incoming = {
      request: { id: 'cm_1' },
      state: {},
      method: 'POST',
      url: '/pay',
      headers: { 'idempotency-key': 'k1', ...headers },
      body,
      response: new FakeResponse(),
    };
    const told = await Promise.resolve(guard(incoming)).then(() => 'passed', String);
    expect(told).toMatch(is);
    if (body === undefined && is !== 'passed')
      expect(told).toMatch(/Mount a body parser before it, such as express.json/);
  });

  test.each<[string, Sent, string]>([
    ['another path', { url: '/paz' }, 'passed'],
    ['a path that ends earlier', { url: '/pa' }, 'passed'],
    ['another query', { url: '/pay?as=7' }, 'IDEMPOTENCY_CONFLICT'],
    ['another merchant', { id: 'cm_2' }, 'passed'],
    ['another key', { key: 'k2' }, 'passed'],
    ['another body', { body: { amount: 11 } }, 'IDEMPOTENCY_CONFLICT'],
    ['nothing else', {}, 'IDEMPOTENCY_IN_PROGRESS'],
  ])('of a request with %s: %s', async (_, sent, is) => {
    const { send } = open();
    await send().is;
    expect(await send(sent).is).toBe(is);
  });

  test.each<[string, Sent, string]>([
    ['the key was used with another body', { body: {} }, 'IDEMPOTENCY_CONFLICT'],
    ['a request with this key is under way', {}, 'IDEMPOTENCY_IN_PROGRESS'],
    ['the body is too deep or too long', { key: 'k2', body: nested(100_000) }, 'VALIDATION_ERROR'],
  ])('tells operators that %s', async (reason, sent, kind) => {
    const { send, events } = open();
    await send().is;
    expect(await send(sent).is).toBe(kind);
    expect(events).toMatchObject([{ type: 'refused', kind, reason, merchantId: 'cm_1', passed: false }]);
  });

  test('takes a body that was parsed, however long it was', async () => {
    expect(await open().send({ headers: { 'content-length': '12' } }).is).toBe('passed');
    expect(await open().send({ headers: { 'transfer-encoding': 'chunked' } }).is).toBe('passed');
  });

  test('lets a request without a key pass where none is required, and asks nobody whose it is', async () => {
    const { send, events } = open({ required: false, key: () => undefined });
    const asked = send({ id: '..' });
    expect(await asked.is).toBe('passed');
    expect(asked.key()).toBeUndefined();
    expect(events).toEqual([]);
  });

  test('begins once for a request that comes by twice', async () => {
    const { guard } = open();
    const headers = { 'idempotency-key': 'k1' };
    const response = new FakeResponse();
    const incoming = {
      request: { id: 'cm_1' },
      state: {},
      method: 'POST',
      url: '/',
      headers,
      body: {},
      response,
    };
    await guard(incoming);
    await guard(incoming);
    expect(response.listenerCount('finish')).toBe(1);
  });

  test('tells what it may refuse with', () => {
    const told = (options: IdempotencyOptions<Asked>) =>
      refusalsOf(open(options).guard)?.reasons.map(({ kind }) => kind);
    const always = [
      'IDEMPOTENCY_KEY_REQUIRED',
      'IDEMPOTENCY_CONFLICT',
      'IDEMPOTENCY_IN_PROGRESS',
      'VALIDATION_ERROR',
      'MERCHANT_UNIDENTIFIED',
    ];
    expect(told({})).toEqual([...always, 'UNDETERMINED']);
    expect(told({ whenUndetermined: 'allow' })).toEqual(always);
    expect(told({ whenStoreFails: 'pass' })).toEqual(always);
    expect(told({ whenUndetermined: 'allow', whenStoreFails: 'refuse' })).toEqual([
      ...always,
      'UNDETERMINED',
    ]);
    expect(told({ mode: 'report' })).toEqual([]);
  });

  test('on trial stops nothing, not even where the platform’s own function throws', async () => {
    const { send, events } = open({
      mode: 'report',
      key: () => {
        throw new Error('no session');
      },
    });
    expect(await send().is).toBe('passed');
    expect(events).toMatchObject([
      { type: 'undetermined', level: 'error', passed: true, reason: 'Error: no session' },
    ]);
  });
});

describe('With a store, a guard for idempotency keys', () => {
  test('sees what other processes have under way, and what they used', async () => {
    const { store } = createMemoryStore();
    const [one, other] = [open({}, { store }), open({}, { store })];
    const first = one.send();
    expect(await first.is).toBe('passed');
    expect(await other.send().is).toBe('IDEMPOTENCY_IN_PROGRESS');
    expect(await other.send({ body: {} }).is).toBe('IDEMPOTENCY_CONFLICT');
    first.finish();
    await idle();
    expect(await other.send().is).toBe('passed');
  });

  test.each([
    ['refuses, unless it is told otherwise', {}, 'UNDETERMINED', false],
    ['lets a request pass where it is told to', { whenStoreFails: 'pass' }, 'passed', true],
    ['lets a request pass as other guards do', { whenUndetermined: 'allow' }, 'passed', true],
    [
      'refuses where it is told to, whatever other guards do',
      { whenUndetermined: 'allow', whenStoreFails: 'refuse' },
      'UNDETERMINED',
      false,
    ],
    ['lets a request pass on trial', { mode: 'report' }, 'passed', true],
  ] as const)('%s, while the store cannot be asked', async (_, options, is, passed) => {
    const { store, hurt } = createMemoryStore();
    hurt(() => Promise.reject(new Error('it is down')));
    const { send, events } = open(options, { store });
    const asked = send();
    expect(await asked.is).toBe(is);
    expect(events.filter(({ type }) => type === 'undetermined')).toMatchObject([
      {
        kind: 'UNDETERMINED',
        merchantId: 'cm_1',
        passed,
        reason: 'the store could not tell whether the key was used',
      },
    ]);
    expect(asked.key()).toBe(passed ? 'k1' : undefined);
  });

  test('that lets requests pass while the store is down lets one pass at a time, and tells the store when it is back', async () => {
    const memory = createMemoryStore();
    memory.hurt(() => Promise.reject(new Error('it is down')));
    const { send } = open({ whenStoreFails: 'pass' }, { store: memory.store });
    const [first, second] = [send(), send()];
    expect(await Promise.all([first.is, second.is])).toEqual(['passed', 'IDEMPOTENCY_IN_PROGRESS']);
    expect(await send({ body: {} }).is).toBe('IDEMPOTENCY_CONFLICT');
    memory.hurt(undefined);
    first.finish();
    expect(await send().is).toBe('passed');
  });

  test('ends what the store began too late to be believed', async () => {
    const memory = createMemoryStore();
    let begins = 0;
    const store = {
      ...memory.store,
      deadlineMs: 20,
      begin: async (...given: Parameters<typeof memory.store.begin>) => {
        const begun = await memory.store.begin(...given);
        return begins++ === 0 ? new Promise<never>(() => undefined) : begun;
      },
    };
    const { send } = open({}, { store });
    expect(await send().is).toBe('UNDETERMINED');
    await idle();
    expect(await send().is).toBe('passed');
  });

  test('tells the store of no end where nothing was begun', async () => {
    const memory = createMemoryStore();
    let ends = 0;
    const store = {
      ...memory.store,
      finish: async (...given: Parameters<typeof memory.store.finish>) => {
        ends++;
        return memory.store.finish(...given);
      },
    };
    const { send } = open({}, { store });
    const first = send();
    await first.is;
    await send().is;
    await send({ body: {} }).is;
    await idle();
    expect(ends).toBe(0);
    first.finish();
    await idle();
    expect(ends).toBe(1);
  });

  test('closing waits for the end that is still to be told', async () => {
    const memory = createMemoryStore();
    const { laki, send } = open({}, { store: memory.store });
    const first = send();
    await first.is;
    let isTold = false;
    memory.hurt(async () => {
      await idle();
      isTold = true;
    });
    first.finish();
    await laki.close();
    expect(isTold).toBe(true);
  });
});

/** An array in an array, and so on. */
function nested(depth: number): unknown {
  let body: unknown = 1;
  for (let level = 0; level < depth; level++) body = [body];
  return body;
}
