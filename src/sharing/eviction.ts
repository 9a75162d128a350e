import { setTimeout as sleep } from 'node:timers/promises';
import type { Tell } from '../events.js';
import type { Running } from '../provider/running.js';
import type { Breaker } from './breaker.js';
import type { Store } from './store.js';

/** How often the store is asked: commands may connect later than what listens. */
const TRIES = 3;
const RETRY_MS = 1000;

/** Tells operators, once, of a store that may drop idempotency keys. */
export interface EvictionWarning {
  /** There are keys that must not be dropped. */
  readonly want: () => void;
  /** The store can be asked now. */
  readonly up: () => void;
}

export function createEvictionWarning(
  store: Store,
  { ask }: Breaker,
  tell: Tell,
  running: Running,
): EvictionWarning {
  let isWanted = false;
  let isUp = false;
  let isAsked = false;

  function askOnce(): void {
    if (!isWanted || !isUp || isAsked) return;
    isAsked = true;
    void running.add(warn());
  }

  async function warn(): Promise<void> {
    const policy = await findPolicy();
    if (policy === undefined || policy === 'noeviction') return;
    const reason = `its maxmemory-policy is '${policy}', which may drop an idempotency key while its payment is under way; set 'noeviction'`;
    tell({ type: 'misconfigured', level: 'warn', option: 'store', reason });
  }

  async function findPolicy(): Promise<string | undefined> {
    for (let tries = 1; ; tries++) {
      const policy = await ask('policy', store.evictionPolicy);
      if (policy !== undefined || tries === TRIES || running.closing.aborted) return policy;
      await sleep(RETRY_MS, undefined, { ref: false, signal: running.closing }).catch(() => undefined);
    }
  }

  return {
    want() {
      isWanted = true;
      askOnce();
    },
    up() {
      isUp = true;
      askOnce();
    },
  };
}
