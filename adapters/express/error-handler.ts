import {
  emitHandlerSettled,
  isLakiConnectError,
  replyHeaders,
  type Handle,
  type Handled,
  type PresentHeaders,
  type Reply,
} from '../../src/adapter/index.js';
import { survivesFinalHandler, type ExpressApp } from './final-handler.js';

interface IncomingRequest {
  readonly headers: { readonly accept?: string | undefined; readonly 'accept-language'?: string | undefined };
  readonly httpVersionMajor: number;
  readonly app?: ExpressApp | undefined;
}

interface OutgoingResponse {
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  readonly locals: object;
  statusCode: number;
  statusMessage: string;
  getHeaders(): PresentHeaders;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): void;
  end(body: string): unknown;
  destroy(): unknown;
}

/** Express's error-handling middleware, in structural types. */
export type ExpressErrorHandler = (
  error: unknown,
  request: IncomingRequest,
  response: OutgoingResponse,
  next: (error?: unknown) => void,
) => void;

export function errorHandlerOf<Req>(handle: Handle<Req>): ExpressErrorHandler {
  return function lakiconnectErrorHandler(error, request, response, next) {
    if (typeof next !== 'function') throw new TypeError(MISPLACED);
    const { accept, 'accept-language': acceptLanguage } = request.headers;

    function finish(handled: Handled): void {
      emitHandlerSettled(response);
      if (handled.late !== undefined) return;
      if (handled.reply !== undefined) {
        write(request, response, handled.reply);
        return;
      }
      const { pass, replace } = handled;
      const isSent = response.headersSent;
      if (isSent && isLakiConnectError(pass)) setImmediate(() => response.destroy()); // after what was written
      next(survivesFinalHandler(pass, { app: request.app, isSent }) ? pass : replace());
    }

    const handled = handle(error, {
      request: request as Req,
      accept,
      acceptLanguage,
      state: response.locals,
      isSent: () => response.headersSent,
      isComplete: () => response.writableEnded,
    });
    if (handled instanceof Promise) handled.then(finish).catch(next);
    else finish(handled); // in this tick: a route may go on after next(error)
  };
}

const MISPLACED =
  "lakiconnect: this error handler was made for Express, and must be mounted with app.use() after every route. For Koa, import { lakiconnect } from 'lakiconnect-middleware/koa'.";

function write({ httpVersionMajor }: IncomingRequest, response: OutgoingResponse, reply: Reply): void {
  response.statusCode = reply.status;
  if (httpVersionMajor < 2) response.statusMessage = ''; // HTTP/2 has none
  const { remove, set } = replyHeaders(reply, response.getHeaders());
  for (const name of remove) response.removeHeader(name);
  for (const [name, value] of Object.entries(set)) response.setHeader(name, value);
  response.end(reply.body);
}
