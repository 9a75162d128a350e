import type { Handle, Reply } from '../../src/index.js';
import { STALE } from '../stale.js';

interface IncomingRequest {
  readonly headers: { readonly accept?: string | undefined; readonly 'accept-language'?: string | undefined };
}

interface OutgoingResponse {
  readonly headersSent: boolean;
  readonly locals: object;
  statusCode: number;
  statusMessage: string;
  setHeader(name: string, value: string | number): unknown;
  removeHeader(name: string): void;
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

function write(response: OutgoingResponse, { status, headers, body }: Reply): void {
  for (const name of STALE) response.removeHeader(name);
  response.statusCode = status;
  response.statusMessage = '';
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'vary') response.vary(value);
    else response.setHeader(name, value);
  }
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}
