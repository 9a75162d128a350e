export interface Paid {
  readonly payments: number;
  readonly paid: number;
  readonly rejected: number;
  readonly unknown: number;
  readonly unknownButCharged: number;
  readonly attempts: number;
  readonly charges: number;
  readonly wrong: readonly string[];
}

export const WAYS: Readonly<Record<'client' | 'axios' | 'fetch', unknown>>;

export function payThroughFaults(how: {
  readonly way: string;
  readonly isKeyed: boolean;
  readonly payments: number;
  readonly seed: number;
  readonly concurrency?: number;
}): Promise<Paid>;
