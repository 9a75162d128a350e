import type { Tell } from '../events.js';
import type { Look } from '../guards/lookup.js';
import type { Keys } from '../idempotency/keys.js';
import { isMerchantId } from '../provider/merchant-id.js';
import type { Running } from '../provider/running.js';
import type { Settings } from '../settings.js';
import { createBreaker } from './breaker.js';
import { createEvictionWarning } from './eviction.js';
import { createForgetting } from './forgetting.js';
import { leaseKeys } from './key-leases.js';
import { shareLook } from './shared-look.js';
import type { Store } from './store.js';

/** What becomes of what other processes say. */
interface Hearers {
  readonly forget: (merchantId: string) => void;
  readonly forgetAll: () => void;
  readonly cool: (ms: number) => void;
}

/** What this process shares with others. Never rejects: without its store it is as if there were no others. */
export interface Sharing {
  /** Makes a look of this process one of all. */
  readonly over: (look: Look) => Look;
  /** Whether all that the others say is heard. */
  readonly isHearing: () => boolean;
  /** Forgets a merchant everywhere. @returns whether every process was told. */
  readonly forget: (merchantId: string) => Promise<boolean>;
  /** Idempotency keys of all processes. */
  readonly keys: Keys;
  /** Tells operators if the store may drop keys: for those who guard with them. */
  readonly warnOfEviction: () => void;
  /** Tells the others how long to send nothing, in milliseconds. */
  readonly cool: (ms: number) => void;
  readonly listen: (hearers: Hearers) => void;
  readonly close: () => Promise<void>;
}

export function createSharing(
  store: Store,
  settings: Settings<never>,
  tell: Tell,
  running: Running,
): Sharing {
  const breaker = createBreaker(store, settings, tell);
  let isHearing = false;
  let end: (() => Promise<void>) | undefined;
  const eviction = createEvictionWarning(store, breaker, tell, running);
  const forgetting = createForgetting(store, breaker, () => isHearing, settings.cache.maxMerchants);

  return {
    over(look) {
      const shared = shareLook(look, store, breaker, settings);
      // What the others still believe of a merchant that was forgotten here is not read.
      return async (merchantId, admitted) =>
        ((await forgetting.settle(merchantId)) ? shared : look)(merchantId, admitted);
    },
    isHearing: () => isHearing,
    forget: forgetting.forget,

    keys: leaseKeys(store, breaker, running),
    warnOfEviction: eviction.want,

    cool(ms) {
      void running.add(breaker.ask('cool', () => store.cool(ms)));
    },

    listen(hearers) {
      /** Of a cooldown that began before this process listened. */
      async function hearCooldown(): Promise<void> {
        hearers.cool((await breaker.ask('cool', store.coolFor)) ?? 0);
      }
      end = store.listen({
        up() {
          isHearing = true;
          hearers.forgetAll();
          eviction.up();
          void running.add(Promise.all([forgetting.settleAll(), hearCooldown()]));
        },
        down(reason) {
          isHearing = false;
          forgetting.deafened();
          breaker.tellFailed('listen', reason);
        },
        forgotten(merchantId) {
          if (isMerchantId(merchantId)) hearers.forget(merchantId);
          forgetting.heard(merchantId);
        },
        cooldown: hearers.cool,
      });
    },

    async close() {
      await end?.();
      isHearing = false;
    },
  };
}
