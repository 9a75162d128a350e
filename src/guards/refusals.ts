import { audienceOf } from '../translation/face.js';
import type { Reason } from '../translation/refusal.js';
import type { Audience } from '../translation/rules.js';
import type { Admitted } from './lookup.js';
import type { GuardOptions } from './options.js';

const REFUSALS = Symbol.for('lakiconnect-middleware.refusals');

/** What a guard may refuse a request with. */
export interface Refusals {
  readonly reasons: readonly Reason[];
  /** Who reads the replies of the route, if the guard says so; a customer where that depends on the request. */
  readonly audience: Audience | undefined;
}

/** For adapters: tells generators of documents what this middleware may refuse with. */
export function refusing<M extends object>(middleware: M, refusals: Refusals | undefined): M {
  return refusals === undefined ? middleware : Object.assign(middleware, { [REFUSALS]: refusals });
}

/** What a guard may refuse with, by this or another copy of the package; `undefined` for what is no guard. */
export function refusalsOf(middleware: unknown): Refusals | undefined {
  return typeof middleware === 'function' ? (middleware as { [REFUSALS]?: Refusals })[REFUSALS] : undefined;
}

/** Beside `reasons`, what every guard may refuse with; in mode `'report'` nothing at all. */
export function refusalsBy(
  reasons: readonly Reason[],
  { audience, mode, whenUndetermined }: GuardOptions<never>,
): Refusals {
  const all: readonly Reason[] = [
    ...reasons,
    { kind: 'MERCHANT_UNIDENTIFIED' },
    ...(whenUndetermined === 'allow' ? [] : [{ kind: 'UNDETERMINED' } as const]),
  ];
  return {
    reasons: mode === 'report' ? [] : all,
    audience: audience === undefined ? undefined : audienceOf(audience),
  };
}

/** What a merchant who does not meet them is refused with. */
export function reasonsOf(requirements: readonly Admitted[]): readonly Reason[] {
  return requirements.flatMap(({ requirement, ownRow }) =>
    requirement.refusals.map((kind) => ({ kind, ownRow }) as Reason),
  );
}
