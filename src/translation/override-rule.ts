import type { RuleOverride } from '../options.js';
import type { Rule } from './rules.js';

/** A row with some of it changed; a mask that is changed in part keeps the rest. */
export function overrideRule(standard: Rule, { customer, ...override }: RuleOverride = {}): Rule {
  const rule: Rule = { ...standard, ...(defined(override) as Partial<Rule>) };
  return {
    ...rule,
    ...(override.status === undefined ? {} : { keeps: [] }),
    ...(customer === undefined
      ? {}
      : { customer: { ...maskOf(standard.customer ?? rule), ...defined(customer) } }),
  };
}

function maskOf({ status, code }: Pick<Rule, 'status' | 'code'>): Pick<Rule, 'status' | 'code'> {
  return { status, code };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without what is `undefined`, so that a spread does not hide a default behind it. */
export function defined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
}
