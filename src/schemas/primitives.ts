import { z } from 'zod';

const MAX_TIMER = 2 ** 31 - 1;

export const is = <T>(expected: string, test: (value: unknown) => boolean) =>
  z.custom<T>(test, { error: expected });
export const text = (expected: string, grammar: RegExp) =>
  is<string>(expected, (value) => typeof value === 'string' && grammar.test(value));
export const callable = (signature: string) =>
  is(`a function ${signature}`, (value) => typeof value === 'function');
export const oneOf = (...values: readonly string[]) =>
  is(`one of ${values.map((value) => `'${value}'`).join(', ')}`, (value) => values.includes(value as string));
export const bool = is('true or false', (value) => typeof value === 'boolean');
export const whole = (expected: string, from: number, to: number) =>
  is(expected, (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to);
export const milliseconds = (example: number) =>
  whole(`a whole number of milliseconds from 1 to 2147483647, such as ${String(example)}`, 1, MAX_TIMER);
export const life = whole('a whole number of milliseconds from 0 to 2147483647, such as 60000', 0, MAX_TIMER);
export const headerName = text('the name of an HTTP header', /^[\w!#$%&'*+.^`|~-]{1,128}$/);

const isWebAddress = (value: unknown): value is string =>
  typeof value === 'string' && /^https?:\/\/[^\s]+$/.test(value) && URL.canParse(value);

export const webAddress = (expected: string) => is(expected, isWebAddress);

/** One that a path can be put behind: a fragment or a query would swallow it. */
export const baseAddress = (expected: string) =>
  is(expected, (value) => {
    if (!isWebAddress(value) || /[?#]/.test(value)) return false;
    const { username, password } = new URL(value);
    return username === '' && password === '';
  });

export const nonEmpty = (error: string) => z.string({ error }).min(1);
