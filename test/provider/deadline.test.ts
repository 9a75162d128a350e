/** One deadline over headers and body, whatever the client does about it. */
import timers from 'node:timers';
import { getEventListeners, once } from 'node:events';
import { stat } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  createLakiConnect,
  LakiConnectError,
  originalError,
  type LakiConnectEvent,
} from 'lakiconnect-middleware';
import { withDeadline } from '../../src/provider/deadline.js';
import { documented, succeeded } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { aftermath, callTo, clientNamed, clientNames, isSettled, promptly, rejection } from './harness.js';

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});

afterAll(() => upstream.close());

const late = { kind: 'TIMEOUT', outcome: 'unknown', retryable: false, upstream: {} };

/** Nothing else happens in the process meanwhile. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** The timers of a deadline of `ms` that are set from here on, and whether each has been cleared. */
function watchTimers(ms: number): () => boolean[] {
  const set = jest.spyOn(timers, 'setTimeout');
  const cleared = jest.spyOn(timers, 'clearTimeout');
  return () => {
    const ours = set.mock.results.filter((_, at) => set.mock.calls[at]?.[1] === ms / 10);
    const done = ours.map(({ value }) => cleared.mock.calls.some(([timer]) => timer === value));
    set.mockRestore();
    cleared.mockRestore();
    return done;
  };
}

describe('A task with a deadline', () => {
  const never = new Promise<never>(() => undefined);
  const expired = () => 'expired';

  test('resolves to what it gives in time', async () => {
    expect(await withDeadline(1000, async () => 'in time', expired)).toBe('in time');
  });

  test('rejects with what it throws in time', async () => {
    const reason = new Error('no');
    expect(await rejection(withDeadline(1000, () => Promise.reject(reason), expired))).toBe(reason);
  });

  test('gives way when it is late, and is told by its signal', async () => {
    let signal: AbortSignal | undefined;
    const expiry = jest.fn(expired);
    const start = performance.now();

    expect(await withDeadline(30, (given) => ((signal = given), never), expiry)).toBe('expired');

    expect(performance.now() - start).toBeGreaterThan(25);
    expect(expiry).toHaveBeenCalledTimes(1);
    expect(signal?.reason).toBe(expiry.mock.calls[0]?.at(0));
    expect(signal?.reason).toMatchObject({ name: 'TimeoutError', message: 'No whole answer within 30 ms.' });
  });

  test('has all of its time, and no more', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      const answered = withDeadline(1000, () => never, expired);
      jest.advanceTimersByTime(999);
      expect(await isSettled(answered)).toBe(false);
      jest.advanceTimersByTime(1);
      expect(await promptly(answered)).toBe('expired');
    } finally {
      jest.useRealTimers();
    }
  });

  test('rejects when it is late and what answers in its place throws', async () => {
    const reason = new Error('too late');
    const expiry = () => {
      throw reason;
    };
    expect(await rejection(withDeadline<never>(10, () => never, expiry))).toBe(reason);
  });

  test.each([
    ['resolves', () => 'late'],
    [
      'rejects',
      () => {
        throw new Error('late');
      },
    ],
  ])('that %s when it is late is dropped', async (_how, end) => {
    expect(await withDeadline(10, () => sleep(150).then(end), expired)).toBe('expired');
    await sleep(170);
  });

  test('that rejects because it is told so has been answered for already', async () => {
    const task = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    expect(await withDeadline(10, task, expired)).toBe('expired');
  });

  test('leaves no timer behind', async () => {
    const areCleared = watchTimers(60_000);
    await withDeadline(60_000, async () => 'in time', expired);
    await rejection(withDeadline(60_000, () => Promise.reject(new Error('no')), expired));
    await new Promise(setImmediate);
    expect(areCleared()).toEqual([true, true]);
  });

  test('is not late because the process was busy while its answer lay there', async () => {
    const answered = withDeadline(
      20,
      () => new Promise((resolve) => setImmediate(() => resolve('in time'))),
      expired,
    );
    block(120);
    expect(await answered).toBe('in time');
  });

  test('is not late because every step towards its answer found the process busy', async () => {
    const task = async () => {
      for (let step = 0; step < 5; step++) {
        await new Promise(setImmediate);
        block(60);
      }
      return 'in time';
    };
    expect(await withDeadline(100, task, expired)).toBe('in time');
  });

  test('is not late if its answer lay there at the last moment', async () => {
    const set = jest.spyOn(timers, 'setTimeout');
    const answered = withDeadline(
      100,
      (signal) =>
        new Promise((resolve) => {
          (function untilLastPart() {
            const parts = set.mock.calls.filter(([, ms]) => ms === 10).length;
            if (parts < 10) return void (signal.aborted || setImmediate(untilLastPart));
            stat('.', () => resolve('in time'));
            block(60);
          })();
        }),
      expired,
    );
    expect(await answered).toBe('in time');
    set.mockRestore();
  });

  test('is late all the same if the process is busy for ever', async () => {
    let isOver = false;
    (function busy() {
      if (isOver) return;
      block(20);
      setImmediate(busy);
    })();
    expect(await promptly(withDeadline(50, () => never, expired))).toBe('expired');
    isOver = true;
  });

  test('is late all the same if nothing lay there', async () => {
    const start = performance.now();
    const answered = withDeadline(20, () => never, expired);
    block(120);
    expect(await answered).toBe('expired');
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('`call`', () => {
  test('is over at the deadline for a client that takes no signal', async () => {
    upstream.answer({ fault: 'hang-headers' });
    const call = callTo(upstream.url, { timeoutMs: 30 });
    expect(await promptly(rejection(call(() => fetch(upstream.url, { method: 'POST' }))))).toMatchObject(
      late,
    );
  });

  test('is over at the deadline for what never settles', async () => {
    const call = callTo(upstream.url, { timeoutMs: 10 });
    const error = await promptly(rejection(call(() => new Promise(() => undefined), { merchantId: 'cm_1' })));
    expect(error).toMatchObject({ ...late, merchantId: 'cm_1' });
    expect(originalError(error as LakiConnectError)).toMatchObject({ name: 'TimeoutError' });
  });

  test('tells nothing of an answer that comes after the deadline', async () => {
    const events: LakiConnectEvent[] = [];
    const laki = createLakiConnect({ baseUrl: upstream.url, timeoutMs: 20, onEvent: false });
    laki.subscribe((event) => events.push(event));
    upstream.answer({ delayMs: 200, status: 418, body: documented('TEAPOT') });

    expect(await rejection(laki.call(() => fetch(upstream.url)))).toMatchObject(late);
    await sleep(250);
    expect(events).toEqual([]);
  });

  test.each([
    ['gives', { status: 200, body: succeeded }],
    ['throws', { status: 500, body: 'Internal Server Error' }],
  ])('drops what any client %s afterwards', async (_how, answer) => {
    const call = callTo(upstream.url, { timeoutMs: 20 });
    upstream.answer({ delayMs: 200, ...answer });
    const errors = await Promise.all(
      clientNames.map((name) =>
        rejection(call(() => clientNamed(name).send({ url: upstream.url, method: 'POST', json: {} }))),
      ),
    );
    expect(errors).toEqual(clientNames.map(() => expect.objectContaining(late)));
    await sleep(250);
  });

  test('gives a signal that stays quiet after an answer, good or bad', async () => {
    const signals: AbortSignal[] = [];
    const call = callTo(upstream.url, { timeoutMs: 100 });
    const pay = () =>
      call(({ signal }) => {
        signals.push(signal);
        return fetch(upstream.url, { method: 'POST' });
      });
    upstream.answer({ status: 200, body: succeeded });
    await pay();
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    await rejection(pay());

    await sleep(150);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    expect(signals.map((signal) => getEventListeners(signal, 'abort').length)).toEqual([0, 0]);
  });

  test('leaves no timer behind', async () => {
    const call = callTo(upstream.url, { timeoutMs: 60_000 });
    const areCleared = watchTimers(60_000);
    await call(() => ({ paid: true }));
    await call(() => Response.json(succeeded));
    await rejection(call(() => new Response('Bad Gateway', { status: 502 })));
    await rejection(
      call(() => {
        throw new Error('no');
      }),
    );
    await new Promise(setImmediate);
    expect(areCleared()).toEqual([true, true, true, true]);
  });

  test.each(['axios', 'got', 'ky', 'fetch', 'undici', 'node-fetch', 'superagent', 'needle'])(
    'does not take an answer for late that lay unread while the process was busy, through %s',
    async (name) => {
      const call = callTo(upstream.url, { timeoutMs: 150 });
      upstream.answer(() => {
        setImmediate(block, 300); // the answer has left by then
        return { status: 403, body: documented('KYC_NOT_APPROVED') };
      });
      const { send } = clientNamed(name);
      const error = await rejection(
        call(({ signal }) => send({ url: upstream.url, method: 'POST', json: {}, signal })),
      );
      expect(error).toMatchObject({ kind: 'KYC_NOT_APPROVED', outcome: 'rejected' });
    },
  );
});

describe('A body that drips', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => {
        clearInterval(drip);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  test.each(['fetch', 'node-fetch', 'undici'])(
    'is left with its connection, though %s was given no signal',
    async (name) => {
      const call = callTo(url, { timeoutMs: 40 });
      const left = once(server, 'request').then(([, response]) => once(response as ServerResponse, 'close'));
      const { send } = clientNamed(name);
      expect(await rejection(call(() => send({ url, method: 'POST', json: {} })))).toMatchObject(late);
      await promptly(left);
      await aftermath();
    },
  );

  test.each(clientNames)('is late by the same deadline through %s', async (name) => {
    const call = callTo(url, { timeoutMs: 40 });
    const { send } = clientNamed(name);
    const error = await promptly(
      rejection(call(({ signal }) => send({ url, method: 'POST', json: {}, signal }))),
    );
    expect(error).toMatchObject(late);
    await aftermath();
  });
});
