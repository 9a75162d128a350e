/** What Koa's own last handler would not survive is a plain Error in its place; twin.test.ts has the rest. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
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

const APPS = [
  ['Koa 2', () => new Koa2() as unknown as Koa],
  ['Koa 3', () => new Koa()],
] as const;

/** An app whose only middleware fails, and the status that it answers with; `undefined` if the answer breaks off. */
async function failing(app: Koa, fail: (context: Koa.Context) => unknown) {
  const events: string[] = [];
  app.silent = true;
  app.use(lakiconnect({ onEvent: ({ type }) => void events.push(type) }).errorHandler());
  app.use(fail);
  const server = createServer((request, response) => void app.callback()(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const { port } = server.address() as AddressInfo;
  const status = await fetch(`http://127.0.0.1:${String(port)}/`)
    .then(async (response) => (await response.text(), response.status))
    .catch(() => undefined);
  return { status, events };
}

describe.each(APPS)('%s', (_name, make) => {
  test.each<[what: string, thrown: Error]>([
    ['a frozen error', Object.freeze(new Error('frozen'))],
    ['an error whose status would not end the answer', Object.assign(new Error('no'), { status: 100 })],
  ])('answers %s, and an event tells of it', async (_what, thrown) => {
    const { status, events } = await failing(make(), () => {
      throw thrown;
    });
    expect(status).toBe(500);
    expect(events).toEqual(['replaced']);
  });

  test('passes an error on that comes after the first bytes', async () => {
    const { events } = await failing(make(), ({ res }) => {
      res.writeHead(200).write('first bytes');
      setImmediate(() => res.destroy());
      throw new Error('too late');
    });
    expect(events).toEqual([]);
  });
});
