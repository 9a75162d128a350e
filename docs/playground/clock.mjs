/** A clock that stands still, so that nothing expires but by an advance. */
export function createClock() {
  let now = Date.now();
  return {
    now: () => now,
    advance(ms) {
      now += ms;
    },
  };
}
