import type { Tell } from '../events.js';
import { orElse, tellingOf } from '../misconfigured.js';
import { judging } from '../option-functions.js';
import type { Settings } from '../settings.js';
import type { Audience } from '../translation/rules.js';
import type { Locals } from './locals.js';
import { merchantOf, type Merchant } from './merchant.js';
import type { GuardOptions } from './options.js';

/** Whose money a request is about. */
export interface Whose<Req> {
  /** Keeps who reads the replies of the route, if the guard says so. */
  readonly keepReader: (request: Req, state: object) => void;
  /** What the platform's function gives, or a promise of it. Each guard asks: a route has other params than its router. */
  readonly of: (request: Req) => unknown;
  /** Keeps the merchant, with what the guard before has learnt of the same one. */
  readonly keep: (merchant: Merchant, state: object) => void;
}

const NOBODY =
  'lakiconnect: a guard must know whose money a request is about. Set the option `merchantId`, such as (request) => request.params.merchantId, for all guards or for this one.';

/** @throws TypeError if nobody says whose money a request is about. */
export function whoseBy<Req>(
  { merchantId, audience }: Pick<GuardOptions<Req>, 'merchantId' | 'audience'>,
  settings: Settings<Req>,
  locals: Locals,
  tell: Tell,
): Whose<Req> {
  const idOf = merchantId ?? settings.merchantId;
  if (idOf === undefined) throw new TypeError(NOBODY);
  const reads = typeof audience === 'function' ? judging('audience', audience) : audience;
  const tellOf = tellingOf(tell);
  return {
    keepReader(request, state) {
      if (reads === undefined) return;
      const readerOf = (): Audience => (typeof reads === 'function' ? reads(request) : reads);
      locals.keep(state, { audience: orElse(readerOf, () => 'customer', tellOf) });
    },
    of: idOf,
    keep(found, state) {
      const { merchant: before } = locals.of(state);
      const merchant =
        before?.id === found.id && before !== found
          ? merchantOf(found.id, { ...before.facts, ...found.facts })
          : found;
      locals.keep(state, { merchant });
    },
  };
}
