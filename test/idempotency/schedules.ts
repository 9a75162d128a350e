import fc from 'fast-check';

/** What happens to requests with one key, and around them. */
export type Step =
  | { readonly is: 'sent'; readonly process: number; readonly body: number }
  /** The request that was sent as the `at`th, counted round. */
  | { readonly is: 'answered' | 'settled' | 'hung up'; readonly at: number }
  | { readonly is: 'passed'; readonly ms: number }
  | { readonly is: 'clock set'; readonly ms: number }
  | { readonly is: 'store clock set back'; readonly ms: number }
  | { readonly is: 'store away'; readonly ms: number }
  | { readonly is: 'died'; readonly process: number };

export const PROCESSES = 3;

/** In milliseconds. */
export interface Lengths {
  /** A lease. */
  readonly lease: number;
  /** For how long a store may be away and no lease is lost. */
  readonly away: number;
}

/** Most of them are requests and their ends. */
export function schedule({ lease, away }: Lengths): fc.Arbitrary<readonly Step[]> {
  const process = fc.nat({ max: PROCESSES - 1 });
  const at = fc.nat({ max: 7 });
  const step = <T extends Step['is'], R extends object>(
    is: T,
    rest: { [P in keyof R]: fc.Arbitrary<R[P]> },
  ) => fc.record({ is: fc.constant(is), ...rest }) as unknown as fc.Arbitrary<Step>;
  const hours = fc.integer({ min: 1, max: 48 }).map((count) => count * 3_600_000);
  return fc.array(
    fc.oneof(
      { weight: 8, arbitrary: step('sent', { process, body: fc.nat({ max: 1 }) }) },
      { weight: 3, arbitrary: step('answered', { at }) },
      { weight: 2, arbitrary: step('settled', { at }) },
      { weight: 3, arbitrary: step('hung up', { at }) },
      { weight: 4, arbitrary: step('passed', { ms: fc.integer({ min: 1, max: 2 * lease }) }) },
      {
        weight: 1,
        arbitrary: step('clock set', {
          ms: fc.oneof(
            hours,
            hours.map((ms) => -ms),
          ),
        }),
      },
      { weight: 1, arbitrary: step('store clock set back', { ms: hours }) },
      { weight: 1, arbitrary: step('store away', { ms: fc.integer({ min: 1, max: away }) }) },
      { weight: 1, arbitrary: step('died', { process }) },
    ),
    { minLength: 4, maxLength: 16 },
  );
}

interface Request {
  readonly process: number;
  isRunning: boolean;
  /** What its handler returned has settled. */
  hasSettled: boolean;
  /** When its client has hung up; the key is free a minute later. */
  leftAt: number | undefined;
}

/** Which handlers are at work under one key. */
export function handlersOf(now: () => number, afterCloseMs: number) {
  const requests: Request[] = [];
  return {
    requests,
    /** @throws Error if another handler is at work already. */
    begin(request: Request, isRelevant: (other: Request) => boolean) {
      const other = requests.find(
        (one) =>
          one !== request &&
          one.isRunning &&
          isRelevant(one) &&
          !(one.leftAt !== undefined && now() - one.leftAt >= afterCloseMs),
      );
      if (other !== undefined) throw new Error('two handlers are at work under one key');
      request.isRunning = true;
    },
  };
}
