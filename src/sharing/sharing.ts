import { setImmediate as turn } from 'node:timers/promises';
import type { Tell } from '../events.js';
import type { Look } from '../guards/lookup.js';
import { isMerchantId } from '../provider/merchant-id.js';
import type { Running } from '../provider/running.js';
import type { Settings } from '../settings.js';
import { createBreaker } from './breaker.js';
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
  /** What is called when a merchant is heard of, and whose it is. */
  const echoes = new Map<() => void, string>();
  /** Those of whom the others do not know that they are forgotten: it is told before they are read again. */
  const untold = new Set<string>();
  let isHearing = false;
  let end: (() => Promise<void>) | undefined;

  /** Without a merchant: nothing will come back any more. */
  function echo(merchantId?: string): void {
    for (const [resolve, expected] of echoes) {
      if (merchantId !== undefined && merchantId !== expected) continue;
      echoes.delete(resolve);
      resolve();
    }
  }

  /** That it comes back means that the others hear it, too. */
  async function forgetAndHear(merchantId: string, signal: AbortSignal): Promise<true> {
    let giveUp = (): void => undefined;
    const echoed = new Promise<void>((resolve) => {
      if (!isHearing) return void resolve();
      echoes.set(resolve, merchantId);
      giveUp = () => void echoes.delete(resolve);
    });
    signal.addEventListener('abort', giveUp);
    try {
      await store.forget(merchantId);
      await echoed;
      await turn(); // for those that listen in this process, too
      return true;
    } finally {
      giveUp();
    }
  }

  async function forget(merchantId: string): Promise<boolean> {
    const isTold = await breaker.ask('forget', (signal) => forgetAndHear(merchantId, signal));
    untold.delete(merchantId);
    if (isTold) return true;
    untold.add(merchantId);
    if (untold.size > settings.cache.maxMerchants) untold.delete(untold.values().next().value as string);
    return false;
  }

  /** Tells what could not be told, and no more than that once something cannot be told again. */
  async function catchUp(): Promise<void> {
    for (const merchantId of [...untold]) if (!(await forget(merchantId))) return;
  }

  return {
    over(look) {
      const shared = shareLook(look, store, breaker, settings);
      return async (merchantId, admitted) => {
        const isLost = untold.has(merchantId) && !(await forget(merchantId));
        return (isLost ? look : shared)(merchantId, admitted);
      };
    },
    isHearing: () => isHearing,
    forget,

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
          void running.add(Promise.all([catchUp(), hearCooldown()]));
        },
        down(reason) {
          isHearing = false;
          echo();
          breaker.tellFailed('listen', reason);
        },
        forgotten(merchantId) {
          if (isMerchantId(merchantId)) hearers.forget(merchantId);
          echo(merchantId);
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
