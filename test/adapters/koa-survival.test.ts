/** What Koa's own last handler would not survive is a plain Error in its place; twin.test.ts has the rest. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import Koa from 'koa';
import Koa2 from 'koa2';
import { lakiconnect } from 'lakiconnect-middleware/koa';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test.each([
  ['Koa 2', new Koa2()],
  ['Koa 3', new Koa()],
])('%s answers a frozen error, and an event tells of it', async (_name, given) => {
  const app = given as Koa;
  const events: string[] = [];
  app.silent = true;
  app.use(lakiconnect({ onEvent: ({ type }) => void events.push(type) }).errorHandler());
  app.use(() => {
    throw Object.freeze(new Error('frozen'));
  });
  const server = createServer((request, response) => void app.callback()(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const { port } = server.address() as AddressInfo;
  const { status } = await fetch(`http://127.0.0.1:${String(port)}/`);

  expect(status).toBe(500);
  expect(events).toEqual(['replaced']);
});
