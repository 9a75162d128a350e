/** Where a webhook's raw body is found. */
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { createLakiConnect, type LakiConnectEvent, type Options } from 'lakiconnect-middleware';
import { approved, SECRET, signatureOf } from '../webhooks.js';
import { isSettled, promptly, rejection } from './harness.js';

const MAX = 64 * 1024;

describe('A request', () => {
  const body = approved('cm_1');
  const signed = { 'x-lakiconnect-signature': signatureOf(body) };

  function incoming(kept: readonly unknown[] = [], headers: IncomingHttpHeaders = {}) {
    const request = Object.assign(new PassThrough(), { headers: { ...signed, ...headers } });
    return { request, kept };
  }

  /** That other middleware has read. */
  async function readOut({ request }: ReturnType<typeof incoming>): Promise<void> {
    request.end(body).resume();
    await once(request, 'end');
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
    await readOut(given);

    expect(await promptly(receiver()(given))).toMatchObject({ status: 200 });
  });

  test.each<[string, string]>([
    ['with a body', body],
    ['without one', ''],
  ])('%s that was read by others is an error that says how to mount it', async (_, content) => {
    const given = incoming([undefined, {}]);
    given.request.end(content).resume();
    await once(given.request, 'end');
    const error = await promptly(rejection(receiver()(given)));

    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/before express\.json\(\) or any other body parser.*rawBody/);
  });

  const length = String(body.length);
  const announced = { 'content-length': length };
  const encoded = { ...announced, 'content-encoding': 'gzip' };
  const CUT = body.slice(0, -1);

  describe.each<[string, unknown[], IncomingHttpHeaders]>([
    ['an empty text', [''], announced],
    ['an empty Buffer', [Buffer.alloc(0)], announced],
    ['an empty text, of a length that nobody has announced', [''], {}],
    ['an empty Buffer, decoded', [Buffer.alloc(0)], encoded],
    ['a cut text', [CUT], announced],
    ['a cut Buffer', [Buffer.from(CUT)], announced],
    ['a text with something behind it', [`${body} `], announced],
    ['two parts', [CUT, Buffer.from(CUT)], announced],
  ])('of whose body was kept %s', (_, kept, headers) => {
    test('is read where it can be', async () => {
      const given = incoming(kept, headers);
      given.request.end(body);

      expect(await promptly(receiver()(given))).toMatchObject({ status: 200 });
    });

    test('is an error that says how to mount it, where it cannot', async () => {
      const given = incoming(kept, headers);
      await readOut(given);
      const error = await promptly(rejection(receiver()(given)));

      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toMatch(/not as long as what came\. Mount .* before express\.json\(\)/);
    });

    test('is received from the whole of it that stands elsewhere', async () => {
      const given = incoming([...kept, Buffer.from(body)], headers);
      await readOut(given);

      expect(await promptly(receiver()(given))).toMatchObject({ status: 200 });
    });
  });

  test.each<[string, unknown, IncomingHttpHeaders, number]>([
    ['all of it', body, announced, 200],
    ['all of it, in chunks', Buffer.from(body), { 'transfer-encoding': 'chunked' }, 200],
    ['all of it, decoded', Buffer.from(body), { ...encoded, 'content-length': '9' }, 200],
    ['all of it, encoded', gzipSync(body), encoded, 200],
    ['nothing, as was announced', '', { 'content-length': '0' }, 401],
  ])('of whose body was kept %s is received from it, and not read', async (_, kept, headers, status) => {
    const given = incoming([kept], headers);
    given.request.end('another');

    expect(await promptly(receiver()(given))).toMatchObject({ status });
    expect(given.request.readableDidRead).toBe(false);
  });

  test('of whose body was kept a text without its byte order mark is received from it', async () => {
    const given = incoming([body], {
      'content-length': String(body.length + 3),
      'x-lakiconnect-signature': signatureOf(`\ufeff${body}`),
    });
    await readOut(given);

    expect(await promptly(receiver()(given))).toMatchObject({ status: 200 });
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
