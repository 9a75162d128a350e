import type { Tell } from '../events.js';
import { shown } from '../judge.js';
import type { Settings } from '../settings.js';
import type { LakiConnectError } from '../translation/error.js';
import { refusal, ruleOf, type Reason } from '../translation/refusal.js';
import type { GuardOptions } from './options.js';

/** What becomes of a request that is held back. */
export interface Manner {
  readonly whenUndetermined: NonNullable<GuardOptions['whenUndetermined']>;
  readonly mode: NonNullable<GuardOptions['mode']>;
}

/** Why a request is held back, and what operators hear of it. */
export type Held = {
  readonly why: Reason;
  readonly passed: boolean;
  readonly mode: Manner['mode'];
  readonly merchantId?: string | undefined;
  readonly requirement?: string;
  readonly retryAfterMs?: number | undefined;
} & (
  | { readonly type: 'refused'; readonly reason: string | undefined }
  | { readonly type: 'undetermined'; readonly reason: string }
);

/** Tells operators of it. @returns what the request is refused with, unless it may pass all the same. */
export type Hold = (held: Held) => LakiConnectError | undefined;

export function createHold(settings: Settings<never>, tell: Tell): Hold {
  return ({ why, retryAfterMs, ...held }) => {
    const { passed, merchantId } = held;
    tell({ level: ruleOf(why, settings).level, kind: why.kind, ...held });
    return passed ? undefined : refusal(why, { merchantId, retryAfterMs }, settings);
  };
}

/** Of a request whose merchant's id is none. */
export function unidentified(id: unknown, mode: Manner['mode']): Held {
  return {
    type: 'refused',
    why: { kind: 'MERCHANT_UNIDENTIFIED' },
    passed: mode === 'report',
    mode,
    reason: `the merchant's id is ${shown(id)}`,
  };
}
