import { API_KEY, COOKIE, TOKEN } from './canaries.mjs';
import { chanceOf } from './chance.mjs';
import { mutated } from './mutate.mjs';

export const SECRET = 'whsec_canary4821';

const OURS = `https://api.lakipay.co/api/v2/payment/direct?${TOKEN}`;
const ANOTHERS = `https://api.example.com/pay?${TOKEN}`;

const STATUSES = [
  100, 200, 200, 200, 201, 204, 205, 299, 301, 302, 304, 307, 400, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 418,
  421, 422, 422, 425, 429, 451, 499, 500, 501, 502, 503, 504, 520, 599, 600, 999, undefined, 0, -1, 99, 1000, 403.5, NaN, '403', null,
]; // prettier-ignore
const SENDABLE = STATUSES.filter((status) => Number.isInteger(status) && status >= 200 && status <= 599);

const CODES = [
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', 'ETIMEDOUT', 'ECONNABORTED', 'EPIPE', 'UND_ERR_SOCKET',
  'UND_ERR_BODY_TIMEOUT', 'ERR_NETWORK', 'CERT_HAS_EXPIRED', 'HPE_INVALID_CONSTANT', 'ERR_SSL_WRONG_VERSION_NUMBER',
]; // prettier-ignore

const METHODS = ['post', 'POST', 'POST', 'PUT', 'patch', 'DELETE', 'get', 'HEAD', undefined];

/** How a case goes in, each as often as it stands here: what is dear is rare. */
const WAYS = [
  ...Array(280).fill('translate'),
  ...Array(120).fill('webhook'),
  ...['handler', 'thrown', 'returned'].flatMap((way) => Array(6).fill(way)),
  ...['response', 'unread', 'client', 'request'],
];
const FORMS = [
  'axios',
  'axios',
  'axios',
  'got',
  'superagent',
  'ofetch',
  'sdk',
  ...Array(10).fill('bare'),
  'transport',
];
const KINDS = ['string', 'parsed', 'parsed', 'buffer', 'array buffer'];
const FORGED = [
  [],
  ['sha256='],
  [''],
  'sha256=',
  'sha256=zz',
  undefined,
  'sha1=00',
  `sha256=${'0'.repeat(64)}`,
];

/** The case of a number: plain, so that it can be shown, run again and made smaller. */
export function caseOf(seed, number, corpus) {
  const chance = chanceOf(seed, number);
  const { below, oneOf } = chance;
  const way = oneOf(WAYS);
  const isWebhook = way === 'webhook' || way === 'request';
  const bodies = isWebhook ? corpus.webhooks : corpus.bodies;
  const header = (texts) => {
    const bytes = below(5) === 0 ? mutated(oneOf(texts), chance, texts) : oneOf(texts);
    return below(8) === 0 ? undefined : bytes.toString('latin1');
  };
  const isNative = way === 'response' || way === 'unread' || way === 'client';
  return {
    number,
    way,
    laki: below(4),
    bytes: mutated(oneOf(bodies), chance, isWebhook && below(4) > 0 ? bodies : corpus.bodies),
    kind: oneOf(KINDS),
    form: oneOf(FORMS),
    status: oneOf(isNative ? SENDABLE : STATUSES),
    method: oneOf(METHODS),
    contextMethod: oneOf(METHODS),
    idempotencyKey: oneOf(['key-1', '', undefined, undefined]),
    code: oneOf(CODES),
    url: oneOf([OURS, OURS, OURS, undefined, ANOTHERS]),
    retryAfter: header(corpus.retryAfter),
    reader: {
      accept: header(corpus.accept),
      acceptLanguage: header(corpus.acceptLanguage),
      locale: below(4) === 0 ? header(corpus.acceptLanguage) : undefined,
      audience: oneOf(['merchant', 'customer', undefined]),
    },
    // Of webhooks: most are signed well, so that what is behind the signature is reached.
    signing: oneOf(['good', 'good', 'good', 'changed', 'twice', 'other', 'forged']),
    forged: oneOf(FORGED),
    salt: below(64),
  };
}

/** A body as an HTTP client leaves it. */
export function dataOf({ bytes, kind, body }) {
  if (body !== undefined) return body;
  if (kind === 'buffer') return bytes;
  if (kind === 'array buffer') return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const text = bytes.toString();
  if (kind === 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is thrown or returned of an answer, as one client or another has it. */
export function carrierOf(fuzzed, data) {
  const { form, status, code, url, method, retryAfter } = fuzzed;
  const headers = { 'set-cookie': COOKIE, 'retry-after': retryAfter, 'www-authenticate': 'Basic' };
  const sent = { 'X-API-Key': API_KEY, 'X-Connected-Merchant-ID': 'cm_1' };
  const error = (properties) => Object.assign(new Error(`Request to ${url} failed`), properties);
  switch (form) {
    case 'axios':
      return error({
        code: 'ERR_BAD_REQUEST',
        config: { url, method, headers: sent },
        response: { status, headers, data },
      });
    case 'got':
      return error({
        options: { url, method, headers: sent },
        response: { statusCode: status, headers, body: data },
      });
    case 'superagent':
      return error({
        status,
        response: { status, headers, body: data, request: { url, method, header: sent } },
      });
    case 'ofetch':
      return error({
        request: url,
        options: { method, headers: sent },
        response: { status, headers, _data: data },
      });
    case 'sdk':
      return error({ name: 'LakipayError', status, details: data });
    case 'transport':
      return error({ code, config: { url, method, headers: sent }, cause: { code } });
    default:
      return data;
  }
}

/** The same as a client returns it. */
export function answerOf({ form, status, url, method, retryAfter }, data) {
  const headers = { 'set-cookie': COOKIE, 'retry-after': retryAfter };
  const config = { url, method, headers: { 'X-API-Key': API_KEY } };
  return form === 'got'
    ? { statusCode: status, headers, body: data, request: config }
    : { status, headers, data, config };
}

/** The same as a `Response`; a status that has no body loses it. */
export function responseOf({ status, bytes, retryAfter }) {
  const headers = new Headers({ 'set-cookie': COOKIE });
  try {
    if (retryAfter !== undefined) headers.set('retry-after', retryAfter);
  } catch {
    // No HTTP parser would let it pass.
  }
  return new Response(isBodiless(status) ? null : bytes, { status, headers });
}

export function isBodiless(status) {
  return [204, 205, 304].includes(status);
}
