import { inspect } from 'node:util';
import type { z } from 'zod';
import { nearest } from './nearest.js';
import { faultOfSecret } from './schemas/secret.js';
import { clean, redactor } from './translation/text.js';

const MAX_NAME = 128;

/**
 * Options as their schema accepts them.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected, or an option that does not
 * exist and the nearest one.
 */
export function judged<T>(schema: z.ZodType, options: T): T {
  const verdict = schema.safeParse(options);
  if (verdict.success) return options;
  // A misspelt name goes first: what it should have set may be missing.
  const issues = verdict.error.issues.map(innermost);
  const issue = issues.find(isUnknownName) ?? (issues[0] as z.core.$ZodIssue);
  if (isUnknownName(issue)) return unknown(issue.path, issue.keys[0] as string, namesAt(schema, issue.path));
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)[key],
    options,
  );
  return wrong(issue.path.join('.'), got, issue.message);
}

function isUnknownName(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys';
}

/** Of a value that may be one of several, what is wrong within it: of the right type it is, but for a part. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat();
  const within = inner.find(isUnknownName) ?? inner.find(({ path }) => path.length > 0);
  return within === undefined ? issue : { ...within, path: [...issue.path, ...within.path] };
}

/** The names that the object at a path may have. */
function namesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [name, ...rest] = path;
  switch (def.type) {
    case 'optional':
      return namesAt(def.innerType, path);
    case 'union':
      return def.options.flatMap((option) => namesAt(option, path));
    case 'record':
      return namesAt(def.valueType, rest);
    case 'object':
      return name === undefined
        ? Object.keys(def.shape)
        : namesAt(def.shape[name as string] as z.core.$ZodType, rest);
    default:
      return [];
  }
}

function unknown(path: readonly PropertyKey[], typed: string, names: readonly string[]): never {
  const at = (name: string): string => `\`${clean([...path, name].join('.'), MAX_NAME)}\``;
  const near = nearest(typed, names);
  const hint =
    near === undefined
      ? `There are ${names.map((name) => `\`${name}\``).join(', ')}.`
      : `Did you mean ${at(near)}?`;
  throw new TypeError(`lakiconnect: there is no option ${at(typed)}. ${hint}`);
}

/** Options that may hold what nobody must see. */
const SECRET = /^(?:apiKey|secret|webhookSecret)(?:\.\d+)?$/;
const CREDENTIALS = /\/\/[^/]*@/;

/** Throws the one kind of error that a wrong option has. What may be a key is never shown. */
export function wrong(path: string, got: unknown, expected: string): never {
  if (path === '') {
    throw new TypeError(`lakiconnect: options must be an object, got ${got === null ? 'null' : typeof got}.`);
  }
  throw new TypeError(`lakiconnect: option \`${path}\` is ${quoted(path, got)}, expected ${expected}.`);
}

function quoted(path: string, got: unknown): string {
  if (SECRET.test(path)) return faultOfSecret(got) ?? 'a text';
  return typeof got === 'string' && CREDENTIALS.test(got) ? 'a URL with credentials' : shown(got);
}

const redact = redactor(undefined);

/** The query of a URL, where keys stand, and the credentials before its host. */
const IN_URL = /(?<=:\/\/)[^/@'"\s]*@|(?<=[\w/])\?[^'"\s]*/g;

/** A value as a message of ours quotes it: on one line, cut short, without what looks like a key. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? redact(value).replace(IN_URL, '[redacted]') : value;
  const quoted = inspect(text, { depth: 0, maxStringLength: 60, breakLength: Infinity });
  return redact(quoted).replace(IN_URL, '[redacted]');
}
