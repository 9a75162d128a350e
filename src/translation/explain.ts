import type { MessageOverrides } from '../options.js';
import type { Settings } from '../settings.js';
import { CODES } from './codes.js';
import { groundsOf, ownRowOf, type LakiConnectError, type Outcome, type Upstream } from './error.js';
import type { Attribution } from './attribution.js';
import type { KindBy, OutcomeBy } from './grounds.js';
import { defined } from './override-rule.js';
import { recognise } from './recognise.js';
import type { Reply } from './reply.js';
import { KINDS, type Audience, type ErrorKind, type Rule } from './rules.js';
import { saidOf, translate, wordsOf, type Reader } from './translate.js';

/** Who made an error that was not made of something thrown. */
type Maker = 'guard' | 'error';

/** Why a reply says what it says. For operators: it tells what replies keep to themselves. */
export interface Explanation {
  readonly kind: ErrorKind;
  /** What proved that it is LakiConnect's; `error`: it was a LakiConnectError from the start. */
  readonly recognisedBy: Attribution | 'error';
  /** What told the kind; `alias`: a code that the option `aliases` names. */
  readonly kindBy: KindBy | 'alias' | Maker;
  /** What the provider answered; of a lost connection the transport's code. */
  readonly upstream: Pick<Upstream, 'status' | 'code'>;
  readonly outcome: Outcome;
  /** What told whether the provider acted. */
  readonly outcomeBy: OutcomeBy | Maker;
  /** The kind whose row answers: another than `kind` where no user fills in the refused fields, or it is not known here. */
  readonly row: ErrorKind;
  /** That row, settled. */
  readonly rule: Rule;
  /** The columns of it that the option `rules` sets. */
  readonly overridden: readonly string[];
  readonly audience: Audience;
  /** Who said so; `default`: nobody, as the option depends on a request. */
  readonly audienceBy: 'reader' | 'option' | 'default';
  /** Whether something is kept from this reader. */
  readonly masked: boolean;
  readonly locale: string;
  /** What asked for that language; `default`: nothing did for one that is offered. */
  readonly localeBy: 'locale' | 'accept-language' | 'default';
  /** The code whose words these are, and where they come from: a language, the option `messages`, or a requirement. */
  readonly text: { readonly code: string; readonly from: 'locales' | 'messages' | 'requirement' };
  /** The provider's fields that the platform's `fields` does not name. */
  readonly unmappedFields: readonly string[];
  /** What `translate` gives. */
  readonly reply: Reply;
}

/** The reply to an error, and by what each step has decided. */
export function explain(thrown: unknown, reader: Reader, settings: Settings<never>): Explanation | undefined {
  const error = recognise(thrown, { within: false }, settings);
  if (error === undefined) return undefined;
  const { reply, audience, locale, rule, masked, unmappedFields } = translate(error, reader, settings);
  const { status, code } = error.upstream;
  const outcome = reply.problem.outcome as Outcome;
  const grounds = groundsOf(error);
  const maker = error.origin === 'guard' ? 'guard' : 'error';
  const row = KINDS.find((kind) => settings.rules[kind] === rule);
  return {
    kind: error.kind,
    recognisedBy: grounds?.recognisedBy ?? 'error',
    kindBy: grounds === undefined ? maker : kindByOf(error, grounds.kindBy),
    upstream: defined({ status, code }),
    outcome,
    outcomeBy: grounds?.outcomeBy ?? maker,
    row: row ?? error.kind,
    rule: structuredClone(rule),
    overridden: Object.keys(defined((row && settings.overrides.rules[row]) ?? {})),
    audience,
    audienceBy: audienceByOf(reader, settings),
    masked,
    locale,
    localeBy: localeByOf(locale, reader, settings),
    text: textOf(
      wordsOf(error.kind, outcome, { code: reply.problem.code, masked }),
      locale,
      audience,
      error,
      settings,
    ),
    unmappedFields,
    reply,
  };
}

/** The codes of the documents mean the same without an alias. */
function kindByOf({ kind, code }: LakiConnectError, by: KindBy): Explanation['kindBy'] {
  return by === 'code' && CODES.get(String(code)) !== kind ? 'alias' : by;
}

function audienceByOf(reader: Reader, settings: Settings<never>): Explanation['audienceBy'] {
  const said = saidOf(reader, settings);
  if (said === reader.audience) return 'reader';
  return typeof said === 'function' ? 'default' : 'option';
}

/** Whose word it was; a requirement's texts are in the same languages. */
function localeByOf(
  locale: string,
  { locale: own, acceptLanguage }: Reader,
  { language }: Settings<never>,
): Explanation['localeBy'] {
  if (language.match(own) === locale) return 'locale';
  return language.match(acceptLanguage) === locale ? 'accept-language' : 'default';
}

function textOf(
  code: string,
  locale: string,
  audience: Audience,
  error: LakiConnectError,
  { overrides }: Settings<never>,
): Explanation['text'] {
  const isIn = (messages: MessageOverrides = {}): boolean =>
    messages[locale]?.[code]?.[audience] !== undefined;
  if (isIn(ownRowOf(error)?.messages)) return { code, from: 'requirement' };
  return { code, from: isIn(overrides.messages) ? 'messages' : 'locales' };
}
