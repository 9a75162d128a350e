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
  let isHearing = false;
  let end: (() => Promise<void>) | undefined;

  /** Resolves when what is said of a merchant comes back: then the others have heard it, too. */
  function echoOf(merchantId: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      echoes.set(resolve, merchantId);
      signal.addEventListener('abort', () => echoes.delete(resolve));
    });
  }

  /** Without a merchant: nothing will come back any more. */
  function echo(merchantId?: string): void {
    for (const [resolve, expected] of echoes) {
      if (merchantId !== undefined && merchantId !== expected) continue;
      echoes.delete(resolve);
      resolve();
    }
  }

  return {
    over: (look) => shareLook(look, store, breaker, settings),
    isHearing: () => isHearing,

    async forget(merchantId) {
      const told = await breaker.ask('forget', async (signal) => {
        const echoed = isHearing ? echoOf(merchantId, signal) : undefined;
        await store.forget(merchantId);
        await echoed;
        await turn(); // for those that listen in this process, too
        return true;
      });
      return told === true;
    },

    cool(ms) {
      void running.add(breaker.ask('cool', () => store.cool(ms)));
    },

    listen({ forget, forgetAll, cool }) {
      /** Of a cooldown that began before this process listened. */
      async function catchUp(): Promise<void> {
        cool((await breaker.ask('cool', store.coolFor)) ?? 0);
      }
      end = store.listen({
        up() {
          isHearing = true;
          forgetAll();
          void running.add(catchUp());
        },
        down(reason) {
          isHearing = false;
          echo();
          breaker.tellFailed('listen', reason);
        },
        forgotten(merchantId) {
          if (isMerchantId(merchantId)) forget(merchantId);
          echo(merchantId);
        },
        cooldown: cool,
      });
    },

    async close() {
      await end?.();
      isHearing = false;
    },
  };
}
