import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { LakiConnectError, type Options, type WebhookOptions } from 'lakiconnect-middleware';
import { documented } from '../../envelopes.js';
import { approved, SECRET, signatureOf } from '../../webhooks.js';
import { answered } from './failures.js';
import type { AnyRequest, Harness, Laki, Middleware, Setup } from './harness.js';
import { oneAnswer } from './server.js';
import { openShop, type Shop } from './shop.js';

const PATH = '/webhooks/lakiconnect';
const BODY = approved('cm_1');
const SIGNATURE = signatureOf(BODY);
const MAX = 64 * 1024;

const MARKED = `\ufeff${BODY}`;
const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };

/** FLOOD_MS=20000 floods for as long as a real attack would, with the `unmetMs` of a real shop. */
const FLOOD_MS = Number(process.env['FLOOD_MS'] ?? 1200);
const FLOOD = { ms: FLOOD_MS, unmetMs: FLOOD_MS / 4 };

const unread = { 'content-type': 'text/plain' };

/** Middleware for one path; Express's request and Koa's context have it in the same place. */
const at =
  (path: string, middleware: Middleware): Middleware =>
  (...given: unknown[]) =>
    (given[0] as { url: string }).url === path
      ? middleware(...(given as never[]))
      : (given.at(-1) as () => unknown)();

export function webhook(harness: Harness): void {
  const { keeping, spoiling } = harness.parsers;

  interface Mounted {
    readonly parser?: Middleware | undefined;
    readonly webhook?: Partial<WebhookOptions>;
    readonly options?: Options<AnyRequest>;
    readonly own?: Setup['own'];
  }

  const open = ({ parser, webhook: given, options, own }: Mounted = {}): Promise<Shop> =>
    openShop(harness, {
      before: (laki: Laki) => [
        ...(parser === undefined ? [] : [parser]),
        at(PATH, laki.webhook({ secret: SECRET, ...given })),
        laki.preflight(),
      ],
      ...(options === undefined ? {} : { options }),
      ...(own === undefined ? {} : { own }),
    });

  const deliver = (
    { server }: Shop,
    body: string | Buffer = BODY,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(server.url + PATH, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-lakiconnect-signature': signatureOf(body),
        ...headers,
      },
    });

  /** A socket on which the first bytes of a webhook have been sent. */
  function begin({ server }: Shop, headers: string[], body: string | Buffer = ''): Socket {
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.write([`POST ${PATH} HTTP/1.1`, 'host: x', ...headers, '', ''].join('\r\n'));
    socket.write(body);
    return socket;
  }

  /** All that comes back until the server ends the connection. */
  async function answerOn(socket: Socket): Promise<ReturnType<typeof oneAnswer>> {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk)).setTimeout(2500, () => socket.destroy());
    await once(socket, 'close');
    return oneAnswer(Buffer.concat(chunks));
  }

  /** Whether guards look again at cm_1, who was known. */
  async function looksAgain(shop: Shop, during: () => Promise<unknown>): Promise<boolean> {
    await shop.pay('cm_1');
    const before = shop.lookups().length;
    await during();
    await shop.pay('cm_1');
    return shop.lookups().length > before;
  }

  const MOUNTS: readonly (readonly [string, Middleware | undefined, Record<string, string>])[] = [
    ['before any parser', undefined, {}],
    ...Object.entries(keeping).map(([name, parser]) => [`behind ${name}`, parser, {}] as const),
    ...Object.entries(keeping).map(
      ([name, parser]) => [`behind ${name} that passes it by`, parser, unread] as const,
    ),
  ];

  describe.each(MOUNTS)('%s', (_, parser, headers) => {
    test('a genuine one is taken, and guards look again', async () => {
      const events: unknown[] = [];
      const shop = await open({ parser, webhook: { onDelivery: (event) => events.push(event) } });

      expect(
        await looksAgain(shop, async () => {
          const reply = await deliver(shop, BODY, headers);
          expect(reply.status).toBe(200);
          expect(await reply.text()).toBe('');
          expect(reply.headers.get('content-type')).toBeNull();
        }),
      ).toBe(true);
      expect(events).toEqual([JSON.parse(BODY)]);
      expect(shop.told('webhook')).toMatchObject([{ level: 'info', merchantIds: ['cm_1'] }]);
    });

    test.each<[string, string, string]>([
      ['a forged one', BODY, signatureOf(BODY, 'whsec_other')],
      ['one that was changed', approved('cm_1 '), SIGNATURE],
      ['one without a signature', BODY, ''],
      ['one that is written anew', JSON.stringify(JSON.parse(BODY), undefined, 2), SIGNATURE],
    ])('%s is a 401, and guards know what they knew', async (_what, body, signature) => {
      const events: unknown[] = [];
      const shop = await open({ parser, webhook: { onDelivery: (event) => events.push(event) } });

      expect(
        await looksAgain(shop, async () => {
          const { status } = await deliver(shop, body, { 'x-lakiconnect-signature': signature, ...headers });
          expect(status).toBe(401);
        }),
      ).toBe(false);
      expect(events).toEqual([]);
    });

    test('what is genuine and no event is a 422, and changes nothing', async () => {
      const shop = await open({ parser });

      expect(
        await looksAgain(shop, async () => {
          const reply = await deliver(shop, '[]', headers);
          expect(reply.status).toBe(422);
          expect(await reply.text()).toBe('');
        }),
      ).toBe(false);
      expect(shop.told('webhook')).toMatchObject([
        { level: 'warn', status: 422, reason: 'its signature is good, but it is no JSON object' },
      ]);
    });

    test('one with a byte order mark is taken', async () => {
      const shop = await open({ parser });

      expect((await deliver(shop, MARKED, headers)).status).toBe(200);
      expect(shop.told('webhook')).toMatchObject([{ level: 'info', merchantIds: ['cm_1'] }]);
    });

    test.each(Object.entries({ gzip: gzipSync, deflate: deflateSync }))(
      'one in %s is taken if its text is signed',
      async (encoding, encode) => {
        const events: unknown[] = [];
        const shop = await open({ parser, webhook: { onDelivery: (event) => events.push(event) } });
        const given = { 'content-encoding': encoding, 'x-lakiconnect-signature': SIGNATURE, ...headers };

        expect(
          await looksAgain(shop, async () => {
            expect((await deliver(shop, encode(BODY), given)).status).toBe(200);
          }),
        ).toBe(true);
        expect(events).toEqual([JSON.parse(BODY)]);
      },
    );
  });

  describe.each(Object.entries(spoiling))('behind %s', (_, parser) => {
    test.each<[string, string]>([
      ['a genuine one', BODY],
      ['one with an empty object', '{}'],
    ])('%s is a loud 500 that says how to mount it', async (_what, body) => {
      const errors: unknown[] = [];
      const shop = await open({ parser, own: (error) => errors.push(error) < 0 });

      expect(
        await looksAgain(shop, async () => {
          const reply = await deliver(shop, body);
          expect(reply.status).toBe(500);
          expect(await reply.text()).not.toMatch(/express\.json|rawBody/);
        }),
      ).toBe(false);
      expect(errors).toEqual([expect.any(TypeError)]);
      expect(String(errors[0])).toMatch(
        /Mount the webhook before express\.json\(\) or any other body parser/,
      );
      expect(shop.told('invalidated')).toEqual([]);
    });
  });

  if (harness.framework === 'express') {
    test('behind express.json one with an empty body is a 500 at once', async () => {
      const shop = await open({ parser: spoiling['express.json'] });

      expect((await deliver(shop, Buffer.alloc(0), { 'content-length': '0' })).status).toBe(500);
    });

    test('behind express.json one of another type is read', async () => {
      const shop = await open({ parser: spoiling['express.json'] });

      expect((await deliver(shop, BODY, unread)).status).toBe(200);
    });
  }

  test('the name of the header is an option', async () => {
    const shop = await open({ options: { headers: { signature: 'X-Shop-Signature' } } });

    expect((await deliver(shop)).status).toBe(401);
    expect((await deliver(shop, BODY, { 'x-shop-signature': SIGNATURE })).status).toBe(200);
  });

  test('either of two secrets is good, and no third', async () => {
    const shop = await open({ webhook: { secret: ['whsec_old', SECRET] } });
    const statuses = ['whsec_old', SECRET, 'whsec_other'].map(
      async (secret) =>
        (await deliver(shop, BODY, { 'x-lakiconnect-signature': signatureOf(BODY, secret) })).status,
    );

    expect(await Promise.all(statuses)).toEqual([200, 200, 401]);
  });

  test.each([
    ['the good one twice', SIGNATURE],
    ['a bad one beside the good one', 'sha256=00'],
  ])('a doubled header, %s, is a 401', async (_, second) => {
    const shop = await open();
    const lines = [SIGNATURE, second].map((signature) => `X-LakiConnect-Signature: ${signature}`);
    const socket = begin(
      shop,
      [...lines, `content-length: ${String(BODY.length)}`, 'connection: close'],
      BODY,
    );

    expect((await answerOn(socket)).status).toBe(401);
    expect(shop.told('invalidated')).toEqual([]);
  });

  test.each([
    [MAX, 200],
    [MAX + 1, 413],
  ])('a body of %d bytes is a %d', async (size, status) => {
    const shop = await open();

    expect((await deliver(shop, BODY.padEnd(size, ' '))).status).toBe(status);
  });

  test.each(Object.entries(keeping))(
    'a body that %s kept and that is too large is a 413',
    async (_, parser) => {
      const shop = await open({ parser });

      expect((await deliver(shop, BODY.padEnd(MAX + 1, ' '))).status).toBe(413);
    },
  );

  test('a connection on which too much comes is answered and closed', async () => {
    const shop = await open();
    const socket = begin(shop, ['content-length: 100000000'], Buffer.alloc(2 * MAX, ' '));
    const { status, headers } = await answerOn(socket);

    expect(status).toBe(413);
    expect(headers['connection']).toBe('close');
    expect((await deliver(shop)).status).toBe(200);
  });

  test('a client that sends 2 MB without looking up gets its 413', async () => {
    const shop = await open();
    const replies = [1, 2, 3].map(async () => (await deliver(shop, Buffer.alloc(2_000_000, ' '))).status);

    expect(await Promise.all(replies)).toEqual([413, 413, 413]);
  });

  test('a connection on which nothing more comes is answered and closed in time', async () => {
    const shop = await open({ options: { timeoutMs: 100 } });
    const { status, headers } = await answerOn(begin(shop, ['content-length: 10'], '{'));

    expect(status).toBe(408);
    expect(headers['connection']).toBe('close');
    expect((await deliver(shop)).status).toBe(200);
  });

  test('a connection on which a byte comes now and then is answered and closed in time', async () => {
    const shop = await open({ options: { timeoutMs: 100 } });
    const socket = begin(shop, ['content-length: 100000']);
    const drip = setInterval(() => socket.write('{'), 10);
    const { status, headers } = await answerOn(socket).finally(() => {
      clearInterval(drip);
    });

    expect(status).toBe(408);
    expect(headers['connection']).toBe('close');
  });

  test.each(Object.entries(ENCODERS))(
    'one in %s is taken as it came and decoded',
    async (encoding, encode) => {
      const shop = await open();
      const body = encode(BODY);
      const given = { 'content-encoding': encoding };

      expect((await deliver(shop, body, given)).status).toBe(200);
      expect((await deliver(shop, body, { ...given, 'x-lakiconnect-signature': SIGNATURE })).status).toBe(
        200,
      );
      expect((await deliver(shop, body)).status).toBe(422);
      expect(shop.told('invalidated')).toMatchObject([{ merchantId: 'cm_1' }]);
    },
  );

  test.each(Object.entries(ENCODERS))('one in %s that is a bomb is a 413', async (encoding, encode) => {
    const shop = await open();

    expect(
      (await deliver(shop, encode(Buffer.alloc(16 * 1024 * 1024)), { 'content-encoding': encoding })).status,
    ).toBe(413);
  });

  /** As a hosting platform's wrapper does, before anybody has read the body. */
  const sets =
    (raw: unknown): Middleware =>
    (request: { request?: object }, ...given: unknown[]) => {
      Object.assign(harness.framework === 'koa' ? (request.request as object) : request, { rawBody: raw });
      return (given.at(-1) as () => unknown)();
    };

  test.each([
    ['an empty text', ''],
    ['an empty Buffer', Buffer.alloc(0)],
    ['half of it', BODY.slice(0, 30)],
  ])('where rawBody was set early to %s the body is read all the same', async (_, raw) => {
    const shop = await open({ parser: sets(raw) });

    expect((await deliver(shop)).status).toBe(200);
  });

  test('where rawBody is not all of a body that was read that is a loud 500', async () => {
    const errors: unknown[] = [];
    const [parser] = Object.values(keeping) as [Middleware];
    const shop = await open({
      parser: async (...given: never[]) => {
        await new Promise<void>((resolve) => void parser(...([...given.slice(0, -1), resolve] as never[])));
        const [request] = given as unknown as [{ request?: object }];
        const keeper = harness.framework === 'koa' ? (request.request as object) : request;
        Object.assign(keeper, { rawBody: '', body: {} });
        return (given.at(-1) as unknown as () => unknown)();
      },
      own: (error) => errors.push(error) < 0,
    });

    expect((await deliver(shop)).status).toBe(500);
    expect(String(errors[0])).toMatch(/^TypeError: .*not as long as what came/);
  });

  test('a connection is kept where a webhook was read to its end', async () => {
    const shop = await open();

    expect((await deliver(shop)).headers.get('connection')).toBe('keep-alive');
  });

  test('a client that leaves in the middle troubles nobody', async () => {
    const shop = await open();
    const left = ['destroy', 'resetAndDestroy', 'end'] as const;
    for (const leave of left) {
      const socket = begin(shop, [`content-length: 1000`, `x-lakiconnect-signature: ${SIGNATURE}`], BODY);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const closed = once(socket, 'close');
      socket.resume()[leave]();
      await closed;
    }

    expect((await deliver(shop)).status).toBe(200);
    expect(shop.told('webhook')).toMatchObject([{ status: 200 }]);
  });

  test.each<[string, unknown]>([
    ['with an error of its own', new Error('No disk')],
    ['with LakiConnect’s error', new LakiConnectError({ kind: 'NOT_FOUND' })],
    ['with LakiConnect’s error of a client', answered(403, documented('KYC_NOT_APPROVED'))],
    ['with nothing', undefined],
  ])('where onDelivery fails %s that is a 500, and guards look again all the same', async (_, cause) => {
    const errors: unknown[] = [];
    const shop = await open({
      webhook: { onDelivery: () => Promise.reject(cause) },
      own: (error) => errors.push(error) < 0,
    });

    expect(
      await looksAgain(shop, async () => {
        const reply = await deliver(shop);
        expect(reply.status).toBe(500);
        expect(await reply.text()).not.toMatch(/No disk|kyc/i);
      }),
    ).toBe(true);
    expect(errors).toEqual([expect.any(Error)]);
    expect(errors[0]).toHaveProperty('cause', cause);
    expect(shop.told('translated')).toEqual([]);
  });

  test('a replayed "approved" lets nobody pass who is suspended', async () => {
    const shop = await open();
    await shop.pay('cm_1');
    shop.standing.set('cm_1', 'pending');
    const paid = shop.reached();
    for (let replay = 0; replay < 20; replay++) {
      expect((await deliver(shop)).status).toBe(200);
      expect((await shop.pay('cm_1')).status).toBe(409);
    }

    expect(shop.reached()).toBe(paid);
  });

  test(
    'a flood of replays costs a lookup per `unmetMs`, no payment, and hides no suspension',
    async () => {
      const shop = await open({ options: { cache: { unmetMs: FLOOD.unmetMs } } });
      await shop.pay('cm_1');
      const looks = () => shop.lookups().filter((path) => path.includes('fee-config')).length;
      const forgotten = () => shop.told('invalidated').length;
      const before = looks();
      const statuses = new Set<number>();
      const standing = new Set<number>();
      const suspended = new Set<number>();
      const began = performance.now();
      const since = () => performance.now() - began;
      let seen = Infinity;

      async function replay(): Promise<void> {
        const sent: Promise<unknown>[] = [];
        while (since() < FLOOD.ms) {
          sent.push(deliver(shop).then(({ status }) => statuses.add(status)));
          await sleep(5);
        }
        await Promise.all(sent);
      }
      async function pay(): Promise<void> {
        while (since() < FLOOD.ms) {
          const isSeen = forgotten() > seen;
          const { status } = await shop.pay('cm_1');
          if (seen === Infinity) standing.add(status);
          else if (isSeen) suspended.add(status);
          if (since() < FLOOD.ms / 2 || seen < Infinity) continue;
          shop.standing.set('cm_1', 'pending');
          seen = forgotten();
          statuses.add((await deliver(shop)).status);
        }
      }
      await Promise.all([replay(), pay()]);

      expect([...statuses]).toEqual([200]);
      expect([...standing]).toEqual([201]);
      expect([...suspended]).toEqual([409]);
      expect(looks() - before).toBeLessThanOrEqual(since() / FLOOD.unmetMs + 1);
    },
    FLOOD.ms + 10_000,
  );

  test.each<[string, object]>([
    ['no secret', {}],
    ['an undefined secret', { secret: undefined }],
    ['an empty secret', { secret: '' }],
    ['an empty one among the secrets', { secret: [SECRET, ''] }],
  ])('%s throws when the webhook is made', (_, options) => {
    const laki = harness.lakiconnect({}) as Laki;
    const make = () => laki.webhook(options as WebhookOptions);

    expect(make).toThrow(TypeError);
    expect(make).toThrow(/option `secret(?:\.1)?`/);
    expect(make).not.toThrow(/canary/);
  });
}
