import type { Audience } from '../translation/rules.js';
import type { Merchant } from './merchant.js';

/** What the guards of one request leave for its handlers. */
interface Kept {
  readonly merchant?: Merchant | undefined;
  /** Who reads the replies of this route, if a guard says so. */
  readonly audience?: Audience | undefined;
  /** The key of a request that must not be made twice. */
  readonly idempotencyKey?: string | undefined;
}

/** Keeps it where the framework keeps such things, under a name that is one core's own. */
export interface Locals {
  readonly of: (state: object | undefined) => Kept;
  readonly keep: (state: object, kept: Kept) => void;
}

const NOTHING: Kept = {};

export function createLocals(): Locals {
  const kept = Symbol('lakiconnect-middleware');
  type State = { [kept]?: Kept };
  return {
    of: (state) => (state as State | undefined)?.[kept] ?? NOTHING,
    keep(state, { merchant, audience, idempotencyKey }) {
      const before = (state as State)[kept] ?? NOTHING;
      (state as State)[kept] = {
        merchant: merchant ?? before.merchant,
        audience: audience ?? before.audience,
        idempotencyKey: idempotencyKey ?? before.idempotencyKey,
      };
    },
  };
}
