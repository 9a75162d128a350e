/** The platforms' clock. It stands still, so that nothing expires but by an advance, until it is set going. */
export function createClock() {
  let stoppedAt = Date.now();
  let advanced = 0;
  return {
    now: () => (stoppedAt ?? Date.now()) + advanced,
    advance(ms) {
      advanced += ms;
    },
    go() {
      stoppedAt = undefined;
    },
  };
}
