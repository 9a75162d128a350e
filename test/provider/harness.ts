import { setTimeout as sleep } from 'node:timers/promises';
import { createLakiConnect, type Options } from 'lakiconnect-middleware';
import { CLIENTS, type Client } from '../clients.js';

export const clientNames = CLIENTS.map(({ name }) => name);

export function clientNamed(name: string): Client {
  const client = CLIENTS.find((candidate) => candidate.name === name);
  if (client === undefined) throw new Error(`There is no client ${name}.`);
  return client;
}

/** `call` of a core whose provider lives at `baseUrl`. */
export const callTo = (baseUrl: string, options: Options = {}) =>
  createLakiConnect({ baseUrl, timeoutMs: 5000, ...options }).call;

export type Settled =
  { readonly resolved: unknown; readonly rejected?: undefined } | { readonly rejected: unknown };

export const settled = (promise: Promise<unknown>): Promise<Settled> =>
  promise.then(
    (resolved) => ({ resolved }),
    (rejected: unknown) => ({ rejected }),
  );

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await settled(promise);
  if ('resolved' in outcome) throw new Error('It was expected to reject.', { cause: outcome.resolved });
  return outcome.rejected;
}

/** Whether a promise has settled, once all that is due has been done. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let hasSettled = false;
  void settled(promise).then(() => (hasSettled = true));
  await new Promise(setImmediate);
  return hasSettled;
}

/**
 * Keeps a test running while connections close. Whatever is thrown or rejected in the meantime and
 * handled by nobody, jest counts against the test.
 */
export const aftermath = (): Promise<void> => sleep(20);

/** What a promise settles to, if it does so at all: three seconds are more than any here takes. */
export async function promptly<T>(promise: Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const late = sleep(3000, undefined, { signal: waiting.signal }).then(
    () => Promise.reject(new Error('It was still pending after three seconds.')),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    waiting.abort();
  }
}
