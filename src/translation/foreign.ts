import { validateHeaderName, validateHeaderValue } from 'node:http';
import { inspect, types } from 'node:util';
import { clean } from './text.js';

const MAX_SHOWN = 200;

/**
 * Another's throwable as a framework can bear it. What is no Error, is frozen, has an accessor for
 * `status`, throws when read or carries headers that cannot be sent would hang a request or end the
 * process in the framework's own handler: a plain Error goes in its place, and the answer is a 500.
 */
export function bearable(thrown: unknown): unknown {
  try {
    if (isError(thrown) && isPlain(thrown)) return thrown;
  } catch {
    // It threw when it was read.
  }
  return new Error(`A value that no framework can handle was thrown: ${shown(thrown)}`);
}

function isError(thrown: unknown): thrown is Error {
  return (
    types.isNativeError(thrown) ||
    thrown instanceof Error ||
    Object.prototype.toString.call(thrown) === '[object DOMException]'
  );
}

/** Everything that Express's and Koa's default handlers read or write of an error. */
function isPlain(
  error: Error & { status?: unknown; statusCode?: unknown; headers?: unknown; code?: unknown },
): boolean {
  const { name, message, stack, headers, code } = error;
  return (
    Object.isExtensible(error) &&
    typeof String(error) === 'string' &&
    typeof code !== 'symbol' &&
    ['status', 'statusCode', 'expose', 'headerSent'].every((property) => isWritable(error, property)) &&
    [name, message].every((text) => typeof text === 'string') &&
    (stack === undefined || typeof stack === 'string') &&
    isSendable(headers)
  );
}

function isWritable(error: object, property: string): boolean {
  for (
    let owner: object | null = error;
    owner !== null;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, property);
    if (descriptor !== undefined) return descriptor.writable === true;
  }
  return true;
}

function isSendable(headers: unknown): boolean {
  if (typeof headers !== 'object' || headers === null) return true;
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value as string);
  }
  return true;
}

function shown(thrown: unknown): string {
  if ((typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function') return typeof thrown;
  return clean(`${typeof thrown} ${inspect(thrown)}`, MAX_SHOWN);
}
