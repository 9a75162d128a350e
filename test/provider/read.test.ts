import { getEventListeners } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import nodeFetch from 'node-fetch';
import { request as undiciRequest } from 'undici';
import { readUnread } from '../../src/provider/read.js';
import { OVERSIZED } from '../../src/translation/body.js';
import { UNSEEN } from '../../src/translation/carrier.js';
import { documented } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { aftermath, promptly, rejection } from './harness.js';

const KIB = 1024;
const { signal } = new AbortController();
const look = (carrier: object, spent = false) => readUnread(carrier, { spent, signal });
const said = async (carrier: object, spent?: boolean) => {
  const bytes = await look(carrier, spent);
  if (typeof bytes !== 'object') throw new Error('There is nothing to read.');
  return Buffer.from(bytes).toString();
};

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});

afterAll(() => upstream.close());

describe('A Response', () => {
  test('is read through its clone', async () => {
    const response = Response.json(documented('NOT_FOUND'));
    expect(JSON.parse(await said(response))).toEqual(documented('NOT_FOUND'));
    expect(await response.json()).toEqual(documented('NOT_FOUND'));
  });

  test.each([64 * KIB - 1, 64 * KIB])('of %d bytes is read to its end', async (size) => {
    expect(await said(new Response('x'.repeat(size)))).toHaveLength(size);
  });

  test('of a byte more than 64 KiB says nothing', async () => {
    expect(await look(new Response('x'.repeat(64 * KIB + 1)))).toBe(OVERSIZED);
  });

  test('of node-fetch that breaks off fails whoever reads it', async () => {
    upstream.answer({ fault: 'cut', status: 422, body: 'x'.repeat(KIB) });
    const response = await nodeFetch(upstream.url);
    expect(await promptly(rejection(look(response)))).toMatchObject({ code: 'ECONNRESET' });
    expect(await promptly(rejection(response.text()))).toMatchObject({ name: 'FetchError' });
  });

  test('of more is not read to its end', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++;
        controller.enqueue(Buffer.alloc(KIB, 'x'));
      },
    });
    const response = new Response(endless);
    expect(await look(response)).toBe(OVERSIZED);
    expect(pulled).toBeLessThan(100);
    await response.body?.cancel();
  });

  test.each([16 * KIB - 1, 16 * KIB, 64 * KIB])(
    'of node-fetch and of %d bytes is read as far as its clone does not stall',
    async (size) => {
      upstream.answer({ status: 422, body: 'x'.repeat(size) });
      const response = await nodeFetch(upstream.url);
      const read = await promptly(look(response));
      expect(typeof read === 'object' ? read.byteLength : read).toBe(size < 16 * KIB ? size : OVERSIZED);
      expect(await promptly(response.text())).toHaveLength(size);
    },
  );

  test.each<[what: string, response: () => Response]>([
    [
      'that somebody else reads',
      () => {
        const response = new Response('paid');
        void response.body?.getReader();
        return response;
      },
    ],
    [
      'whose clone throws',
      () =>
        Object.assign(new Response('paid'), {
          clone: () => {
            throw new Error('no clones');
          },
        }),
    ],
    [
      'whose clone is nothing',
      () => Object.assign(new Response('paid'), { clone: () => undefined as never }),
    ],
    [
      'whose clone has no stream',
      () => Object.assign(new Response('paid'), { clone: () => ({ body: 'paid' }) as never }),
    ],
  ])('%s is not seen', async (_what, response) => {
    expect(await look(response())).toBe(UNSEEN);
  });

  test('without a body gives nothing', async () => {
    expect(await look(new Response(null, { status: 204 }))).toBeUndefined();
  });

  test('that breaks off throws what the connection threw', async () => {
    const reason = new Error('cut');
    const broken = new ReadableStream({ pull: (controller) => controller.error(reason) });
    expect(await rejection(look(new Response(broken)))).toBe(reason);
  });
});

test('A body of undici is read, and can be read again', async () => {
  upstream.answer({ status: 422, body: documented('NOT_FOUND') });
  const result = await undiciRequest(upstream.url);
  expect(JSON.parse(await said(result))).toEqual(documented('NOT_FOUND'));
  expect(await promptly(result.body.json())).toEqual(documented('NOT_FOUND'));
});

test('A Blob is read, again and again', async () => {
  const carrier = { status: 422, data: new Blob(['said']) };
  expect([await said(carrier), await said(carrier)]).toEqual(['said', 'said']);
  expect(await look({ status: 422, data: new Blob(['x'.repeat(64 * KIB + 1)]) })).toBe(OVERSIZED);
});

describe('A bare stream', () => {
  test('is left alone unless it may be spent', async () => {
    const data = Readable.from(['paid']);
    expect(await look({ status: 200, data })).toBe(UNSEEN);
    expect(data.readableFlowing).toBeNull();
    expect(await said({ status: 500, data }, true)).toBe('paid');
  });

  test.each([
    ['bytes', Readable.from([Buffer.from('pa'), Buffer.from('id')])],
    ['text', Readable.from(['pa', 'id'])],
    ['text of its own encoding', new PassThrough({ encoding: 'utf8' }).end('paid')],
    ['the web', new Blob(['paid']).stream()],
    ['nothing', Readable.from([])],
  ])('of %s is read', async (what, body) => {
    expect(await said({ statusCode: 500, body }, true)).toBe(what === 'nothing' ? '' : 'paid');
  });

  test('of more than 64 KiB is read no further, and ended', async () => {
    expect(await said({ status: 500, body: Readable.from(['x'.repeat(64 * KIB)]) }, true)).toHaveLength(
      64 * KIB,
    );
    const larger = Readable.from(['x'.repeat(64 * KIB), 'x']);
    expect(await look({ status: 500, body: larger }, true)).toBe(OVERSIZED);
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(16 * KIB, 'x'));
      },
    });
    expect(await look({ status: 500, body: endless }, true)).toBe(OVERSIZED);
    expect(endless.destroyed).toBe(true);
  });

  test('of what are no bytes says nothing', async () => {
    expect(await look({ status: 500, body: Readable.from([{ paid: true }]) }, true)).toBe(OVERSIZED);
  });

  test('that breaks off throws what it threw', async () => {
    const reason = new Error('cut');
    const broken = new Readable({ read: () => undefined });
    setImmediate(() => broken.destroy(reason));
    expect(await rejection(look({ status: 500, body: broken }, true))).toBe(reason);
  });

  test.each([{}, { body: 'paid' }, { data: null }, { body: { pipe: 'no' } }])(
    'that is none gives nothing: %j',
    async (carrier) => {
      expect(await look(carrier, true)).toBeUndefined();
    },
  );
});

describe('An abort', () => {
  type Send = (origin: string) => Promise<object>;
  const SENDS: Record<string, Send> = {
    fetch: (url) => fetch(url),
    undici: (url) => undiciRequest(url),
    'node-fetch': (url) => nodeFetch(url),
    'a bare stream of fetch’s': async (url) => ({ status: 500, data: (await fetch(url)).body }),
    'a stream of axios’': (url) => axios.get(url, { responseType: 'stream', validateStatus: null }),
  };

  test.each(Object.keys(SENDS))('ends the wait for the rest of a body of %s', async (name) => {
    upstream.answer({ fault: 'hang-body', status: 500, body: 'x'.repeat(KIB) });
    const controller = new AbortController();
    const carrier = await SENDS[name]!(upstream.url);
    const reading = readUnread(carrier, { spent: true, signal: controller.signal }).catch(() => undefined);
    setTimeout(() => {
      controller.abort();
    }, 20);
    await promptly(reading);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await aftermath();
  });

  test.each(Object.keys(SENDS))(
    'that came first leaves nothing to wait for in a body of %s',
    async (name) => {
      upstream.answer({ fault: 'hang-body', status: 500, body: 'x'.repeat(KIB) });
      const carrier = await SENDS[name]!(upstream.url);
      const reading = readUnread(carrier, { spent: true, signal: AbortSignal.abort() });
      await promptly(reading.catch(() => undefined));
      await aftermath();
    },
  );

  test('of a Response that hides its body throws nowhere', async () => {
    const carrier = { body: null, clone: () => new Response(new ReadableStream({})), text: () => '' };
    const reading = readUnread(carrier, { spent: false, signal: AbortSignal.abort() });
    await promptly(reading.catch(() => undefined));
    await aftermath();
  });

  test('is listened for no longer than the read takes', async () => {
    const controller = new AbortController();
    await readUnread(new Response('paid'), { spent: false, signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
