/** Behind node:http2 a reply has no reason phrase and no header of a connection: Node warns of both. */
import { afterEach, expect, test } from '@jest/globals';
import express from 'express';
import createError from 'http-errors';
import Koa from 'koa';
import { once } from 'node:events';
import {
  connect,
  createServer,
  Http2ServerRequest,
  Http2ServerResponse,
  type Http2Server,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { runInThisContext } from 'node:vm';
import { lakiconnect } from 'lakiconnect-middleware/express';
import { lakiconnect as lakiconnectForKoa } from 'lakiconnect-middleware/koa';
import { documented } from '../envelopes.js';
import { answered, BASE } from './contract/failures.js';

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => unknown;

let server: Http2Server | undefined;
afterEach(() => void server?.close());

const options = { baseUrl: BASE, onEvent: () => undefined };

/** Express knows the messages of node:http alone; bridges give it those of HTTP/2, as here. */
function expressApp(fail: () => never): Listener {
  const app = express();
  const over = (own: object, message: object): object =>
    Object.create(message, {
      ...Object.getOwnPropertyDescriptors(own),
      app: { value: app, configurable: true, writable: true },
    }) as object;
  Object.assign(app, {
    request: over(express.request, Http2ServerRequest.prototype),
    response: over(express.response, Http2ServerResponse.prototype),
  });
  app.use(fail);
  app.use(lakiconnect(options).errorHandler({ httpErrors: true }));
  return app as unknown as Listener;
}

function koaApp(fail: () => never): Listener {
  const app = new Koa();
  app.silent = true;
  app.use(lakiconnectForKoa(options).errorHandler({ httpErrors: true }));
  app.use(fail);
  return app.callback();
}

async function ask(listener: Listener): Promise<{ headers: IncomingHttpHeaders; body: string }> {
  server = createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  const stream = session.request({ ':path': '/' });
  const [[headers], body] = await Promise.all([once(stream, 'response'), text(stream)]);
  session.close();
  return { headers: headers as IncomingHttpHeaders, body };
}

/** Node warns here, and not in the copy of it that a test has. */
const realProcess = runInThisContext('process') as NodeJS.Process;

const connecting = { connection: 'close', 'keep-alive': '5', 'proxy-connection': 'close', allow: 'GET' };

test.each([
  { framework: 'Express', app: expressApp },
  { framework: 'Koa', app: koaApp },
])('$framework answers over HTTP/2 without a warning', async ({ app }) => {
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  realProcess.on('warning', warned);
  for (const [make, status] of [
    [() => answered(403, documented('KYC_NOT_APPROVED')), 409],
    [() => createError(405, { headers: connecting }), 405],
  ] as const) {
    const { headers, body } = await ask(
      app(() => {
        throw make();
      }),
    );
    server?.close();
    expect(headers).toMatchObject({
      ':status': status,
      'content-type': 'application/problem+json',
    });
    expect(JSON.parse(body)).toMatchObject({ status });
    for (const name of ['connection', 'keep-alive', 'proxy-connection'])
      expect(headers).not.toHaveProperty(name);
  }
  await setImmediate();
  realProcess.off('warning', warned);
  expect(warnings.filter(({ name }) => name === 'UnsupportedWarning')).toEqual([]);
});
