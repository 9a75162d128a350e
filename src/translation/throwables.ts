import { inspect } from 'node:util';
import { peek } from './plain.js';
import { clean, cut } from './text.js';

const MAX_SHOWN = 200;
const MAX_TEXT = 4096;

/**
 * What was thrown, for a log: the value of a scalar, the name and the message of what has one, and of all else the
 * type alone. Reads nothing else, and never throws.
 */
export function describeThrown(thrown: unknown): string {
  if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null) {
    return clean(inspect(thrown), MAX_SHOWN);
  }
  const text = [textIn(thrown, 'name'), textIn(thrown, 'message')]
    .filter((part) => part !== undefined)
    .join(': ');
  return text === '' ? typeof thrown : text;
}

function textIn(thrown: object, property: string): string | undefined {
  const text = peek(thrown, property);
  return typeof text === 'string' && text !== '' ? cut(text, MAX_TEXT) : undefined;
}

/**
 * A plain Error in the place of a throwable: its message, its stack and, if that is one of an error, its status,
 * as far as they can be read. Any framework survives it.
 */
export function toPlainError(thrown: unknown): Error {
  const [message, stack] = [peek(thrown, 'message'), peek(thrown, 'stack')];
  const error = new Error(
    typeof message === 'string' ? message : `No Error was thrown, but: ${describeThrown(thrown)}`,
  );
  if (typeof stack === 'string') error.stack = stack;
  const status = [peek(thrown, 'status'), peek(thrown, 'statusCode')].find(isErrorStatus);
  return status === undefined ? error : Object.assign(error, { status, statusCode: status });
}

/** Whether it is the status of an answer that tells of an error, as a number. */
export function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599;
}
