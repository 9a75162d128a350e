import { peek } from './translation/plain.js';

/** Whether a value must be waited for, whichever realm its promise is from. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof peek(value, 'then') === 'function';
}

/**
 * What an option's function gave.
 *
 * @throws TypeError if it is a promise: a reply does not wait for one.
 */
export function atOnce<T>(option: string, given: T): T {
  if (!isThenable(given)) return given;
  Promise.resolve(given).catch(() => undefined);
  throw new TypeError(`lakiconnect: option \`${option}\` gave a promise, expected its value at once.`);
}

/** A function of an option, whose value is needed at once; any other value as it is. See {@link atOnce}. */
export function answeringAtOnce<T>(option: string, given: T): T {
  if (typeof given !== 'function') return given;
  const call = given as (...parameters: unknown[]) => unknown;
  return ((...parameters: unknown[]) => atOnce(option, call(...parameters))) as T;
}
