import { atOnce } from '../at-once.js';
import type { GuardOptions, MerchantIdOf } from '../options.js';
import type { Settings } from '../settings.js';
import { audienceOf } from '../translation/face.js';
import type { Locals } from './locals.js';

/** Whose money a request is about. */
export interface Whose<Req> {
  readonly namedBy: MerchantIdOf<Req>;
  /** Keeps who reads the replies of the route, if the guard says so. */
  readonly keepReader: (request: Req, state: object) => void;
  /** The id, be it one or not, or a promise of it. */
  readonly of: (request: Req, state: object) => unknown;
}

const NOBODY =
  'lakiconnect: a guard must know whose money a request is about. Set the option `merchantId`, such as (request) => request.params.merchantId, for all guards or for this one.';

/** @throws TypeError if nobody says whose money a request is about. */
export function whoseBy<Req>(
  { merchantId: namedBy, audience }: Pick<GuardOptions<Req>, 'merchantId' | 'audience'>,
  settings: Settings<Req>,
  locals: Locals,
): Whose<Req> {
  const idOf = namedBy ?? settings.merchantId;
  if (idOf === undefined) throw new TypeError(NOBODY);
  return {
    namedBy: idOf,
    keepReader(request, state) {
      if (audience === undefined) return;
      const reads = atOnce('audience', typeof audience === 'function' ? audience(request) : audience);
      locals.keep(state, { audience: audienceOf(reads) });
    },
    of(request, state) {
      const { merchant, namedBy } = locals.of(state);
      return namedBy === idOf && merchant !== undefined ? merchant.id : idOf(request);
    },
  };
}
