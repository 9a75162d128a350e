import type { LakiConnect } from '../core.js';
import { createLakiConnect } from '../lakiconnect.js';
import type { Options } from '../options.js';

/** The members of the core that an adapter hands on as they are; it mounts the others. */
export type Core<Req> = Omit<
  LakiConnect<Req>,
  'clientIn' | 'handler' | 'guard' | 'idempotencyGuard' | 'idempotencyKeyIn' | 'learnt' | 'receiver'
>;

/**
 * Returns the core behind an adapter: the one that the platform has made, or a new one of its options.
 *
 * @throws TypeError naming the path of a wrong option, or if it is given what another adapter has made.
 */
export function toCore<Req>(given: Options<Req> | LakiConnect<Req>): LakiConnect<Req> {
  if (typeof given !== 'object' || given === null) return createLakiConnect(given);
  if ('errorHandler' in given) {
    throw new TypeError(
      "lakiconnect: this was already made for a framework. Make one core with createLakiConnect from 'lakiconnect-middleware', and hand it to lakiconnect from 'lakiconnect-middleware/express' or 'lakiconnect-middleware/koa'.",
    );
  }
  return 'handler' in given ? given : createLakiConnect(given);
}
