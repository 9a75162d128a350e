import { inspect } from 'node:util';
import type { z } from 'zod';

/**
 * Options as their schema accepts them. `page` describes them.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected.
 */
export function judged<T>(schema: z.ZodType, options: T, page = 'docs/configuration.md'): T {
  const verdict = schema.safeParse(options);
  if (verdict.success) return options;
  const issue = innermost((verdict.error.issues as [z.core.$ZodIssue])[0]);
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0]].join('.');
    throw new TypeError(`lakiconnect: there is no option \`${path}\`. Compare its spelling with ${page}.`);
  }
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)[key],
    options,
  );
  return wrong(issue.path.join('.'), got, issue.message);
}

/** Of a value that may be one of several, what is wrong within it: of the right type it is, but for a part. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const within = issue.errors.map(([first]) => first as z.core.$ZodIssue).find(({ path }) => path.length > 0);
  return within === undefined ? issue : { ...within, path: [...issue.path, ...within.path] };
}

/** Options that may hold what nobody must see. */
const SECRET: ReadonlySet<string> = new Set(['apiKey', 'secret']);
const CREDENTIALS = /\/\/[^/]*@/;

/** Throws the one kind of error that a wrong option has. What may be a key is never shown. */
export function wrong(path: string, got: unknown, expected: string): never {
  if (path === '') {
    throw new TypeError(`lakiconnect: options must be an object, got ${got === null ? 'null' : typeof got}.`);
  }
  const isSecret = SECRET.has(path) || (typeof got === 'string' && CREDENTIALS.test(got));
  throw new TypeError(
    `lakiconnect: option \`${path}\` is ${isSecret ? typeof got : shown(got)}, expected ${expected}.`,
  );
}

/** A value as a message of ours quotes it: on one line, cut short. */
export function shown(value: unknown): string {
  return inspect(value, { depth: 0, maxStringLength: 60, breakLength: Infinity });
}
