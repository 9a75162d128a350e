/** What must hold wherever the package runs: Node, Bun, Deno. Tells of each in a line, and fails if one does not. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { createLakiConnect, isLakiConnectError } from 'lakiconnect-middleware';
import * as express from 'lakiconnect-middleware/express';
import * as koa from 'lakiconnect-middleware/koa';
import mounts from './mounts.cjs';

const require = createRequire(import.meta.url);
const { exports } = require('lakiconnect-middleware/package.json');
const entries = Object.keys(exports)
  .filter((entry) => entry !== './package.json')
  .map((entry) => `lakiconnect-middleware${entry.slice(1)}`);

const OPTIONS = { apiKey: 'lk_pub_1:lk_sec_1', onEvent: () => undefined };
const PAID = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{"status":"OK"}';
const MISDIRECTED = 'HTTP/1.1 421 Misdirected Request\r\ncontent-length: 0\r\n\r\n';

const CHECKS = {
  async 'every entry is imported, and required'() {
    for (const entry of entries) {
      assert.deepEqual(Object.keys(await import(entry)).sort(), Object.keys(require(entry)).sort(), entry);
    }
  },

  async 'a request is sent once after a 421'() {
    await eachIsSentOnce((socket) => socket.write(MISDIRECTED));
  },

  async 'a request is sent once on a kept-alive connection that is closed under it'() {
    await eachIsSentOnce((socket) => socket.destroy());
    await eachIsSentOnce((socket) => socket.resetAndDestroy?.() ?? socket.destroy());
  },

  async 'a call without an answer ends in TIMEOUT'() {
    const { call } = createLakiConnect({ ...OPTIONS, timeoutMs: 50 });
    const error = await rejection(call(() => new Promise(() => undefined)));
    assert(isLakiConnectError(error), `it rejects with ${String(error)}`);
    assert.deepEqual([error.kind, error.outcome], ['TIMEOUT', 'unknown']);
  },

  async 'a client without an answer ends in TIMEOUT'() {
    const { baseUrl, close } = await serve(() => undefined);
    const { client } = createLakiConnect({ ...OPTIONS, baseUrl, timeoutMs: 100 });
    const error = await rejection(client.post('/payment/direct', { body: {} }));
    assert(isLakiConnectError(error), `it rejects with ${String(error)}`);
    assert.deepEqual([error.kind, error.outcome], ['TIMEOUT', 'unknown']);
    await close();
  },

  async 'an app of Express 5 answers errors'() {
    await mounts.answersSafely(mounts.onExpress(require('express'), express));
  },

  async 'an app of Koa 3 answers errors'() {
    const { default: Koa } = await import('koa');
    await mounts.answersSafely(mounts.onKoa(Koa, koa));
  },
};

/** POST and PUT, with a body and without, on a connection that was used before. */
async function eachIsSentOnce(first) {
  for (const method of ['post', 'put']) {
    for (const options of [{ body: { amount: 1 } }, {}]) {
      const { baseUrl, arrived, close } = await serve(first);
      const { client } = createLakiConnect({ ...OPTIONS, baseUrl, timeoutMs: 5000 });
      await client.get('/warm');
      const error = await rejection(client[method]('/payment/direct', options));
      assert(isLakiConnectError(error), `it rejects with ${String(error)}`);
      assert.equal(arrived(), 1, `${method} ${JSON.stringify(options)}`);
      await close();
    }
  }
}

/** A server on a bare socket. `first` does something with the first request but one for /warm; others are paid. */
async function serve(first) {
  const sockets = new Set();
  let arrived = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let bytes = '';
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      if (!isWhole(bytes)) return;
      const isWarmingUp = bytes.startsWith('GET ');
      bytes = '';
      if (isWarmingUp || ++arrived > 1) socket.write(PAID);
      else first(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}`,
    arrived: () => arrived,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function isWhole(bytes) {
  const head = bytes.indexOf('\r\n\r\n') + 4;
  if (head < 4) return false;
  if (/\r\ntransfer-encoding: *chunked/i.test(bytes)) return bytes.endsWith('0\r\n\r\n');
  return bytes.length >= head + Number(/\r\ncontent-length: *(\d+)/i.exec(bytes)?.[1] ?? 0);
}

function rejection(promise) {
  return promise.then(
    () => assert.fail('it was expected to reject'),
    (reason) => reason,
  );
}

for (const [name, check] of Object.entries(CHECKS)) {
  try {
    await check();
    console.log(`ok      ${name}`);
  } catch (error) {
    console.log(`FAILED  ${name}\n${error?.stack ?? error}`);
    process.exitCode = 1;
  }
}
// What a failed check has left open must keep nobody waiting.
process.exit();
