import type { Text, Texts } from '../messages/locale.js';
import type { Settings } from '../settings.js';
import { ownRowOf, standardRule, type LakiConnectError, type Outcome } from './error.js';
import { audienceOf, faceOf, type Face } from './face.js';
import { mapFields, wordedFields, type MappedFields } from './fields.js';
import type { Problem } from './problem.js';
import { replyWith, type Reply } from './reply.js';
import { deltaSeconds } from './retry-after.js';
import type { Audience, ErrorKind, Kind, Rule } from './rules.js';

/** What is known of whoever reads a reply. */
export interface Reader {
  /** The `Accept` header. */
  readonly accept?: string | undefined;
  /** The `Accept-Language` header. */
  readonly acceptLanguage?: string | undefined;
  /** The user's own language, asked before the header. */
  readonly locale?: string | undefined;
  /** The option's audience where absent; `'customer'` where that depends on the request. */
  readonly audience?: Audience | undefined;
}

/** A reply, and what an operator's event tells of it beside the error. */
export interface Translation {
  readonly reply: Reply;
  readonly audience: Audience;
  readonly locale: string;
  readonly rule: Rule;
  /** Whether something is kept from this reader. */
  readonly masked: boolean;
  /** The provider's fields that the platform's `fields` does not name. */
  readonly unmappedFields: readonly string[];
}

/** An error of LakiConnect as its reader's reply. */
export function translate(error: LakiConnectError, reader: Reader, settings: Settings<never>): Translation {
  const audience = audienceOf(saidOf(reader, settings));
  const fields = mapFields(error.details, settings.field);
  const own = ownRowOf(error);
  const rule = own?.rule ?? ruleOf(error, fields, settings);
  const { texts, language } = own ?? settings;
  const locale = language(reader.locale, reader.acceptLanguage);
  const { kind } = error;
  // Of what nobody but a newer copy of this package can say, nothing is known.
  const outcome = error.outcome === 'rejected' ? 'rejected' : 'unknown';
  const face = faceOf(rule, audience, { outcome, sent: error.upstream.status });
  const { status, code, masked, action } = face;
  const requestId = face.tellsRequestId ? error.requestId : undefined;
  const retryable = Boolean(!masked && error.retryable);
  const told = masked || !isReaders(rule) ? [] : fields.told;
  const { errors, english } = wordedFields(told, audience, settings.issues.get(locale) ?? {});
  const wait = masked ? undefined : waitOf(error, status);
  const reading = { kind, audience, locale, english, media: settings.media(reader.accept) };

  function written(id: string | undefined): Reply {
    const words = (texts.get(locale) as Texts).get(wordsOf(kind, outcome, face));
    const text = (words as Record<Audience, Text>)[audience];
    const problem: Problem = {
      type: settings.problemTypeBase + code.toLowerCase().replaceAll('_', '-'),
      title: text.title,
      status,
      detail: text.detail,
      code,
      ...(id === undefined ? {} : { request_id: id }),
      retryable,
      outcome,
      action,
      ...(errors.length === 0 ? {} : { errors }),
      ...(wait === undefined ? {} : { retry_after: wait }),
    };
    return replyWith(problem, reading, settings);
  }

  const sheets = settings.renderers.get(reading.media)?.sheets;
  const reply =
    sheets !== undefined && errors.length === 0 && wait === undefined
      ? sheets({ row: own ?? rule, status, outcome, retryable, requestId }, reading, written)
      : written(requestId);
  return { reply, audience, locale, rule, masked, unmappedFields: fields.unmapped };
}

/** Who reads it, as the reader or else the option says; what depends on a request says nothing here. */
export function saidOf({ audience }: Reader, settings: Settings<never>): Settings<never>['audience'] {
  return audience ?? settings.audience;
}

/**
 * The row of an error. Fields that no user fills in make it the platform's own doing, as a missing
 * permission is; a kind of a newer copy of this package is one that this copy does not recognise.
 */
function ruleOf({ kind }: LakiConnectError, { ownDoing }: MappedFields, { rules }: Settings<never>): Rule {
  if (kind === 'VALIDATION_ERROR' && ownDoing) return rules.FORBIDDEN;
  return Object.hasOwn(rules, kind) ? rules[kind as Kind] : rules.UNRECOGNISED;
}

/** Whether the reader is to mend it: only then are its fields told. */
function isReaders({ fault }: Rule): boolean {
  return fault === 'caller' || fault === 'merchant';
}

/**
 * The code that has the words. An unknown outcome takes them, even those of a mask: money comes first. Kinds that
 * always send to an earlier payment keep theirs.
 */
export function wordsOf(
  kind: ErrorKind,
  outcome: Outcome,
  { code, masked }: Pick<Face, 'code' | 'masked'>,
): string {
  const ownWords = !masked && standardRule(kind)?.action === 'check';
  return outcome === 'unknown' && !ownWords ? 'OUTCOME_UNKNOWN' : code;
}

/** A 503 says when to come back; elsewhere a wait is only for a request that may be sent again. */
function waitOf({ retryAfterMs, retryable }: LakiConnectError, status: number): number | undefined {
  return retryAfterMs !== undefined && (retryable || status === 503) ? deltaSeconds(retryAfterMs) : undefined;
}
