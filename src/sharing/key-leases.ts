import nodeTimers from 'node:timers';
import type { Timers } from '../idempotency/handler-end.js';
import type { Keys, KeyUse } from '../idempotency/keys.js';
import type { Running } from '../provider/running.js';
import type { Breaker } from './breaker.js';
import type { Store } from './store.js';

/** How long a key is held after its process was last heard of, in milliseconds. */
const LEASE_MS = 30_000;
/** How often it is heard of. */
const RENEW_MS = 10_000;
/** How soon after a renewal has failed: a store that was away for less than 19 seconds has lost no lease. */
const RETRY_MS = 1000;

interface Lease {
  timer?: ReturnType<Timers['setTimeout']>;
  /** What is asked of the store last: the end must not overtake it. */
  renewed: Promise<unknown>;
}

/**
 * Keys of all processes. What has begun is renewed until it is finished, whatever the store has lost or could not tell: so
 * it is held for as long as its process lives, and no longer than a lease after that.
 */
export function leaseKeys(
  store: Store,
  { ask, tellFailed }: Breaker,
  running: Running,
  { setTimeout, clearTimeout }: Timers = nodeTimers,
): Keys {
  const leases = new Map<string, Lease>();
  running.closing.addEventListener('abort', () => {
    for (const { timer } of leases.values()) clearTimeout(timer as never);
    leases.clear();
  });

  function renewLater(use: KeyUse, lease: Lease, ms: number): void {
    lease.timer = setTimeout(() => {
      lease.renewed = running.add(renew(use, lease));
    }, ms);
    lease.timer.unref();
  }

  async function renew(use: KeyUse, lease: Lease): Promise<void> {
    const begun = await ask('renew', () => store.begin(use, LEASE_MS));
    if (begun !== undefined && begun !== 'begun') tellFailed('renew', LOST);
    if (leases.get(use.owner) === lease) renewLater(use, lease, begun === undefined ? RETRY_MS : RENEW_MS);
  }

  return {
    async begin(use) {
      const begun = await ask('begin', () => store.begin(use, LEASE_MS));
      if ((begun === 'begun' || begun === undefined) && !running.closing.aborted) {
        const lease: Lease = { renewed: Promise.resolve() };
        leases.set(use.owner, lease);
        renewLater(use, lease, begun === undefined ? RETRY_MS : RENEW_MS);
      }
      return begun;
    },

    finish(use) {
      const lease = leases.get(use.owner);
      leases.delete(use.owner);
      clearTimeout(lease?.timer as never);
      const finished = Promise.resolve(lease?.renewed).then(() => ask('finish', () => store.finish(use)));
      void running.add(finished);
    },
  };
}

const LOST = 'a key was lost while its request was under way, and another request has begun with it';
