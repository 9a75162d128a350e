import type { Settings } from '../settings.js';
import { attribute, type Attributed } from '../translation/attribution.js';
import { unfrozen } from '../translation/copied.js';
import { isLakiConnectError, type LakiConnectError } from '../translation/error.js';
import type { Occasion } from '../translation/finding.js';
import { networkFailureOf, type NetworkFailure } from '../translation/network-failure.js';
import { observeThrown, type Observation } from '../translation/observe.js';
import { errorOf } from '../translation/recognise.js';
import { withDeadline } from './deadline.js';
import { readUnread } from './read.js';

/** Hears of every failure that was recognised. */
export type Note = (error: LakiConnectError) => void;

const LOST: NetworkFailure = { failure: 'connection-lost', isNeverSent: false, endpoints: [] };

/** An observation with the body that the client left unread, if it can still be had. */
export async function readOut(seen: Observation, spent: boolean, signal: AbortSignal): Promise<Observation> {
  if (seen.unread === undefined) return seen;
  try {
    return { ...seen, body: await readUnread(seen.unread, { spent, signal }) };
  } catch (broken) {
    const failure = networkFailureOf(broken) ?? LOST;
    return { ...seen, broken: broken as Error, networkFailure: { ...failure, isNeverSent: false } };
  }
}

/**
 * Recognises what reached an error handler: at once, unless it is a failed answer of LakiConnect's whose body is
 * still unread. That is fetched first, under the deadline. `merchantId` is the merchant of the route, where the failed
 * request does not say it.
 */
export function settleThrown(
  thrown: unknown,
  merchantId: string | undefined,
  settings: Settings<never>,
  note: Note,
): LakiConnectError | undefined | Promise<LakiConnectError> {
  if (isLakiConnectError(thrown)) return unfrozen(thrown); // there is nothing to look for in it
  const outside = { within: false } as const;
  const attributed = attribute(thrown, observeThrown(thrown, settings.headers), outside, settings);
  if (attributed === undefined) return undefined;
  const { source, seen, by } = attributed;
  if (isLakiConnectError(source)) return unfrozen(source);
  const recognised = (read: Observation): LakiConnectError => {
    const occasion: Occasion = { ...outside, merchantId: read.merchantId ?? merchantId };
    const error = errorOf({ ...attributed, seen: read }, occasion, settings);
    note(error);
    return error;
  };
  if (by !== 'origin' || seen.unread === undefined) return recognised(seen);
  return readInTime(attributed, settings).then(recognised);
}

function readInTime({ seen }: Attributed, { timeoutMs }: Settings<never>): Promise<Observation> {
  return withDeadline<Observation>(
    timeoutMs,
    (signal) => readOut(seen, true, signal),
    () => ({ ...seen, networkFailure: { ...LOST, failure: 'timeout' } }),
  );
}
