import { createLakiConnect, type LakiConnect, type Options } from '../src/index.js';

/**
 * The core behind an adapter: one that the platform has made, or a new one of its options.
 *
 * @throws TypeError if it is handed what another adapter has made.
 */
export function coreOf<Req>(given: Options<Req> | LakiConnect<Req>): LakiConnect<Req> {
  if (typeof given !== 'object' || given === null || !('handler' in given)) return createLakiConnect(given);
  if ('errorHandler' in given) {
    throw new TypeError(
      'lakiconnect: this was already made for a framework. Hand both adapters a core from createLakiConnect().',
    );
  }
  return given;
}
