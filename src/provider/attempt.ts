import type { Settings } from '../settings.js';
import type { Occasion } from '../translation/finding.js';
import { call } from './call.js';
import { exchange } from './exchange.js';
import type { Note } from './failure.js';
import type { ProviderRequest } from './request.js';
import { following } from './signals.js';

interface AttemptOptions {
  readonly signal: AbortSignal | undefined;
  /** Deadline in milliseconds. */
  readonly ms: number;
}

/** Sends a request once. @returns the parsed body of a good answer; everything else is thrown, as by `call`. */
export type Attempt = (
  request: ProviderRequest,
  occasion: Omit<Occasion, 'within'>,
  options: AttemptOptions,
) => Promise<unknown>;

export function createAttempt(settings: Settings<never>, note: Note): Attempt {
  return async (request, occasion, { signal, ms }) => {
    const noteUnlessAborted: Note = (error) => {
      if (signal?.aborted !== true) note(error); // a caller's reason may look like any failure
    };
    const { data } = await call(
      (deadline) => following([deadline.signal, signal], (either) => exchange(request, either, settings)),
      occasion,
      settings,
      noteUnlessAborted,
      ms,
    );
    return data;
  };
}
