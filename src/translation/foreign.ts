import { validateHeaderName, validateHeaderValue } from 'node:http';
import { inspect, types } from 'node:util';
import { clean } from './text.js';

const MAX_SHOWN = 200;
const MAX_LINKS = 100;

/**
 * Another's throwable as a framework can bear it. What is no Error, is frozen, has an accessor for
 * `status`, throws when read, written on or printed, or carries headers that cannot be sent would hang a
 * request or end the process in the framework's own handler: a plain Error goes in its place, and the
 * answer is a 500.
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
  if (types.isNativeError(thrown)) return true;
  if (typeof thrown !== 'object' || thrown === null) return false;
  return (
    chainOf(thrown).includes(Error.prototype) ||
    Object.prototype.toString.call(thrown) === '[object DOMException]'
  );
}

/** Whether Express's and Koa's default handlers can read, write and print what they do of an error. */
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
    (!isTrapped(error) || Reflect.set(error, 'status', status)) &&
    isSendable(ownerOf(error, 'headers')) &&
    isPrintable(error)
  );
}

/** Express 5 prints an error where nobody catches what that throws: an object in it, or a getter that is read for it. */
function isPrintable(
  error: Error & { readonly errors?: unknown; readonly [inspect.custom]?: unknown },
): boolean {
  const isSimple = Object.values(Object.getOwnPropertyDescriptors(error)).every(
    ({ value }) => typeof value !== 'object' && typeof value !== 'function',
  );
  return (
    (isSimple && error.errors === undefined && error[inspect.custom] === undefined) || inspect(error) !== ''
  );
}

/** Whether a Proxy, in an object's place or behind it, decides what may be written. */
function isTrapped(object: object): boolean {
  return chainOf(object).some((owner) => types.isProxy(owner));
}

/** The descriptor that a property has, on the object or on what it inherits from. */
function ownerOf(error: object, property: string): PropertyDescriptor | undefined {
  for (const owner of chainOf(error)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, property);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

/** An object and what it inherits from. @throws RangeError where that has no end, as a Proxy's may have. */
function chainOf(object: object): object[] {
  const chain: object[] = [];
  for (let link: object | null = object; link !== null; link = Object.getPrototypeOf(link) as object | null) {
    if (chain.push(link) > MAX_LINKS) throw new RangeError('too many prototypes');
  }
  return chain;
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
  if (property.get !== undefined || types.isProxy(headers)) return false;
  if (headers === undefined || headers === null) return true;
  if (typeof headers !== 'object') return false;
  for (const name in headers) {
    const value: unknown = ownerOf(headers, name)?.value;
    if (!isFixed(value)) return false;
    if (/^(?:trailer|transfer-encoding)$/i.test(name)) return false; // not beside a content-length
    validateHeaderName(name);
    validateHeaderValue(name, value as string);
  }
  return true;
}

/** A header that is the same at every reading: no object that may give another text, or throw. */
function isFixed(value: unknown): boolean {
  if (typeof value !== 'object') return typeof value !== 'function';
  return Array.isArray(value) && !types.isProxy(value) && value.every((part) => typeof part !== 'object');
}

function shown(thrown: unknown): string {
  if ((typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function') return typeof thrown;
  return clean(`${typeof thrown} ${inspect(thrown)}`, MAX_SHOWN);
}
