import type { Description } from '../describe.js';
import { LakiConnectError, type LakiConnectErrorInit, type Outcome } from '../translation/error.js';
import type { Reason } from '../translation/refusal.js';
import type { Kind } from '../translation/rules.js';

/** An error that a route can end in. */
export interface Possible {
  readonly error: LakiConnectError;
  /** It is as such an error mostly is: its reply is an example. */
  readonly isTypical: boolean;
}

const REQUEST_ID = 'req_1a2b3c4d5e6f';
const FIELDS = [{ field: 'amount', issue: 'must be no less than 0.01' }];
const WAIT_MS = 7000;

/** Every way in which a guard's refusals differ from each other: none but their reasons. */
export function refusedFor(reasons: readonly Reason[], { rules }: Pick<Description, 'rules'>): Possible[] {
  return reasons.map(({ kind, ownRow }) => {
    const { retryable } = ownRow?.rule ?? rules[kind as Kind];
    const error = new LakiConnectError({ kind, ownRow, outcome: 'rejected', retryable, origin: 'guard' });
    return { error, isTypical: true };
  });
}

/** Every way in which the ends of calls differ from each other, as far as a reply tells. */
export function endsOfCalls({ kinds, rules }: Pick<Description, 'kinds' | 'rules'>): Possible[] {
  return kinds.flatMap((kind) => {
    const rule = rules[kind];
    const make = (init: Omit<LakiConnectErrorInit, 'kind'>): LakiConnectError =>
      new LakiConnectError({ kind, requestId: REQUEST_ID, ...init });
    const usual = make({}).outcome;
    const seen = [{}, ...(rule.keeps ?? []).map((status) => ({ upstream: { status } }))];

    return seen.flatMap((upstream) =>
      OUTCOMES.flatMap((outcome) => {
        const isTypical = outcome === 'rejected' || outcome === usual;
        const told = { ...upstream, outcome };
        const keyless = { ...told, retryable: rule.retryable && outcome === 'rejected' };
        const keyed = { ...told, retryable: rule.retryable };
        // Where no field has a name, its reply is another's: it is told of without fields, too.
        const typical = kind === 'VALIDATION_ERROR' ? [{ ...keyless, details: FIELDS }, keyless] : [keyless];
        const others = [keyed, { ...keyed, retryAfterMs: WAIT_MS }];
        return [
          ...typical.map((init) => ({ error: make(init), isTypical })),
          ...others.map((init) => ({ error: make(init), isTypical: false })),
        ];
      }),
    );
  });
}

const OUTCOMES: readonly Outcome[] = ['rejected', 'unknown'];
