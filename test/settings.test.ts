import { describe, expect, test } from '@jest/globals';
import {
  am,
  createLakiConnect,
  en,
  LakiConnectError,
  type Audience,
  type Kind,
  type LakiConnectEvent,
  type Locale,
  type Options,
  type RuleOverride,
} from 'lakiconnect-middleware';
import { options as schema } from 'lakiconnect-middleware/schemas';
import { settle } from '../src/settle.js';
import { KINDS, RULES } from '../src/translation/rules.js';
import { documented } from './envelopes.js';
import { answered } from './translation/failures.js';

const KEY = 'lk_pub_5d3c1a:lk_sec_9f8e7b';
const OPTIONS = Object.keys(schema.shape) as (keyof Options)[];

/** What a platform without types, or with wrong ones, hands over. */
const refusal = (options: unknown): string => {
  try {
    createLakiConnect(options as Options);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as TypeError).message;
  }
  throw new Error('The options were accepted.');
};
const reply = (options: Options, kind: Kind, audience: Audience, locale?: string) =>
  createLakiConnect(options).translate(new LakiConnectError({ kind }), { audience, locale });
const texts = (title: string): Locale['texts'][Kind & keyof Locale['texts']] => ({
  merchant: { title, detail: `${title} to a merchant.` },
  customer: { title, detail: `${title} to a customer.` },
});
const french: Locale = {
  tag: 'fr',
  texts: Object.fromEntries(Object.keys(en.texts).map((code) => [code, texts('Non')])) as Locale['texts'],
};

type Refused = [options: Record<string, unknown>, path: string, got: string, expected: RegExp];

describe('A wrong option is refused with its path, what it is and what it should be', () => {
  test.each<Refused>([
    [{ apiKey: 5 }, 'apiKey', 'number', /^, expected LakiConnect's key, 'public:secret', without spaces\.$/],
    [{ apiKey: '' }, 'apiKey', 'an empty text,', /'public:secret'/],
    [{ apiKey: ' \n' }, 'apiKey', 'an empty text,', /'public:secret'/],
    [{ apiKey: 'with space' }, 'apiKey', 'a text,', /without spaces/],
    [{ apiKey: null }, 'apiKey', 'null,', /'public:secret'/],
    [{ apiKey: 'x'.repeat(513) }, 'apiKey', 'a text,', /'public:secret'/],
    ...['pub:', ':sec', ':'].map((apiKey): Refused => [{ apiKey }, 'apiKey', 'a text,', /'public:secret'/]),
    ...['undefined', 'null', 'undefined:undefined', 'lk_pub_1:undefined', 'null:lk_sec_1'].map(
      (apiKey): Refused => [
        { apiKey },
        'apiKey',
        "a text with 'undefined' or 'null' in place of a variable that is not set,",
        /'public:secret'/,
      ],
    ),
    ...[`${KEY}\n`, ` ${KEY}`, `${KEY}\t`].map((apiKey): Refused => [
      { apiKey },
      'apiKey',
      'a text with white space at its ends,',
      /without spaces/,
    ]),
    ...[
      'http://api.example/v2',
      'http://10.0.0.5:8080/api/v2',
      'http://localhost.example/v2',
      'http://127.0.0.1.example/v2',
      'http://[::2]/v2',
    ].map((baseUrl): Refused => [{ baseUrl }, 'baseUrl', `'${baseUrl}'`, /^, expected https: with http, /]),
    ...['https://api.lakipay.co', 'https://API.lakipay.co/', 'https://sandbox.api.lakipay.co:443'].map(
      (baseUrl): Refused => [
        { baseUrl },
        'baseUrl',
        `'${baseUrl}'`,
        /^, expected the path of LakiConnect's API, too, as in 'https:\/\/api\.lakipay\.co\/api\/v2'\.$/,
      ],
    ),
    [
      { baseUrl: 'api.lakipay.co' },
      'baseUrl',
      "'api.lakipay.co'",
      /^, expected an http\(s\) URL such as 'https:\/\/api\.lakipay\.co\/api\/v2', without a query, a fragment or credentials\.$/,
    ],
    [{ baseUrl: 'ftp://api.lakipay.co' }, 'baseUrl', "'ftp://api.lakipay.co'", /http\(s\) URL/],
    [{ baseUrl: 'xhttps://api.lakipay.co' }, 'baseUrl', "'xhttps://api.lakipay.co'", /http\(s\) URL/],
    [{ baseUrl: 'http://' }, 'baseUrl', "'http://'", /http\(s\) URL/],
    [{ baseUrl: 'https://a b' }, 'baseUrl', "'https://a b'", /http\(s\) URL/],
    [{ baseUrl: 'https://a.example/v 2' }, 'baseUrl', "'https://a.example/v 2'", /http\(s\) URL/],
    [{ baseUrl: new URL('https://a.example') }, 'baseUrl', 'URL', /http\(s\) URL/],
    [{ baseUrl: 'https://a.example/v2#x' }, 'baseUrl', "'https://a.example/v2#x'", /without a query/],
    [
      { baseUrl: 'https://a.example/v2?x=1' },
      'baseUrl',
      "'https://a.example/v2[redacted]'",
      /without a query/,
    ],
    [{ baseUrl: 'https://lk_pub_1:lk_sec_1@a.example' }, 'baseUrl', 'a URL with credentials,', /credentials/],
    [{ baseUrl: 'https://lk_pub_1@a.example' }, 'baseUrl', 'a URL with credentials,', /credentials/],
    [{ baseUrl: 'https://:lk_sec_1@a.example' }, 'baseUrl', 'a URL with credentials,', /credentials/],
    [
      { origins: 'https://a.example' },
      'origins',
      "'https://a.example'",
      /^, expected an array of origins\.$/,
    ],
    [
      { origins: ['https://a.example', 'x'] },
      'origins.1',
      "'x'",
      /^, expected an origin such as 'https:\/\/sandbox\.api\.lakipay\.co', without a path/,
    ],
    [
      { merchantId: 'cm_1' },
      'merchantId',
      "'cm_1'",
      /^, expected a function \(request\) => id of the merchant, or undefined\.$/,
    ],
    [
      { audience: 'admin' },
      'audience',
      "'admin'",
      /^, expected 'merchant', 'customer' or a function \(request\) => one of them\.$/,
    ],
    [
      { locale: 'am' },
      'locale',
      "'am'",
      /^, expected a function \(request\) => language tag, or undefined\.$/,
    ],
    [
      { rules: { NOT_FOUND: { status: 200 } } },
      'rules.NOT_FOUND.status',
      '200',
      /^, expected a status from 400 to 599 other than 401, 407, 408, 421, 425, on which browsers act, and 403, which is only the merchant's of KYC_NOT_APPROVED\.$/,
    ],
    [
      { rules: { KYC_NOT_APPROVED: { status: 200 } } },
      'rules.KYC_NOT_APPROVED.status',
      '200',
      /^, expected a status from 400 to 599 other than 401, 407, 408, 421, 425, on which browsers act\.$/,
    ],
    [{ rules: { NOT_FOUND: { status: 600 } } }, 'rules.NOT_FOUND.status', '600', /400 to 599/],
    [{ rules: { NOT_FOUND: { status: 404.5 } } }, 'rules.NOT_FOUND.status', '404.5', /400 to 599/],
    [{ rules: { NOT_FOUND: { status: '404' } } }, 'rules.NOT_FOUND.status', "'404'", /400 to 599/],
    [
      { rules: { NOT_FOUND: { code: 'gone' } } },
      'rules.NOT_FOUND.code',
      "'gone'",
      /^, expected a code such as SHOP_PAUSED: capitals, digits and underscores\.$/,
    ],
    [
      { rules: { NOT_FOUND: { fault: 'ours' } } },
      'rules.NOT_FOUND.fault',
      "'ours'",
      /^, expected one of 'caller', 'merchant', 'platform', 'provider'\.$/,
    ],
    [
      { rules: { NOT_FOUND: { retryable: 'no' } } },
      'rules.NOT_FOUND.retryable',
      "'no'",
      /^, expected true or false\.$/,
    ],
    [
      { rules: { NOT_FOUND: { level: 'debug' } } },
      'rules.NOT_FOUND.level',
      "'debug'",
      /^, expected one of 'info', 'warn', 'error'\.$/,
    ],
    [
      { rules: { NOT_FOUND: { action: 'retry' } } },
      'rules.NOT_FOUND.action',
      "'retry'",
      /^, expected one of 'correct', 'wait', 'check', 'onboard', 'other-way', 'contact'\.$/,
    ],
    [
      { rules: { NOT_FOUND: { customer: { status: 99 } } } },
      'rules.NOT_FOUND.customer.status',
      '99',
      /400 to 599/,
    ],
    [
      { rules: { NOT_FOUND: { customer: { code: '' } } } },
      'rules.NOT_FOUND.customer.code',
      "''",
      /code such as/,
    ],
    [
      { fields: 'tin' },
      'fields',
      "'tin'",
      /^, expected a map such as \{ 'business\.tin': 'company\.taxId' \}, or a function \(field\) => name or undefined\.$/,
    ],
    [{ fields: { tin: 5 } }, 'fields.tin', '5', /a name such as/],
    [{ fields: { secret: '' } }, 'fields.secret', "''", /./],
    [{ locales: en }, 'locales', '{', /^, expected an array of languages, such as \[en, am\]\.$/],
    [{ locales: [] }, 'locales', '[]', /^, expected at least one language, such as \[en\]\.$/],
    [
      { locales: ['am'] },
      'locales.0',
      "'am'",
      /^, expected a language such as the exported `en` and `am`: \{ tag: 'fr', texts: … \}\.$/,
    ],
    [{ locales: [en, null] }, 'locales.1', 'null', /language such as/],
    [{ locales: [{ ...en, tag: 'english' }] }, 'locales.0', '{', /language such as/],
    [{ locales: [{ ...en, tag: 5 }] }, 'locales.0', '{', /language such as/],
    [{ locales: [{ ...en, tag: ['fr'] }] }, 'locales.0', '{', /language such as/],
    [{ locales: [{ tag: 'fr' }] }, 'locales.0', "{ tag: 'fr' }", /language such as/],
    [{ defaultLocale: 'fr' }, 'defaultLocale', "'fr'", /offered locales: en, am/],
    [
      { defaultLocale: '' },
      'defaultLocale',
      "''",
      /^, expected the tag of one of `locales`, such as 'am'\.$/,
    ],
    [{ messages: { fr: {} } }, 'messages.fr', '{}', /offered locale: en, am/],
    [
      { messages: { en: { NOPE: { merchant: 'x' } } } },
      'messages.en.NOPE',
      '{',
      /public code: ([A-Z_]+, )+NOT_FOUND,/,
    ],
    [
      { messages: { en: { NOT_FOUND: { merchant: 5 } } } },
      'messages.en.NOT_FOUND.merchant',
      '5',
      /^, expected a text, or \{ title, detail \} with at least one of them, such as 'Please try again\.'\.$/,
    ],
    [
      { messages: { en: { NOT_FOUND: { merchant: '' } } } },
      'messages.en.NOT_FOUND.merchant',
      "''",
      /text, or \{ title, detail \}/,
    ],
    [
      { format: 'xml' },
      'format',
      "'xml'",
      /^, expected 'problem', 'envelope' or a function \(problem, context\) => body\.$/,
    ],
    [{ html: true }, 'html', 'true', /^, expected false, or a function \(problem, context\) => page\.$/],
    [{ html: '<p>' }, 'html', "'<p>'", /false, or a function/],
    [
      { problemTypeBase: '/problems:' },
      'problemTypeBase',
      "'/problems:'",
      /^, expected a URI prefix such as 'https:\/\/example\.com\/problems\/' or 'urn:problem-type:example:'\.$/,
    ],
    [{ problemTypeBase: 'urn:a b' }, 'problemTypeBase', "'urn:a b'", /URI prefix/],
    [
      { store: 'redis://localhost' },
      'store',
      "'redis://localhost'",
      /^, expected a store such as redisStore\(client\)\.$/,
    ],
    [{ store: null }, 'store', 'null', /redisStore\(client\)/],
    [{ store: {} }, 'store', '{}', /redisStore\(client\)/],
    [{ store: { read: () => undefined } }, 'store', '{', /redisStore\(client\)/],
    [{ store: { listen: () => undefined } }, 'store', '{', /redisStore\(client\)/],
    [{ store: { read: 1, listen: 1 } }, 'store', '{', /redisStore\(client\)/],
    [
      { timeoutMs: 0 },
      'timeoutMs',
      '0',
      /^, expected a whole number of milliseconds from 1 to 2147483647, such as 15000\.$/,
    ],
    [{ timeoutMs: 1.5 }, 'timeoutMs', '1.5', /whole number/],
    [{ timeoutMs: 2 ** 31 }, 'timeoutMs', '2147483648', /whole number/],
    [{ timeoutMs: Infinity }, 'timeoutMs', 'Infinity', /whole number/],
    [{ timeoutMs: '15000' }, 'timeoutMs', "'15000'", /such as 15000/],
    [{ aliases: { NEW_CODE: 'NOPE' } }, 'aliases.NEW_CODE', "'NOPE'", /one of 'VALIDATION_ERROR'/],
    [
      { aliases: { new_code: 'NOT_FOUND' } },
      'aliases.new_code',
      "'NOT_FOUND'",
      /^, expected a map such as \{ NEW_CODE: "RATE_LIMITED" \}\.$/,
    ],
    ...['https://a.example/v2', 'https://a.example?', 'https://a.example/?v=2', 'https://a.example/#v2'].map(
      (given): Refused => [
        { origins: [given] },
        'origins.0',
        "'https://a.example",
        /^, expected an origin such as 'https:\/\/a\.example', without a path, a query, a fragment or credentials\.$/,
      ],
    ),
    [
      { origins: ['https://lk_pub_1:lk_sec_1@a.example:8443'] },
      'origins.0',
      'a URL with credentials,',
      /such as 'https:\/\/a\.example:8443', without/,
    ],
    ...['Host', 'content-length', 'Transfer-Encoding', 'CONNECTION', 'Content-Type', 'accept', 'Cookie'].map(
      (given): Refused => [
        { headers: { merchant: given } },
        'headers.merchant',
        `'${given}'`,
        /^, expected the name of an HTTP header, and none that the client sets by itself\.$/,
      ],
    ),
    [
      { headers: { idempotency: 'x-api-KEY' } },
      'headers.idempotency',
      "'x-api-KEY'",
      /^, expected another name than that of `headers\.apiKey`\.$/,
    ],
    [
      { headers: { apiKey: 'X-Key', merchant: 'X-Shop', signature: 'x-shop' } },
      'headers.merchant',
      "'X-Shop'",
      /^, expected another name than that of `headers\.signature`\.$/,
    ],
    [
      { aliases: { NEW_CODE: 'RATE_LIMITED', INVALID_API_KEY: 'NOT_FOUND' } },
      'aliases.INVALID_API_KEY',
      "'NOT_FOUND'",
      /^, expected no alias of it: LakiConnect's code INVALID_API_KEY means UNAUTHORIZED\.$/,
    ],
    [{ aliases: 'NEW_CODE' }, 'aliases', "'NEW_CODE'", /map such as/],
    [
      { duplicateReference: 'reference' },
      'duplicateReference',
      "'reference'",
      /^, expected a function \(\{ status, code, message, details \}\) => true or false\.$/,
    ],
    [{ now: 0 }, 'now', '0', /^, expected a function \(\) => milliseconds\.$/],
    [{ onEvent: 'log' }, 'onEvent', "'log'", /^, expected false, or a function \(event\) => void\.$/],
    [{ onEvent: true }, 'onEvent', 'true', /^, expected false, or a function/],
  ])('%j', (options, path, got, expected) => {
    const message = refusal(options);
    expect(message.startsWith(`lakiconnect: option \`${path}\` is ${got}`)).toBe(true);
    expect(message.slice(message.indexOf(', expected '))).toMatch(expected);
    expect(message).toMatch(/\.$/);
  });

  test('shown on one short line, however large it is', () => {
    const message = refusal({ baseUrl: 'x'.repeat(100_000) });
    expect(message).toMatch(/is 'x{60}'\.\.\. 99940 more characters, expected/);
    expect(refusal({ fetch: { a: { b: { c: 'deep' } } } })).toContain('is { a: [Object] }, expected');
  });

  test('whichever option it is', () => {
    const symbol = Symbol('wrong');
    expect(OPTIONS.map((name) => refusal({ [name]: symbol }).includes(`\`${name}\``))).toEqual(
      OPTIONS.map(() => true),
    );
  });

  test.each<[options: Record<string, unknown>, path: string, got: string, expected: string]>([
    [{ rules: 'x' }, 'rules', "'x'", 'a map from kinds, such as { RATE_LIMITED: { status: 429 } }'],
    [
      { rules: { NOT_FOUND: 5 } },
      'rules.NOT_FOUND',
      '5',
      'what to change of its row, such as { status: 409, level: "warn" }',
    ],
    [
      { rules: { KYC_NOT_APPROVED: { customer: 5 } } },
      'rules.KYC_NOT_APPROVED.customer',
      '5',
      'what a customer is told instead, such as { status: 409, code: "PAYMENTS_UNAVAILABLE" }',
    ],
    [{ messages: 5 }, 'messages', '5', "texts by locale, such as { en: { NOT_FOUND: { customer: '…' } } }"],
    [{ messages: { en: 5 } }, 'messages.en', '5', "texts by code, such as { NOT_FOUND: { customer: '…' } }"],
    [
      { messages: { en: { NOT_FOUND: 'x' } } },
      'messages.en.NOT_FOUND',
      "'x'",
      "texts by audience, such as { customer: 'Please try again.' }",
    ],
    [{ fields: { tin: '' } }, 'fields.tin', "''", "a name such as 'company.taxId'"],
    [
      { messages: { en: { NOT_FOUND: { merchant: { title: '' } } } } },
      'messages.en.NOT_FOUND.merchant.title',
      "''",
      "a text such as 'Please try again.'",
    ],
  ])('in words of ours: %j', (options, path, got, expected) => {
    expect(refusal(options)).toBe(`lakiconnect: option \`${path}\` is ${got}, expected ${expected}.`);
  });

  const incomplete = (text: unknown) => ({ tag: 'fr', texts: { ...en.texts, NOT_FOUND: text } });
  test.each<[string, unknown, RegExp]>([
    ['null for texts', { tag: 'fr', texts: null }, /`locales\.0`/],
    ['no texts', { tag: 'fr', texts: {} }, /`messages\.fr\.\w+\.merchant`.*both title and detail/],
    [
      'numbers for texts',
      incomplete({ merchant: { title: 5, detail: 6 }, customer: { title: 5, detail: 6 } }),
      /`messages\.fr\.NOT_FOUND\.merchant`|`locales\.0`/,
    ],
    [
      'no words for an unknown outcome',
      { tag: 'fr', texts: { ...en.texts, OUTCOME_UNKNOWN: undefined } },
      /`messages\.fr\.OUTCOME_UNKNOWN\.merchant`/,
    ],
    ['half a text', incomplete({ merchant: { title: 'Non' } }), /`messages\.fr\.NOT_FOUND\.merchant`/],
    [
      'one reader’s text',
      incomplete({ merchant: en.texts.NOT_FOUND.merchant }),
      /`messages\.fr\.NOT_FOUND\.customer`/,
    ],
  ])('though it is a language with %s', (_, language, message) => {
    expect(refusal({ locales: [language] })).toMatch(message);
  });

  test.each<[unknown, string]>([
    [null, 'null'],
    [5, 'number'],
    [[], 'object'],
    ['text', 'string'],
    [true, 'boolean'],
    [() => 1, 'function'],
  ])('though it is no options at all: %p', (options, got) => {
    expect(refusal(options)).toBe(`lakiconnect: options must be an object, got ${got}.`);
  });

  test.each([
    [{ nope: 1 }, 'nope'],
    [{ apikey: KEY }, 'apikey'],
    [{ constructor: 1 }, 'constructor'],
    [{ rules: { NOPE: {} } }, 'rules.NOPE'],
    [{ rules: { NOT_FOUND: { keeps: [401] } } }, 'rules.NOT_FOUND.keeps'],
    [{ rules: { NOT_FOUND: { customer: { level: 'info' } } } }, 'rules.NOT_FOUND.customer.level'],
    [{ messages: { en: { NOT_FOUND: { cashier: 'x' } } } }, 'messages.en.NOT_FOUND.cashier'],
    [
      { messages: { en: { NOT_FOUND: { merchant: { titel: 'x' } } } } },
      'messages.en.NOT_FOUND.merchant.titel',
    ],
  ])('though there is none of that name: %j', (options, path) => {
    expect(refusal(options)).toMatch(
      /^lakiconnect: there is no option `[\w.]+`\. (?:There are|Did you mean) `.+`[.?]$/,
    );
    expect(refusal(options)).toContain(`no option \`${path}\``);
  });
});

describe('The API key is never quoted', () => {
  test.each<[string, unknown]>([
    ['with a space', { apiKey: `${KEY} ` }],
    ['in an object', { apiKey: { key: KEY } }],
    ['in an array', { apiKey: [KEY] }],
    ['under another name', { apikey: KEY }],
    ['beside a wrong option', { apiKey: KEY, timeoutMs: 0 }],
    ['beside an unknown option', { apiKey: KEY, nope: KEY }],
    ['where a language is missing', { apiKey: KEY, defaultLocale: 'fr' }],
    ['in place of the options', KEY],
    ['in an array in place of the options', [KEY]],
  ])('%s', (_, options) => {
    const message = refusal(options);
    expect(message).not.toContain('lk_');
    expect(message).not.toContain('9f8e7b');
  });
});

describe('What looks like a key, or stands where keys do, is not quoted, whichever option it was given to', () => {
  test.each<Record<string, unknown>>([
    { baseUrl: 'lk_pub_1a2b3c:lk_sec_4d5e6f' },
    { headers: { apiKey: 'lk_pub_1a2b3c:lk_sec_4d5e6f' } },
    { headers: 'lk_sec_4d5e6f' },
    { merchantId: 'whsec_4d5e6f' },
    { baseUrl: 'ftp://api.test/v2?key=lk4d5e6f' },
    { origins: ['https://api.test/?token=4d5e6f x'] },
    { store: 'redis://:4d5e6f@localhost' },
  ])('%j', (options) => {
    const message = refusal(options);
    expect(message).toContain('expected');
    expect(message).not.toContain('4d5e6f');
  });
});

describe('Every option', () => {
  test('may be undefined, alone and with all others', () => {
    for (const name of OPTIONS) expect(() => createLakiConnect({ [name]: undefined })).not.toThrow();
    expect(() =>
      createLakiConnect(Object.fromEntries(OPTIONS.map((name) => [name, undefined]))),
    ).not.toThrow();
    expect(() => createLakiConnect()).not.toThrow();
  });

  test('is undefined as if it were not there', () => {
    const absent = settle({});
    const settled = settle(Object.fromEntries(OPTIONS.map((name) => [name, undefined])) as Options);
    expect(JSON.stringify(settled)).toBe(JSON.stringify(absent));
    expect([...settled.texts.keys(), ...settled.renderers.keys()]).toEqual([
      ...absent.texts.keys(),
      ...absent.renderers.keys(),
    ]);
  });

  test.each<Options>([
    { apiKey: KEY },
    { apiKey: 'no-colon' },
    ...['127.0.0.1:3000/api/v2', '127.9.8.7', '[::1]:8080', 'localhost', 'lakiconnect.localhost:3000'].map(
      (host) => ({
        baseUrl: `http://${host}`,
      }),
    ),
    { baseUrl: 'https://gateway.example' },
    { baseUrl: 'https://notlakipay.co' },
    { origins: ['https://sandbox.api.lakipay.co', 'http://localhost:8080/'] },
    { merchantId: async () => undefined },
    { audience: 'merchant' },
    { audience: 'customer' },
    { audience: () => 'merchant' },
    { locale: () => 'am' },
    { headers: { apiKey: 'Authorization', merchant: undefined, signature: 'X-Api-Key' } },
    { fields: {} },
    { fields: { a: 'b' } },
    { fields: () => undefined },
    { locales: [am] },
    { locales: [{ ...en, tag: 'en-GB' }] },
    { messages: {} },
    { messages: { en: {} } },
    { messages: { en: { NOT_FOUND: {} } } },
    { messages: { en: { NOT_FOUND: { merchant: { title: 'A', detail: 'B' }, customer: 'C' } } } },
    { format: 'problem' },
    { format: 'envelope' },
    { format: () => ({}) },
    { html: false },
    { html: () => '' },
    { problemTypeBase: 'https://example.com/problems#' },
    { timeoutMs: 1 },
    { timeoutMs: 2 ** 31 - 1 },
    { aliases: {} },
    { aliases: { NEW_CODE: 'RATE_LIMITED' } },
    { rules: {} },
    { rules: { NOT_FOUND: {} } },
    { rules: { NOT_FOUND: { status: 400 } } },
    { rules: { NOT_FOUND: { status: 599 } } },
    { duplicateReference: ({ details }) => details.length > 0 },
    { now: Date.now },
    { onEvent: () => undefined },
    { onEvent: false },
  ])('accepts what it is meant for: %j', (options) => {
    expect(() => createLakiConnect(options)).not.toThrow();
  });

  test('has a default', () => {
    const settings = settle({});
    expect(settings).toMatchObject({
      audience: 'customer',
      problemTypeBase: 'urn:problem-type:lakiconnect:',
      timeoutMs: 15_000,
      rules: RULES,
    });
    expect([...settings.origins]).toEqual(['https://api.lakipay.co']);
    expect(settings.now()).toBeCloseTo(Date.now(), -3);
  });

  test('that names hosts becomes origins', () => {
    const origins = ['https://sandbox.example/', 'https://API.example:443'];
    expect([...settle({ baseUrl: 'http://127.0.0.1:1/x', origins }).origins]).toEqual([
      'http://127.0.0.1:1',
      'https://sandbox.example',
      'https://api.example',
    ]);
  });
});

describe('A rule of the platform’s', () => {
  const changed = (kind: Kind, rule: RuleOverride, more: Options = {}) => ({
    ...more,
    rules: { [kind]: rule },
  });

  test('changes what it names and leaves the rest of its row and of the table', () => {
    const { rules } = settle(changed('KYC_NOT_APPROVED', { level: 'error', retryable: undefined }));
    expect(rules).toEqual({ ...RULES, KYC_NOT_APPROVED: { ...RULES.KYC_NOT_APPROVED, level: 'error' } });
  });

  test('changes the status for both, unless the customer has one', () => {
    const options = changed('NOT_FOUND', { status: 410 });
    expect([
      reply(options, 'NOT_FOUND', 'merchant')?.status,
      reply(options, 'NOT_FOUND', 'customer')?.status,
    ]).toEqual([410, 410]);
    const masked = changed('KYC_NOT_APPROVED', { status: 422 });
    expect([
      reply(masked, 'KYC_NOT_APPROVED', 'merchant')?.status,
      reply(masked, 'KYC_NOT_APPROVED', 'customer')?.status,
    ]).toEqual([422, 409]);
  });

  test('with a status leaves no other status', () => {
    const { translate } = createLakiConnect(changed('VALIDATION_ERROR', { status: 409 }));
    expect([400, 422].map((status) => translate(answered(status))?.status)).toEqual([409, 409]);
    const kept = createLakiConnect(changed('VALIDATION_ERROR', { level: 'warn' }));
    expect([400, 422].map((status) => kept.translate(answered(status))?.status)).toEqual([400, 422]);
  });

  test('changes a part of the mask and leaves the other', () => {
    const options = changed('KYC_NOT_APPROVED', { customer: { status: 503 } });
    expect(reply(options, 'KYC_NOT_APPROVED', 'customer')?.problem).toMatchObject({
      status: 503,
      code: 'PAYMENTS_UNAVAILABLE',
    });
    expect(reply(options, 'KYC_NOT_APPROVED', 'merchant')?.problem).toMatchObject({
      status: 403,
      code: 'KYC_NOT_APPROVED',
    });
  });

  test('masks what had no mask like all that is hidden, if its code says so', () => {
    const options = changed('NOT_FOUND', { customer: { code: 'PAYMENTS_UNAVAILABLE' } });
    expect(reply(options, 'NOT_FOUND', 'customer')?.problem).toMatchObject({
      status: 409,
      code: 'PAYMENTS_UNAVAILABLE',
    });
  });

  test('masks what had no mask, with the row’s own code and status for what it leaves out', () => {
    const options = changed('NOT_FOUND', {
      customer: { code: 'VALIDATION_ERROR' },
    });
    expect(reply(options, 'NOT_FOUND', 'customer')?.problem).toMatchObject({
      status: 404,
      code: 'VALIDATION_ERROR',
    });
    const empty = changed('NOT_FOUND', { status: 410, customer: {} });
    expect(reply(empty, 'NOT_FOUND', 'customer')?.problem).toMatchObject({ status: 410, code: 'NOT_FOUND' });
  });

  test('changes fault, retryable and level, which are told to operators', async () => {
    const events: LakiConnectEvent[] = [];
    const rule: RuleOverride = { fault: 'platform', retryable: true, level: 'error' };
    const laki = createLakiConnect(changed('NOT_FOUND', rule, { onEvent: (event) => events.push(event) }));
    const incoming = { request: {}, accept: undefined, acceptLanguage: undefined, isSent: () => false };
    const handled = await laki.handler()(answered(404), incoming);
    expect(handled).toMatchObject({ level: 'error', reply: { problem: { retryable: true } } });
    expect(events).toEqual([
      expect.objectContaining({ type: 'translated', fault: 'platform', level: 'error', retryable: true }),
    ]);
  });

  test.each([401, 407, 408, 421, 425, 399, 600])('never answers with %i, to anybody', (status) => {
    for (const kind of KINDS) {
      expect(refusal(changed(kind, { status }))).toContain(`\`rules.${kind}.status\` is ${String(status)}`);
      expect(refusal(changed(kind, { customer: { status } }))).toContain(`\`rules.${kind}.customer.status\``);
    }
  });

  test('answers with 403 to nobody but the merchant of KYC_NOT_APPROVED', () => {
    for (const kind of KINDS.filter((kind) => kind !== 'KYC_NOT_APPROVED')) {
      expect(refusal(changed(kind, { status: 403 }))).toMatch(/403, which is only the merchant's/);
    }
    expect(refusal(changed('KYC_NOT_APPROVED', { customer: { status: 403 } }))).toMatch(/403/);
    expect(() => createLakiConnect(changed('KYC_NOT_APPROVED', { status: 403 }))).not.toThrow();
  });

  test('leaves the tables of the library alone', () => {
    const before = JSON.stringify([RULES, en, am]);
    createLakiConnect({
      rules: { NOT_FOUND: { status: 410, customer: { status: 400 } } },
      messages: { en: { NOT_FOUND: { customer: 'Gone.' } } },
    });
    expect(JSON.stringify([RULES, en, am])).toBe(before);
    expect(reply({}, 'NOT_FOUND', 'customer')?.problem).toMatchObject({
      status: 404,
      detail: en.texts.NOT_FOUND.customer.detail,
    });
  });
});

describe('A code of the platform’s', () => {
  const rules: Options['rules'] = { KYC_NOT_APPROVED: { customer: { code: 'SHOP_PAUSED' } } };
  const paused = { title: 'Paused', detail: 'This shop is paused.' };

  test.each<[string, Options, RegExp]>([
    ['no text', {}, /`messages\.en\.SHOP_PAUSED\.customer`.*both title and detail/],
    [
      'a text in one of two languages',
      { messages: { en: { SHOP_PAUSED: { customer: paused } } } },
      /`messages\.am\.SHOP_PAUSED\.customer`/,
    ],
    [
      'half a text',
      { messages: { en: { SHOP_PAUSED: { customer: 'Paused.' } } } },
      /`messages\.en\.SHOP_PAUSED\.customer`/,
    ],
    [
      'a text for the wrong reader',
      { messages: { en: { SHOP_PAUSED: { merchant: paused } } } },
      /`messages\.en\.SHOP_PAUSED\.customer`/,
    ],
  ])('is refused with %s', (_, options, message) => {
    expect(refusal({ ...options, rules })).toMatch(message);
  });

  test('needs texts in the offered languages alone, for those who meet it', () => {
    const options: Options = {
      rules,
      locales: [en],
      messages: { en: { SHOP_PAUSED: { customer: paused } } },
    };
    expect(reply(options, 'KYC_NOT_APPROVED', 'customer')?.problem).toMatchObject({
      ...paused,
      code: 'SHOP_PAUSED',
      type: 'urn:problem-type:lakiconnect:shop-paused',
      status: 409,
    });
    expect(reply(options, 'KYC_NOT_APPROVED', 'merchant')?.problem.code).toBe('KYC_NOT_APPROVED');
  });

  test('does not tell what the standard code keeps to itself: fields of a refused key', () => {
    const { translate } = createLakiConnect({ rules: { UNAUTHORIZED: { code: 'UNRECOGNISED' } } });
    const details = [{ field: 'x-api-key', issue: 'has expired' }];
    expect(translate(answered(401, documented('UNAUTHORIZED', { details })))?.problem).not.toHaveProperty(
      'errors',
    );
  });

  test('may be one that has texts already', () => {
    const borrowed: Options = { rules: { NOT_FOUND: { code: 'UNRECOGNISED' } } };
    expect(reply(borrowed, 'NOT_FOUND', 'customer')?.problem.title).toBe(
      en.texts.UNRECOGNISED.customer.title,
    );
  });
});

describe('A text of the platform’s', () => {
  const { merchant, customer } = en.texts.NOT_FOUND;

  test.each([
    ['a text is the detail', 'Gone.', { title: customer.title, detail: 'Gone.' }],
    ['a detail alone', { detail: 'Gone.' }, { title: customer.title, detail: 'Gone.' }],
    ['a title alone', { title: 'Gone' }, { title: 'Gone', detail: customer.detail }],
    ['both', { title: 'Gone', detail: 'Gone.' }, { title: 'Gone', detail: 'Gone.' }],
    [
      'a part that is undefined',
      { title: undefined, detail: 'Gone.' },
      { title: customer.title, detail: 'Gone.' },
    ],
    ['nothing', undefined, customer],
  ])('changes one reader’s words in one language: %s', (_, override, expected) => {
    const messages = { en: { NOT_FOUND: { customer: override } } } as NonNullable<Options['messages']>;
    expect(reply({ messages }, 'NOT_FOUND', 'customer')?.problem).toMatchObject(expected);
    expect(reply({ messages }, 'NOT_FOUND', 'merchant')?.problem).toMatchObject(merchant);
    expect(reply({ messages }, 'NOT_FOUND', 'customer', 'am')?.problem).toMatchObject(
      am.texts.NOT_FOUND.customer,
    );
    expect(reply({ messages }, 'RATE_LIMITED', 'customer')?.problem).toMatchObject(
      en.texts.RATE_LIMITED.customer,
    );
  });

  test('may replace the words for an unknown outcome', () => {
    const laki = createLakiConnect({ messages: { en: { OUTCOME_UNKNOWN: { customer: 'Look first.' } } } });
    expect(laki.translate(answered(503))?.problem.detail).toBe('Look first.');
  });
});

describe('The languages offered', () => {
  const language = (options: Options, acceptLanguage?: string) =>
    createLakiConnect(options).translate(new LakiConnectError({ kind: 'TIMEOUT' }), { acceptLanguage })
      ?.headers['content-language'];

  test.each<[string, Options, string]>([
    ['English', {}, 'en'],
    ['English, wherever it stands', { locales: [am, en] }, 'en'],
    ['the first, if English is not offered', { locales: [french, am] }, 'fr'],
    ['what the platform says', { defaultLocale: 'am' }, 'am'],
    ['what the platform says, wherever it stands', { locales: [en, am, french], defaultLocale: 'fr' }, 'fr'],
    ['the only one', { locales: [am] }, 'am'],
  ])('fall back to %s', (_, options, expected) => {
    expect([language(options), language(options, 'de'), language(options, '*')]).toEqual([
      expected,
      expected,
      expected,
    ]);
  });

  test('are asked for by the reader, the default or not', () => {
    expect(language({ defaultLocale: 'am' }, 'en')).toBe('en');
    expect(language({ locales: [en] }, 'am')).toBe('en');
    expect(language({ locales: [en, am, french] }, 'fr-CA, am;q=0.5')).toBe('fr');
  });

  test('keep their order behind the default', () => {
    expect([...settle({ locales: [en, am, french], defaultLocale: 'fr' }).texts.keys()]).toEqual([
      'fr',
      'en',
      'am',
    ]);
  });
});

describe('Options of a handler', () => {
  const { handler } = createLakiConnect();

  test.each<[unknown, RegExp]>([
    [{ audience: 'admin' }, /option `audience` is 'admin', expected 'merchant', 'customer' or a function/],
    [{ httpErrors: 'yes' }, /option `httpErrors` is 'yes', expected true or false\./],
    [{ forward: 1 }, /option `forward` is 1, expected true or false\./],
    [{ format: 'problem' }, /there is no option `format`/],
    [null, /options must be an object, got null\./],
  ])('are judged when it is made: %j', (options, message) => {
    expect(() => handler(options as never)).toThrow(TypeError);
    expect(() => handler(options as never)).toThrow(message);
  });

  test('may be undefined', () => {
    expect(() => handler({ audience: undefined, httpErrors: undefined, forward: undefined })).not.toThrow();
  });
});
