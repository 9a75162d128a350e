import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BASE, throwing } from './failures.js';
import type { Exchange, Harness } from './harness.js';

/** How an error leaves a route: as an exception, as a rejection or, in Express, as what `next` is called with. */
export const WAYS = { express: ['thrown', 'rejected', 'next'], koa: ['thrown', 'rejected'] } as const;
export type Way = 'thrown' | 'rejected' | 'next';

interface Case {
  readonly make: () => unknown;
  readonly way: Way;
  /** Whether the first bytes of another answer are sent. */
  readonly begun?: boolean;
}

export interface Failing {
  readonly url: string;
  /** What every following request meets, but one for `/alive`. */
  readonly meet: (next: Case) => void;
  /** What Koa has told of since. */
  readonly heard: unknown[];
  readonly close: () => Promise<void>;
}

/** One server for thousands of failures. */
export async function startFailing(harness: Harness): Promise<Failing> {
  let current: Case = { make: () => undefined, way: 'thrown' };
  let response: ServerResponse | undefined;
  const heard: unknown[] = [];
  const begin = (res: ServerResponse): void => {
    response = res;
    if (current.begun === true) res.write('first bytes');
  };
  const passing = ({ url }: { url: string }, res: ServerResponse, next: (error?: unknown) => void): void => {
    if (url === '/alive' || current.way !== 'next') return next();
    begin(res);
    next(current.make());
  };
  const route = ({ req, res, send }: Exchange): unknown => {
    if (req.url === '/alive') return send('alive');
    begin(res);
    const fail = throwing(current.make);
    return current.way === 'thrown' ? fail() : Promise.resolve().then(fail);
  };
  const listener = harness.mount({
    options: { baseUrl: BASE, audience: 'merchant', timeoutMs: 40 },
    before: () => (harness.framework === 'express' ? [passing] : []),
    route,
    heard: (error) => {
      heard.push(error);
      if (current.begun === true) response?.destroy(); // Koa would leave it open
    },
  });
  const server = createServer((request, answer) => void listener(request, answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    heard,
    meet(next) {
      current = next;
      heard.length = 0;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
