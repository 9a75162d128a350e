import type { LakiConnectEvent } from 'lakiconnect-middleware';

type Type = LakiConnectEvent['type'];
type EventOf<T extends Type> = Extract<LakiConnectEvent, { type: T }>;

/** The names of the properties that a type of event has beside `type` and `level`; the optional ones end with `?`. */
type Shape<Event> = {
  readonly [
    Name in Exclude<keyof Event, 'type' | 'level'> & string as object extends Pick<Event, Name>
      ? `${Name}?`
      : Name
  ]: 0;
};

/** The union as a table: a property that is missing or too many does not compile. */
const SHAPES: { readonly [T in Type]: Shape<EventOf<T>> } = {
  translated: {
    ...{ kind: 0, code: 0, status: 0, audience: 0, locale: 0, fault: 0, outcome: 0, retryable: 0, origin: 0 },
    ...{ 'action?': 0, 'merchantId?': 0, 'requestId?': 0, 'upstreamStatus?': 0, 'upstreamCode?': 0 },
    ...{ 'upstreamMessage?': 0, 'unmappedFields?': 0, 'readerError?': 0 },
  },
  unmapped: {
    ...{ kind: 0, outcome: 0, 'code?': 0, 'reason?': 0, 'merchantId?': 0, 'requestId?': 0 },
    ...{ 'upstreamStatus?': 0, 'upstreamMessage?': 0 },
  },
  refused: { kind: 0, mode: 0, passed: 0, 'merchantId?': 0, 'requirement?': 0, 'reason?': 0 },
  undetermined: { mode: 0, passed: 0, reason: 0, 'kind?': 0, 'merchantId?': 0, 'requirement?': 0 },
  lookup: {
    ...{ merchantId: 0, requirement: 0, verdict: 0, durationMs: 0 },
    ...{ 'kind?': 0, 'reason?': 0, 'stale?': 0, 'shared?': 0 },
  },
  disagreement: { kind: 0, merchantId: 0, requirement: 0, 'requestId?': 0 },
  invalidated: { merchantId: 0, cause: 0, 'kind?': 0, 'requestId?': 0, 'shared?': 0 },
  webhook: { status: 0, 'event?': 0, 'merchantIds?': 0, 'reason?': 0 },
  retry: { kind: 0, outcome: 0, attempt: 0, delayMs: 0, 'merchantId?': 0, 'requestId?': 0 },
  cooldown: { kind: 0, retryAfterMs: 0, 'requestId?': 0, 'shared?': 0 },
  'store-failed': { operation: 0, reason: 0, failures: 0 },
  replaced: { reason: 0 },
  late: { kind: 0, outcome: 0, 'merchantId?': 0, 'requestId?': 0 },
  misconfigured: { option: 0, reason: 0 },
};

export const TYPES = Object.keys(SHAPES) as Type[];

/** What a type of event has beside `type` and `level`, as docs/configuration.md writes it. */
export function propertiesOf(type: Type): string[] {
  return Object.keys(SHAPES[type]);
}

/** In what an event is not what the union says of its type. */
export function faultsOf(event: object): string[] {
  const { type, level, ...rest } = event as Record<string, unknown>;
  if (!TYPES.includes(type as Type)) return [`type is ${String(type)}`];
  const properties = propertiesOf(type as Type);
  const faults = ['info', 'warn', 'error'].includes(level as string) ? [] : [`level is ${String(level)}`];
  for (const [name, value] of Object.entries(rest)) {
    if (!properties.includes(name) && !properties.includes(`${name}?`)) faults.push(`${name} is too many`);
    const isFlat = ['string', 'number', 'boolean'].includes(typeof value);
    const isList = Array.isArray(value) && value.every((part) => typeof part === 'string');
    if (!isFlat && !isList) faults.push(`${name} is no scalar and no array of texts`);
  }
  for (const name of properties)
    if (!name.endsWith('?') && !(name in rest)) faults.push(`${name} is missing`);
  return faults.map((fault) => `${String(type)}: ${fault}`);
}
