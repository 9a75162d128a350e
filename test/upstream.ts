import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

interface Reply {
  status: number;
  headers?: Record<string, string | string[]>;
  /** An object is sent as JSON, a string as plain text; `headers` may say otherwise. */
  body?: string | Buffer | object;
}

export type Answer =
  | (Reply & { fault?: undefined })
  /** RST once the request is read. */
  | { fault: 'reset' }
  /** No answer at all. */
  | { fault: 'hang-headers' }
  /** Both announce the whole body and send its first half, then fall silent or close the connection. */
  | (Reply & { fault: 'hang-body' | 'cut-body' })
  | (Reply & { fault: 'slow'; delayMs: number });

interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Upstream {
  origin: string;
  /** Base URL, without a final slash. */
  url: string;
  requests: Received[];
  /** What every following request gets; a function decides per request. */
  answer(next: Answer | ((request: Received) => Answer)): void;
  close(): Promise<void>;
}

/** A server on 127.0.0.1 that stands in for LakiConnect; answers 200 and an empty object until told otherwise. */
export async function startUpstream(): Promise<Upstream> {
  const requests: Received[] = [];
  let current: Parameters<Upstream['answer']>[0] = { status: 200, body: {} };

  const server = createServer((request, response) => {
    void text(request).then(
      (body) => {
        const received = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body,
        };
        requests.push(received);
        return respond(response, typeof current === 'function' ? current(received) : current);
      },
      () => response.destroy(), // the client left before its request was complete
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

  return {
    origin,
    url: `${origin}/api/v2`,
    requests,
    answer: (next) => {
      current = next;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A base URL where nothing listens any more: connection refused. */
export async function refusedUrl(): Promise<string> {
  const upstream = await startUpstream();
  await upstream.close();
  return upstream.url;
}

async function respond(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer.fault === 'hang-headers') return;
  if (answer.fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (answer.fault === 'slow') await sleep(answer.delayMs, undefined, { ref: false });

  const [type, bytes] = encode(answer.body);
  if (type !== undefined) response.setHeader('content-type', type);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (!response.hasHeader('transfer-encoding')) response.setHeader('content-length', bytes.length);
  response.writeHead(answer.status);

  if (answer.fault === 'hang-body' || answer.fault === 'cut-body') {
    const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
    response.write(half, () => {
      if (answer.fault === 'cut-body') response.socket?.destroy();
    });
  } else {
    response.end(bytes);
  }
}

function encode(body: Reply['body']): [type: string | undefined, bytes: Buffer] {
  if (body === undefined) return [undefined, Buffer.alloc(0)];
  if (Buffer.isBuffer(body)) return [undefined, body];
  if (typeof body === 'string') return ['text/plain; charset=utf-8', Buffer.from(body)];
  return ['application/json; charset=utf-8', Buffer.from(JSON.stringify(body))];
}
