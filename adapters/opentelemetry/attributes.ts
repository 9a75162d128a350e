import type { Attributes } from '@opentelemetry/api';
import type { LakiConnectEvent } from '../../src/index.js';
import type { Attributed } from './conventions.js';

/** What an event has of some attributes. */
export function attributesOf(event: LakiConnectEvent, attributed: Attributed): Attributes {
  const attributes: Attributes = {};
  for (const [attribute, property] of Object.entries(attributed)) {
    const value = event[property] as string | number | boolean | undefined;
    if (value !== undefined) attributes[attribute] = value;
  }
  return attributes;
}
