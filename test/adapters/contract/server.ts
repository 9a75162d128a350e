import { expect, jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import request, { type Response } from 'supertest';
import { startUpstream, type Answer as UpstreamAnswer, type Upstream } from '../../upstream.js';
import { BASE } from './failures.js';
import type { Harness, Setup } from './harness.js';

type Method = 'get' | 'head' | 'post';

export interface Server {
  readonly url: string;
  /** One request for `/`. */
  readonly ask: (headers?: Record<string, string>, method?: Method, body?: string) => Promise<Response>;
  /** Every byte that comes back for one request, until the server ends the connection. */
  readonly bytes: (headers?: Record<string, string>, method?: string) => Promise<Buffer>;
  /** Whether the next request, for a route that does not fail, is answered. */
  readonly isAlive: () => Promise<boolean>;
}

/** How long a server may be silent before its answer counts as never sent. */
const PATIENCE_MS = 10_000;

const running = new Set<() => Promise<void>>();

/** Starts an app on 127.0.0.1. Unless `setup` says otherwise, LakiConnect is at `BASE`. */
export async function serve(harness: Harness, setup: Setup): Promise<Server> {
  const listener = harness.mount({
    ...setup,
    options: { baseUrl: BASE, ...setup.options },
    route: (exchange) => (exchange.req.url === '/alive' ? exchange.send('alive') : setup.route(exchange)),
  });
  const server = createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1');
  running.add(() => stop(server));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${String(port)}`;
  return {
    url,
    ask: (headers = {}, method = 'get', body) => request(url)[method]('/').set(headers).send(body),
    bytes: (headers = {}, method = 'GET') => {
      const fields = Object.entries({ host: '127.0.0.1', connection: 'close', ...headers });
      const socket = connect(port, '127.0.0.1').setTimeout(PATIENCE_MS, () => socket.destroy());
      socket.write([`${method} / HTTP/1.1`, ...fields.map((field) => field.join(': ')), '', ''].join('\r\n'));
      return gather(socket);
    },
    isAlive: async () => (await request(url).get('/alive')).text === 'alive',
  };
}

/** What came until the connection ended, however it did. */
async function gather(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined);
  if (!socket.closed) await once(socket, 'close').catch(() => undefined);
  return Buffer.concat(chunks);
}

async function stop(server: HttpServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** Starts a server that stands in for LakiConnect, or for another service. */
export async function serveUpstream(answer?: UpstreamAnswer): Promise<Upstream> {
  const upstream = await startUpstream();
  running.add(() => upstream.close());
  if (answer !== undefined) upstream.answer(answer);
  return upstream;
}

/** Ends every server that a test has started. */
export async function closeServers(): Promise<void> {
  const closed = [...running].map((close) => close());
  running.clear();
  await Promise.all(closed);
}

/** What the framework has written to the console by now; Express does so only after its reply. */
export async function logged(): Promise<string> {
  await setImmediate();
  return inspect(jest.mocked(console.error).mock.calls, { depth: 5, maxStringLength: null });
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The one HTTP answer that some bytes are, from the first byte to the last. */
export function oneAnswer(bytes: Buffer): Answer {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => [
      field.slice(0, field.indexOf(':')).toLowerCase(),
      field.slice(field.indexOf(':') + 2),
    ]),
  );
  const body = bytes.subarray(end + 4);
  expect(statusLine).toMatch(/^HTTP\/1\.1 \d{3} /);
  expect(Object.keys(headers)).toHaveLength(fields.length);
  expect(headers).toMatchObject({ 'content-length': String(body.length) });
  return { status: Number(statusLine.slice(9, 12)), headers, body: body.toString() };
}
