import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request as undiciRequest } from 'undici';
import { isStreamed, replay, type Streamed } from '../../src/provider/replay.js';
import { succeeded } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { aftermath, promptly, rejection } from './harness.js';

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});

afterAll(() => upstream.close());

const requested = async () => (await undiciRequest(upstream.url)) as unknown as Streamed;

/** A result whose first chunk has been looked at, and the body that it had before. */
async function lookedAt(result: Streamed): Promise<Streamed['body']> {
  const original = result.body;
  const { next, restore } = replay(result);
  await next();
  restore();
  return original;
}

const readAll = async (stream: AsyncIterable<Uint8Array>) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

describe('Only an unread body of undici is replayed', () => {
  test('as it comes', async () => {
    const result = await requested();
    expect(isStreamed(result)).toBe(true);
    await readAll(result.body);
    expect(isStreamed(result)).toBe(false);
  });

  test.each([
    ['nothing', undefined],
    ['no body', { body: null }],
    ['text', { body: 'paid' }],
    ['a Response', Response.json({})],
    ['another stream', { body: { pipe: () => undefined, bodyUsed: false } }],
    ['a body that it inherits', Object.create({ body: { dump: () => undefined, bodyUsed: false } })],
    ['a body that cannot be replaced', Object.freeze({ body: { dump: () => undefined, bodyUsed: false } })],
  ])('%s is not', (_what, value) => {
    expect(isStreamed(value)).toBe(false);
  });
});

describe('A replayed body', () => {
  test('is another object of the same class, and unread', async () => {
    upstream.answer({ status: 200, body: succeeded });
    const result = await requested();
    const original = await lookedAt(result);
    expect(result.body).not.toBe(original);
    expect(result.body.constructor).toBe(original.constructor);
    expect(isStreamed(result)).toBe(true);
    expect(await readAll(result.body)).toBe(JSON.stringify(succeeded));
  });

  test('can be replayed again', async () => {
    upstream.answer({ status: 200, body: succeeded });
    const result = await requested();
    await lookedAt(result);
    await lookedAt(result);
    expect(await readAll(result.body)).toBe(JSON.stringify(succeeded));
  });

  test('gives what was looked at and then the rest, in order', async () => {
    const body = Array.from({ length: 40_000 }, (_, at) => String(at)).join();
    upstream.answer({ status: 200, body });
    const result = await requested();
    const { next, restore } = replay(result);
    for (let seen = 0; seen < 100 * 1024;) seen += ((await next()).value as Uint8Array).byteLength;
    restore();
    expect((await readAll(result.body)) === body).toBe(true);
  });

  test('that was looked at to its end is whole', async () => {
    upstream.answer({ status: 200, body: succeeded });
    const result = await requested();
    const { next, restore } = replay(result);
    while ((await next()).done !== true);
    restore();
    expect(await readAll(result.body)).toBe(JSON.stringify(succeeded));
  });

  test('is given to a reader as slowly as it wants', async () => {
    upstream.answer({ status: 200, body: 'x'.repeat(300 * 1024) });
    const result = await requested();
    await lookedAt(result);
    let read = 0;
    for await (const chunk of result.body as AsyncIterable<Uint8Array>) {
      read += chunk.byteLength;
      expect(result.body.readableLength).toBeLessThanOrEqual(128 * 1024);
      await new Promise(setImmediate);
    }
    expect(read).toBe(300 * 1024);
  });

  test('is pulled no further while its reader does something else', async () => {
    upstream.answer({ status: 200, body: 'x'.repeat(1024 * 1024) });
    const result = await requested();
    await lookedAt(result);
    await result.body[Symbol.asyncIterator]().next();
    await aftermath();
    expect(result.body.readableLength).toBeLessThanOrEqual(128 * 1024);
    result.body.destroy();
    await aftermath();
  });

  test('ends the request when it is destroyed', async () => {
    upstream.answer({ fault: 'hang-body', status: 200, body: 'x'.repeat(1024) });
    const result = await requested();
    const original = await lookedAt(result);
    const closed = new Promise((resolve) => original.on('close', resolve));
    result.body.destroy();
    await promptly(closed);
    await aftermath();
  });

  test('breaks off with the original, and only who reads it is told', async () => {
    upstream.answer({ fault: 'cut', status: 200, body: 'x'.repeat(300 * 1024) });
    const result = await requested();
    await lookedAt(result);
    expect(await promptly(rejection(readAll(result.body)))).toMatchObject({ code: 'UND_ERR_SOCKET' });

    await lookedAt(await requested());
    await aftermath();
  });
});
