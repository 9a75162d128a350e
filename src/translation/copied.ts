import {
  groundsOf,
  LakiConnectError,
  originalError,
  ownRowOf,
  standardRule,
  type LakiConnectErrorInit,
} from './error.js';

/** The same error, but one that a framework may write on, if somebody froze it. */
export function unfrozen(error: LakiConnectError): LakiConnectError {
  return Object.isExtensible(error) ? error : copyOf(error, {});
}

/** The same error, but one after which nobody knows what was done. */
export function withUnknownOutcome(error: LakiConnectError): LakiConnectError {
  const grounds = groundsOf(error);
  return copyOf(error, {
    outcome: 'unknown',
    retryable: false,
    action: 'check',
    grounds: grounds && { ...grounds, outcomeBy: 'follow-up' },
  });
}

/** A kind of a newer copy of this package is one that this copy does not recognise. */
function copyOf(error: LakiConnectError, changes: Partial<LakiConnectErrorInit>): LakiConnectError {
  const ownRow = ownRowOf(error);
  const kind = ownRow === undefined && standardRule(error.kind) === undefined ? 'UNRECOGNISED' : error.kind;
  return new LakiConnectError({
    ...error,
    kind,
    ownRow,
    grounds: groundsOf(error),
    original: originalError(error),
    ...changes,
  });
}
