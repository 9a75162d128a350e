import { createLakiConnect, type LakiConnect, type Options } from '../src/index.js';

/** What of the core an adapter hands on as it is; the rest it mounts. */
export type Core<Req> = Omit<
  LakiConnect<Req>,
  'clientIn' | 'handler' | 'guard' | 'idempotencyGuard' | 'idempotencyKeyIn' | 'learnt' | 'receiver'
>;

/**
 * The core behind an adapter: one that the platform has made, or a new one of its options.
 *
 * @throws TypeError if it is handed what another adapter has made.
 */
export function coreOf<Req>(given: Options<Req> | LakiConnect<Req>): LakiConnect<Req> {
  if (typeof given !== 'object' || given === null) return createLakiConnect(given);
  if ('errorHandler' in given) {
    throw new TypeError(
      "lakiconnect: this was already made for a framework. Make one core with createLakiConnect from 'lakiconnect-middleware', and hand it to lakiconnect from 'lakiconnect-middleware/express' or 'lakiconnect-middleware/koa'.",
    );
  }
  return 'handler' in given ? given : createLakiConnect(given);
}
