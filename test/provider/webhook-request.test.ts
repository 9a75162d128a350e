/** Where a webhook's raw body is found. */
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createLakiConnect, type LakiConnectEvent, type Options } from 'lakiconnect-middleware';
import { approved, SECRET, signatureOf } from '../webhooks.js';
import { isSettled, promptly, rejection } from './harness.js';

const MAX = 64 * 1024;

describe('A request', () => {
  const body = approved('cm_1');
  const headers = { 'x-lakiconnect-signature': signatureOf(body) };

  function incoming(kept: readonly unknown[] = []) {
    const request = Object.assign(new PassThrough(), { headers });
    return { request, kept };
  }

  function receiver(onEvent?: (event: LakiConnectEvent) => unknown, options: Options = {}) {
    const laki = createLakiConnect({ ...options, onEvent: false });
    if (onEvent !== undefined) laki.subscribe(onEvent);
    return laki.receiver({ secret: SECRET }) as (given: ReturnType<typeof incoming>) => Promise<unknown>;
  }

  test.each<[string, unknown[]]>([
    ['nothing', []],
    ['a parsed body, which never counts', [undefined, JSON.parse(body)]],
    ['a Buffer', [Buffer.from(body)]],
    ['a text', [undefined, body]],
    ['raw bytes beside a parsed body', [body, JSON.parse(body)]],
    ['raw bytes behind a parsed body', [JSON.parse(body), Buffer.from(body)]],
  ])('of whose body was kept %s is received', async (_, kept) => {
    const given = incoming(kept);
    given.request.end(body);

    expect(await promptly(receiver()(given))).toMatchObject({ status: 200 });
  });

  test('that was read by others is received from what they kept of it', async () => {
    const given = incoming([undefined, Buffer.from(body)]);
    given.request.end(body).resume();
    await new Promise((resolve) => given.request.on('end', resolve));

    expect(await promptly(receiver()(given))).toMatchObject({ status: 200 });
  });

  test.each<[string, string]>([
    ['with a body', body],
    ['without one', ''],
  ])('%s that was read by others is an error that says how to mount it', async (_, content) => {
    const given = incoming([undefined, {}]);
    given.request.end(content).resume();
    await new Promise((resolve) => given.request.on('end', resolve));
    const error = await promptly(rejection(receiver()(given)));

    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/before express\.json\(\) or any other body parser.*rawBody/);
  });

  test.each<[string, number, (request: PassThrough) => unknown]>([
    ['too large', 413, (request) => request.write(Buffer.alloc(MAX + 1))],
    ['too slow', 408, (request) => request.write('x')],
  ])('that is %s is a %d, and operators hear of it', async (_, status, send) => {
    const events: LakiConnectEvent[] = [];
    const given = incoming();
    send(given.request);
    const receive = receiver((event) => events.push(event), { timeoutMs: 50 });

    expect(await promptly(receive(given))).toEqual({ status });
    expect(events).toEqual([
      { type: 'webhook', level: 'warn', status, reason: expect.any(String) as unknown },
    ]);
  });

  test('whose client is gone is answered by nobody, and nothing is told', async () => {
    const events: LakiConnectEvent[] = [];
    const given = incoming();
    setImmediate(() => given.request.destroy());

    expect(await promptly(receiver((event) => events.push(event))(given))).toBe('gone');
    expect(events).toEqual([]);
  });

  test('is waited for by close, as long as its body is read', async () => {
    const laki = createLakiConnect();
    const given = incoming();
    const received = laki.receiver({ secret: SECRET })(given);
    const closed = laki.close();

    expect(await isSettled(closed)).toBe(false);
    given.request.end(body);
    expect(await promptly(received)).toMatchObject({ status: 200 });
    await promptly(closed);
  });
});
