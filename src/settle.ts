import { judged } from './judge.js';
import { settleTexts } from './messages/texts.js';
import type { Options, RuleOverride } from './options.js';
import { options as schema } from './schemas/options.js';
import type { Settings } from './settings.js';
import { CODES } from './translation/codes.js';
import { renderersFor } from './translation/render.js';
import { KINDS, RULES, type Kind, type Rule } from './translation/rules.js';
import { redactor } from './translation/text.js';

export const BASE_URL = 'https://api.lakipay.co/api/v2';

/** @throws TypeError naming the path of a wrong option, what was got and what is expected. */
export function settle<Req>(options: Options<Req>): Settings<Req> {
  judged(schema, options);
  const baseUrl = options.baseUrl ?? BASE_URL;
  const rules = settleRules(options.rules);
  const { fields } = options;
  return {
    audience: options.audience ?? 'customer',
    locale: options.locale,
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

function defined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
