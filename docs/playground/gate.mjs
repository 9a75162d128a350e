/** A gate that stands open, and holds back the next to come where it is told to. */
export function createGate() {
  let wait;
  return {
    pass: () => wait?.(),
    /** @returns what resolves when somebody has come, and what lets them go on. */
    hold() {
      let [arrive, release] = [];
      const came = new Promise((resolve) => (arrive = resolve));
      const held = new Promise((resolve) => (release = resolve));
      wait = () => {
        arrive();
        return held;
      };
      return {
        came,
        release() {
          wait = undefined;
          release();
        },
      };
    },
  };
}
