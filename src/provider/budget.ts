/** In tenths of a retry: whole numbers do not drift. */
const RESERVE = 100;
const EARNED = 1;
const COST = 10;

/** Keeps retries from multiplying an outage: attempts ≤ 1.1 × requests + 10, whatever happens. */
export interface Budget {
  /** For each request. */
  readonly earn: () => void;
  /** For each retry. @returns whether there may be one. */
  readonly spend: () => boolean;
}

export function createBudget(): Budget {
  let left = RESERVE;
  return {
    earn: () => void (left = Math.min(left + EARNED, RESERVE)),
    spend() {
      if (left < COST) return false;
      left -= COST;
      return true;
    },
  };
}
