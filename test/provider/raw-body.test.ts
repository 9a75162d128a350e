/** A request's body, as it came. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readRaw } from '../../src/provider/raw-body.js';
import { idle, watchTimers } from '../guards/harness.js';
import { aftermath, promptly } from './harness.js';

const MAX = 64 * 1024;
const LONG_MS = 60_000;

const read = (stream: Readable, ms = LONG_MS) => promptly(readRaw(stream, MAX, ms));

describe('A stream', () => {
  test.each<[string, (Buffer | string)[], string]>([
    ['is read to its end', [Buffer.from('one'), Buffer.from('two')], 'onetwo'],
    ['that is empty is an empty body', [], ''],
    ['of texts is read in UTF-8', ['ወ', 'ርቅ'], 'ወርቅ'],
  ])('%s', async (_, chunks, body) => {
    expect(await read(Readable.from(chunks))).toEqual(Buffer.from(body));
  });

  test.each([
    ['one byte less than may be', MAX - 1],
    ['all that may be', MAX],
  ])('of %s is read', async (_, size) => {
    const bytes = Buffer.alloc(size, 'x');

    expect(
      bytes.equals((await read(Readable.from([bytes.subarray(9), bytes.subarray(0, 9)]))) as Buffer),
    ).toBe(true);
  });

  test('of one byte more is refused, and its rest is left unread', async () => {
    const stream = new PassThrough();
    stream.write(Buffer.alloc(MAX));
    stream.write('x');

    expect(await read(stream)).toBe(413);
    stream.write('rest');
    await aftermath();
    expect(stream.readableLength).toBe(4);
    expect(stream.listenerCount('data')).toBe(0);
  });

  test('that does not come to an end is given up in time', async () => {
    const stream = new PassThrough();
    const drip = setInterval(() => stream.write('x'), 10);
    const begun = performance.now();
    const body = await read(stream, 60).finally(() => {
      clearInterval(drip);
    });

    expect(body).toBe(408);
    expect(performance.now() - begun).toBeGreaterThan(50);
    expect(stream.isPaused()).toBe(true);
    expect(stream.listenerCount('data')).toBe(0);
  });

  test.each<[string, (stream: PassThrough) => unknown]>([
    ['is closed', (stream) => stream.destroy()],
    ['breaks', (stream) => stream.destroy(new Error('reset'))],
    ['was closed before', (stream) => stream],
  ])('that %s has no body', async (how, end) => {
    const stream = new PassThrough();
    stream.write('x');
    if (how === 'was closed before') await once(stream.destroy(), 'close');
    setImmediate(end, stream);

    expect(await read(stream)).toBe('gone');
    await aftermath(); // an error that nobody hears would fail the test
  });

  test('that breaks after it was refused troubles nobody', async () => {
    const stream = new PassThrough();
    stream.write(Buffer.alloc(MAX + 1));

    expect(await read(stream)).toBe(413);
    stream.destroy(new Error('reset'));
    await aftermath();
  });

  test('that another middleware had paused is read', async () => {
    const stream = new PassThrough().pause();
    stream.end('paused');

    expect(await read(stream)).toEqual(Buffer.from('paused'));
  });

  test.each(['utf8', 'latin1', 'base64', 'hex', 'utf16le'] as const)(
    'that another middleware decodes as %s gives its bytes all the same',
    async (encoding) => {
      const stream = new PassThrough().setEncoding(encoding);
      const body = Buffer.from('{"shop":"ወርቅ"}');
      stream.write(body.subarray(0, 11));
      stream.end(body.subarray(11));

      expect(await read(stream)).toEqual(body);
    },
  );

  test.each<[string, (stream: PassThrough) => unknown]>([
    ['read', (stream) => stream.end('x')],
    ['refused', (stream) => stream.write(Buffer.alloc(MAX + 1))],
    ['gone', (stream) => stream.destroy()],
  ])('that was %s leaves no timer and no listener', async (_, end) => {
    const { running, restore } = watchTimers();
    try {
      const stream = new PassThrough();
      const reading = readRaw(stream, MAX, LONG_MS);
      expect(running.size).toBe(1);
      end(stream);
      await promptly(reading);
      await idle();

      expect(running.size).toBe(0);
      expect(['data', 'end', 'close'].map((event) => stream.listenerCount(event))).toEqual([0, 0, 0]);
    } finally {
      restore();
    }
  });
});

describe('A request on a socket', () => {
  let server: Server;
  let outcome: Promise<Awaited<ReturnType<typeof readRaw>>>;
  let arrived: (request: IncomingMessage) => void;

  beforeAll(async () => {
    server = createServer((request, response) => {
      outcome = readRaw(request, MAX, 100);
      arrived(request);
      void outcome.then(() => response.end());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  /** A request whose headers, and the first bytes of its body, have arrived. */
  async function begin(headers: string, body = ''): Promise<Socket> {
    const hasArrived = new Promise<IncomingMessage>((resolve) => (arrived = resolve));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n${body}`);
    await hasArrived;
    return socket;
  }

  test.each([
    ['of a length', 'content-length: 3', 'one'],
    ['in chunks', 'transfer-encoding: chunked', '1\r\no\r\n2\r\nne\r\n0\r\n\r\n'],
  ])('%s is read', async (_, headers, body) => {
    const socket = await begin(headers, body);

    expect(await promptly(outcome)).toEqual(Buffer.from('one'));
    socket.destroy();
  });

  test('without a body has an empty one', async () => {
    const socket = await begin('x: y');

    expect(await promptly(outcome)).toEqual(Buffer.alloc(0));
    socket.destroy();
  });

  test('whose body stalls is given up in time', async () => {
    const socket = await begin('content-length: 3', 'on');

    expect(await promptly(outcome)).toBe(408);
    socket.destroy();
  });

  test.each<[string, (socket: Socket) => unknown]>([
    ['leaves', (socket) => socket.destroy()],
    ['resets the connection', (socket) => socket.resetAndDestroy()],
    ['ends too early', (socket) => socket.end()],
  ])('whose client %s has no body', async (_, leave) => {
    const socket = await begin('content-length: 3', 'on');
    await sleep(10);
    leave(socket.on('error', () => undefined));

    expect(await promptly(outcome)).toBe('gone');
    await aftermath();
  });
});
