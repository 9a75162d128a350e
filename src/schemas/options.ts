import { z } from 'zod';
import type {
  CacheOptions,
  HandlerOptions,
  HeaderNames,
  Lookups,
  Options,
  RetryOptions,
} from '../options.js';
import { HEADERS } from '../provider/api.js';
import { CODES } from '../translation/codes.js';
import { defined } from '../translation/override-rule.js';
import { peek } from '../translation/plain.js';
import { KINDS } from '../translation/rules.js';
import { locale, messages } from './messages.js';
import {
  atOnce,
  baseAddress,
  bool,
  callable,
  headerName,
  immediate,
  is,
  isImmediate,
  life,
  milliseconds,
  nonEmpty,
  oneOf,
  origin,
  secretText,
  text,
  whole,
} from './primitives.js';
import { code, override } from './rule.js';

const FIELDS = atOnce(
  "a map such as { 'business.tin': 'company.taxId' }, or a function (field) => name or undefined",
);

const headers = z
  .strictObject(
    {
      apiKey: headerName,
      merchant: headerName,
      signature: headerName,
      idempotency: headerName,
    } satisfies Record<keyof HeaderNames, z.ZodType>,
    { error: "names such as { idempotency: 'Idempotency-Key' }" },
  )
  .partial()
  .check(({ value, issues }) => {
    const names = { ...HEADERS, ...defined(value) } as Record<string, string>;
    for (const [header, name] of Object.entries<string>(defined(value))) {
      const other = Object.keys(names).find(
        (one) => one !== header && names[one]?.toLowerCase() === name.toLowerCase(),
      );
      if (other === undefined) continue;
      const message = `another name than that of \`headers.${other}\``;
      issues.push({ code: 'custom', path: [header], message, input: value });
    }
  });

const aliases = z
  .record(code, oneOf(...KINDS), { error: 'a map such as { NEW_CODE: "RATE_LIMITED" }' })
  .check(({ value, issues }) => {
    for (const known of Object.keys(value).filter((given) => CODES.has(given))) {
      const message = `no alias of it: LakiConnect's code ${known} means ${String(CODES.get(known))}`;
      issues.push({ code: 'custom', path: [known], message, input: value });
    }
  });

/** Each of the options. */
export const fields = {
  apiKey: secretText("LakiConnect's key, 'public:secret', without spaces", /^(?!:)[\x21-\x7e]{1,512}(?<!:)$/),
  baseUrl: baseAddress,
  origins: z.array(origin, { error: 'an array of origins' }),
  merchantId: callable('(request) => id of the merchant, or undefined'),
  audience: is(
    atOnce("'merchant', 'customer' or a function (request) => one of them"),
    (value) => value === 'merchant' || value === 'customer' || isImmediate(value),
  ),
  locale: immediate('(request) => language tag, or undefined'),
  rules: z.strictObject(Object.fromEntries(KINDS.map((kind) => [kind, override(kind).optional()])), {
    error: 'a map from kinds, such as { RATE_LIMITED: { status: 429 } }',
  }),
  fields: z.union(
    [z.record(z.string(), nonEmpty("a name such as 'company.taxId'")), immediate('(field) => name')],
    {
      error: ({ input }) => FIELDS(input),
    },
  ),
  locales: z.array(locale, { error: 'an array of languages, such as [en, am]' }).min(1, {
    error: 'at least one language, such as [en]',
  }),
  defaultLocale: text("the tag of one of `locales`, such as 'am'", /./),
  messages,
  format: is(
    atOnce("'problem', 'envelope' or a function (problem, context) => body"),
    (value) => value === 'problem' || value === 'envelope' || isImmediate(value),
  ),
  html: is(
    atOnce('false, or a function (problem, context) => page'),
    (value) => value === false || isImmediate(value),
  ),
  problemTypeBase: text(
    "a URI prefix such as 'https://example.com/problems/' or 'urn:problem-type:example:'",
    /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]*$/,
  ),
  lookups: z
    .strictObject(
      {
        kycStatus: callable('(merchantId, { signal }) => status, or { linked: false }'),
        feeConfig: callable('(merchantId, { signal }) => fee configuration, or undefined'),
      } satisfies Record<keyof Lookups, z.ZodType>,
      { error: 'functions such as { kycStatus: (merchantId) => shops.kycStatusOf(merchantId) }' },
    )
    .partial(),
  approvedStatuses: z
    .array(text("a word such as 'approved'", /\S/), { error: "an array of words, such as ['approved']" })
    .min(1, { error: "at least one word, such as ['approved']" }),
  duplicateReference: immediate('({ status, code, message, details }) => true or false'),
  cache: z
    .strictObject(
      {
        metMs: life,
        unmetMs: life,
        staleIfErrorMs: life,
        maxMerchants: whole('a whole number from 1 to 10000000, such as 10000', 1, 10_000_000),
      } satisfies Record<keyof CacheOptions, z.ZodType>,
      { error: 'lives such as { metMs: 60000, unmetMs: 5000 }' },
    )
    .partial(),
  store: is(
    'a store such as redisStore(client)',
    (value) => typeof peek(value, 'read') === 'function' && typeof peek(value, 'listen') === 'function',
  ),
  lookupTimeoutMs: milliseconds(2000),
  timeoutMs: milliseconds(15_000),
  headers,
  aliases,
  retry: z.union(
    [
      z.literal(false),
      z
        .strictObject({
          attempts: whole('a whole number from 1 to 10, such as 3', 1, 10),
          maxDelayMs: life,
        } satisfies Record<keyof RetryOptions, z.ZodType>)
        .partial(),
    ],
    { error: 'false, or limits such as { attempts: 3, maxDelayMs: 30000 }' },
  ),
  fetch: callable('(url, init) => response, such as fetch'),
  now: immediate('() => milliseconds'),
  random: immediate('() => number from 0 up to 1'),
  sleep: callable('(ms) => promise'),
  onEvent: is(
    'false, or a function (event) => void',
    (value) => value === false || typeof value === 'function',
  ),
} satisfies Record<keyof Options, z.ZodType>;

/** What `errorHandler` accepts. */
export const handlerOptions = z
  .strictObject({ audience: fields.audience, httpErrors: bool, forward: bool } satisfies Record<
    keyof HandlerOptions,
    z.ZodType
  >)
  .partial();

/** What `createLakiConnect` accepts. Every option may be absent or `undefined`. */
export const options = z.strictObject(fields).partial();
