import { en } from '../messages/en.js';
import type { Issue, Issues } from '../messages/locale.js';
import type { Audience } from './rules.js';

const NUMBER = '-?\\d{1,15}(?:\\.\\d{1,9})?';
const LENGTH = '^the length must be';

/**
 * How the provider words what is wrong with a field. The observed texts are ozzo-validation's; see
 * https://github.com/go-ozzo/ozzo-validation for those of the same family.
 */
const GRAMMAR: readonly (readonly [Issue, RegExp])[] = [
  ['required', /^(?:cannot be blank|cannot be empty|is required)$/i],
  ['type', /^(?:has the wrong type$|json: cannot unmarshal )/i],
  ['minLength', new RegExp(`${LENGTH} no less than (?<min>\\d{1,9})$`, 'i')],
  ['maxLength', new RegExp(`${LENGTH} no more than (?<max>\\d{1,9})$`, 'i')],
  ['length', new RegExp(`${LENGTH} exactly (?<n>\\d{1,9})$`, 'i')],
  ['lengthRange', new RegExp(`${LENGTH} between (?<min>\\d{1,9}) and (?<max>\\d{1,9})$`, 'i')],
  ['minimum', new RegExp(`^must be no less than (?<min>${NUMBER})$`, 'i')],
  ['maximum', new RegExp(`^must be no (?:greater|more) than (?<max>${NUMBER})$`, 'i')],
  ['exclusiveMinimum', new RegExp(`^must be greater than (?<n>${NUMBER})$`, 'i')],
  ['exclusiveMaximum', new RegExp(`^must be less than (?<n>${NUMBER})$`, 'i')],
  ['range', new RegExp(`^must be between (?<min>${NUMBER}) and (?<max>${NUMBER})$`, 'i')],
  ['url', /^must be a valid (?:request )?URL$/i],
  ['choice', /^must be (?:a valid value$|one of\b)/i],
  ['digits', /^(?:\w{1,40} )?must be (?:exactly )?(?<n>\d{1,3}) digits$/i],
  ['invalid', /^(?:is not valid|is invalid|must be in a valid format)$/i],
];

/** Words of a Go program about itself, which nobody is told. */
const INTERNAL = /\b[a-z]\w*\.[A-Z]\w|\b[A-Z]\w*\.[a-z]\w|\bGo (?:struct|value)\b/;

/** What is wrong with a field, in words. */
export interface IssueText {
  readonly text: string;
  /** It is in English, whatever the language of the reply. */
  readonly isEnglish: boolean;
}

/**
 * What is wrong with a field in the reader's language, as far as it has a text for it. What the provider words in
 * another way only a merchant reads as it is.
 */
export function issueText(said: string, audience: Audience, issues: Issues): IssueText {
  const text = said.trim().replace(/\.$/, '');
  for (const [issue, grammar] of GRAMMAR) {
    const match = grammar.exec(text);
    if (match !== null) return textFor(issue, match.groups, issues);
  }
  const isTold = audience === 'merchant' && !INTERNAL.test(said);
  return isTold ? { text: said, isEnglish: true } : textFor('invalid', {}, issues);
}

function textFor(issue: Issue, numbers: Readonly<Record<string, string>> = {}, issues: Issues): IssueText {
  const own = issues[issue];
  const template = own ?? en.issues[issue];
  const text = template.replace(/\{(n|min|max)\}/g, (whole, name: string) => numbers[name] ?? whole);
  return { text, isEnglish: own === undefined };
}
