import type { HandlerOptions, LakiConnect, Options, Reply } from '../../src/index.js';
import { coreOf } from '../core.js';
import { STALE } from '../stale.js';

/** What the platform's functions may rely on of an Express 4 or 5 request; name `Request` for more. */
export interface ExpressRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string;
  readonly originalUrl: string;
  readonly url: string;
  readonly path: string;
  readonly hostname: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  get(name: string): string | undefined;
}

interface IncomingRequest {
  readonly headers: { readonly accept?: string | undefined; readonly 'accept-language'?: string | undefined };
}

interface OutgoingResponse {
  readonly headersSent: boolean;
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

/** LakiConnect in an Express app. */
export interface ExpressLakiConnect<Req = ExpressRequest> extends Omit<LakiConnect<Req>, 'handler'> {
  /**
   * Error middleware, to be mounted after every route: answers LakiConnect's errors, and passes every
   * other error on as it came.
   *
   * @throws TypeError naming the path of a wrong option.
   */
  readonly errorHandler: (options?: HandlerOptions<Req>) => ExpressErrorHandler;
}

/**
 * LakiConnect for Express 4 and 5. `Req` is what the options' functions get: `lakiconnect<Request>(…)`
 * for all that Express's own type has.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected.
 */
export function lakiconnect<Req = ExpressRequest>(
  options: Options<Req> | LakiConnect<Req> = {},
): ExpressLakiConnect<Req> {
  const { handler, ...core } = coreOf(options);
  return {
    ...core,
    errorHandler(handlerOptions) {
      const handle = handler(handlerOptions);
      return function lakiconnectErrorHandler(error, request, response, next) {
        if (typeof next !== 'function') throw new TypeError(MISPLACED);
        const { accept, 'accept-language': acceptLanguage } = request.headers;
        handle(error, { request: request as Req, accept, acceptLanguage, isSent: () => response.headersSent })
          .then((handled) => {
            if (handled.reply === undefined) next(handled.pass);
            else write(response, handled.reply);
          })
          .catch(next);
      };
    },
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
