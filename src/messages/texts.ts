import { wrong } from '../judge.js';
import type { MessageOverrides, Options, TextOverride } from '../options.js';
import type { Texts } from '../settings.js';
import type { Audience, Kind, PublicCode, Rule } from '../translation/rules.js';
import { am } from './am.js';
import { en } from './en.js';
import type { Locale, Text } from './locale.js';

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
  const told = toldTo(rules);
  const texts = new Map<string, Record<Audience, Text>>(Object.entries(locale.texts));
  const known = new Set([...texts.keys(), ...told.merchant, ...told.customer]);
  for (const [code, readers] of Object.entries(overrides)) {
    if (!known.has(code))
      wrong(`messages.${locale.tag}.${code}`, readers, `a public code: ${[...known].join(', ')}`);
    const textFor = (audience: Audience): Text => merge(texts.get(code)?.[audience], readers[audience]);
    texts.set(code, { merchant: textFor('merchant'), customer: textFor('customer') });
  }
  for (const audience of AUDIENCES) {
    for (const code of told[audience]) {
      const text: Partial<Text> | undefined = texts.get(code)?.[audience];
      if (typeof text?.title !== 'string' || typeof text.detail !== 'string') {
        wrong(`messages.${locale.tag}.${code}.${audience}`, text, 'a text with both title and detail');
      }
    }
  }
  return texts;
}

/** The codes whose words each audience can meet. */
function toldTo(rules: Readonly<Record<Kind, Rule>>): Readonly<Record<Audience, ReadonlySet<string>>> {
  const always: readonly PublicCode[] = ['PAYMENTS_UNAVAILABLE', 'OUTCOME_UNKNOWN'];
  const rows = Object.values(rules);
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
