/** The adapters of docs/writing-an-adapter.md, and how the adapter contract mounts them. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { serve, type HttpBindings } from '@hono/node-server';
import Fastify, { type FastifyReply, type FastifyRequest, type RouteHandler } from 'fastify';
import { Hono, type Context, type ErrorHandler, type Handler, type MiddlewareHandler } from 'hono';
import type { Guards, LakiConnect, WebhookOptions } from 'lakiconnect-middleware/adapter';
import type { MountAdapter } from 'lakiconnect-middleware/testing';
import { fake } from './fake.js';
import { codeOn, run, type Ran } from './run.js';

const PAGE = 'docs/writing-an-adapter.md';

export interface Opened {
  readonly url: string;
  readonly close: () => unknown;
}

export async function listening(server: Server): Promise<Opened> {
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${String(port)}`, close };
}

/** Runs the adapter for a framework, and the app below it that continues it. */
export function runRecipe(framework: string, modules = {}): Ran {
  const code = codeOn(PAGE);
  const at = code.findIndex((block) => block.includes(`from '${framework}'`));
  const env = { LAKICONNECT_WEBHOOK_SECRET: fake.webhookSecret };
  return run(PAGE, fake, { code: code.slice(at, at + 2), env, modules });
}

/** What the page's `lakiconnect` makes of a core; `P` are its parts in the framework's own types. */
interface Parts {
  readonly guard: unknown;
  readonly receiver: unknown;
  readonly errorHandler: unknown;
}
type Adapter<Req, P extends Parts> = Guards<Req, P['guard']> &
  LakiConnect<Req> & {
    readonly webhook: (options: WebhookOptions) => P['receiver'];
    readonly errorHandler: () => P['errorHandler'];
  };

function adapt<Req, P extends Parts>(framework: string, core: LakiConnect<Req>): Adapter<Req, P> {
  const { lakiconnect } = runRecipe(framework, {
    'node:http': { createServer: () => ({ listen() {} }) },
  }).exports;
  return (lakiconnect as unknown as (core: LakiConnect<Req>) => Adapter<Req, P>)(core);
}

type Message = IncomingMessage & { body?: unknown };
type Step = (request: Message, response: ServerResponse) => void | Promise<void>;
interface Plain {
  guard: Step;
  receiver: Step;
  errorHandler: (...steps: Step[]) => RequestListener;
}

export const onPlain: MountAdapter<Message> = ({ laki: core, route, webhook }) => {
  const laki = adapt<Message, Plain>('node:http', core);
  const handler: Step = async (request, response) => {
    const text = await route({
      setHeader: (name, value) => void response.setHeader(name, value),
      begin: (first) => void response.write(first),
      end: (whole) => void response.end(whole),
      merchantId: () => laki.learnt(request)?.id,
      idempotencyKey: () => laki.idempotencyKeyIn(request),
    });
    response.end(text);
  };
  const parse: Step = async (request) => {
    request.body = await json(request);
  };
  const answering = laki.errorHandler();
  const routes: Readonly<Record<string, RequestListener>> = {
    '/open': answering(handler),
    '/guarded': answering(laki.preflight(), handler),
    '/keyed': answering(parse, laki.requireIdempotencyKey(), handler),
    '/webhook': answering(laki.webhook(webhook)),
  };
  const server = createServer((incoming, response) => routes[incoming.url ?? '']?.(incoming, response));
  return listening(server.listen(0, '127.0.0.1'));
};

interface OfFastify {
  guard: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  receiver: { onRequest: OfFastify['guard']; handler: RouteHandler };
  errorHandler: (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}

export const onFastify: MountAdapter<FastifyRequest> = async ({ laki: core, route, webhook }) => {
  const laki = adapt<FastifyRequest, OfFastify>('fastify', core);
  const handler = (incoming: FastifyRequest, reply: FastifyReply) =>
    route({
      setHeader: (name, value) => void reply.header(name, value),
      begin: (first) => void reply.raw.write(first),
      end: (whole) => void reply.raw.end(whole),
      merchantId: () => laki.learnt(incoming)?.id,
      idempotencyKey: () => laki.idempotencyKeyIn(incoming),
    });
  const app = Fastify();
  app.setErrorHandler(laki.errorHandler());
  app.get('/open', handler);
  app.post('/guarded', { preHandler: laki.preflight() }, handler);
  app.post('/keyed', { preHandler: laki.requireIdempotencyKey() }, handler);
  app.post('/webhook', laki.webhook(webhook));
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
};

interface OnNode {
  Bindings: HttpBindings;
}
interface OfHono {
  guard: MiddlewareHandler<OnNode>;
  receiver: Handler<OnNode>;
  errorHandler: ErrorHandler<OnNode>;
}

export const onHono: MountAdapter<Context<OnNode>> = ({ laki: core, route, webhook }) => {
  const laki = adapt<Context<OnNode>, OfHono>('hono', core);
  const returned = () => {
    throw new Error('A route of Hono returns its answer.');
  };
  const handler: Handler<OnNode> = async (c) =>
    c.text(
      await route({
        setHeader: (name, value) => {
          c.header(name, value);
        },
        begin: returned,
        end: returned,
        merchantId: () => laki.learnt(c)?.id,
        idempotencyKey: () => laki.idempotencyKeyIn(c),
      }),
    );
  const app = new Hono<OnNode>();
  app.onError(laki.errorHandler());
  app.get('/open', handler);
  app.post('/guarded', laki.preflight(), handler);
  app.post('/keyed', laki.requireIdempotencyKey(), handler);
  app.post('/webhook', laki.webhook(webhook));
  return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
};
