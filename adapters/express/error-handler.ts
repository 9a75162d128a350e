import type { Handle, Reply } from '../../src/index.js';
import { writeHeaders, type Head } from '../head.js';

interface IncomingRequest {
  readonly headers: { readonly accept?: string | undefined; readonly 'accept-language'?: string | undefined };
}

interface OutgoingResponse extends Head {
  readonly headersSent: boolean;
  readonly locals: object;
  statusCode: number;
  statusMessage: string;
  vary(fields: string): unknown;
  end(body: string): unknown;
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
    const isSent = (): boolean => response.headersSent;
    handle(error, { request: request as Req, accept, acceptLanguage, state: response.locals, isSent })
      .then((handled) => {
        if (handled.reply === undefined) next(handled.pass);
        else write(response, handled.reply);
      })
      .catch(next);
  };
}

const MISPLACED =
  "lakiconnect: this error handler was made for Express, and must be mounted with app.use() after every route. For Koa, import { lakiconnect } from 'lakiconnect-middleware/koa'.";

function write(response: OutgoingResponse, reply: Reply): void {
  response.statusCode = reply.status;
  response.statusMessage = '';
  writeHeaders(response, reply, (fields) => response.vary(fields));
  response.setHeader('content-length', Buffer.byteLength(reply.body));
  response.end(reply.body);
}
