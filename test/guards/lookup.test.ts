import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { kycApproved, LakiConnectError, type Lookups, type Options } from 'lakiconnect-middleware';
import { documented, plainText } from '../envelopes.js';
import { promptly, rejection, settled } from '../provider/harness.js';
import { startUpstream, type Answer, type Upstream } from '../upstream.js';
import { APPROVED, clockAt, deferred, idle, start, watchTimers, type Asked } from './harness.js';

const KEY = 'lk_pub_5d3c1a:lk_sec_9f8e7b';
const none = { kycStatus: undefined, feeConfig: undefined };

describe('A lookup of the platform’s own', () => {
  const kyc = (kycStatus: Lookups['kycStatus'], options: Options<Asked> = {}) =>
    start({ apiKey: KEY, lookups: { kycStatus }, ...options });

  test.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('The database is down');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('The database is down'))],
  ])('that %s leaves it undetermined', async (_how, lookup) => {
    const { laki, events } = kyc(lookup);
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({
      kind: 'UNDETERMINED',
      status: 503,
      retryAfterMs: 1000,
      retryable: true,
      origin: 'guard',
      merchantId: 'm1',
    });
    const about = { merchantId: 'm1', requirement: 'kycApproved', reason: 'Error: The database is down' };
    expect(events).toEqual([
      { type: 'lookup', level: 'error', ...about, durationMs: 0, verdict: 'undetermined' },
      {
        type: 'undetermined',
        level: 'warn',
        kind: 'UNDETERMINED',
        mode: 'enforce',
        passed: false,
        ...about,
      },
    ]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a frozen error', Object.freeze(new Error('no'))],
    [
      'what throws when it is read',
      new Proxy(new Error('no'), {
        get: () => {
          throw new Error('read');
        },
      }),
    ],
  ])('that rejects with %s leaves it undetermined, too', async (_what, reason) => {
    const { laki } = kyc(() => Promise.reject(reason));
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({ kind: 'UNDETERMINED' });
  });

  test('tells no key in its reason', async () => {
    const { laki, events } = kyc(() => Promise.reject(new Error(`GET /?key=${KEY} failed`)));
    await rejection(laki.check('m1', [kycApproved]));
    expect(events).toHaveLength(2);
    expect(JSON.stringify(events)).not.toMatch(/lk_pub|lk_sec/);
    expect(events[0]).toMatchObject({ reason: 'Error: GET /?key=[redacted] failed' });
  });

  test('that is LakiConnect’s by its error says what befell it, and when to come back', async () => {
    const limited = new LakiConnectError({
      kind: 'RATE_LIMITED',
      retryAfterMs: 7000,
      upstream: { status: 429, code: 'RATE_LIMITED' },
    });
    const { laki, events } = kyc(() => Promise.reject(limited));
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({
      kind: 'UNDETERMINED',
      retryAfterMs: 7000,
    });
    const reason = 'the lookup ended in RATE_LIMITED 429 RATE_LIMITED';
    expect(events).toMatchObject([
      { type: 'lookup', level: 'warn', kind: 'RATE_LIMITED', reason },
      { type: 'undetermined', level: 'warn', kind: 'UNDETERMINED', reason },
    ]);
  });

  test.each([
    [{}, ''],
    [{ status: 502 }, ' 502'],
    [{ code: 'RATE_LIMITED' }, ' RATE_LIMITED'],
  ])('tells of an answer %j no more than there was', async (upstream, told) => {
    const failed = new LakiConnectError({ kind: 'INTERNAL_ERROR', upstream });
    const { laki, events } = kyc(() => Promise.reject(failed));
    await rejection(laki.check('m1', [kycApproved]));
    expect(events[0]).toMatchObject({ reason: `the lookup ended in INTERNAL_ERROR${told}` });
  });

  test('is told at its deadline, and its late answer is dropped', async () => {
    const late = deferred<string>();
    const signals: AbortSignal[] = [];
    const { laki, events } = kyc((_id, { signal }) => (signals.push(signal), late.promise), {
      lookupTimeoutMs: 20,
    });
    const asked = laki.check('m1', [kycApproved]);
    expect(await promptly(rejection(asked))).toMatchObject({ kind: 'UNDETERMINED' });
    expect(signals).toMatchObject([{ aborted: true, reason: { name: 'TimeoutError' } }]);
    expect(events[0]).toMatchObject({
      type: 'lookup',
      level: 'error',
      kind: 'TIMEOUT',
      reason: 'TimeoutError: No whole answer within 20 ms.',
    });

    late.resolve(APPROVED);
    await idle();
    expect(events).toHaveLength(2);
    expect(await promptly(settled(laki.check('m1', [kycApproved])))).toMatchObject({
      resolved: { id: 'm1' },
    });
    expect(signals).toHaveLength(2);
  });

  test('that rejects after its deadline is heard by nobody', async () => {
    const late = deferred<string>();
    const { laki } = kyc(() => late.promise, { lookupTimeoutMs: 20 });
    await promptly(rejection(laki.check('m1', [kycApproved])));
    late.reject(new Error('late'));
    await idle(); // an unhandled rejection would fail the test
  });

  test('leaves no timer behind', async () => {
    const { running, restore } = watchTimers();
    try {
      const checked = kyc(() => APPROVED).laki.check('m1', [kycApproved]);
      expect(running.size).toBe(1);
      await checked;
      expect(running.size).toBe(0);
    } finally {
      restore();
    }
  });
});

describe('A lookup at LakiConnect', () => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  beforeEach(() => {
    upstream.requests.length = 0;
  });
  afterAll(() => upstream.close());

  const asking = (options: Options<Asked> = {}) =>
    start({ apiKey: KEY, baseUrl: upstream.url, lookups: none, ...options });

  test.each<[string, Answer, object]>([
    [
      'that fails',
      { status: 500, body: documented('INTERNAL_ERROR') },
      {
        level: 'error',
        kind: 'INTERNAL_ERROR',
        reason: 'the lookup ended in INTERNAL_ERROR 500 INTERNAL_ERROR',
      },
    ],
    [
      'of a gateway’s',
      { status: 502, body: plainText },
      { level: 'error', kind: 'INTERNAL_ERROR', reason: 'the lookup ended in INTERNAL_ERROR 502' },
    ],
    [
      'for which the key is no good',
      { status: 401, body: documented('UNAUTHORIZED') },
      { level: 'error', kind: 'UNAUTHORIZED', reason: 'the lookup ended in UNAUTHORIZED 401 UNAUTHORIZED' },
    ],
    ['that breaks off', { fault: 'reset' }, { level: 'error', kind: 'UNREACHABLE' }],
    [
      'that says nothing',
      { status: 200, body: {} },
      { level: 'error', reason: 'TypeError: the answer names no KYC status. It has no keys.' },
    ],
    [
      'of an unknown shape',
      { status: 200, body: { data: { state: 'approved' } } },
      { level: 'error', reason: 'TypeError: the answer names no KYC status. Its keys: data, data.state.' },
    ],
    [
      'that is made too often',
      { status: 429, body: documented('RATE_LIMITED'), headers: { 'retry-after': '30' } },
      { level: 'warn', kind: 'RATE_LIMITED', reason: 'the lookup ended in RATE_LIMITED 429 RATE_LIMITED' },
    ],
  ])('%s leaves it undetermined', async (_how, answer, told) => {
    upstream.answer(answer);
    const { laki, events } = asking();
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({
      kind: 'UNDETERMINED',
      status: 503,
    });
    expect(events.filter(({ type }) => type === 'lookup')).toMatchObject([
      { merchantId: 'm1', requirement: 'kycApproved', verdict: 'undetermined', ...told },
    ]);
    expect(upstream.requests).toHaveLength(1);
  });

  test('is not made while LakiConnect asks to be left alone, and the reply says how long', async () => {
    upstream.answer({ status: 429, body: documented('RATE_LIMITED'), headers: { 'retry-after': '30' } });
    const { now, pass } = clockAt(1_000_000);
    const { laki } = asking({ now });
    expect(await rejection(laki.check('m1', [kycApproved]))).toMatchObject({ retryAfterMs: 30_000 });
    pass(12_000);
    expect(await rejection(laki.check('m2', [kycApproved]))).toMatchObject({
      kind: 'UNDETERMINED',
      retryAfterMs: 18_000,
    });
    expect(upstream.requests).toHaveLength(1);
    pass(18_000);
    await rejection(laki.check('m2', [kycApproved]));
    expect(upstream.requests).toHaveLength(2);
  });

  test('that is too late says so', async () => {
    upstream.answer({ fault: 'hang-headers' });
    const { laki, events } = asking({ lookupTimeoutMs: 50 });
    const asked = laki.check('m1', [kycApproved]);
    expect(await promptly(rejection(asked))).toMatchObject({ kind: 'UNDETERMINED' });
    expect(events).toMatchObject([
      { type: 'lookup', level: 'error', kind: 'TIMEOUT' },
      { type: 'undetermined' },
    ]);
  });
});
