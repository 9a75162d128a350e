import { inspect } from 'node:util';
import type { z } from 'zod';
import { am } from './messages/am.js';
import { en } from './messages/en.js';
import type { Locale, Text } from './messages/locale.js';
import type { MessageOverrides, Options, RuleOverride, TextOverride } from './options.js';
import { options as schema } from './schemas/options.js';
import { CODES } from './translation/codes.js';
import { renderersFor, type Renderer } from './translation/render.js';
import { KINDS, RULES, type Audience, type Kind, type Rule } from './translation/rules.js';
import { redactor } from './translation/text.js';

const BASE_URL = 'https://api.lakipay.co/api/v2';
const AUDIENCES: readonly Audience[] = ['merchant', 'customer'];

export type Texts = ReadonlyMap<string, Readonly<Record<Audience, Text>>>;

/** Options once judged, completed and brought into the form in which each step reads them. */
export interface Settings<Req> {
  readonly audience: Audience | ((request: Req) => Audience);
  readonly locale: ((request: Req) => string | undefined) | undefined;
  readonly baseUrl: string;
  /** Origins whose failures are LakiConnect's. */
  readonly origins: ReadonlySet<string>;
  readonly rules: Readonly<Record<Kind, Rule>>;
  readonly codes: ReadonlyMap<string, Kind>;
  readonly field: ((field: string) => string | undefined) | undefined;
  /** By language tag, the default first. */
  readonly texts: ReadonlyMap<string, Texts>;
  /** By media type, the preferred first. */
  readonly renderers: ReadonlyMap<string, Renderer>;
  readonly problemTypeBase: string;
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly onEvent: Options['onEvent'];
  readonly redact: (text: string) => string;
}

/** @throws TypeError naming the path of a wrong option, what was got and what is expected. */
export function settle<Req>(options: Options<Req>): Settings<Req> {
  judged(schema, options);
  const baseUrl = options.baseUrl ?? BASE_URL;
  const rules = settleRules(options.rules);
  const { fields } = options;
  return {
    audience: options.audience ?? 'customer',
    locale: options.locale,
    baseUrl,
    origins: new Set([baseUrl, ...(options.origins ?? [])].map((url) => new URL(url).origin)),
    rules,
    codes: new Map([...CODES, ...Object.entries(options.aliases ?? {})]),
    field: typeof fields === 'object' ? lookup(fields) : fields,
    texts: settleTexts(options, rules),
    renderers: renderersFor(options.format ?? 'problem', options.html),
    problemTypeBase: options.problemTypeBase ?? 'urn:problem-type:lakiconnect:',
    timeoutMs: options.timeoutMs ?? 15_000,
    now: options.now ?? Date.now,
    onEvent: options.onEvent,
    redact: redactor(options.apiKey),
  };
}

function lookup(fields: Readonly<Record<string, string>>): (field: string) => string | undefined {
  const names = new Map(Object.entries(fields));
  return (field) => names.get(field);
}

function settleRules(overrides: Options['rules'] = {}): Readonly<Record<Kind, Rule>> {
  return Object.fromEntries(KINDS.map((kind) => [kind, settleRule(RULES[kind], overrides[kind])])) as Record<
    Kind,
    Rule
  >;
}

function settleRule(standard: Rule, { customer, ...override }: RuleOverride = {}): Rule {
  const rule: Rule = { ...standard, ...(defined(override) as Partial<Rule>) };
  const masks = standard.customer !== undefined || customer !== undefined;
  return {
    ...rule,
    ...(override.status === undefined ? {} : { keeps: [] }),
    ...(masks ? { customer: { ...maskOf(standard.customer ?? rule), ...defined(customer ?? {}) } } : {}),
  } as Rule;
}

function maskOf({ status, code }: Pick<Rule, 'status' | 'code'>): Pick<Rule, 'status' | 'code'> {
  return { status, code };
}

function settleTexts(
  options: Options<never>,
  rules: Readonly<Record<Kind, Rule>>,
): ReadonlyMap<string, Texts> {
  const locales = options.locales ?? [en, am];
  const tags = locales.map(({ tag }) => tag);
  const standard = options.defaultLocale ?? (tags.includes('en') ? 'en' : tags[0]);
  if (!tags.includes(standard as string)) {
    wrong('defaultLocale', standard, `one of the offered locales: ${tags.join(', ')}`);
  }
  const messages = options.messages ?? {};
  for (const tag of Object.keys(messages)) {
    if (!tags.includes(tag)) {
      wrong(`messages.${tag}`, messages[tag], `texts of an offered locale: ${tags.join(', ')}`);
    }
  }
  const first = [...locales].sort((a, b) => Number(b.tag === standard) - Number(a.tag === standard));
  return new Map(first.map((locale) => [locale.tag, textsOf(locale, messages[locale.tag] ?? {}, rules)]));
}

function textsOf(
  locale: Locale,
  overrides: MessageOverrides[string],
  rules: Readonly<Record<Kind, Rule>>,
): Texts {
  const told = new Set(Object.values(rules).flatMap((rule) => [rule.code, (rule.customer ?? rule).code]));
  const texts = new Map<string, Record<Audience, Text>>(Object.entries(locale.texts));
  for (const [code, byAudience] of Object.entries(overrides)) {
    const path = `messages.${locale.tag}.${code}`;
    if (!texts.has(code) && !told.has(code)) {
      wrong(path, byAudience, `a public code: ${[...new Set([...texts.keys(), ...told])].join(', ')}`);
    }
    const merged = AUDIENCES.map((audience) => {
      const text = { ...texts.get(code)?.[audience], ...partial(byAudience[audience]) };
      return [audience, text] as const;
    });
    texts.set(code, Object.fromEntries(merged) as Record<Audience, Text>);
  }
  for (const code of [...told, 'OUTCOME_UNKNOWN']) {
    for (const audience of AUDIENCES) {
      const text: Partial<Text> = texts.get(code)?.[audience] ?? {};
      if (text.title === undefined || text.detail === undefined) {
        wrong(`messages.${locale.tag}.${code}.${audience}`, text, 'a text with both title and detail');
      }
    }
  }
  return texts;
}

function partial(override: TextOverride | undefined): Partial<Text> {
  return typeof override === 'string' ? { detail: override } : (override ?? {});
}

function defined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

/**
 * Options as their schema accepts them.
 *
 * @throws TypeError naming the path of a wrong option, what was got and what is expected.
 */
export function judged<T>(schema: z.ZodType, options: T): T {
  const verdict = schema.safeParse(options);
  if (verdict.success) return options;
  const [issue] = verdict.error.issues as [z.core.$ZodIssue];
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0]].join('.');
    throw new TypeError(
      `lakiconnect: there is no option \`${path}\`. Compare its spelling with docs/configuration.md.`,
    );
  }
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)[key],
    options,
  );
  return wrong(issue.path.join('.'), got, issue.message);
}

function wrong(path: string, got: unknown, expected: string): never {
  const shown =
    path === 'apiKey' ? typeof got : inspect(got, { depth: 0, maxStringLength: 60, breakLength: Infinity });
  throw new TypeError(
    path === ''
      ? `lakiconnect: options must be an object, got ${shown}.`
      : `lakiconnect: option \`${path}\` is ${shown}, expected ${expected}.`,
  );
}
