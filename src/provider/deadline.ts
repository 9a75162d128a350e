// The timers of Node itself: in a simulated browser (jsdom) the global ones are others, or missing.
import timers from 'node:timers';

/** Into how many parts a deadline is divided. */
const PARTS = 10;

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
 * Calls `expire` once after `ms` milliseconds. While the event loop is blocked an answer may have come in
 * time and lie unread, and every step towards it waits for its turn. So the time is divided: a part begins
 * when the one before it was noticed to be over, and a block, however long, costs no more than one part. At
 * last what has come may still be read.
 *
 * @returns a function that cancels it.
 */
function startDeadline(ms: number, expire: () => void): () => void {
  let left = PARTS;
  let timer = timers.setTimeout(pass, ms / PARTS);
  let last: NodeJS.Immediate | undefined;
  function pass(): void {
    left--;
    if (left > 0) timer = timers.setTimeout(pass, ms / PARTS);
    else last = timers.setImmediate(expire);
  }
  return () => {
    timers.clearTimeout(timer);
    timers.clearImmediate(last);
  };
}
