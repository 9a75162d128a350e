import { describe, expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { LakiConnectError, type LakiConnectEvent } from 'lakiconnect-middleware';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { Exchange, Harness } from './harness.js';
import { oneAnswer, serve, serveUpstream } from './server.js';
import { talkTo } from './talk.js';

const fails = throwing(() => answered(403, documented('KYC_NOT_APPROVED')));
const failsFrozen = throwing(() => Object.freeze(new LakiConnectError({ kind: 'NOT_FOUND' })));
const failsElsewhere = throwing(() => new Error('Out of paper'));

const begin = ({ res }: Exchange): void => void res.writeHead(200, { 'x-begun': 'yes' }).write('first bytes');

/** Whether the connection ended, and did so visibly: no last chunk that would make the body look whole. */
function expectBrokenOff(bytes: Buffer): void {
  const text = bytes.toString();
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(text.split('\r\n\r\n')[1]).toMatch(/^b\r\nfirst bytes(\r\n)?$/);
}

export function connection(harness: Harness): void {
  describe('once the first bytes are sent', () => {
    test.each([
      ['a LakiConnect error', fails],
      ['a frozen error of ours', failsFrozen],
    ])('%s ends the connection and appends nothing', async (_, fail) => {
      const escaped: unknown[] = [];
      const server = await serve(harness, {
        route: (exchange) => {
          begin(exchange);
          fail();
        },
        own: (error) => escaped.push(error) < 0,
      });
      const started = performance.now();

      expectBrokenOff(await server.bytes());
      expect(performance.now() - started).toBeLessThan(2000);
      expect(escaped).toEqual([expect.any(LakiConnectError)]);
      expect(await server.isAlive()).toBe(true);
    });

    test("a LakiConnect error ends it even where the platform's own handler does nothing", async () => {
      const server = await serve(harness, {
        route: (exchange) => {
          begin(exchange);
          fails();
        },
        own: () => true,
      });
      const started = performance.now();

      expectBrokenOff(await server.bytes());
      expect(performance.now() - started).toBeLessThan(2000);
    });

    test("another's error is the framework's to handle", async () => {
      const route = (exchange: Exchange) => {
        begin(exchange);
        setTimeout(() => exchange.res.destroy(), 100);
        failsElsewhere();
      };
      const server = await serve(harness, { route });

      expectBrokenOff(await server.bytes());
      expect(await server.isAlive()).toBe(true);
    });

    test('an error whose body is still being read then appends nothing', async () => {
      const body = documented('KYC_NOT_APPROVED');
      const upstream = await serveUpstream({ status: 403, body, fault: 'hang-body' });
      const server = await serve(harness, {
        options: { baseUrl: upstream.url, timeoutMs: 150 },
        route: async (exchange) => {
          setTimeout(() => begin(exchange), 30);
          throw Object.assign(new Error(), { response: await fetch(`${upstream.url}/payment`) });
        },
      });

      expectBrokenOff(await server.bytes());
      expect(await server.isAlive()).toBe(true);
    });
  });

  test.each([
    ['a LakiConnect error', fails],
    ["another's error", failsElsewhere],
  ])('%s after res.end() changes nothing of the answer', async (_, fail) => {
    const server = await serve(harness, {
      route: async ({ res }) => {
        res.writeHead(200, { 'content-length': 5 }).end('whole');
        await once(res, 'finish');
        fail();
      },
    });

    expect(oneAnswer(await server.bytes())).toMatchObject({ status: 200, body: 'whole' });
    expect(await server.isAlive()).toBe(true);
  });

  describe('a LakiConnect error after a complete answer', () => {
    /** Two requests on one connection, the second sent before the first is answered, or after. */
    test.each(['at once', 'in turn'])('leaves the connection to the next request, sent %s', async (when) => {
      const events: LakiConnectEvent[] = [];
      const escaped: unknown[] = [];
      const failed = new EventEmitter();
      const over = once(failed, 'over');
      const server = await serve(harness, {
        options: { onEvent: (event) => events.push(event) },
        route: async ({ req, res, send }) => {
          if (req.url === '/next') return send('next');
          res.writeHead(503, { 'content-length': 4 }).end('slow');
          if (when === 'in turn') await once(res, 'finish');
          setImmediate(() => setImmediate(() => failed.emit('over')));
          fails();
        },
        own: (error) => escaped.push(error) < 0,
        heard: (error) => escaped.push(error),
      });
      const talk = await talkTo(server.url);
      if (when === 'at once') {
        const both = await talk.ask(['/', '/next'], 'next');
        expect(both.toString()).toMatch(/^HTTP\/1\.1 503 .*slowHTTP\/1\.1 200 .*next$/s);
      } else {
        expect((await talk.ask(['/'])).toString()).toMatch(/slow$/);
        await over;
        expect((await talk.ask(['/next'])).toString()).toMatch(/^HTTP\/1\.1 200 .*next$/s);
      }
      talk.end();

      expect(events.filter(({ type }) => type !== 'invalidated')).toEqual([
        {
          type: 'late',
          level: 'warn',
          kind: 'KYC_NOT_APPROVED',
          outcome: 'rejected',
          requestId: 'req_1a2b3c4d5e6f',
        },
      ]);
      expect(escaped).toEqual([]);
    });
  });

  test('an answer that is still on its way when a LakiConnect error comes arrives whole', async () => {
    const server = await serve(harness, {
      route: ({ res }) => {
        res.writeHead(200, { 'content-length': 20_000_000 }).end(Buffer.alloc(20_000_000, 'x'));
        fails();
      },
    });

    expect(oneAnswer(await server.bytes()).body).toHaveLength(20_000_000);
  });

  test('a client that is gone before the reply disturbs nobody', async () => {
    const events: string[] = [];
    const left = new EventEmitter();
    const client = new AbortController();
    const server = await serve(harness, {
      options: { onEvent: ({ type }) => events.push(type) },
      route: async ({ res }) => {
        client.abort();
        await once(res, 'close');
        setTimeout(() => left.emit('handled'), 50);
        fails();
      },
    });
    const handled = once(left, 'handled');
    const response = fetch(server.url, { signal: client.signal });

    await expect(response).rejects.toHaveProperty('name', 'AbortError');
    await handled;
    expect(events.length).toBeLessThanOrEqual(1);
    expect(await server.isAlive()).toBe(true);
  });

  test.each(['application/problem+json', 'text/html', 'text/plain'])(
    'HEAD gets the headers of GET in %s and no body',
    async (accept) => {
      const server = await serve(harness, { route: fails });
      const head = (await server.bytes({ accept }, 'HEAD')).toString();
      const get = (await server.bytes({ accept })).toString();
      const [headers, body] = get.split('\r\n\r\n');

      expect(body).not.toBe('');
      expect(head.replace(/^Date: .*$/m, '')).toBe(`${headers}\r\n\r\n`.replace(/^Date: .*$/m, ''));
    },
  );

  test('an answer that was begun but not sent is given up for ours', async () => {
    const server = await serve(harness, {
      route: ({ res, send }) => {
        res.statusMessage = 'Splendid';
        if (harness.framework === 'koa') send('{"paid": true}', 201);
        fails();
      },
    });
    const bytes = await server.bytes();

    expect(bytes.toString()).toMatch(/^HTTP\/1\.1 409 Conflict\r\n/);
    expect(oneAnswer(bytes).body).not.toContain('paid');
  });

  test('a reply reaches a client whose own body nobody has read', async () => {
    const server = await serve(harness, { route: fails });
    const replies = [1, 2].map(() => fetch(server.url, { method: 'POST', body: 'x'.repeat(1_000_000) }));

    for (const reply of await Promise.all(replies)) {
      expect(reply.status).toBe(409);
      expect(await reply.json()).toMatchObject({ code: 'PAYMENTS_UNAVAILABLE' });
    }
  });

  test('every one of many requests at once gets its own answer', async () => {
    const server = await serve(harness, {
      route: async ({ req }) => {
        await new Promise(setImmediate);
        throw answered(404, documented('NOT_FOUND', { requestId: String(req.headers['x-id']) }));
      },
    });
    const ids = Array.from({ length: 50 }, (_, at) => `req_${String(at)}`);
    const replies = await Promise.all(ids.map((id) => server.ask({ 'x-id': id })));

    expect(replies.map(({ body }) => body.request_id)).toEqual(ids);
  }, 60_000);
}
