import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { HandlerOptions, LakiConnect, Options } from 'lakiconnect-middleware';

/** What Express's request and Koa's context have in common: the options' functions get it. */
export interface AnyRequest {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly path: string;
  get(name: string): string | undefined;
}

export type Laki = Pick<LakiConnect<AnyRequest>, 'call' | 'translate'>;

/** One request in a route, a middleware or an error handler of the platform's. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly laki: Laki;
  /** Answers in the framework's own way. */
  readonly send: (body: string, status?: number) => void;
}

export interface Setup {
  readonly options?: Options<AnyRequest> | LakiConnect<AnyRequest>;
  readonly handler?: HandlerOptions<AnyRequest>;
  /** `false`: an app that is the same but for our error handler. */
  readonly mounted?: boolean;
  /** A middleware before everything else. */
  readonly first?: (exchange: Exchange) => unknown;
  readonly route: (exchange: Exchange) => unknown;
  /** The platform's own error handler, beyond ours. Where it does not answer `true`, the framework's is next. */
  readonly own?: (error: unknown, exchange: Exchange) => boolean;
  /** Koa: a listener to the app's `error` event, in place of Koa's own. */
  readonly heard?: (error: unknown) => void;
}

/** An app as a server of `node:http` calls it. */
type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** One framework, and how the library is mounted on it. */
export interface Harness {
  readonly name: string;
  readonly framework: 'express' | 'koa';
  /** The app, in production. */
  readonly mount: (setup: Setup) => Listener;
  /** An app that uses the error handler made for the other framework; `own` is told what that throws. */
  readonly mountOther: (own: (error: unknown) => void) => Listener;
  /** The adapter's `lakiconnect`, and what the other adapter's has made. */
  readonly lakiconnect: (options: Options<AnyRequest> | LakiConnect<AnyRequest>) => unknown;
  readonly madeForOther: () => unknown;
}
