import timers from 'node:timers';
import type { Settings } from '../settings.js';
import { within } from '../within.js';

/** Forgets a merchant everywhere. @returns whether every process was told. */
type Forget = (merchantId: string) => Promise<boolean>;

/** Begins when a merchant is forgotten. */
interface Window {
  readonly since: number;
  /** Whether every process was told of that. */
  readonly isTold: Promise<boolean>;
  readonly timer: NodeJS.Timeout;
  /** The merchant must be forgotten once more at its end. */
  isDue: boolean;
}

/**
 * Forgets a merchant at once, and for all who ask within `unmetMs` after that once more, at the end of that time. So
 * whoever can replay a message cannot drive lookups, and what a message tells of is seen `unmetMs` later at the latest.
 * Where not every process could be told, they are told again, every `unmetMs`.
 *
 * @returns a function that resolves to whether every process was told of the last time. It does not wait for the next.
 */
export function throttleInvalidation(
  forget: Forget,
  { cache: { unmetMs, maxMerchants }, elapsed }: Pick<Settings<never>, 'cache' | 'elapsed'>,
  closing: AbortSignal,
): Forget {
  const isWithin = within(elapsed);
  const windows = new Map<string, Window>();

  function open(merchantId: string): Promise<boolean> {
    const isTold = forget(merchantId);
    if (unmetMs === 0 || windows.size >= maxMerchants || closing.aborted) return isTold;
    const timer = timers.setTimeout(close, unmetMs, merchantId).unref();
    const window: Window = { since: elapsed(), isTold, timer, isDue: false };
    windows.set(merchantId, window);
    void isTold.then((told) => {
      window.isDue ||= !told;
    });
    return isTold;
  }

  function remove(merchantId: string): Window | undefined {
    const window = windows.get(merchantId);
    timers.clearTimeout(window?.timer);
    windows.delete(merchantId);
    return window;
  }

  function close(merchantId: string): void {
    if (remove(merchantId)?.isDue === true) void open(merchantId);
  }

  closing.addEventListener('abort', () => {
    for (const merchantId of windows.keys()) close(merchantId);
  });

  return (merchantId) => {
    const window = windows.get(merchantId);
    if (window !== undefined && isWithin(window.since, unmetMs)) {
      window.isDue = true;
      return window.isTold;
    }
    remove(merchantId);
    return open(merchantId);
  };
}
