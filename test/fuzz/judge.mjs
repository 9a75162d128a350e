import { validateHeaderName, validateHeaderValue } from 'node:http';
import { am, en } from 'lakiconnect-middleware';
import { holdsCanary, holdsKey } from './canaries.mjs';

const MAX_BYTES = 16 * 1024;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const UNPRINTABLE_IN_TEXT = /[[\p{Cc}--\n]\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/v;
const ACTED_UPON = new Set([401, 407, 408, 421, 425]);
const MEDIA = new Set(['application/problem+json', 'application/json', 'text/html', 'text/plain']);
const OWN_TAGS = /<!doctype html>|<\/?(?:html|head|meta|title|style|body|main|h1|p|dl|dt|dd)(?: [^<>]*)?>/g;
const TEXTS = new Map([en, am].map(({ tag, texts }) => [tag, texts]));
const HIDDEN_FROM_ALL = new Set(['UNAUTHORIZED', 'FORBIDDEN']);
const HIDDEN_FROM_CUSTOMERS = new Set([
  ...HIDDEN_FROM_ALL,
  ...['KYC_NOT_APPROVED', 'FEE_CONFIG_NOT_SET', 'CONNECTED_MERCHANT_NOT_FOUND'],
]);

/** They send to the earlier payment in words of their own. */
const TELLS_OF_EARLIER_PAYMENT = new Set(['IDEMPOTENCY_CONFLICT', 'DUPLICATE_REFERENCE']);

/** What is wrong with a reply to an audience; `mayReject` tells whether the money certainly did not move. */
export function flawsOfReply(
  { status, headers, body, problem },
  { audience, mayReject, isKeyed, format, accept },
) {
  const flaws = [];
  const unless = (kept, flaw) => void (kept || flaws.push(flaw));
  const media = headers['content-type'].split(';')[0];
  const { errors = [], ...told } = problem;
  const line = JSON.stringify([headers, told]);
  const fields = JSON.stringify(errors);

  unless(Number.isInteger(status) && status >= 400 && status <= 599, `its status is ${status}`);
  unless(status === problem.status, 'its status is not that of its problem');
  unless(!ACTED_UPON.has(status), `browsers and proxies act on ${status}`);
  unless(
    (status === 403) === (problem.code === 'KYC_NOT_APPROVED' && audience === 'merchant'),
    `${audience} is told ${status} for ${problem.code}`,
  );
  const hidden = audience === 'merchant' ? HIDDEN_FROM_ALL : HIDDEN_FROM_CUSTOMERS;
  unless(!hidden.has(problem.code), `${audience} is told ${problem.code}`);
  unless(MEDIA.has(media), `its media type is ${media}`);
  if (accept === undefined || accept === '*/*') {
    const first = format === 'problem' ? 'application/problem+json' : 'application/json';
    unless(media === first, `its media type is ${media}, and anything is acceptable`);
  }
  unless(sizeOf(headers, body) <= MAX_BYTES, `it has ${sizeOf(headers, body)} bytes`);
  for (const [name, value] of Object.entries(headers)) {
    unless(isSendable(name, value) && !UNPRINTABLE.test(value), `its header ${name} cannot be sent`);
  }
  unless(!UNPRINTABLE_IN_TEXT.test(body), 'its body has characters that hide, break or turn lines');
  unless(strings(problem).every(isPrintable), 'its problem has characters that hide, break or turn lines');
  if (media.endsWith('json')) flaws.push(...flawsOfJson(body, problem, media, format));
  unless(media !== 'text/html' || !body.replace(OWN_TAGS, '').includes('<'), 'its page has a tag of another');
  unless(!holdsCanary(line), 'it tells a canary');
  unless(!holdsKey(fields), 'it tells the key in a field');
  // An issue is the provider's to say; what else it says is not.
  if (holdsCanary(body)) unless(holdsCanary(fields) && !holdsKey(body), 'its body tells a canary');

  if (problem.code === 'PAYMENTS_UNAVAILABLE') {
    unless(errors.length === 0 && problem.retry_after === undefined, 'a mask has fields or a wait');
    unless(problem.retryable === false, 'a mask may be sent again');
  }
  const unknownAs = TELLS_OF_EARLIER_PAYMENT.has(problem.code) ? problem.code : 'OUTCOME_UNKNOWN';
  const unknown = TEXTS.get(headers['content-language'])?.[unknownAs][audience];
  unless(unknown !== undefined, `its language is ${headers['content-language']}`);
  if (problem.outcome === 'unknown') {
    unless(problem.title === unknown?.title, `an unknown outcome is told as "${problem.title}"`);
    unless(problem.detail === unknown?.detail, 'an unknown outcome does not tell to look first');
    unless(problem.action === 'check', `an unknown outcome is followed by ${problem.action}`);
    unless(problem.retryable === false || isKeyed, 'an unknown outcome may be sent again');
  } else {
    unless(problem.outcome === 'rejected', `its outcome is ${problem.outcome}`);
    unless(mayReject(), 'a payment is told as rejected that may have been made');
  }
  return flaws;
}

/** What is wrong with any event: it goes into logs. Of a webhook an id is told, and it may be anything. */
export function flawsOfEvent(event) {
  const flaws = [];
  for (const [name, value] of Object.entries(event)) {
    const texts = Array.isArray(value) ? value : [value];
    for (const text of texts) {
      if (!['string', 'number', 'boolean'].includes(typeof text))
        flaws.push(`the event's ${name} is not flat`);
      if (typeof text === 'string' && !isPrintable(text)) flaws.push(`the event's ${name} is not printable`);
    }
  }
  const isOfWebhook = event.type === 'webhook' || event.type === 'invalidated';
  if (!isOfWebhook && holdsKey(JSON.stringify(event))) flaws.push('an event tells the key');
  return flaws;
}

/** What is wrong with an error of ours wherever a framework or a logger gets it. */
export function flawsOfError(error) {
  const flaws = [];
  const { status, statusCode, expose } = error;
  if (!(status >= 400 && status <= 599) || ACTED_UPON.has(status) || status !== statusCode) {
    flaws.push(`the error's status is ${status}`);
  }
  if (expose !== false || 'headers' in error) flaws.push('the error tells the framework too much');
  if (holdsKey(JSON.stringify({ ...error, upstream: error.upstream }))) flaws.push('the error tells the key');
  if (!Object.isExtensible(error)) flaws.push('the error is frozen');
  return flaws;
}

function flawsOfJson(body, problem, media, format) {
  let parsed;
  try {
    parsed = JSON.parse(body);
  } catch {
    return ['its body is no JSON'];
  }
  if (media === 'application/problem+json' || format === 'problem') {
    return body === JSON.stringify(problem) ? [] : ['its body is not its problem'];
  }
  const said = format === 'envelope' ? parsed.error : parsed.wrapped;
  const flaws = said?.code === problem.code ? [] : ['its body has another code'];
  return strings(parsed).every(isPrintable) ? flaws : [...flaws, 'its body hides or turns text'];
}

function sizeOf(headers, body) {
  return Object.entries(headers).reduce(
    (size, [name, value]) => size + name.length + value.length + ': \r\n'.length,
    Buffer.byteLength(body),
  );
}

/** As `src/translation/http-error.ts` asks it: a judge does not call what it judges. */
function isSendable(name, value) {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function isPrintable(text) {
  return !UNPRINTABLE.test(text);
}

function strings(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}
