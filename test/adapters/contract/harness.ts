import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type {
  GuardOptions,
  IdempotencyOptions,
  HandlerOptions,
  LakiConnect,
  Merchant,
  MerchantClient,
  Options,
  Requirement,
  WebhookOptions,
} from 'lakiconnect-middleware';
import type { guarded } from 'lakiconnect-middleware/express';

/** What Express's request and Koa's context have in common: the options' functions get it. */
export interface AnyRequest {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly path: string;
  get(name: string): string | undefined;
}

/** A framework's middleware, or its route handler. */
export type Middleware = (...given: never[]) => unknown;

/** What both adapters make, in the same words. */
export interface Laki extends Pick<
  LakiConnect<AnyRequest>,
  'call' | 'check' | 'client' | 'describe' | 'invalidate' | 'translate'
> {
  readonly errorHandler: () => Middleware;
  readonly preflight: (
    requirements?: readonly Requirement[],
    options?: GuardOptions<AnyRequest>,
  ) => Middleware;
  readonly requireKycApproved: (options?: GuardOptions<AnyRequest>) => Middleware;
  readonly requireFeeConfig: (options?: GuardOptions<AnyRequest>) => Middleware;
  readonly requireIdempotencyKey: (options?: IdempotencyOptions<AnyRequest>) => Middleware;
  readonly webhook: (options: WebhookOptions) => Middleware;
}

/** One request in a route, a middleware or an error handler of the platform's. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly laki: Laki;
  /** What `laki.merchant` gives for the request. */
  readonly merchant: () => Merchant | undefined;
  /** What `laki.idempotencyKey` gives for the request. */
  readonly idempotencyKey: () => string | undefined;
  /** What `laki.clientFor` gives for the request. */
  readonly clientFor: () => MerchantClient;
  /** Answers in the framework's own way. */
  readonly send: (body: string, status?: number) => void;
}

export interface Setup {
  readonly options?: Options<AnyRequest> | LakiConnect<AnyRequest>;
  readonly handler?: HandlerOptions<AnyRequest>;
  /** `false`: an app that is the same but for our error handler. */
  readonly mounted?: boolean;
  /** What the framework is told of where it runs: production, unless it says otherwise. */
  readonly mode?: string;
  /** A middleware before everything else. */
  readonly first?: (exchange: Exchange) => unknown;
  /** What stands before the route: guards, parsers, webhooks. */
  readonly before?: (laki: Laki) => readonly Middleware[];
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
  /** The app, in production unless `mode` says otherwise. */
  readonly mount: (setup: Setup) => Listener;
  /** The exchange of which a framework tells a handler, by what it calls that with. */
  readonly exchange: (laki: Laki, given: readonly unknown[]) => Exchange;
  readonly guarded: typeof guarded;
  /** Body parsers: those that keep the raw body, and those of which only the parsed one is left. */
  readonly parsers: Readonly<Record<'keeping' | 'spoiling', Readonly<Record<string, Middleware>>>>;
  /** The adapter's `lakiconnect`, and what the other adapter makes. */
  readonly lakiconnect: (options: Options<AnyRequest> | LakiConnect<AnyRequest>) => unknown;
  readonly madeForOther: (options?: Options<AnyRequest>) => Laki;
  readonly guardedForOther: typeof guarded;
}
