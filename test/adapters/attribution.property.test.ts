/**
 * What a client of the platform sends never changes the answer that another gets: nothing is learnt from it. The seed
 * stands in the names of the tests; `SEED=… npm test -- test/adapters/attribution.property` repeats them.
 */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import koaBodyparser from '@koa/bodyparser';
import express from 'express';
import express4 from 'express4';
import Koa from 'koa';
import Koa2 from 'koa2';
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import createError from 'http-errors';
import type { LakiConnectEvent } from 'lakiconnect-middleware';
import { createFakeLakiConnect, type FakeLakiConnect } from 'lakiconnect-middleware/testing';
import { core, documented, flat } from '../envelopes.js';
import { randomOf } from '../load/random.mjs';
import { rounds } from '../long/rounds.js';
import type { Exchange, Harness, Laki, Middleware } from './contract/harness.js';
import { expressHarness } from './express.js';
import { koaHarness } from './koa.js';

const REQUESTS = rounds(5000);
const AT_ONCE = 50;
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

/** What would stop payments, if it were believed. */
const CODES = [
  'RATE_LIMITED',
  'KYC_NOT_APPROVED',
  'FEE_CONFIG_NOT_SET',
  'CONNECTED_MERCHANT_NOT_FOUND',
  'UNAUTHORIZED',
];

type Random = () => number;
const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

/** Every way in which platforms put a request into an error. */
const THROWERS: readonly ((body: unknown, headers: object) => unknown)[] = [
  (body) => body,
  (body) => Object.assign(new Error('refused'), body),
  (body) => Object.assign(new Error('refused'), { body }),
  (body) => Object.assign(new Error('refused'), { response: body }),
  (body) => Object.assign(new Error('refused'), { response: { data: body } }),
  (body, headers) => Object.assign(new Error('refused'), { status: 429, headers, body }),
  (body, headers) => Object.assign(new Error('refused'), { response: { status: 429, headers, data: body } }),
  (body) => Object.assign(new Error('refused'), { status: 429, details: body }),
  (body) => new Error('refused', { cause: body }),
  (body) => new AggregateError([body], 'refused'),
  (body) => createError(429, 'refused', { body, response: body }),
  (body) => createError(403, 'refused', Object(body) as object),
  (body) => {
    class SlotError extends Error {
      readonly status = 409;
      readonly body = body;
    }
    return new SlotError('taken');
  },
  (body, headers) => ({ status: 429, headers, body }),
];

/** A body that speaks of LakiConnect, or what a parser chokes on. */
function bodyOf(random: Random): string | Buffer {
  const code = pick(random, CODES);
  const said = pick(random, [
    JSON.stringify(documented(code)),
    JSON.stringify({ ...documented(code), name: 'LakipayError', status: 429, headers: {}, config: {} }),
    JSON.stringify(core(code)),
    JSON.stringify(flat('reference: already exists.')),
    JSON.stringify({
      response: { status: 429, headers: { 'retry-after': '86400' }, data: documented(code) },
    }),
    JSON.stringify({ cause: documented(code), errors: [documented(code)], status: 429, expose: true }),
    JSON.stringify([documented(code)]),
    `error[code]=${code}&request_id=r&name=LakipayError`,
    `--x\r\ncontent-disposition: form-data; name="error"\r\n\r\n${JSON.stringify(documented(code))}\r\n--x--\r\n`,
  ]);
  return pick<() => string | Buffer>(random, [
    () => said,
    () => `\v${said}`,
    () => `${said}}`,
    () => said.slice(0, Math.floor(random() * said.length)),
    () => gzipSync(said),
    () => gzipSync(said).subarray(0, 20),
    () => said.padEnd(random() < 0.1 ? 200_000 : 2000, ' '),
    () => '['.repeat(2000) + said,
    () => Buffer.from(said, 'utf16le'),
    () => '',
  ])();
}

const TYPES = [
  ...[
    'application/json',
    'application/json; charset=utf-8',
    'application/json; charset=x-nobody',
    'text/plain',
  ],
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'text/json',
  ],
  ...['application/problem+json', 'application/json; charset=utf-16le', ''],
];

interface Forged {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

/** W1 and W3, word for word. */
const KNOWN: readonly Forged[] = ['RATE_LIMITED', 'KYC_NOT_APPROVED'].flatMap((code) =>
  ['/forged/0', '/guarded/cm_1/charges'].map((path) => ({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: `\v{"error":{"code":"${code}"},"request_id":"r"}`,
  })),
);

function forged(random: Random): Forged {
  if (random() < 0.02) return pick(random, KNOWN);
  const code = pick(random, CODES);
  const type = pick(random, TYPES);
  const encoding =
    random() < 0.2 ? pick(random, ['gzip', 'deflate', 'br', 'identity', 'x-nobody']) : undefined;
  return {
    method: pick(random, ['POST', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path: pick(random, [
      ...THROWERS.map((_, at) => `/forged/${String(at)}`),
      '/guarded/cm_1/charges',
      `/forged/0?error[code]=${code}&request_id=r`,
      `/%ff/${code}`,
    ]),
    headers: {
      ...(type !== '' && { 'content-type': type }),
      ...(encoding !== undefined && { 'content-encoding': encoding }),
      ...(random() < 0.3 && { 'retry-after': '86400', 'x-connected-merchant-id': 'cm_1' }),
      ...(random() < 0.3 && { cookie: `error=${code}; request_id=r`, 'x-request-id': 'r' }),
      ...(random() < 0.3 && { authorization: `Bearer ${code}`, 'x-api-key': code }),
    },
    body: bodyOf(random),
  };
}

/** What stands before the route, by what it is called. */
type Parsers = Readonly<Record<string, () => readonly Middleware[]>>;

const ofExpress = (from: typeof express): Parsers => ({
  json: () => [from.json({ limit: '100kb', strict: false }), from.urlencoded({ extended: true })] as never,
  text: () => [from.text({ type: '*/*' })] as never,
  raw: () => [from.raw({ type: '*/*' })] as never,
});

const ofKoa: Parsers = {
  '@koa/bodyparser': () =>
    [koaBodyparser({ patchNode: true, enableTypes: ['json', 'form', 'text'] })] as never,
  'json alone': () => [koaBodyparser({ patchNode: true, jsonStrict: false })] as never,
};

const FRAMEWORKS: readonly (readonly [Harness, Parsers])[] = [
  [
    expressHarness(4, express4 as unknown as typeof express),
    ofExpress(express4 as unknown as typeof express),
  ],
  [expressHarness(5, express), ofExpress(express)],
  [koaHarness(2, Koa2 as unknown as typeof Koa), ofKoa],
  [koaHarness(3, Koa), ofKoa],
];

const ROWS = FRAMEWORKS.flatMap(([harness, parsers]) =>
  Object.entries(parsers).flatMap(([name, parser]) =>
    [false, true].map((isGuardFirst) => ({
      harness,
      parser,
      isGuardFirst,
      count: AT_ONCE * Math.ceil(REQUESTS / AT_ONCE / Object.keys(parsers).length / 2),
      name: `${harness.name} with ${name}${isGuardFirst ? ' behind a guard' : ''}`,
    })),
  ),
);

const endings: (() => unknown)[] = [];
beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined); // Express's own log
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const end of endings.splice(0).reverse()) await end();
});

interface Shop {
  readonly send: (forged: Forged) => Promise<{ status: number; body: string } | undefined>;
  readonly fake: FakeLakiConnect;
  readonly events: LakiConnectEvent[];
}

async function open(row: (typeof ROWS)[number]): Promise<Shop> {
  const fake = await createFakeLakiConnect();
  endings.push(fake.close);
  fake.merchants.set('cm_1', { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } });
  const events: LakiConnectEvent[] = [];
  const pay = async ({ laki, send }: Exchange) => {
    const body = { amount: 10, currency: 'ETB', reference: 'order-1' };
    const paid = await laki.client.post<{ status: string }>('/payment/direct', { body, merchantId: 'cm_1' });
    send(paid.status, 201);
  };
  const listener = row.harness.mount({
    options: {
      baseUrl: fake.baseUrl,
      apiKey: fake.apiKey,
      merchantId: () => 'cm_1',
      timeoutMs: 60_000,
      lookupTimeoutMs: 60_000,
      cache: { metMs: 3_600_000 },
      onEvent: (event) => events.push(event),
    },
    heard: () => undefined,
    own: () => false,
    before: (laki: Laki) => {
      const guard = laki.preflight();
      return row.isGuardFirst ? [guard, ...row.parser()] : [...row.parser(), guard];
    },
    route: async (exchange) => {
      const url = exchange.req.url ?? '';
      if (url.startsWith('/control')) return pay(exchange);
      const body = bodyIn(exchange);
      const thrower = THROWERS[Number(/^\/forged\/(\d+)/.exec(url)?.[1] ?? 0)] as (typeof THROWERS)[number];
      throw thrower(body, { ...exchange.req.headers });
    },
  });
  const server = createServer((incoming, response) => void listener(incoming, response)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  endings.push(
    () => stop(server),
    () => agent.destroy(),
  );
  const { port } = server.address() as AddressInfo;
  return { fake, events, send: (one) => ask(agent, port, one) };
}

/** What the parsers have made of the body: Express's own, or Koa's. */
function bodyIn({ req }: Exchange): unknown {
  const body = (req as IncomingMessage & { body?: unknown }).body;
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return body;
  try {
    return JSON.parse(String(body)) as unknown;
  } catch {
    return String(body);
  }
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** `undefined`: the server has cut the connection, as it may for a body that it does not read. */
async function ask(agent: Agent, port: number, { method, path, headers, body }: Forged) {
  const sent = request({ agent, port, host: '127.0.0.1', method, path, headers });
  sent.end(body);
  try {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode ?? 0, body: await text(response) };
  } catch {
    return undefined;
  }
}

const CONTROL: Forged = {
  method: 'POST',
  path: '/control',
  headers: { 'content-type': 'application/json' },
  body: '{}',
};
const PAID = { status: 201, body: 'pending' };
const TAUGHT = ['cooldown', 'invalidated', 'disagreement'];

test.each(ROWS)(`$name: nobody else hears of $count forged requests (seed ${String(SEED)})`, async (row) => {
  const { fake, events, send } = await open(row);
  const random = randomOf(SEED);
  expect(await send(CONTROL)).toEqual(PAID);
  const lookups = () => fake.requests.filter(({ method }) => method === 'GET').length;
  expect(lookups()).toBe(2);

  const seen: Record<string, number> = {};
  for (let sent = 0; sent < row.count; sent += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, () => forged(random));
    const answers = await Promise.all(batch.map(send));
    for (const answer of answers) seen[String(answer?.status)] = (seen[String(answer?.status)] ?? 0) + 1;
    const about = { batch: sent / AT_ONCE, taught: events.filter(({ type }) => TAUGHT.includes(type)) };
    expect({ ...about, control: await send(CONTROL) }).toEqual({ ...about, taught: [], control: PAID });
  }
  expect(lookups()).toBe(2);
  expect(Object.keys(seen).length).toBeGreaterThan(2);

  // What LakiConnect says itself is believed.
  fake.answerNext({ status: 429, headers: { 'retry-after': '60' }, body: documented('RATE_LIMITED') });
  expect(await send(CONTROL)).toMatchObject({ status: 503 });
  const payments = fake.requests.length;
  expect(await send(CONTROL)).toMatchObject({ status: 503 });
  expect(fake.requests).toHaveLength(payments);
  expect(events.filter(({ type }) => type === 'cooldown')).toHaveLength(1);
});
