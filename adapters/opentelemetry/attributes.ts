import type { Attributes } from '@opentelemetry/api';
import type { LakiConnectEvent } from '../../src/index.js';
import type { Attributed } from './conventions.js';

/** A property of an event, by a name that not every type of event has. */
export function valueIn(event: LakiConnectEvent, property: string): unknown {
  return (event as unknown as Readonly<Record<string, unknown>>)[property];
}

/** What an event has of some attributes. */
export function attributesOf(event: LakiConnectEvent, attributed: Attributed): Attributes {
  const attributes: Attributes = {};
  for (const [attribute, property] of Object.entries(attributed)) {
    const value = valueIn(event, property) as string | number | boolean | undefined;
    if (value !== undefined) attributes[attribute] = value;
  }
  return attributes;
}
