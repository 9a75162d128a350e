import { types } from 'node:util';
import { z } from 'zod';
import { mostLikely } from '../nearest.js';
import { BASE_URL } from '../provider/api.js';
import { faultOfSecret } from './secret.js';

const MAX_TIMER = 2 ** 31 - 1;

/** `expected` may depend on what was got. */
export const is = <T>(expected: string | ((got: unknown) => string), test: (value: unknown) => boolean) =>
  z.custom<T>(test, { error: typeof expected === 'string' ? expected : ({ input }) => expected(input) });
export const text = (expected: string, grammar: RegExp) =>
  is<string>(expected, (value) => typeof value === 'string' && grammar.test(value));
export const callable = (signature: string) =>
  is(`a function ${signature}`, (value) => typeof value === 'function');
/** A function whose value is needed at once; what hides that it is async is found when it returns. */
export const isImmediate = (value: unknown): boolean =>
  typeof value === 'function' && !types.isAsyncFunction(value) && !types.isGeneratorFunction(value);
export const atOnce =
  (expected: string) =>
  (got: unknown): string =>
    typeof got === 'function' ? `${expected}; no async function, as nothing waits for it` : expected;
export const immediate = (signature: string) => is(atOnce(`a function ${signature}`), isImmediate);
export const oneOf = (...values: readonly string[]) =>
  is(
    (got) => `one of ${values.map((value) => `'${value}'`).join(', ')}${mostLikely(got, values)}`,
    (value) => values.includes(value as string),
  );
export const bool = is('true or false', (value) => typeof value === 'boolean');
export const whole = (expected: string, from: number, to: number) =>
  is(expected, (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to);
export const milliseconds = (example: number) =>
  whole(`a whole number of milliseconds from 1 to 2147483647, such as ${String(example)}`, 1, MAX_TIMER);
export const life = whole('a whole number of milliseconds from 0 to 2147483647, such as 60000', 0, MAX_TIMER);
/** Headers of the client's own, and those of the connection, which no request may set. */
const RESERVED =
  /^(?:accept|accept-encoding|connection|content-(?:encoding|length|type)|cookie|expect|host|keep-alive|proxy-.*|set-cookie|te|trailer|transfer-encoding|upgrade)$/i;

export const headerName = is<string>(
  'the name of an HTTP header, and none that the client sets by itself',
  (value) => typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]{1,128}$/.test(value) && !RESERVED.test(value),
);

const isWebAddress = (value: unknown): value is string =>
  typeof value === 'string' && /^https?:\/\/[^\s]+$/.test(value) && URL.canParse(value);

/** What should have stood in the place of an origin. */
function expectedOrigin(value: unknown): string {
  const origin = isWebAddress(value) ? new URL(value).origin : 'https://sandbox.api.lakipay.co';
  return `an origin such as '${origin}', without a path, a query, a fragment or credentials`;
}

/** A scheme, a host and perhaps a port: nothing else is compared. */
export const origin = is<string>(
  expectedOrigin,
  (value) => isWebAddress(value) && /^https?:\/\/[^/?#@\\]+\/?$/.test(value),
);

/** This machine: what is sent to it crosses no network. */
const LOOPBACK = /^(?:127(?:\.\d+){3}|\[::1\]|(?:.+\.)?localhost)$/;

/** Hosts of LakiPay's own, where the API is not at the root. */
const PROVIDER = /^(?:.+\.)?lakipay\.co$/;

/** What a base URL should have been instead; `undefined` if nothing is wrong with it. */
function expectedBaseUrl(value: unknown): string | undefined {
  const { protocol, hostname, pathname, username, password } = isWebAddress(value) ? new URL(value) : NO_URL;
  // A path is put behind it: a fragment or a query would swallow it.
  if (protocol === '' || /[?#]/.test(value as string) || username !== '' || password !== '') {
    return `an http(s) URL such as '${BASE_URL}', without a query, a fragment or credentials`;
  }
  if (protocol === 'http:' && !LOOPBACK.test(hostname)) {
    return `https: with http, everybody on the way could read the API key. Only this machine may be called with it, as in 'http://127.0.0.1:3000/api/v2'`;
  }
  return PROVIDER.test(hostname) && pathname === '/'
    ? `the path of LakiConnect's API, too, as in '${BASE_URL}'`
    : undefined;
}

const NO_URL = { protocol: '', hostname: '', pathname: '', username: '', password: '' };

/** Where requests are sent, with the API key. */
export const baseAddress = is<string>(
  (got) => expectedBaseUrl(got) as string,
  (value) => expectedBaseUrl(value) === undefined,
);

/** A secret, as an environment gives it. */
export const secretText = (expected: string, grammar: RegExp) =>
  is<string>(expected, (value) => faultOfSecret(value) === undefined && grammar.test(value as string));

export const nonEmpty = (error: string) => z.string({ error }).min(1);
