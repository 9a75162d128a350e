/** As much of a run's results as is read of them elsewhere. */
export interface Results {
  readonly requests: readonly Row[];
  readonly crowds: readonly Row[];
}

interface Row {
  readonly framework: string;
  readonly kind: string;
  readonly ratio: number;
}

export function pageOf(results: Results): Promise<string>;
