import { wrong } from '../judge.js';
import { mostLikely } from '../nearest.js';
import type { MessageOverrides, Options, TextOverride } from '../options.js';
import type { Audience, Kind, PublicCode, Rule } from '../translation/rules.js';
import { am } from './am.js';
import { en } from './en.js';
import type { Issues, Locale, Text, Texts } from './locale.js';

const AUDIENCES: readonly Audience[] = ['merchant', 'customer'];

/**
 * The texts of every offered language, the default first, with the platform's own laid over them.
 *
 * @throws TypeError if a language or code is not offered, or a code has no whole text.
 */
export function settleTexts(
  options: Options<never>,
  rules: Readonly<Record<Kind, Rule>>,
): ReadonlyMap<string, Texts> {
  const locales = offeredBy(options);
  const tags = locales.map(({ tag }) => tag);
  const standard = options.defaultLocale ?? (tags.includes('en') ? 'en' : tags[0]);
  if (!tags.includes(standard as string)) {
    wrong(
      'defaultLocale',
      standard,
      `one of the offered locales: ${tags.join(', ')}${mostLikely(standard, tags)}`,
    );
  }
  const messages = options.messages ?? {};
  const first = [
    ...locales.filter(({ tag }) => tag === standard),
    ...locales.filter(({ tag }) => tag !== standard),
  ];
  return overlaid(
    new Map(first.map(({ tag, texts }) => [tag, new Map(Object.entries(texts))])),
    messages,
    Object.values(rules),
  );
}

/** What is wrong with a field, in every offered language as far as it says so. */
export function settleIssues(options: Options<never>): ReadonlyMap<string, Issues> {
  return new Map(offeredBy(options).map(({ tag, issues }) => [tag, issues ?? {}]));
}

function offeredBy({ locales }: Options<never>): readonly Locale[] {
  return locales ?? [en, am];
}

/**
 * Texts of every offered language with others laid over them; `rules` are the rows that will need them,
 * `path` is where a wrong text would stand.
 *
 * @throws TypeError if a language or code is not offered, or a code has no whole text.
 */
export function overlaid(
  offered: ReadonlyMap<string, Texts>,
  messages: MessageOverrides,
  rules: readonly Rule[],
  path = 'messages',
): ReadonlyMap<string, Texts> {
  const tags = [...offered.keys()];
  for (const tag of Object.keys(messages)) {
    if (!offered.has(tag)) {
      wrong(
        `${path}.${tag}`,
        messages[tag],
        `texts of an offered locale: ${tags.join(', ')}${mostLikely(tag, tags)}`,
      );
    }
  }
  return new Map(
    [...offered].map(([tag, texts]) => [tag, textsOf(texts, messages[tag] ?? {}, rules, `${path}.${tag}`)]),
  );
}

function textsOf(
  standard: Texts,
  overrides: MessageOverrides[string],
  rules: readonly Rule[],
  path: string,
): Texts {
  const told = toldTo(rules);
  const texts = new Map(standard);
  const known = new Set([...texts.keys(), ...told.merchant, ...told.customer]);
  for (const [code, readers] of Object.entries(overrides)) {
    if (!known.has(code)) {
      const codes = [...known];
      wrong(`${path}.${code}`, readers, `a public code: ${codes.join(', ')}${mostLikely(code, codes)}`);
    }
    const textFor = (audience: Audience): Text => merge(texts.get(code)?.[audience], readers[audience]);
    texts.set(code, { merchant: textFor('merchant'), customer: textFor('customer') });
  }
  for (const audience of AUDIENCES) {
    for (const code of told[audience]) {
      const text: Partial<Text> | undefined = texts.get(code)?.[audience];
      if (typeof text?.title !== 'string' || typeof text.detail !== 'string') {
        wrong(`${path}.${code}.${audience}`, text, 'a text with both title and detail');
      }
    }
  }
  return texts;
}

/** The codes whose words each audience can meet. */
function toldTo(rows: readonly Rule[]): Readonly<Record<Audience, ReadonlySet<string>>> {
  const always: readonly PublicCode[] = ['PAYMENTS_UNAVAILABLE', 'OUTCOME_UNKNOWN'];
  return {
    merchant: new Set([...always, ...rows.map(({ code }) => code)]),
    customer: new Set([...always, ...rows.map((rule) => (rule.customer ?? rule).code)]),
  };
}

function merge(text: Text | undefined, override: TextOverride | undefined): Text {
  const { title = text?.title, detail = text?.detail } =
    typeof override === 'string' ? { detail: override } : (override ?? {});
  return { title, detail } as Text;
}
