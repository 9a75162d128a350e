const MAX_TRIES = 2000;
const MAX_MS = 15_000;

/** The least of some bytes that still has a flaw, by leaving out ever smaller parts (delta debugging). */
export async function smallest(bytes, isFlawed) {
  const began = performance.now();
  let least = bytes;
  let tries = 0;
  for (let size = least.length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < least.length;) {
      if (++tries > MAX_TRIES || performance.now() - began > MAX_MS) return least;
      const rest = Buffer.concat([least.subarray(0, from), least.subarray(from + size)]);
      if (await isFlawed(rest)) least = rest;
      else from += size;
    }
  }
  return least;
}
