/** How fetch and axios see a fault of the network, what the library tells of it, and how often money moved. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { createLakiConnect, type Options } from 'lakiconnect-middleware';
import {
  createFakeLakiConnect,
  type FakeLakiConnect,
  type Fault,
  type FaultName,
} from 'lakiconnect-middleware/testing';
import { ask, link, order, pay } from './ask.js';

// A request that was given up may come late: not to the next test.
let fake: FakeLakiConnect;
beforeEach(async () => {
  fake = await createFakeLakiConnect();
});
afterEach(() => fake.close());

/** Who waits for what never comes gives up then. What is sent arrives before that on a busy machine, too. */
const GIVE_UP_MS = 1000;
const PATIENT_MS = 60_000;

const patience = (fault: FaultName): number =>
  ['hang-headers', 'hang-body', 'slow'].includes(fault) ? GIVE_UP_MS : PATIENT_MS;

const get = (path: string, signal?: AbortSignal) =>
  fetch(fake.baseUrl + path, { headers: { 'x-api-key': fake.apiKey }, signal: signal ?? null });

/** As much of a body as comes, and how it ended; `hanging` where it stays away for a quarter of a second. */
async function read({ body }: Response): Promise<{ length: number; end: string }> {
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  let length = 0;
  try {
    for (;;) {
      const part = await Promise.race([reader.read(), sleep(250, undefined)]);
      if (part === undefined) return { length, end: 'hanging' };
      if (part.done) return { length, end: 'whole' };
      length += part.value.length;
    }
  } catch (error) {
    return { length, end: (error as Error).name };
  }
}

const clientOf = (fault: FaultName, options: Options = {}) =>
  createLakiConnect({
    baseUrl: fake.baseUrl,
    apiKey: fake.apiKey,
    timeoutMs: patience(fault),
    retry: false,
    ...options,
  }).client;

describe('As fetch sees it', () => {
  test('hang-headers: nothing comes', async () => {
    fake.failNext('hang-headers');
    const leaving = new AbortController();
    const answer = get('/x', leaving.signal);
    while (fake.requests.length === 0) await sleep(5);
    expect(await Promise.race([answer, sleep(250, 'nothing')])).toBe('nothing');
    leaving.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('reset: the connection is reset before anything came', async () => {
    fake.failNext('reset');
    await expect(get('/x')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  test.each<[FaultName, string]>([
    ['cut', 'TypeError'],
    ['hang-body', 'hanging'],
  ])('%s: half of the body comes, and then it is %s', async (fault, end) => {
    link(fake, 'cm_1');
    const whole = await ask(fake, 'GET', '/lakiconnect/connected-accounts/cm_1');
    fake.failNext(fault);
    const response = await get('/lakiconnect/connected-accounts/cm_1');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(response.headers.get('content-length')).toBe(String(whole.text.length));
    expect(await read(response)).toEqual({ length: Math.floor(whole.text.length / 2), end });
  });

  test.each<[Fault, string | undefined]>([
    ['cut', undefined],
    ['cut', '{'],
    ['hang-body', undefined],
    ['hang-body', '{'],
  ])('%s: the answer is never whole, were its body %j', async (fault, body) => {
    fake.answerNext({ fault, body });
    const response = await get('/x');
    expect(await read(response)).toEqual({
      length: 0,
      end: fault === 'cut' ? 'TypeError' : 'hanging',
    });
  });

  test('a body in chunks is cut, too', async () => {
    fake.answerNext({ fault: 'cut', body: 'abcd', headers: { 'transfer-encoding': 'chunked' } });
    expect(await read(await get('/x'))).toEqual({ length: 2, end: 'TypeError' });
  });

  test('slow: it comes late, and whole', async () => {
    link(fake, 'cm_1');
    fake.failNext('slow', { delayMs: 60 });
    const began = performance.now();
    expect(await pay(fake)).toMatchObject({ status: 200, body: { status: 'pending' } });
    expect(performance.now() - began).toBeGreaterThan(55); // less what timers are early
  });

  test('slow: a second, if nothing else is said', async () => {
    fake.failNext('slow');
    const began = performance.now();
    await ask(fake, 'GET', '/x');
    expect(performance.now() - began).toBeGreaterThan(990);
  });

  test('bad-gateway: the page of a gateway comes instead', async () => {
    fake.failNext('bad-gateway');
    const { status, headers, text } = await ask(fake, 'GET', '/x');
    expect([status, headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    expect(text).toMatch(/^<html>.*502 Bad Gateway.*nginx/);
  });
});

test.each<[FaultName, object]>([
  ['hang-headers', { code: 'ECONNABORTED' }],
  ['hang-body', { code: 'ERR_BAD_RESPONSE' }],
  ['cut', { code: 'ERR_BAD_RESPONSE' }],
  ['reset', { code: 'ECONNRESET' }],
  ['bad-gateway', { response: { status: 502 } }],
])('As axios sees it: %s', async (fault, expected) => {
  fake.failNext(fault);
  await expect(axios.get(`${fake.baseUrl}/x`, { timeout: patience(fault) })).rejects.toMatchObject(expected);
});

const FAULTS: [FaultName, kind: string][] = [
  ['hang-headers', 'TIMEOUT'],
  ['hang-body', 'TIMEOUT'],
  ['cut', 'UNREACHABLE'],
  ['reset', 'UNREACHABLE'],
  ['slow', 'TIMEOUT'],
  ['bad-gateway', 'INTERNAL_ERROR'],
];

describe.each(FAULTS)('A payment that is answered by %s', (fault, kind) => {
  const asking = { body: order, merchantId: 'cm_1' };

  test.each([
    [undefined, 1],
    [true, 1],
    [false, 0],
  ])(
    `is told as ${kind}, outcome unknown; if processed is %s it moved money %d times`,
    async (processed, charges) => {
      link(fake, 'cm_1');
      fake.failNext(fault, { processed, delayMs: PATIENT_MS });
      await expect(clientOf(fault).post('/payment/direct', asking)).rejects.toMatchObject({
        kind,
        outcome: 'unknown',
      });
      expect(fake.charges).toHaveLength(charges);
      expect(fake.requests).toHaveLength(1);
    },
  );

  test('is paid once by a client that tries again with the same key', async () => {
    link(fake, 'cm_1');
    fake.failNext(fault, { delayMs: PATIENT_MS });
    const client = clientOf(fault, {
      headers: { idempotency: 'Idempotency-Key' },
      retry: {},
      sleep: async () => undefined,
    });
    const paid = await client.post('/payment/direct', { ...asking, idempotencyKey: 'order-1' });
    expect(fake.requests).toHaveLength(2);
    expect(fake.charges).toHaveLength(1);
    expect(paid).toMatchObject({ transaction_id: fake.charges[0]?.transactionId });
  });

  test('is paid twice by a client that tries again without one', async () => {
    link(fake, 'cm_1');
    fake.failNext(fault, { delayMs: PATIENT_MS });
    for (const client of [clientOf(fault), clientOf(fault)]) {
      await client.post('/payment/direct', asking).catch(() => undefined);
    }
    expect(fake.charges).toHaveLength(2);
  });
});

test.each(['reset', 'cut', 'slow', 'hang-body'] as const)(
  'Nobody is left to be answered by %s',
  async (fault) => {
    let isAnswered = () => {};
    const answered = new Promise<void>((resolve) => (isAnswered = resolve));
    const leaving = new AbortController();
    fake.answerNext(async () => {
      leaving.abort();
      await new Promise((resolve) => setTimeout(resolve, 30));
      isAnswered();
      return fault === 'slow' ? { delayMs: 5 } : { fault, body: {} };
    });
    await expect(fetch(`${fake.baseUrl}/x`, { signal: leaving.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    await answered;
    expect(await ask(fake, 'GET', '/x')).toMatchObject({ status: 404 });
  },
);
