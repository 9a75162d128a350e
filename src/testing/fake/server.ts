import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { encoded, type Answer } from './answer.js';
import type { FakeRequest } from './request.js';

type Received = Pick<FakeRequest, 'method' | 'url' | 'headers'>;

interface Server {
  readonly origin: string;
  /** Ends every connection, however much of an answer is still to come. */
  readonly close: () => Promise<void>;
}

/** Serves on this machine alone. Whoever leaves before the request is whole is not answered. */
export async function serve(
  port: number,
  answerTo: (received: Received, body: string) => Answer | Promise<Answer>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const received = request as typeof request & Received; // a server's request has both
    text(request)
      .then((body) => answerTo(received, body))
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function send(response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, headers = {}, body, fault, delayMs } = answer;
  if (delayMs !== undefined) await sleep(delayMs, undefined, { ref: false });
  if (fault === 'hang-headers') return;
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { type, bytes } = encoded(body);
  if (type !== undefined) response.setHeader('content-type', `${type}; charset=utf-8`);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // At least one byte is promised where the answer must not be whole.
  const length = fault === undefined ? bytes.length : Math.max(bytes.length, 1);
  if (!response.hasHeader('transfer-encoding')) response.setHeader('content-length', length);
  response.writeHead(status);
  if (fault === undefined) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    if (fault === 'cut') response.socket?.destroy();
  });
}
