/** A sale begins: everybody comes at once, and nothing is known of the merchant yet. */
import { afterEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import Koa from 'koa';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { LakiConnectEvent } from 'lakiconnect-middleware';
import type { Harness } from './contract/harness.js';
import { closeServers, serveUpstream } from './contract/server.js';
import { expressHarness } from './express.js';
import { koaHarness } from './koa.js';

const SOCKETS = 2000;
const PIPELINED = 5;
const RUNS = 2;

const REQUEST = 'GET / HTTP/1.1\r\nhost: shop.test\r\n\r\n'.repeat(PIPELINED);

afterEach(closeServers);

/** The statuses of all answers to requests that are sent on as many connections as there may be. */
async function burst(listener: ReturnType<Harness['mount']>): Promise<string[]> {
  const server = createServer((request, response) => void listener(request, response));
  let accepted = 0;
  server.on('connection', () => accepted++).listen({ port: 0, host: '127.0.0.1', backlog: SOCKETS });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: SOCKETS }, () => connect(port, '127.0.0.1'));
  while (accepted < SOCKETS) await setImmediate();

  const answers = await Promise.all(sockets.map(statuses));
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  return answers.flat();
}

async function statuses(socket: Socket): Promise<string[]> {
  let text = '';
  const answers = (): string[] => text.split('HTTP/1.1 ').slice(1);
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (answers().length === PIPELINED) socket.destroy();
  });
  socket.write(REQUEST);
  await once(socket, 'close');
  return answers().map((answer) => answer.slice(0, 3));
}

const ROWS = [undefined, 250].flatMap((lookupTimeoutMs) =>
  Array.from({ length: RUNS }, (_, at) => ({ lookupTimeoutMs, run: at + 1 })),
);

describe.each([expressHarness(5, express), koaHarness(3, Koa)])('$name', (harness) => {
  test.each(ROWS)(
    'with lookupTimeoutMs $lookupTimeoutMs one lookup serves all, and none is turned away (run $run)',
    async ({ lookupTimeoutMs }) => {
      const events: LakiConnectEvent[] = [];
      const body = { kyc_status: 'approved', fee_model: 'FREE' };
      const upstream = await serveUpstream({ delayMs: 20, status: 200, body });
      const answers = await burst(
        harness.mount({
          options: {
            apiKey: 'lk_pub_1:lk_sec_1',
            baseUrl: upstream.url,
            merchantId: () => 'cm_1',
            lookupTimeoutMs,
            onEvent: (event) => events.push(event),
          },
          before: (laki) => [laki.preflight()],
          route: ({ send }) => send('paid', 201),
        }),
      );
      const asked = upstream.requests.map(({ url }) => url.split('/').at(-1));

      expect(answers).toHaveLength(SOCKETS * PIPELINED);
      expect(answers.filter((status) => status !== '201')).toHaveLength(0);
      expect(asked.sort()).toEqual(['cm_1', 'fee-config']);
      expect(events.map(({ type }) => type)).toEqual(['lookup', 'lookup']);
    },
    30_000,
  );
});
