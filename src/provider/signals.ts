import { setMaxListeners } from 'node:events';

/**
 * Runs `task` with a signal that is aborted as soon as one of `signals` is. Afterwards none of them knows
 * of it: what `AbortSignal.any` leaves on a signal that lives on is never freed.
 */
export async function following<T>(
  signals: readonly (AbortSignal | undefined)[],
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const followed = signals
    .filter((signal) => signal !== undefined)
    .map((signal) => ({
      signal,
      abort: (): void => {
        controller.abort(signal.reason);
      },
    }));
  for (const { signal, abort } of followed) {
    if (signal.aborted) abort();
    else {
      expectMany(signal);
      signal.addEventListener('abort', abort);
    }
  }
  try {
    return await task(controller.signal);
  } finally {
    for (const { signal, abort } of followed) signal.removeEventListener('abort', abort);
  }
}

/** Many requests may follow one signal at once. None stays, yet Node warns of a leak from the eleventh on. */
function expectMany(signal: AbortSignal): void {
  if (signal instanceof EventTarget) setMaxListeners(Infinity, signal);
}
