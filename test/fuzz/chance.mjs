// Names of the module's own: looking up a global is slow where tests run.
const { floor, imul } = Math;

/** Choices that are the same for the same seed and number of a case (splitmix32). */
export function chanceOf(seed, number) {
  let state = imul(seed ^ imul(number, 0x9e3779b1), 0x85ebca6b) | 0;

  /** A whole number from 0 up to `count`. */
  function below(count) {
    state = (state + 0x9e3779b9) | 0;
    let mixed = imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return floor((((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296) * count);
  }
  return { below, oneOf: (list) => list[below(list.length)] };
}
