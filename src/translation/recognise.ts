import type { Settings } from '../settings.js';
import { abortedBy, attribute, type Attributed, type Attribution } from './attribution.js';
import { isLakiConnectError, LakiConnectError, type Upstream } from './error.js';
import { chainOf, membersOf } from './causes.js';
import { withUnknownOutcome } from './copied.js';
import { audienceOf, faceOf } from './face.js';
import { find, isKey, type Finding, type Occasion } from './finding.js';
import { kindOf } from './kind.js';
import { networkFailureOf } from './network-failure.js';
import { observeThrown, type Observation } from './observe.js';
import { isSafe, outcomeOf } from './outcome.js';
import { parseRetryAfter } from './retry-after.js';
import { RULES } from './rules.js';
import { clean, redactor } from './text.js';
import { withoutStack } from './without-stack.js';

/** As much as is read of any one string of a body. */
const MAX_TEXT = 512;

/**
 * From anything thrown to a {@link LakiConnectError}, from what has been read of it; `undefined` if it is not
 * LakiConnect's, or the caller's own.
 */
export function recognise(
  thrown: unknown,
  occasion: Occasion,
  settings: Settings<never>,
): LakiConnectError | undefined {
  if (isLakiConnectError(thrown)) return thrown; // there is nothing to look for in it
  const attributed = attribute(thrown, observeThrown(thrown, settings.headers), occasion, settings);
  return attributed && errorOf(attributed, occasion, settings);
}

/** The error of a failure that is LakiConnect's; one that is a LakiConnectError already stays what it is. */
export function errorOf(
  { thrown, by, source, seen }: Attributed,
  occasion: Occasion,
  settings: Settings<never>,
): LakiConnectError {
  if (isLakiConnectError(source)) return isDoubtful(source, occasion) ? withUnknownOutcome(source) : source;
  const finding = find(source, ended(source, seen, occasion), settings.codes);
  const make = (): LakiConnectError => createError(thrown, by, finding, occasion, settings);
  // Where an error ends up is not where the request was made: the original knows that.
  return occasion.within ? make() : withoutStack(make);
}

/** A refusal of a further attempt proves nothing of the first one, whoever has made the error. */
function isDoubtful({ outcome }: LakiConnectError, occasion: Occasion): boolean {
  return occasion.isFollowUp === true && outcome === 'rejected' && !isSafe(occasion.method);
}

/** A request that a signal ended by its timeout has timed out, however the client words it. */
function ended(source: unknown, seen: Observation, occasion: Occasion): Observation {
  const { networkFailure: failure, status } = seen;
  if ((status !== undefined && failure === undefined) || failure?.isNeverSent === true) return seen;
  if (abortedBy(source, seen, occasion) !== 'timeout') return seen;
  return { ...seen, networkFailure: { isNeverSent: false, endpoints: [], ...failure, failure: 'timeout' } };
}

function createError(
  thrown: unknown,
  recognisedBy: Attribution,
  finding: Finding,
  occasion: Occasion,
  settings: Settings<never>,
): LakiConnectError {
  const { seen, envelope } = finding;
  const { kind, by: kindBy } = kindOf(finding, settings);
  const rule = settings.rules[kind];
  const { outcome, by: outcomeBy } = isOneOfSeveral(thrown, finding.source)
    ? ({ outcome: 'unknown', by: 'follow-up' } as const)
    : outcomeOf(finding, occasion, kind, settings.origins);
  const { status, action } = faceOf(rule, audienceOf(settings.audience), { outcome, sent: seen.status });
  const redact = redactionFor(seen.apiKey, settings);
  const isToWait = RULES[kind].retryable || rule.retryable; // a row that forbids to try again shortens no wait
  return new LakiConnectError({
    kind,
    grounds: { recognisedBy, kindBy, outcomeBy },
    status,
    action,
    code: unredacted(envelope.code, redact),
    details: envelope.details.map(({ field, issue }) => ({ field: redact(field), issue: redact(issue) })),
    requestId: unredacted(envelope.requestId, redact),
    retryAfterMs: isToWait ? parseRetryAfter(seen.retryAfter, settings.now(), seen.date) : undefined,
    outcome,
    retryable:
      rule.retryable &&
      (outcome === 'rejected' || (isKey(occasion.idempotencyKey) && settings.honoursIdempotencyKeys)),
    merchantId: occasion.merchantId ?? seen.merchantId,
    upstream: upstreamOf(finding, redact),
    original: thrown,
  });
}

/**
 * Whether it is one of the several failures of an AggregateError: what became of the others is not known, unless
 * nothing at all was sent.
 */
function isOneOfSeveral(thrown: unknown, source: unknown): boolean {
  const isList = thrown !== source && [...chainOf(thrown)].some((link) => membersOf(link).length > 1);
  return isList && networkFailureOf(thrown)?.isNeverSent !== true;
}

/** Takes out the platform's key, and that of the request, where it is another. */
function redactionFor(
  sent: string | undefined,
  { apiKey, redact }: Settings<never>,
): (text: string) => string {
  if (sent === undefined || sent === apiKey) return (text) => redact(clean(text, MAX_TEXT));
  const redactSent = redactor(sent);
  return (text) => redactSent(redact(clean(text, MAX_TEXT)));
}

function upstreamOf({ seen, envelope }: Finding, redact: (text: string) => string): Upstream {
  const code = unredacted(envelope.code, redact) ?? seen.networkFailure?.code;
  const upstream: { -readonly [Name in keyof Upstream]: Upstream[Name] } = {};
  if (seen.status !== undefined) upstream.status = seen.status;
  if (code !== undefined) upstream.code = code;
  if (envelope.message !== undefined) upstream.message = redact(envelope.message);
  return upstream;
}

/** A token that passes for a code or an id, unless it is a key. */
function unredacted(token: string | undefined, redact: (text: string) => string): string | undefined {
  return token !== undefined && redact(token) === token ? token : undefined;
}
