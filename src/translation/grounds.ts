/** What proves that a failure is LakiConnect's: its URL, its body, its name, or that it befell a `call`. */
export type Evidence = 'url' | 'envelope' | 'name' | 'call';

/** What told the kind: a known code, the connection, the status, the form of the body, the error's name, or its URL alone. */
export type KindBy = 'code' | 'transport' | 'status' | 'body' | 'name' | 'url';

/** What told whether the provider acted; `follow-up`: the client followed a redirect, or sent it again. */
export type OutcomeBy = 'method' | 'follow-up' | 'transport' | 'code' | 'status' | 'body';

/** By what the steps that made an error decided: it travels with the error. */
export interface Grounds {
  readonly recognisedBy: Evidence;
  readonly kindBy: KindBy;
  readonly outcomeBy: OutcomeBy;
}
