import type { LakiConnectEvent } from './events.js';

const MAX_LINE = 1024;

/** What identifies a failure stands first. */
const FIRST = ['outcome', 'requestId', 'merchantId'];

/** Names in a line that are not those of the event in snake case. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['merchantId', 'merchant'],
  ['merchantIds', 'merchants'],
]);

/** What a log line may hold as it is; anything else is quoted. */
const BARE = /^[\w.:@/+-]+$/;

/** Writes one line to the console for each event of level `warn` or `error`: what happens unless `onEvent` is set. */
export function reportToConsole(event: LakiConnectEvent): void {
  if (event.level !== 'info') console[event.level](lineOf(event));
}

/** An event as one line of `key=value` pairs, without control characters, of at most 1,024 characters. */
function lineOf(event: LakiConnectEvent): string {
  const { headline, properties } = partsOf(event);
  const ordered = { ...pick(properties, FIRST), ...properties };
  const pairs = Object.entries(ordered).map(([name, value]) => `${nameOf(name)}=${textOf(value)}`);
  const line = ['lakiconnect', event.level, headline, ...pairs].join(' ');
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1)}…`.toWellFormed();
}

/** Who read a reply, and what follows from its kind, is left out of a line. */
function partsOf(event: LakiConnectEvent): { headline: string; properties: object } {
  if (event.type !== 'translated') {
    const { type, level, ...properties } = event;
    return { headline: type, properties };
  }
  const {
    type,
    level,
    kind,
    status,
    code,
    audience,
    locale,
    fault,
    retryable,
    origin,
    action,
    ...properties
  } = event;
  return { headline: `${kind} → ${String(status)} ${code}`, properties };
}

function pick(properties: object, names: readonly string[]): object {
  return Object.fromEntries(
    names.flatMap((name) =>
      Object.hasOwn(properties, name) ? [[name, properties[name as keyof typeof properties]]] : [],
    ),
  );
}

function nameOf(property: string): string {
  return NAMES.get(property) ?? property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function textOf(value: unknown): string {
  const text = String(value); // of an array, its parts between commas
  return BARE.test(text) ? text : JSON.stringify(text);
}
