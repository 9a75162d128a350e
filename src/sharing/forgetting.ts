import { setImmediate as turn } from 'node:timers/promises';
import type { Breaker } from './breaker.js';
import type { Store } from './store.js';

/** Forgets merchants everywhere, and remembers of whom the others could not be told. */
export interface Forgetting {
  /** @returns whether every process was told. */
  readonly forget: (merchantId: string) => Promise<boolean>;
  /** Tells of a merchant what could not be told before. @returns whether the others know all that we do. */
  readonly settle: (merchantId: string) => Promise<boolean>;
  /** The same for all merchants, up to the first of whom the others cannot be told this time either. */
  readonly settleAll: () => Promise<void>;
  /** What was said of a merchant has come back. */
  readonly heard: (merchantId: string) => void;
  /** Nothing comes back any more. */
  readonly deafened: () => void;
}

export function createForgetting(
  store: Store,
  { ask }: Breaker,
  isHearing: () => boolean,
  maxMerchants: number,
): Forgetting {
  /** What is called when a merchant is heard of, and whose it is. */
  const echoes = new Map<() => void, string>();
  const untold = new Set<string>();

  function release(isMeant: (merchantId: string) => boolean): void {
    for (const [resolve, merchantId] of echoes) if (isMeant(merchantId)) resolve();
  }

  /** That it comes back means that the others hear it, too. */
  async function forgetAndHear(merchantId: string, signal: AbortSignal): Promise<true> {
    let giveUp = (): void => undefined;
    const echoed = new Promise<void>((resolve) => {
      if (!isHearing()) return void resolve();
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
    const isTold = await ask('forget', (signal) => forgetAndHear(merchantId, signal));
    untold.delete(merchantId);
    if (isTold) return true;
    untold.add(merchantId);
    if (untold.size > maxMerchants) untold.delete(untold.values().next().value as string);
    return false;
  }

  return {
    forget,
    settle: async (merchantId) => !untold.has(merchantId) || forget(merchantId),
    async settleAll() {
      for (const merchantId of [...untold]) if (!(await forget(merchantId))) return;
    },
    heard(merchantId) {
      release((expected) => expected === merchantId);
    },
    deafened() {
      release(() => true);
    },
  };
}
