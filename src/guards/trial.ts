import type { Tell } from '../events.js';
import { describeThrown } from '../translation/throwables.js';

/** A guard in mode `'report'`. Only a function of the platform's can throw in it, and must not stop a payment. */
export function onTrial<Given extends readonly unknown[]>(
  guard: (...given: Given) => void | Promise<void>,
  tell: Tell,
): typeof guard {
  function tellOwn(thrown: unknown): void {
    const reason = describeThrown(thrown);
    tell({ type: 'undetermined', level: 'error', mode: 'report', passed: true, reason });
  }
  return function reportingGuard(...given) {
    try {
      return guard(...given)?.catch(tellOwn);
    } catch (thrown) {
      tellOwn(thrown);
    }
  };
}
