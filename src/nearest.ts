const MAX_LENGTH = 64;

/** The name that a mistyped one most likely was, if any is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(typed.slice(0, MAX_LENGTH), name) }))
    .sort((one, other) => one.distance - other.distance);
  return best !== undefined && best.distance <= best.name.length / 2 ? best.name : undefined;
}

/** For a message that lists what is expected: the name that was most likely meant. */
export function mostLikely(typed: unknown, names: readonly string[]): string {
  const near = typeof typed === 'string' ? nearest(typed, names) : undefined;
  return near === undefined ? '' : `, most likely '${near}'`;
}

/** How many characters to add, take away or change. Source: https://doi.org/10.1145/321796.321811 */
function distanceOf(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let at = 1; at <= other.length; at++) {
      const isSame = one[row - 1] === other[at - 1];
      current.push(
        Math.min(
          (above[at] as number) + 1,
          (current[at - 1] as number) + 1,
          (above[at - 1] as number) + (isSame ? 0 : 1),
        ),
      );
    }
    above = current;
  }
  return above[other.length] as number;
}
