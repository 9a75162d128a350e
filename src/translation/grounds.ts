import type { Attribution } from './attribution.js';

/**
 * What told the kind: a known code, the connection, the status, the form of the body, the error's name, or its URL
 * alone; `call`: nothing, but that it was thrown inside `call`.
 */
export type KindBy = 'code' | 'transport' | 'status' | 'body' | 'name' | 'url' | 'call';

/** What told whether the provider acted; `follow-up`: the client followed a redirect, or sent it again. */
export type OutcomeBy = 'method' | 'follow-up' | 'transport' | 'code' | 'status' | 'body';

/** By what the steps that made an error decided: it travels with the error. */
export interface Grounds {
  readonly recognisedBy: Attribution;
  readonly kindBy: KindBy;
  readonly outcomeBy: OutcomeBy;
}
