import { STATUSES } from './codes.js';
import type { Finding } from './finding.js';
import { peek } from './plain.js';
import type { Kind } from './rules.js';

/**
 * What went wrong: a known code decides, then the connection, then the status. `undefined` if nothing
 * went wrong, or it was the caller's own abort.
 */
export function kindOf({ thrown, seen, envelope, known }: Finding): Kind | undefined {
  const { status, transport } = seen;
  if (known !== undefined) return known;
  if (transport?.failure === 'aborted') return undefined;
  if (transport?.failure === 'timeout') return 'TIMEOUT';
  if (transport?.failure === 'unsent' || transport?.failure === 'lost') return 'UNREACHABLE';
  if (status !== undefined && (status < 200 || status > 299)) {
    return STATUSES.get(status) ?? (status >= 500 && status <= 599 ? 'INTERNAL_ERROR' : 'UNRECOGNISED');
  }
  if (envelope.shape === 'flat') return 'VALIDATION_ERROR';
  const saysSomething =
    status !== undefined || transport !== undefined || !['none', 'text'].includes(envelope.shape);
  if (saysSomething || peek(thrown, 'name') === 'LakipayError') return 'UNRECOGNISED';
  return seen.url === undefined ? undefined : 'UNREACHABLE';
}
