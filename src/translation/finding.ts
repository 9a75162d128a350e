import { readBody, type Body } from './body.js';
import { readEnvelope, type Envelope } from './envelopes.js';
import type { Observation } from './observe.js';
import type { Kind } from './rules.js';

/** Everything that a failure says, read once. */
export interface Finding {
  readonly source: unknown;
  readonly seen: Observation;
  readonly body: Body;
  readonly envelope: Envelope;
  /** What the provider's code means, if it is one of the known. */
  readonly known: Kind | undefined;
}

/** Where a failure was met, and what the platform says of the request. */
export interface Occasion {
  /** Inside `call`: whatever failed there, unless it is provably another's, is LakiConnect's. */
  readonly within: boolean;
  readonly merchantId?: string | undefined;
  /** HTTP method; a request whose method nobody names counts as a POST. */
  readonly method?: string | undefined;
  /** The idempotency key that was sent. */
  readonly idempotencyKey?: string | undefined;
  /** The same request was sent before, and nobody knows what became of it. */
  readonly isFollowUp?: boolean;
  /** It was thrown inside `call`, and not returned. */
  readonly isThrown?: boolean;
  /** What the platform ends the request with. */
  readonly signal?: AbortSignal | undefined;
}

/** An empty idempotency key protects nothing, and is none. */
export function isKey(key: string | undefined): key is string {
  return key !== undefined && key !== '';
}

export function find(source: unknown, seen: Observation, codes: ReadonlyMap<string, Kind>): Finding {
  const body = readBody(seen.body, seen.encoding);
  const envelope = readEnvelope(body);
  const known = envelope.code === undefined ? undefined : codes.get(envelope.code);
  return { source, seen, body, envelope, known };
}
