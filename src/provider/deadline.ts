/** How late a timer may be before the event loop, not the provider, is to blame. */
const LAG_MS = 50;

/** What a provider's answer gets that may be waiting behind a blocked event loop. */
const GRACE_MS = 50;

/**
 * Runs `task` for at most `ms` milliseconds. Then its signal is aborted, what it still gives is
 * dropped, and `expired` answers in its place.
 */
export function withDeadline<T>(
  ms: number,
  task: (signal: AbortSignal) => Promise<T>,
  expired: (reason: DOMException) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const cancel = startDeadline(ms, () => {
      const reason = new DOMException(`No whole answer within ${String(ms)} ms.`, 'TimeoutError');
      // Decided before the task hears of it: its own rejection comes second.
      resolve(Promise.resolve(reason).then(expired));
      controller.abort(reason);
    });
    task(controller.signal).then(resolve, reject).finally(cancel);
  });
}

/**
 * Calls `expire` once after `ms` milliseconds. If the event loop was blocked, an answer may have come
 * in time and lie unread: then it gets one turn of the loop and a little grace first.
 *
 * @returns a function that cancels it.
 */
function startDeadline(ms: number, expire: () => void): () => void {
  const due = performance.now() + ms;
  let timer = setTimeout(fire, ms);
  function fire(): void {
    if (performance.now() - due <= LAG_MS) expire();
    else timer = setTimeout(expire, GRACE_MS);
  }
  return () => {
    clearTimeout(timer);
  };
}
