/** Adapters for frameworks that have no entry: the code of docs/writing-an-adapter.md, run with real servers. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { serve } from '@hono/node-server';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { LakiConnectError } from 'lakiconnect-middleware';
import { adapterContract, matchers } from 'lakiconnect-middleware/testing';
import request from 'supertest';
import { fake } from './fake.js';
import { listening, onFastify, onHono, onPlain, runRecipe, type Opened } from './recipes.js';
import type { Ran } from './run.js';

expect.extend(matchers);

const PAYMENT = { amount: 100, currency: 'ETB', reference: 'order-1' };
const STALE = {
  location: '/elsewhere',
  etag: '"1"',
  'content-disposition': 'attachment; filename="receipt.pdf"',
  'content-encoding': 'gzip',
  'last-modified': 'Sat, 01 Aug 2026 10:00:00 GMT',
  expires: 'Sat, 01 Aug 2099 10:00:00 GMT',
  'cdn-cache-control': 'max-age=86400',
  'accept-ranges': 'bytes',
};
const LOCATED = { ...STALE, vary: 'Origin', 'set-cookie': 'mine=1' };

const limited = () => new LakiConnectError({ kind: 'RATE_LIMITED', retryAfterMs: 1500 });
const bug = () => new TypeError('x is not a function');

interface Framework {
  readonly name: string;
  /** Listens, with routes of the platform's own besides the page's. */
  readonly open: (ran: Ran) => Promise<Opened>;
  /** What the framework itself answers. */
  readonly own: Readonly<Record<'/teapot' | '/bug' | '/nowhere', readonly [status: number, text: string]>>;
}

const fastify: Framework = {
  name: 'Fastify',
  async open({ exports }) {
    const app = exports['app'] as unknown as FastifyInstance;
    app.get('/teapot', async () => {
      throw Object.assign(new Error('short and stout'), { statusCode: 418 });
    });
    app.get('/bug', async () => {
      throw bug();
    });
    app.get('/limited', async (_request, reply) => {
      void reply.headers(LOCATED);
      throw limited();
    });
    app.get('/begun', async (_request, reply) => {
      reply.raw.write('{"paid":');
      throw limited();
    });
    return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
  },
  own: {
    '/teapot': [418, '{"statusCode":418,"error":"I\'m a Teapot","message":"short and stout"}'],
    '/bug': [500, '{"statusCode":500,"error":"Internal Server Error","message":"x is not a function"}'],
    '/nowhere': [404, '{"message":"Route GET:/nowhere not found","error":"Not Found","statusCode":404}'],
  },
};

const hono: Framework = {
  name: 'Hono',
  async open({ exports }) {
    const app = exports['app'] as unknown as Hono;
    app.get('/teapot', () => {
      throw new HTTPException(418, { message: 'short and stout' });
    });
    app.get('/bug', () => {
      throw bug();
    });
    app.get('/limited', (c) => {
      for (const [name, value] of Object.entries(LOCATED)) c.res.headers.set(name, value);
      throw limited();
    });
    return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
  },
  own: {
    '/teapot': [418, 'short and stout'],
    '/bug': [500, 'Internal Server Error'],
    '/nowhere': [404, '404 Not Found'],
  },
};

let opened: Opened | undefined;
afterEach(async () => {
  await opened?.close();
});

async function open({ name, open: listen }: Framework): Promise<string> {
  opened = await listen(runRecipe(name.toLowerCase()));
  return opened.url;
}

/** The app's receiver. */
async function webhookStatus(url: string, secret?: string): Promise<number> {
  const event = { event: 'kyc.updated', data: { merchant_id: 'cm_7' } };
  const { headers, body } = fake.signWebhook(event, { secret });
  return (await fetch(`${url}/webhooks/lakiconnect`, { method: 'POST', headers, body })).status;
}

describe.each([fastify, hono])('$name', (framework) => {
  const pay = async (headers = {}) =>
    request(await open(framework))
      .post('/shops/cm_7/charges')
      .set(headers)
      .send(PAYMENT);

  test('a shop that may be paid is', async () => {
    expect((await pay()).status).toBe(201);
    expect(fake.charges).toMatchObject([{ merchantId: 'cm_7', amount: 100 }]);
  });

  test('one that may not is refused, and nothing is sent', async () => {
    fake.merchants.set('cm_7', { kycStatus: 'pending' });
    const refused = await pay({ 'accept-language': 'am' });
    expect(refused).toBeProblem('PAYMENTS_UNAVAILABLE', 409);
    expect(refused.headers).toMatchObject({
      // Fastify adds a charset of its own.
      'content-type': expect.stringMatching(/^application\/problem\+json\b/) as unknown,
      'content-language': 'am',
      'content-length': String(Buffer.byteLength(refused.text)),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'Accept, Accept-Language',
    });
    expect(refused.headers).not.toHaveProperty('retry-after');
    expect(fake.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('one of which nothing can be learnt may come back', async () => {
    fake.failNext('INTERNAL_ERROR', { method: 'GET', times: 9 });
    const refused = await pay();
    expect(refused).toBeProblem('UNDETERMINED', 503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(fake.charges).toEqual([]);
  });

  test.each([
    ['UNAUTHORIZED', 502, 'PAYMENTS_UNAVAILABLE', undefined],
    ['RATE_LIMITED', 503, 'RATE_LIMITED', '7'],
  ])('%s of LakiConnect’s is %d %s', async (failure, status, code, wait) => {
    const headers = { 'set-cookie': 'upstream=1', 'www-authenticate': 'Basic' };
    fake.failNext(failure, { method: 'POST', retryAfter: 7, headers });
    const failed = await pay();
    expect(failed).toBeProblem(code, status);
    expect(failed.headers['retry-after']).toBe(wait);
    expect(failed.headers).not.toHaveProperty('set-cookie');
    expect(failed.headers).not.toHaveProperty('www-authenticate');
    expect(failed).toLeakNothingFrom(fake.secrets);
  });

  test('headers of others stay, but those of an earlier body', async () => {
    const failed = await request(await open(framework)).get('/limited');
    expect(failed).toBeProblem('RATE_LIMITED', 503);
    expect(failed.headers).toMatchObject({
      vary: 'Origin, Accept, Accept-Language',
      'retry-after': '2',
      'set-cookie': ['mine=1'],
    });
    for (const name of Object.keys(STALE)) expect(failed.headers).not.toHaveProperty(name);
  });

  test('a webhook is verified by its raw body', async () => {
    const url = await open(framework);
    expect(await webhookStatus(url)).toBe(200);
    expect(await webhookStatus(url, 'another')).toBe(401);
  });

  test.each(Object.entries(framework.own))(
    '%s is answered by the framework',
    async (path, [status, text]) => {
      const answered = await request(await open(framework)).get(path);
      expect([answered.status, answered.text]).toEqual([status, text]);
      expect(answered.headers['content-type']).not.toContain('problem');
    },
  );
});

test('Fastify cuts an answer off that has begun', async () => {
  const url = await open(fastify);
  const whole = fetch(`${url}/begun`).then((reply) => reply.text());
  await expect(whole).rejects.toMatchObject({ name: 'TypeError' });
});

describe('node:http', () => {
  /** The page's server, behind middleware that sets headers. */
  async function openPlain(headers = {}): Promise<string> {
    const behind = (listener: RequestListener) => {
      const server = createServer((incoming, response) => {
        for (const [name, value] of Object.entries<string>(headers)) response.setHeader(name, value);
        listener(incoming, response);
      });
      return { listen: () => server };
    };
    const { exports } = runRecipe('node:http', { 'node:http': { createServer: behind } });
    opened = await listening((exports['server'] as unknown as Server).listen(0, '127.0.0.1'));
    return opened.url;
  }

  test('a shop that may be paid is', async () => {
    const paid = await request(await openPlain()).post('/shops/cm_7/charges');
    expect(paid.status).toBe(201);
    expect(fake.charges).toMatchObject([{ merchantId: 'cm_7', amount: 100 }]);
  });

  test('a refusal carries nothing of the answer in whose place it is', async () => {
    fake.merchants.set('cm_7', { kycStatus: 'pending' });
    const refused = await request(await openPlain(LOCATED)).post('/shops/cm_7/charges');
    expect(refused).toBeProblem('PAYMENTS_UNAVAILABLE', 409);
    expect(refused.headers).toMatchObject({
      'set-cookie': ['mine=1'],
      vary: 'Origin, Accept, Accept-Language',
    });
    for (const name of Object.keys(STALE)) expect(refused.headers).not.toHaveProperty(name);
  });

  test('a webhook is verified by its raw body', async () => {
    const url = await openPlain();
    expect(await webhookStatus(url)).toBe(200);
    expect(await webhookStatus(url, 'another')).toBe(401);
  });
});

describe.each([
  ['node:http', adapterContract(onPlain)],
  ['Fastify', adapterContract(onFastify)],
  ['Hono', adapterContract(onHono, { begins: false })],
])('%s and the adapter contract', (_, checks) => {
  test.each(checks)('$name', ({ run: check }) => check());
});
