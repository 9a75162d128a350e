import timers from 'node:timers';
import {
  createLakiConnect,
  type LakiConnectEvent,
  type Options,
  type TextOverride,
} from 'lakiconnect-middleware';
import type { Met, Undetermined, Unmet } from '../../src/guards/verdict.js';

/** A request, as far as the platform's functions read it here. */
export interface Asked {
  readonly id?: unknown;
  readonly seller?: boolean;
}

export const APPROVED = 'approved';
export const FREE = { fee_model: 'FREE' };

/** A clock that goes only where it is told. */
export function clockAt(at: number) {
  return {
    now: () => at,
    pass: (ms: number) => {
      at += ms;
    },
  };
}

/** A core whose lookups say yes unless `options` say otherwise, its clock, and what it tells. */
export function start(options: Options<Asked> = {}) {
  const events: LakiConnectEvent[] = [];
  const clock = clockAt(1_000_000);
  const { lookups, ...others } = options;
  const laki = createLakiConnect<Asked>({
    lookups: { kycStatus: () => APPROVED, feeConfig: () => FREE, ...lookups },
    merchantId: ({ id }) => id as string,
    now: clock.now,
    onEvent: (event) => events.push(event),
    ...others,
  });
  return { laki, events, clock };
}

/** A promise, and the functions that settle it. */
export function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

/** The timers that are set from here on and still run; `restore` ends the watch. */
export function watchTimers() {
  const running = new Set<unknown>();
  const { setTimeout: set, clearTimeout: clear } = timers;
  timers.setTimeout = ((ring: () => void, ms: number) => {
    const timer = set(() => {
      running.delete(timer);
      ring();
    }, ms);
    running.add(timer);
    return timer;
  }) as typeof set;
  timers.clearTimeout = (timer) => {
    running.delete(timer);
    clear(timer);
  };
  return {
    running,
    restore: () => {
      Object.assign(timers, { setTimeout: set, clearTimeout: clear });
    },
  };
}

/** Everything that can happen without a timer has happened. */
export const idle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export const met = (facts: unknown = APPROVED): Met => ({ is: 'met', facts });
export const unmet = (reason?: string): Unmet => ({
  is: 'unmet',
  refusal: { kind: 'KYC_NOT_APPROVED' },
  reason,
});
export const undetermined: Undetermined = { is: 'undetermined', level: 'error', reason: 'it is down' };

/** Texts of one code for both readers, in both languages of the library. */
export const spoken = (code: string, text: (tag: string, reader: string) => TextOverride = worded) =>
  Object.fromEntries(
    ['en', 'am'].map((tag) => [
      tag,
      { [code]: { merchant: text(tag, 'merchant'), customer: text(tag, 'customer') } },
    ]),
  );

const worded = (tag: string, reader: string): TextOverride => ({
  title: `${tag} title to the ${reader}`,
  detail: `${tag} detail to the ${reader}`,
});
