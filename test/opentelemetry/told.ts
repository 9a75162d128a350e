import type { LakiConnectEvent } from 'lakiconnect-middleware';
import type { Instrumented } from 'lakiconnect-middleware/opentelemetry';

/** What can be instrumented, and tells what it is told to. */
export function createTeller() {
  const listeners = new Set<(event: LakiConnectEvent) => unknown>();
  const counts = { passed: 0, merchants: 0 };
  const laki: Instrumented = {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    counts: () => ({ ...counts }),
  };
  return {
    laki,
    counts,
    listeners,
    tell(event: object) {
      for (const listener of listeners) listener(event as LakiConnectEvent);
    },
  };
}
