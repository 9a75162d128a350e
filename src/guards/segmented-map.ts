/** A Map of at most `max` entries. */
export interface SegmentedMap<V> {
  readonly get: (key: string) => V | undefined;
  /** The entry is the newest then, also where it was there before. */
  readonly set: (key: string, value: V) => void;
  readonly delete: (key: string) => void;
  readonly clear: () => void;
  readonly size: () => number;
}

/**
 * Two segments, as in a segmented LRU: an entry on probation pushes out only others on probation, and a protected one
 * gives way to newer protected ones alone, or when it needs no protection any more. Within a segment the one that was set
 * longest ago goes first. Reading moves nothing, and everything takes the same time, however many there are.
 */
export function createSegmentedMap<V>(max: number, needsProtection: (value: V) => boolean): SegmentedMap<V> {
  const protectedOnes = new Map<string, V>();
  const probation = new Map<string, V>();

  function remove(key: string): void {
    if (!protectedOnes.delete(key)) probation.delete(key);
  }

  function evict(): void {
    const [oldest] = protectedOnes;
    const isSpare = oldest !== undefined && (probation.size === 0 || !needsProtection(oldest[1]));
    const segment = isSpare ? protectedOnes : probation;
    segment.delete(segment.keys().next().value as string);
  }

  return {
    get: (key) => protectedOnes.get(key) ?? probation.get(key),
    set(key, value) {
      remove(key);
      (needsProtection(value) ? protectedOnes : probation).set(key, value);
      if (protectedOnes.size + probation.size > max) evict();
    },
    delete: remove,
    clear() {
      protectedOnes.clear();
      probation.clear();
    },
    size: () => protectedOnes.size + probation.size,
  };
}
