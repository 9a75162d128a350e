import { groundsOf, LakiConnectError, originalError, ownRowOf, standardRule, type Detail } from './error.js';

/** The same error, but one that a framework may write on, if somebody froze it. */
export function unfrozen(error: LakiConnectError): LakiConnectError {
  return Object.isExtensible(error) ? error : copyOf(error, error.details);
}

/** The same error, but one that tells of no field. */
export function withoutDetails(error: LakiConnectError): LakiConnectError {
  return copyOf(error, []);
}

/** A kind of a newer copy of this package is one that this copy does not recognise. */
function copyOf(error: LakiConnectError, details: readonly Detail[]): LakiConnectError {
  const ownRow = ownRowOf(error);
  const kind = ownRow === undefined && standardRule(error.kind) === undefined ? 'UNRECOGNISED' : error.kind;
  return new LakiConnectError({
    ...error,
    kind,
    details,
    ownRow,
    grounds: groundsOf(error),
    original: originalError(error),
  });
}
