/** What is under way: closing waits for it. */
export interface Running {
  readonly add: <T>(work: Promise<T>) => Promise<T>;
  /** Aborted when nothing new is to be begun. */
  readonly closing: AbortSignal;
  readonly close: () => Promise<void>;
}

export function createRunning(): Running {
  const works = new Set<Promise<unknown>>();
  const controller = new AbortController();
  return {
    closing: controller.signal,
    add(work) {
      works.add(work);
      const leave = (): void => void works.delete(work);
      work.then(leave, leave);
      return work;
    },
    async close() {
      controller.abort();
      while (works.size > 0) await Promise.allSettled(works); // what ends may begin to tell others
    },
  };
}
