import { teller } from './events.js';
import { createHandler, type Handle } from './handler.js';
import type { HandlerOptions, Options } from './options.js';
import { call, type CallContext, type Send } from './provider/call.js';
import { settle } from './settle.js';
import { recognise } from './translation/recognise.js';
import type { Reply } from './translation/reply.js';
import { translate, type Reader } from './translation/translate.js';

/** The library without a framework. */
export interface LakiConnect<Req = unknown> {
  /**
   * Translates an error that any HTTP client threw, from what has been read of it. Pure and synchronous.
   *
   * @returns `undefined` if the error is not LakiConnect's.
   */
  readonly translate: (error: unknown, reader?: Reader) => Reply | undefined;
  /**
   * Runs one request with any HTTP client, under the `timeoutMs` deadline.
   *
   * @returns what `send` gave, unchanged.
   * @throws LakiConnectError for a rejection, a non-2xx answer, an error or garbled body at 2xx or a
   * timeout; whatever else `send` threw as it is, such as another upstream's error or the caller's own
   * abort.
   */
  readonly call: <T>(send: Send<T>, context?: CallContext) => Promise<T>;
  /**
   * For adapters: makes a function that recognises a throwable, translates it for its request and tells
   * `onEvent`. See docs/writing-an-adapter.md.
   *
   * @throws TypeError naming the path of a wrong option.
   */
  readonly handler: (options?: HandlerOptions<Req>) => Handle<Req>;
}

/**
 * The library without a framework, to call LakiConnect with and to write an adapter upon.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected.
 */
export function createLakiConnect<Req = unknown>(options: Options<Req> = {}): LakiConnect<Req> {
  const settings = settle(options);
  const tell = teller(settings.onEvent);
  return {
    translate(thrown, reader = {}) {
      const error = recognise(thrown, { within: false }, settings);
      return error === undefined ? undefined : translate(error, reader, settings).reply;
    },
    call: (send, context = {}) => call(send, context, settings, tell),
    handler: (handlerOptions = {}) => createHandler(handlerOptions, settings, tell),
  };
}
