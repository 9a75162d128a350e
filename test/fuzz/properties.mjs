import fc from 'fast-check';
import { createLakiConnect } from 'lakiconnect-middleware';
import { API_KEY, SENTENCE } from './canaries.mjs';
import { carrierOf } from './cases.mjs';
import { isTampered } from './prototypes.mjs';
import { createSubject } from './subject.mjs';

const MEDIA = ['application/problem+json', 'application/json', 'text/html', 'text/plain'];
const URLS = [
  'https://api.lakipay.co/api/v2/payment/direct',
  'https://api.lakipay.co/',
  'https://api.example.com/pay',
];
const CODES = [
  'VALIDATION_ERROR', 'KYC_NOT_APPROVED', 'UNAUTHORIZED', 'RATE_LIMITED', 'FEE_CONFIG_NOT_SET', 'INVALID_AMOUNT',
  'PROVIDER_ERROR', 'INTERNAL_ERROR', 'NEW_CODE', '__proto__', 'toString', 'x\ny', '',
]; // prettier-ignore

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '\u202e',
    '\r\na: b',
    '<script>',
    '\0\x1b[31m',
    '\ud800',
    '__proto__',
    API_KEY,
    'x'.repeat(700),
  ),
);
const code = fc.constantFrom(...CODES);
const details = fc.oneof(
  fc.array(fc.record({ field: text, issue: text }), { maxLength: 25 }),
  fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 4 })), { maxKeys: 8 }),
  fc
    .array(fc.tuple(fc.constantFrom('amount', 'tin', '0', 'a.b'), text))
    .map((pairs) => pairs.map((pair) => pair.join(': ')).join('; ')),
  fc.jsonValue({ maxDepth: 3 }),
);
const message = fc.oneof(text, fc.constant(SENTENCE));
const requestId = fc.oneof(text, fc.constantFrom('req_1a2b3c4d5e6f', 'a\r\nb', 5, API_KEY));
const body = fc.oneof(
  fc.record({ error: fc.record({ code, message, details }), request_id: requestId }),
  fc.record({
    status: fc.constantFrom('ERROR', 'error', 'FAILED'),
    message,
    error_code: code,
    errors: details,
  }),
  fc.record({ success: fc.constant(false), message: fc.oneof(message, details) }),
  fc.record({ success: fc.constant(false), error: fc.oneof(text, fc.record({ message, type: code })) }),
  fc.jsonValue({ maxDepth: 4 }),
  text,
  fc.uint8Array({ maxLength: 200 }),
);
const status = fc.oneof(
  fc.integer({ min: 100, max: 999 }),
  fc.constantFrom(undefined, 0, NaN, '403', 200, 403, 422),
);
const header = fc.oneof(
  text,
  fc.constantFrom('', '1', '120', '-1', '99999999999', 'Wed, 21 Oct 2026 07:28:00 GMT'),
);
const reader = fc.record({
  accept: fc.option(fc.oneof(text, fc.constantFrom(...MEDIA)), { nil: undefined }),
  acceptLanguage: fc.option(fc.oneof(text, fc.constantFrom('am', 'en', 'am-ET,am;q=0.9')), {
    nil: undefined,
  }),
  locale: fc.option(text, { nil: undefined }),
  audience: fc.constantFrom('merchant', 'customer', undefined),
});
const METHODS = ['post', 'PUT', 'get', 'HEAD', undefined];

const fuzzed = fc.record({
  way: fc.constantFrom('translate', 'translate', 'translate', 'handler', 'thrown', 'returned'),
  laki: fc.nat({ max: 3 }),
  body,
  form: fc.constantFrom('axios', 'got', 'superagent', 'ofetch', 'sdk', 'bare', 'transport'),
  status,
  method: fc.constantFrom(...METHODS, ''),
  contextMethod: fc.constantFrom(...METHODS),
  idempotencyKey: fc.constantFrom('key-1', '', undefined),
  code: fc.constantFrom('ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'ERR_NETWORK'),
  url: fc.constantFrom(URLS[0], URLS[1], URLS[2], undefined),
  retryAfter: header,
  reader,
});

/** A value that any code may throw, with the names under which clients keep what they know. */
const throwable = fc.oneof(
  fc.anything({ maxDepth: 3, withNullPrototype: true, withBigInt: true, withTypedArray: true }),
  fc.dictionary(
    fc.constantFrom(
      'status', 'statusCode', 'response', 'request', 'config', 'options', 'headers', 'data', '_data', 'body', 'text',
      'url', 'method', 'code', 'name', 'message', 'stack', 'cause', 'errors', 'error', 'error_code', 'success',
    ), // prettier-ignore
    fc.oneof(
      body,
      fc.constantFrom(...URLS, 'ECONNREFUSED', 'LakipayError', 'AbortError', 403, 500),
      fc.dictionary(
        fc.constantFrom('status', 'data', 'headers', 'url', 'code'),
        fc.oneof(body, fc.constantFrom(403, ...URLS)),
      ),
    ),
    { maxKeys: 8 },
  ),
);

const q = fc.constantFrom(0, 0.001, 0.1, 0.5, 0.999, 1);
const space = fc.constantFrom('', ' ', '\t');

/** Ranges and how much each is wanted, and the header that says so. */
const wanted = (ranges) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...ranges), q, space), {
      selector: ([range]) => range,
      minLength: 1,
    })
    .map((list) => ({
      weights: new Map(list.map(([range, weight]) => [range, weight])),
      header: list.map(([range, weight, gap]) => `${range}${gap};q=${weight}`).join(','),
    }));

/** How much a media type is wanted: the most specific range decides (RFC 9110 section 12.5.1). */
function weightOfType(type, weights) {
  const ranges = [type, type.replace(/\/.*/, '/*'), '*/*'];
  return weights.get(ranges.find((range) => weights.has(range))) ?? 0;
}

/** How much a language is wanted: the range with the highest weight decides, unless the very language is refused. */
function weightOfLanguage(tag, weights) {
  const own = weights.get(tag) ?? 0;
  return weights.has(tag) && own === 0 ? 0 : Math.max(own, weights.get('*') ?? 0);
}

/** Those that are wanted most: all that may be chosen. */
function best(offers, weights, weightIn) {
  const weightOf = (offer) => weightIn(offer, weights);
  const most = Math.max(...offers.map(weightOf));
  return most === 0 ? [offers[0]] : offers.filter((offer) => weightOf(offer) === most);
}

const NOW = Date.UTC(2026, 0, 1);
const laki = createLakiConnect({ now: () => NOW + 400, onEvent: false });
const told = (retryAfter, asked) =>
  laki.translate(
    carrierOf({ form: 'axios', status: 429, url: URLS[0], method: 'get', retryAfter }, {}),
    asked,
  );

const seconds = fc.oneof(
  fc.nat({ max: 100_000 }).map((count) => ({ field: String(count), wait: count })),
  fc
    .integer({ min: -1e9, max: 1e9 })
    .map((count) => ({ field: new Date(NOW + count * 1000).toUTCString(), wait: count })),
  text.filter((field) => !/^\d+$/.test(field)).map((field) => ({ field, wait: 0 })),
);

const webhook = fc.record({
  way: fc.constantFrom('webhook', 'request'),
  laki: fc.nat({ max: 3 }),
  kind: fc.constantFrom('string', 'buffer'),
  bytes: fc
    .oneof(
      fc.json(),
      fc
        .record({ event: text, data: fc.record({ connected_merchant_id: text, id: fc.jsonValue() }) })
        .map((event) => JSON.stringify(event)),
      text,
    )
    .map((sent) => Buffer.from(sent)),
  signing: fc.constantFrom('good', 'changed', 'twice', 'other', 'forged'),
  forged: fc.oneof(
    text,
    fc.array(text, { maxLength: 2 }),
    fc.constantFrom(undefined, `sha256=${'0'.repeat(64)}`),
  ),
  salt: fc.nat({ max: 63 }),
});

/** Each with its share of the cases. A property is flawless where it gives an empty list. */
function propertiesOf(subject) {
  const put = async (given) => (await subject.put({ bytes: Buffer.from('put as it is'), ...given })).flaws;
  return {
    'whatever LakiConnect answers, the reply is whole, safe and true': [0.45, fuzzed, put],
    'whatever is thrown, it is translated or left alone': [
      0.25,
      fc.tuple(throwable, reader),
      async ([thrown, asked]) => {
        laki.translate(thrown, asked);
        await laki.call(() => Promise.reject(thrown)).catch(() => undefined);
        await laki.call(() => thrown).catch(() => undefined);
        return isTampered() ? ['a prototype was tampered with'] : [];
      },
    ],
    'the media type is the most wanted': [
      0.08,
      wanted([...MEDIA, 'application/*', 'text/*', '*/*', 'image/png']),
      ({ header: accept, weights }) => {
        const media = told('1', { accept }).headers['content-type'].split(';')[0];
        const allowed = best(MEDIA, weights, weightOfType);
        return allowed.includes(media) ? [] : [`${media} for ${accept}, not ${allowed}`];
      },
    ],
    'the language is the most wanted': [
      0.07,
      wanted(['en', 'am', 'fr', 'zh-Hant', '*']),
      ({ header: acceptLanguage, weights }) => {
        const language = told('1', { acceptLanguage }).headers['content-language'];
        const allowed = best(['en', 'am'], weights, weightOfLanguage);
        return allowed.includes(language) ? [] : [`${language} for ${acceptLanguage}, not ${allowed}`];
      },
    ],
    'a wait is told as it was asked, within a day': [
      0.07,
      seconds,
      ({ field, wait }) => {
        const { headers } = told(field, {});
        const expected = String(Math.min(Math.max(wait, 1), 86_400));
        return headers['retry-after'] === expected ? [] : [`${headers['retry-after']} for ${field}`];
      },
    ],
    'a webhook is taken if its signature is good, and only then': [0.08, webhook, put],
  };
}

/**
 * Checks the properties, by a seed, with so many cases in all. `tell` hears how many are done.
 *
 * @returns how many, and what was wrong, made as small as fast-check can.
 */
export async function runProperties({ seed, cases, tell = () => undefined }) {
  const subject = createSubject();
  const unhandled = [];
  const hear = (reason) => void unhandled.push(String(reason));
  process.on('unhandledRejection', hear);
  const findings = [];
  let count = 0;
  try {
    for (const [name, [share, arbitrary, flawsOf]] of Object.entries(propertiesOf(subject))) {
      const property = fc.asyncProperty(arbitrary, async (given) => {
        if (++count % 1000 === 0) tell(count);
        const flaws = await flawsOf(given);
        if (flaws.length > 0) throw new Error(flaws.join('; '));
      });
      const details = await fc.check(property, { seed, numRuns: Math.ceil(share * cases) });
      if (details.failed) {
        findings.push(`${name}: ${String(details.errorInstance)}\n${fc.defaultReportMessage(details)}`);
      }
      await new Promise(setImmediate);
      findings.push(
        ...unhandled.splice(0).map((reason) => `${name}: nobody heard of a rejection: ${reason}`),
      );
    }
  } finally {
    process.off('unhandledRejection', hear);
    await Promise.all([subject.close(), laki.close()]);
  }
  return { cases: count, findings };
}
