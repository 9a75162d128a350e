import { channel } from 'node:diagnostics_channel';
import { isThenable } from './at-once.js';
import { clean, cut } from './translation/text.js';
import type { Level } from './translation/rules.js';

/** The `node:diagnostics_channel` on which every event is published. */
export const CHANNEL = 'lakiconnect-middleware';

/**
 * Something worth a log line: a flat record of scalars and arrays of strings, on one line when
 * printed, without secrets. `type` tells which properties there are; see docs/configuration.md.
 */
export interface LakiConnectEvent {
  readonly type:
    | 'translated'
    | 'unmapped'
    | 'refused'
    | 'undetermined'
    | 'disagreement'
    | 'lookup'
    | 'retry'
    | 'cooldown'
    | 'webhook'
    | 'invalidated'
    | 'store-failed';
  readonly level: Level;
  readonly [property: string]: string | number | boolean | readonly string[];
}

/** An event as a step of ours tells it: what does not apply may be left `undefined`. */
export type Told = { readonly type: LakiConnectEvent['type']; readonly level: Level } & {
  readonly [property: string]: string | number | boolean | readonly string[] | undefined;
};

export type Tell = (told: Told) => void;

export type Listener = (event: LakiConnectEvent) => unknown;

const MAX_STRING = 512;

/** What somebody threw, in their own words: they may quote a key. */
const QUOTING: ReadonlySet<string> = new Set(['reason', 'readerError']);

/**
 * Tells all listeners and the diagnostics channel; what a listener throws is its own affair. `redact` takes keys out
 * of what others said.
 */
export function teller(listeners: ReadonlySet<Listener>, redact: (text: string) => string): Tell {
  const subscribers = channel(CHANNEL);
  return (told) => {
    if (listeners.size === 0 && !subscribers.hasSubscribers) return;
    const event = flat(told, redact);
    for (const listener of listeners) inform(listener, event);
    subscribers.publish(event);
  };
}

function inform(listener: Listener, event: LakiConnectEvent): void {
  try {
    const returned = listener(event);
    if (isThenable(returned)) Promise.resolve(returned).catch(ignore);
  } catch {
    // A broken logger must not turn an error reply into another error.
  }
}

function ignore(): void {}

function flat(told: Told, redact: (text: string) => string): LakiConnectEvent {
  const event: Record<string, LakiConnectEvent[string]> = {};
  for (const [name, value] of Object.entries(told)) {
    if (value === undefined) continue;
    if (typeof value === 'string') {
      // Before it is cut short: half a key would escape.
      const text = QUOTING.has(name) ? redact(cut(value, MAX_STRING * 8)) : value;
      event[name] = clean(text, MAX_STRING);
    } else event[name] = typeof value === 'object' ? value.map((item) => clean(item, MAX_STRING)) : value;
  }
  return event as unknown as LakiConnectEvent;
}
