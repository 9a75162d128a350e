import type { RuleOverride } from '../options.js';
import { HIDDEN, type Rule } from './rules.js';

type Mask = NonNullable<Rule['customer']>;

/**
 * A row with some of it changed. A mask that is changed in part keeps the rest; a new one with the code of what
 * is hidden has its status, too, as it would be told from it otherwise.
 */
export function overrideRule(standard: Rule, { customer, ...override }: RuleOverride = {}): Rule {
  const rule: Rule = { ...standard, ...(defined(override) as Partial<Rule>) };
  return {
    ...rule,
    ...(override.status === undefined ? {} : { keeps: [] }),
    ...(customer === undefined
      ? {}
      : { customer: { ...(standard.customer ?? maskFor(customer, rule)), ...defined(customer) } }),
  };
}

function maskFor({ code: masked }: NonNullable<RuleOverride['customer']>, { status, code }: Rule): Mask {
  return masked === HIDDEN.code ? HIDDEN : { status, code };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without what is `undefined`, so that a spread does not hide a default behind it. */
export function defined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
}
