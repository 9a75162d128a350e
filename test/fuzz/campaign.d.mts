export interface Campaign {
  readonly seed: number;
  readonly seconds: number;
  /** How many mutated bodies were put. */
  readonly bodies: number;
  /** How many of them which way. */
  readonly ways: Readonly<Record<string, number>>;
  /** Which of them took the library longest. */
  readonly slowest: { readonly ms: number; readonly number: number };
  /** How many cases of properties were tried. */
  readonly properties: number;
  /** What was wrong, with its seed and the least for which it is. */
  readonly findings: readonly unknown[];
}

export function campaign(options: {
  readonly seed: number;
  readonly bodies: number;
  readonly properties: number;
  readonly tell?: (bodies: number) => void;
}): Promise<Campaign>;
