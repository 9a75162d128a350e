import type { Body } from './body.js';
import type { Outcome } from './error.js';
import type { Finding, Occasion } from './finding.js';
import type { OutcomeBy } from './grounds.js';
import { portOf } from './network-failure.js';
import { RULES, type Kind } from './rules.js';

/** Everything that an outcome is judged by. */
interface Case {
  readonly finding: Finding;
  readonly occasion: Occasion;
  readonly kind: Kind;
  readonly origins: ReadonlySet<string>;
}

interface Judgement {
  readonly outcome: Outcome;
  readonly by: OutcomeBy;
}

/**
 * What decides, in this order. Only `rejected` is a proof that the provider did not act; where none holds, the
 * outcome is unknown.
 */
const STEPS: readonly (Judgement & { readonly holds: (given: Case) => boolean })[] = [
  { outcome: 'rejected', by: 'method', holds: isSafeMethod },
  { outcome: 'unknown', by: 'follow-up', holds: isFollowUp },
  { outcome: 'unknown', by: 'code', holds: isProvidersFault },
  { outcome: 'unknown', by: 'body', holds: saysEarlierPaymentStands },
  { outcome: 'unknown', by: 'body', holds: tellsOfBrokenLine },
  { outcome: 'rejected', by: 'transport', holds: wasNeverSent },
  { outcome: 'unknown', by: 'transport', holds: wasCutOff },
  { outcome: 'rejected', by: 'status', holds: isReadableRefusal },
  { outcome: 'rejected', by: 'code', holds: isErrorBodyWithKnownCode },
];

/** Whether the provider certainly did not act, and what proves it. See docs/decisions/0003. */
export function outcomeOf(
  finding: Finding,
  occasion: Occasion,
  kind: Kind,
  origins: ReadonlySet<string>,
): Judgement {
  const given = { finding, occasion, kind, origins };
  const step = STEPS.find(({ holds }) => holds(given));
  return step === undefined
    ? { outcome: 'unknown', by: lastWord(finding) }
    : { outcome: step.outcome, by: step.by };
}

const SAFE = new Set(['GET', 'HEAD']);

/** Whether a method is one that moves no money (RFC 9110 section 9.2.1). */
export function isSafe(method: string | undefined): boolean {
  return method !== undefined && SAFE.has(method.toUpperCase());
}

/** Both the client and the platform may name the method. */
function isSafeMethod({ finding: { seen }, occasion }: Case): boolean {
  // After a redirect the client names the method of the last request.
  const methods = [
    seen.isFollowUp || occasion.isFollowUp === true ? undefined : seen.method,
    occasion.method,
  ].filter((method) => method !== undefined);
  return methods.length > 0 && methods.every(isSafe);
}

/** What became of the first request is not known. */
function isFollowUp({ finding, occasion }: Case): boolean {
  return finding.seen.isFollowUp || occasion.isFollowUp === true;
}

/** The provider's own trouble may have come after the money moved. */
function isProvidersFault({ finding: { known } }: Case): boolean {
  return known !== undefined && RULES[known].fault === 'provider';
}

function saysEarlierPaymentStands({ kind }: Case): boolean {
  return kind === 'DUPLICATE_REFERENCE';
}

/** A timeout or a lost connection behind the provider, in words of Go, Java, Node and proxies. */
const BROKEN_LINE = [
  /deadline[\s_-]?exceeded|context cancell?ed/i,
  /time[\s_-]?out|timed[\s_-]?out/i,
  /connection (?:was |is |has been )?(?:reset|refused|closed|lost|aborted|dropped|terminat)/i,
  /(?:lost|closed|reset|dropped|broken|idle) (?:idle )?connection|empty reply|broken pipe/i,
  /\bEOF\b|socket hang up|no route to host|network is unreachable|no such host/i,
  /ECONN[A-Z]|ETIMEDOUT|EPIPE|EHOSTUNREACH/,
];

function tellsOfBrokenLine({ finding: { body } }: Case): boolean {
  return textsOf(body).some((text) => BROKEN_LINE.some((line) => line.test(text)));
}

/**
 * Nothing was sent: no host, no connection, no tunnel, or a circuit breaker that was open. A connection to another
 * host or port than LakiConnect's was made after a redirect, or by another line of the same call.
 */
function wasNeverSent({ finding: { seen }, origins }: Case): boolean {
  const { networkFailure } = seen;
  const urls = [...origins].map((origin) => new URL(origin));
  return (
    networkFailure?.isNeverSent === true &&
    networkFailure.endpoints.every(({ hostname, port }) =>
      urls.some(
        (url) =>
          (hostname === undefined || url.hostname === hostname.toLowerCase()) &&
          (port === undefined || portOf(url) === port),
      ),
    )
  );
}

function wasCutOff({ finding: { seen } }: Case): boolean {
  return seen.networkFailure !== undefined;
}

/** Statuses of the 4xx that speak of time and not of the request. */
const OF_TIME = new Set([408, 425]);

/** A 4xx that was written by the API: a JSON object, a text or no body. Markup and fragments are a proxy's. */
function isReadableRefusal({ finding: { seen, body } }: Case): boolean {
  const { status = 0, isAnswer } = seen;
  return isAnswer && status >= 400 && status <= 499 && !OF_TIME.has(status) && isReadable(body);
}

function isReadable(body: Body): boolean {
  return body.is === 'object' || body.is === 'text' || body.is === 'absent';
}

/** At 2xx, or without a status. */
function isErrorBodyWithKnownCode({ finding: { seen, known }, occasion }: Case): boolean {
  const { status = 200, isAnswer, isBare } = seen;
  // Inside `call`, a body that is thrown as such is one of an answer that was not 2xx, and does not say which.
  const isBody = isBare && !occasion.isThrown;
  return (isAnswer || isBody) && status >= 200 && status <= 299 && known !== undefined;
}

/** What was looked at last, and proved nothing. */
function lastWord({ seen: { status = 200 }, body }: Finding): OutcomeBy {
  if (status >= 200 && status <= 299) return 'code';
  return status >= 400 && status <= 499 && !isReadable(body) ? 'body' : 'status';
}

/** Every text in a body, as it was sent. */
export function textsOf(body: Body): readonly string[] {
  if (body.is === 'text') return [body.text];
  return body.is === 'object' ? stringsIn(body.object) : [];
}

/** Of a copy that is bounded in depth and size. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
