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

/** Whether Express's and Koa's default handlers can read and write what they do of an error. */
function isPlain(
  error: Error & Partial<Record<'code' | 'status' | 'statusCode' | 'expose', unknown>>,
): boolean {
  const { name, message, stack, code, status, statusCode, expose } = error;
  return (
    Object.isExtensible(error) &&
    typeof String(error) === 'string' &&
    typeof Object.prototype.toString.call(error) === 'string' &&
    [name, message].every((text) => typeof text === 'string') &&
    (stack === undefined || typeof stack === 'string') &&
    [code, expose].every((value) => typeof value !== 'symbol') &&
    ![status, statusCode].some(isInterim) &&
    isWritable(ownerOf(error, 'status')) &&
    isSendable(ownerOf(error, 'headers'))
  );
}

/** The descriptor that a property has, on the object or on what it inherits from. */
function ownerOf(error: object, property: string): PropertyDescriptor | undefined {
  for (
    let owner: object | null = error;
    owner !== null;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, property);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

/** A 1xx is no end of an exchange: its client would wait for another answer. */
function isInterim(status: unknown): boolean {
  return typeof status === 'number' && status >= 100 && status <= 199;
}

function isWritable(property: PropertyDescriptor | undefined): boolean {
  return property === undefined || property.writable === true;
}

function isSendable(property: PropertyDescriptor | undefined): boolean {
  if (property === undefined) return true;
  const headers: unknown = property.value;
  if (property.get !== undefined || (typeof headers !== 'object' && headers !== undefined)) return false;
  for (const name in headers) {
    const value: unknown = (headers as Record<string, unknown>)[name];
    if (/^(?:trailer|transfer-encoding)$/i.test(name)) return false; // not beside a content-length
    validateHeaderName(name);
    validateHeaderValue(name, value as string);
  }
  return true;
}

function shown(thrown: unknown): string {
  if ((typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function') return typeof thrown;
  return clean(`${typeof thrown} ${inspect(thrown)}`, MAX_SHOWN);
}
