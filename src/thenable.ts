import { peek } from './translation/plain.js';

/** Whether a value must be waited for, whichever realm its promise is from. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof peek(value, 'then') === 'function';
}
