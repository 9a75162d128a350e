/** A payment without an idempotency key is sent once, whatever becomes of it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLakiConnect, type LakiConnectError, type LakiConnectEvent } from 'lakiconnect-middleware';
import { documented, htmlPage, succeeded } from '../envelopes.js';
import { rounds } from '../long/rounds.js';
import { refusedUrl, startUpstream, type Answer, type Upstream } from '../upstream.js';
import { settled } from './harness.js';
import { apiKey, failure } from './scripted.js';

const PAYMENTS = rounds(10_080);
const AT_ONCE = 100;
/** Short enough for many, and long enough for a request to arrive first. */
const HASTY_MS = 400;

const unknown = { outcome: 'unknown', retryable: false };

const FAULTS: readonly (readonly [answer: Answer, expected: object, hasty?: true])[] = [
  [{ fault: 'reset' }, { kind: 'UNREACHABLE', ...unknown }],
  [
    { fault: 'cut', status: 200, body: succeeded },
    { kind: 'UNREACHABLE', ...unknown },
  ],
  [
    { status: 502, body: htmlPage },
    { kind: 'INTERNAL_ERROR', ...unknown },
  ],
  [
    { status: 500, body: documented('INTERNAL') },
    { kind: 'INTERNAL_ERROR', ...unknown },
  ],
  [
    { status: 503, headers: { 'retry-after': '1' } },
    { kind: 'INTERNAL_ERROR', ...unknown },
  ],
  [
    { status: 307, headers: { location: '/api/v2/payment/direct' } },
    { kind: 'UNRECOGNISED', ...unknown },
  ],
  [
    { status: 200, body: htmlPage },
    { kind: 'UNRECOGNISED', ...unknown },
  ],
  [
    { status: 429, headers: { 'retry-after': '1' }, body: documented('RATE_LIMITED') },
    { kind: 'RATE_LIMITED', outcome: 'rejected', retryable: true, retryAfterMs: 1000 },
  ],
  [
    { fault: 'cut', status: 429, body: documented('RATE_LIMITED') },
    { kind: 'UNREACHABLE', ...unknown },
  ],
  [{ fault: 'hang-headers' }, { kind: 'TIMEOUT', ...unknown }, true],
  [{ fault: 'hang-body', status: 200, body: succeeded }, { kind: 'TIMEOUT', ...unknown }, true],
  [{ fault: 'hang-body', status: 503, body: htmlPage }, { kind: 'TIMEOUT', ...unknown }, true],
];

const { stackTraceLimit } = Error;
let upstream: Upstream;
beforeEach(async () => {
  upstream = await startUpstream(); // a request that was given up may come late: not to the next test
  Error.stackTraceLimit = 0; // jest maps each line of a stack to its source, which takes longer than a payment
});
afterEach(async () => {
  Error.stackTraceLimit = stackTraceLimit;
  await upstream.close();
});

/** How often each payment arrived, by its number. */
function arrivals(): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { body } of upstream.requests) {
    const { payment } = JSON.parse(body) as { payment: number };
    counts.set(payment, (counts.get(payment) ?? 0) + 1);
  }
  return counts;
}

test(`Of ${String(PAYMENTS)} payments over a broken network, each arrives once and fails as it must`, async () => {
  upstream.answer(({ body }) => {
    const { payment } = JSON.parse(body) as { payment: number };
    return FAULTS[payment % FAULTS.length]?.[0] as Answer;
  });
  const events: LakiConnectEvent[] = [];
  let clock = Date.now();
  const clientWithin = (timeoutMs: number) =>
    createLakiConnect({
      baseUrl: upstream.url,
      apiKey,
      timeoutMs,
      retry: { attempts: 10 },
      sleep: () => Promise.resolve(),
      now: () => (clock += 60_000), // no cooldown outlasts a look at it
      onEvent: (event) => events.push(event),
    }).client;
  const patient = clientWithin(60_000);
  const hasty = clientWithin(HASTY_MS);

  const errors: LakiConnectError[] = [];
  let next = 0;
  const cashier = async () => {
    for (let payment = next++; payment < PAYMENTS; payment = next++) {
      const [, , isHasty] = FAULTS[payment % FAULTS.length] as (typeof FAULTS)[number];
      const method = payment % 5 === 0 ? 'put' : 'post';
      const idempotencyKey = payment % 7 === 0 ? '' : undefined;
      errors[payment] = await failure(
        (isHasty ? hasty : patient)[method]('/payment/direct', { body: { payment }, idempotencyKey }),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, cashier));

  const wrong = errors.flatMap(({ kind, outcome, retryable, retryAfterMs }, payment) => {
    const [, expected] = FAULTS[payment % FAULTS.length] as (typeof FAULTS)[number];
    const failed = { kind, outcome, retryable, ...(kind === 'RATE_LIMITED' ? { retryAfterMs } : {}) };
    return JSON.stringify(failed) === JSON.stringify(expected) ? [] : [{ payment, failed, expected }];
  });
  expect(wrong.slice(0, 5)).toEqual([]);

  const counts = arrivals();
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
  // Whoever gives up may do so before the request has arrived; all others have arrived.
  const missing = errors.flatMap(({ kind }, payment) => (counts.has(payment) ? [] : [kind]));
  expect(missing.filter((kind) => kind !== 'TIMEOUT')).toEqual([]);
  expect(events.filter(({ type }) => type === 'retry')).toEqual([]);
});

describe('A payment that was provably never sent', () => {
  test('is rejected, and not tried again either', async () => {
    const events: LakiConnectEvent[] = [];
    const { client } = createLakiConnect({
      baseUrl: await refusedUrl(),
      apiKey,
      onEvent: (event) => events.push(event),
    });
    const error = await failure(client.post('/payment/direct', { body: {} }));
    expect(error).toMatchObject({ kind: 'UNREACHABLE', outcome: 'rejected' });
    expect(events).toEqual([]);
  });
});

test('With a key, payments over the same network are sent again, each with its own bytes', async () => {
  const seen = new Map<string, number>();
  upstream.answer(({ headers }) => {
    const key = String(headers['idempotency-key']);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? { fault: 'reset' } : { status: 200, body: succeeded };
  });
  const { client } = createLakiConnect({
    baseUrl: upstream.url,
    apiKey,
    timeoutMs: 60_000,
    headers: { idempotency: 'Idempotency-Key' },
    sleep: () => Promise.resolve(),
  });
  const paid = await Promise.all(
    Array.from({ length: 10 }, (_, payment) =>
      settled(
        client.post('/payment/direct', { body: { payment }, idempotencyKey: `order-${String(payment)}` }),
      ),
    ),
  );
  expect(paid).toEqual(Array.from({ length: 10 }, () => ({ resolved: succeeded })));
  expect([...arrivals().values()]).toEqual(Array(10).fill(2));
  for (const { body, headers } of upstream.requests) {
    expect(`order-${String((JSON.parse(body) as { payment: number }).payment)}`).toBe(
      headers['idempotency-key'],
    );
  }
});
