import type { Told } from '../events.js';
import type { Settings } from '../settings.js';
import { isLakiConnectError, unfrozen, type LakiConnectError } from '../translation/error.js';
import { isOurUrl } from '../translation/evidence.js';
import { observe, type Observation } from '../translation/observe.js';
import { recognise } from '../translation/recognise.js';
import { transportOf } from '../translation/transport.js';
import { withDeadline } from './deadline.js';
import { readUnread } from './read.js';

/** An observation with the body that the client left unread, if it can still be had. */
export async function readOut(seen: Observation, spent: boolean, signal: AbortSignal): Promise<Observation> {
  if (seen.unread === undefined) return seen;
  try {
    return { ...seen, body: await readUnread(seen.unread, { spent, signal }) };
  } catch (broken) {
    return { ...seen, broken: broken as Error, transport: transportOf(broken) ?? { failure: 'lost' } };
  }
}

/**
 * Recognises what reached an error handler. If it is a failed answer of LakiConnect's whose body is
 * still unread, that is fetched first, under the deadline.
 */
export async function settleThrown(
  thrown: unknown,
  settings: Settings<never>,
  tell: (told: Told) => void,
): Promise<LakiConnectError | undefined> {
  if (isLakiConnectError(thrown)) return unfrozen(thrown);
  const seen = observe(thrown);
  const read =
    seen.unread !== undefined && isOurUrl(seen.url, settings.origins)
      ? await withDeadline<Observation>(
          settings.timeoutMs,
          (signal) => readOut(seen, true, signal),
          () => ({ ...seen, transport: { failure: 'timeout' } }),
        )
      : seen;
  const error = recognise(thrown, { within: false }, settings, read);
  if (error !== undefined) tellUnmapped(error, settings, tell);
  return error;
}

/** Tells operators of what the documents do not know. */
export function tellUnmapped(
  error: LakiConnectError,
  settings: Settings<never>,
  tell: (told: Told) => void,
): void {
  if (error.kind !== 'UNRECOGNISED' && (error.code === undefined || settings.codes.has(error.code))) return;
  tell({
    type: 'unmapped',
    level: error.kind === 'UNRECOGNISED' ? 'error' : 'warn',
    kind: error.kind,
    code: error.code,
    requestId: error.requestId,
    merchantId: error.merchantId,
    outcome: error.outcome,
    upstreamStatus: error.upstream.status,
    upstreamMessage: error.upstream.message,
  });
}
