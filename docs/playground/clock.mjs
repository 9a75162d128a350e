/** The platforms' clock. It stands still, so that nothing expires but by a skip, until it is set going. */
export function createClock() {
  let stoppedAt = Date.now();
  let skipped = 0;
  return {
    now: () => (stoppedAt ?? Date.now()) + skipped,
    skip(ms) {
      skipped += ms;
    },
    go() {
      stoppedAt = undefined;
    },
  };
}
