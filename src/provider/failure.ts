import type { Settings } from '../settings.js';
import { unfrozen } from '../translation/copied.js';
import { isLakiConnectError, type LakiConnectError } from '../translation/error.js';
import { isOurUrl } from '../translation/evidence.js';
import { observe, type Observation } from '../translation/observe.js';
import { recognise } from '../translation/recognise.js';
import { transportOf } from '../translation/transport.js';
import { withDeadline } from './deadline.js';
import { readUnread } from './read.js';

/** Hears once of every failure that was recognised. */
export type Note = (error: LakiConnectError) => void;

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
 * still unread, that is fetched first, under the deadline. `merchantId` is whom the route was for, where
 * the failed request does not say it.
 */
export async function settleThrown(
  thrown: unknown,
  merchantId: string | undefined,
  settings: Settings<never>,
  note: Note,
): Promise<LakiConnectError | undefined> {
  if (isLakiConnectError(thrown)) return unfrozen(thrown);
  const seen = observe(thrown, settings.headers);
  const read =
    seen.unread !== undefined && isOurUrl(seen.url, settings.origins)
      ? await withDeadline<Observation>(
          settings.timeoutMs,
          (signal) => readOut(seen, true, signal),
          () => ({ ...seen, transport: { failure: 'timeout' } }),
        )
      : seen;
  const occasion = { within: false, merchantId: read.merchantId ?? merchantId };
  const error = recognise(thrown, occasion, settings, read);
  if (error !== undefined) note(error);
  return error;
}
