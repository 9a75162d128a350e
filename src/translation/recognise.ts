import type { Settings } from '../settings.js';
import { isLakiConnectError, LakiConnectError, type Upstream } from './error.js';
import { evidenceOf } from './evidence.js';
import { audienceOf, faceOf } from './face.js';
import { find, isKey, type Finding, type Occasion } from './finding.js';
import type { Evidence } from './grounds.js';
import { kindOf, type Diagnosis } from './kind.js';
import { observe, type Observation } from './observe.js';
import { outcomeOf } from './outcome.js';
import { parseRetryAfter } from './retry-after.js';
import { RULES } from './rules.js';
import { clean, redactor } from './text.js';
import { withoutStack } from './without-stack.js';

/** As much as is read of any one string of a body. */
const MAX_TEXT = 512;

/**
 * From anything thrown or returned to a {@link LakiConnectError}; `undefined` if it is not
 * LakiConnect's, or tells of no failure.
 */
export function recognise(
  thrown: unknown,
  occasion: Occasion,
  settings: Settings<never>,
  observed?: Observation,
): LakiConnectError | undefined {
  if (isLakiConnectError(thrown)) return thrown;
  const seen = observed ?? observe(thrown, settings.headers);
  const finding = find(thrown, seen, settings.codes);
  const evidence = evidenceOf(finding, occasion, settings.origins);
  if (evidence === undefined) return undefined;
  const diagnosis = kindOf(finding);
  if (diagnosis === undefined) return undefined;
  const make = (): LakiConnectError => errorOf(diagnosis, evidence, finding, occasion, settings);
  // Where an error ends up is not where the request was made: the original knows that.
  return occasion.within ? make() : withoutStack(make);
}

function errorOf(
  { kind, by: kindBy }: Diagnosis,
  recognisedBy: Evidence,
  finding: Finding,
  occasion: Occasion,
  settings: Settings<never>,
): LakiConnectError {
  const { seen, envelope } = finding;
  const rule = settings.rules[kind];
  const { outcome, by: outcomeBy } = outcomeOf(finding, occasion, kind);
  const redact = redactionFor(seen.apiKey, settings);
  return new LakiConnectError({
    kind,
    grounds: { recognisedBy, kindBy, outcomeBy },
    status: faceOf(rule, audienceOf(settings.audience), seen.status).status,
    code: unredacted(envelope.code, redact),
    details: envelope.details.map(({ field, issue }) => ({ field: redact(field), issue: redact(issue) })),
    requestId: unredacted(envelope.requestId, redact),
    // A row that forbids to try again does not shorten a wait.
    retryAfterMs:
      RULES[kind].retryable || rule.retryable ? parseRetryAfter(seen.retryAfter, settings.now()) : undefined,
    outcome,
    retryable: rule.retryable && (outcome === 'rejected' || isKey(occasion.idempotencyKey)),
    merchantId: occasion.merchantId ?? seen.merchantId,
    upstream: upstreamOf(finding, redact),
    original: finding.thrown,
  });
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
  const code = unredacted(envelope.code, redact) ?? seen.transport?.code;
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
