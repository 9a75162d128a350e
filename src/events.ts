import { channel } from 'node:diagnostics_channel';
import { isThenable } from './thenable.js';
import { clean, cut } from './translation/text.js';
import type { Outcome } from './translation/error.js';
import type { Action, Audience, ErrorKind, Fault, Level } from './translation/rules.js';

/** The `node:diagnostics_channel` on which every event is published. */
export const CHANNEL = 'lakiconnect-middleware';

/** What every event has. Types, not interfaces: only these can be assigned to a record of a logger's. */
type Base<Type extends string> = {
  readonly type: Type;
  readonly level: Level;
};

/** An error of LakiConnect's was answered. Told once per reply, also where `forward` hands it on. */
export type TranslatedEvent = Base<'translated'> & {
  readonly kind: ErrorKind;
  /** The public code. */
  readonly code: string;
  /** The reply's HTTP status. */
  readonly status: number;
  readonly audience: Audience;
  readonly locale: string;
  readonly fault: Fault;
  readonly outcome: Outcome;
  readonly retryable: boolean;
  readonly origin: 'upstream' | 'guard';
  /** What the reader's program is told to do next. */
  readonly action?: Action;
  readonly merchantId?: string;
  readonly requestId?: string;
  readonly upstreamStatus?: number;
  readonly upstreamCode?: string;
  readonly upstreamMessage?: string;
  /** Refused fields that the option `fields` does not name. */
  readonly unmappedFields?: readonly string[];
  /** What a function of the platform's, such as `audience` or `format`, threw. */
  readonly readerError?: string;
};

/** A failure that LakiConnect's documents do not know. */
export type UnmappedEvent = Base<'unmapped'> & {
  readonly kind: ErrorKind;
  /** The provider's code. */
  readonly code?: string;
  /** What was thrown inside `call` and is no HTTP client's error: its name and message, redacted. */
  readonly reason?: string;
  readonly outcome: Outcome;
  readonly merchantId?: string;
  readonly requestId?: string;
  readonly upstreamStatus?: number;
  readonly upstreamMessage?: string;
};

/** A guard or `check` refused a request, or would have in `mode: 'report'`. */
export type RefusedEvent = Base<'refused'> & {
  readonly kind: ErrorKind;
  readonly mode: 'enforce' | 'report';
  /** Whether the request went on all the same. */
  readonly passed: boolean;
  readonly merchantId?: string;
  readonly requirement?: string;
  readonly reason?: string;
};

/** A guard or `check` could learn nothing, or a function of the platform's failed in `mode: 'report'`. */
export type UndeterminedEvent = Base<'undetermined'> & {
  readonly kind?: ErrorKind;
  readonly mode: 'enforce' | 'report';
  /** Whether the request went on all the same. */
  readonly passed: boolean;
  readonly reason: string;
  readonly merchantId?: string;
  readonly requirement?: string;
};

/** LakiConnect refused what a guard had let pass. */
export type DisagreementEvent = Base<'disagreement'> & {
  readonly kind: ErrorKind;
  readonly merchantId: string;
  readonly requirement: string;
  readonly requestId?: string;
};

/** A lookup of a guard's has ended. */
export type LookupEvent = Base<'lookup'> & {
  readonly merchantId: string;
  readonly requirement: string;
  readonly verdict: 'met' | 'unmet' | 'undetermined';
  /** In milliseconds. */
  readonly durationMs: number;
  readonly kind?: ErrorKind;
  readonly reason?: string;
  /** A "yes" that has expired is believed in its place. */
  readonly stale?: true;
  /** It was another process's. */
  readonly shared?: true;
};

/** `client` is about to wait, and to send a request again. */
export type RetryEvent = Base<'retry'> & {
  readonly kind: ErrorKind;
  /** Of the attempt that failed. */
  readonly outcome: Outcome;
  /** Which attempt comes next: 2 is the first retry. */
  readonly attempt: number;
  /** How long is waited before it, in milliseconds. */
  readonly delayMs: number;
  readonly merchantId?: string;
  readonly requestId?: string;
};

/** LakiConnect asks to be left alone: nothing is sent for a while. */
export type CooldownEvent = Base<'cooldown'> & {
  readonly kind: 'RATE_LIMITED';
  /** How long, in milliseconds. */
  readonly retryAfterMs: number;
  readonly requestId?: string;
  /** It was another process that was told. */
  readonly shared?: true;
};

/** A webhook was answered. */
export type WebhookReceivedEvent = Base<'webhook'> & {
  /** The reply's HTTP status. */
  readonly status: number;
  /** Its own name for itself: its `event` or `type`. */
  readonly event?: string;
  readonly merchantIds?: readonly string[];
  readonly reason?: string;
};

/** What guards know of a merchant was forgotten. */
export type InvalidatedEvent = Base<'invalidated'> & {
  readonly merchantId: string;
  /** A webhook, `laki.invalidate`, or a refusal by LakiConnect. */
  readonly cause: 'webhook' | 'call' | 'error';
  readonly kind?: ErrorKind;
  readonly requestId?: string;
  /** Whether every process was told. */
  readonly shared?: boolean;
};

/** The option `store` failed, or gave what is none of ours; told once in 10 seconds. */
export type StoreFailedEvent = Base<'store-failed'> & {
  readonly operation: string;
  readonly reason: string;
  /** How often it failed since the last such event. */
  readonly failures: number;
};

/** A throwable that the framework would not have survived was replaced by a plain Error. */
export type ReplacedEvent = Base<'replaced'> & {
  readonly reason: string;
};

/** An error came after its request had been answered, or its answer had begun: nothing more was written. */
export type LateEvent = Base<'late'> & {
  readonly kind: ErrorKind;
  readonly outcome: Outcome;
  readonly merchantId?: string;
  readonly requestId?: string;
};

/**
 * An option is allowed, but hardly meant so: told once, when the library is set up. Or its function threw, or gave what
 * it may not, such as a promise: told whenever something else stood in for its value.
 */
export type MisconfiguredEvent = Base<'misconfigured'> & {
  /** Its path, such as `timeoutMs` or `format`. */
  readonly option: string;
  readonly reason: string;
};

/**
 * Something worth a log line: a flat record of scalars and arrays of strings, on one line when printed, without
 * secrets. `type` tells which properties there are; see docs/configuration.md.
 */
export type LakiConnectEvent =
  | TranslatedEvent
  | UnmappedEvent
  | RefusedEvent
  | UndeterminedEvent
  | DisagreementEvent
  | LookupEvent
  | RetryEvent
  | CooldownEvent
  | WebhookReceivedEvent
  | InvalidatedEvent
  | StoreFailedEvent
  | ReplacedEvent
  | LateEvent
  | MisconfiguredEvent;

/** Its optional properties may be `undefined`, too. */
type Loose<Event> = {
  [Property in keyof Event]: Event[Property] | (object extends Pick<Event, Property> ? undefined : never);
};

/** An event as a step of ours tells it: what does not apply may be left `undefined`. */
export type Told = { [Event in LakiConnectEvent as Event['type']]: Loose<Event> }[LakiConnectEvent['type']];

export type Tell = (told: Told) => void;

export type Listener = (event: LakiConnectEvent) => unknown;

/** What a property of an event can be. */
type Value = string | number | boolean | readonly string[];

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
  const event: Record<string, Value> = {};
  for (const [name, value] of Object.entries(told) as [string, Value | undefined][]) {
    if (value === undefined) continue;
    if (typeof value === 'string') {
      // Before it is cut short: half a key would escape.
      const text = QUOTING.has(name) ? redact(cut(value, MAX_STRING * 8)) : value;
      event[name] = clean(text, MAX_STRING);
    } else event[name] = typeof value === 'object' ? value.map((item) => clean(item, MAX_STRING)) : value;
  }
  return event as unknown as LakiConnectEvent;
}
