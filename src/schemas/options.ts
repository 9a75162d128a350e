import { z } from 'zod';
import type { HandlerOptions, Options } from '../options.js';
import { SANE_CODE } from '../translation/codes.js';
import { KINDS } from '../translation/rules.js';

const MAX_TIMER = 2 ** 31 - 1;

/** Statuses on which a browser or proxy acts by itself: it asks for a login, or sends the request again. */
const ACTED_UPON = new Set([401, 407, 408, 421, 425]);

const is = <T>(expected: string, test: (value: unknown) => boolean) => z.custom<T>(test, { error: expected });
const text = (expected: string, grammar: RegExp) =>
  is<string>(expected, (value) => typeof value === 'string' && grammar.test(value));
const callable = (signature: string) => is(`a function ${signature}`, (value) => typeof value === 'function');
const oneOf = (...values: readonly string[]) =>
  is(`one of ${values.map((value) => `'${value}'`).join(', ')}`, (value) => values.includes(value as string));
const bool = is('true or false', (value) => typeof value === 'boolean');
const milliseconds = is(
  'a whole number of milliseconds from 1 to 2147483647, such as 15000',
  (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_TIMER,
);

const webAddress = (expected: string) =>
  is(
    expected,
    (value) => typeof value === 'string' && /^https?:\/\/[^\s]+$/.test(value) && URL.canParse(value),
  );

const status = (allows403: boolean) =>
  is(
    `a status from 400 to 599 other than ${[...ACTED_UPON].join(', ')}, on which browsers act${
      allows403 ? '' : ", and 403, which is only the merchant's of KYC_NOT_APPROVED"
    }`,
    (value) =>
      Number.isInteger(value) &&
      (value as number) >= 400 &&
      (value as number) <= 599 &&
      !ACTED_UPON.has(value as number) &&
      (allows403 || value !== 403),
  );

const code = text('a code such as SHOP_PAUSED: capitals, digits and underscores', SANE_CODE);

const override = (kind: string) =>
  z.strictObject(
    {
      status: status(kind === 'KYC_NOT_APPROVED').optional(),
      code: code.optional(),
      fault: oneOf('caller', 'merchant', 'platform', 'provider').optional(),
      retryable: bool.optional(),
      level: oneOf('info', 'warn', 'error').optional(),
      customer: z
        .strictObject(
          { status: status(false).optional(), code: code.optional() },
          { error: 'what a customer is told instead, such as { status: 409, code: "PAYMENTS_UNAVAILABLE" }' },
        )
        .optional(),
    },
    { error: 'what to change of its row, such as { status: 409, level: "warn" }' },
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nonEmpty = (error: string) => z.string({ error }).min(1, { error });
const phrase = nonEmpty("a text such as 'Please try again.'");
const TEXT_OR_PARTS = "a text, or { title, detail } with at least one of them, such as 'Please try again.'";
const words = z.union(
  [nonEmpty(TEXT_OR_PARTS), z.strictObject({ title: phrase.optional(), detail: phrase.optional() })],
  { error: TEXT_OR_PARTS },
);

const readers = z.strictObject(
  { merchant: words.optional(), customer: words.optional() },
  { error: "texts by audience, such as { customer: 'Please try again.' }" },
);

const locale = is(
  "a language such as the exported `en` and `am`: { tag: 'fr', texts: … }",
  (value) =>
    isRecord(value) &&
    typeof value['tag'] === 'string' &&
    /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(value['tag']) &&
    isRecord(value['texts']),
);

const fields = {
  apiKey: text("LakiConnect's key, 'public:secret', without spaces", /^[\x21-\x7e]{1,512}$/),
  baseUrl: webAddress("an http(s) URL such as 'https://api.lakipay.co/api/v2'"),
  origins: z.array(webAddress("an origin such as 'https://sandbox.api.lakipay.co'"), {
    error: 'an array of origins',
  }),
  merchantId: callable('(request) => id of the merchant, or undefined'),
  audience: is(
    "'merchant', 'customer' or a function (request) => one of them",
    (value) => value === 'merchant' || value === 'customer' || typeof value === 'function',
  ),
  locale: callable('(request) => language tag, or undefined'),
  rules: z.strictObject(Object.fromEntries(KINDS.map((kind) => [kind, override(kind).optional()])), {
    error: 'a map from kinds, such as { RATE_LIMITED: { status: 429 } }',
  }),
  fields: z.union(
    [z.record(z.string(), nonEmpty("a name such as 'company.taxId'")), callable('(field) => name')],
    {
      error: "a map such as { 'business.tin': 'company.taxId' }, or a function (field) => name or undefined",
    },
  ),
  locales: z.array(locale, { error: 'an array of languages, such as [en, am]' }).min(1, {
    error: 'at least one language, such as [en]',
  }),
  defaultLocale: text("the tag of one of `locales`, such as 'am'", /./),
  messages: z.record(
    z.string(),
    z.record(z.string(), readers, { error: "texts by code, such as { NOT_FOUND: { customer: '…' } }" }),
    { error: "texts by locale, such as { en: { NOT_FOUND: { customer: '…' } } }" },
  ),
  format: is(
    "'problem', 'envelope' or a function (problem, context) => body",
    (value) => value === 'problem' || value === 'envelope' || typeof value === 'function',
  ),
  html: is(
    'false, or a function (problem, context) => page',
    (value) => value === false || typeof value === 'function',
  ),
  problemTypeBase: text(
    "a URI prefix such as 'https://example.com/problems/' or 'urn:problem-type:example:'",
    /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]*$/,
  ),
  timeoutMs: milliseconds,
  aliases: z.record(code, oneOf(...KINDS), { error: 'a map such as { NEW_CODE: "RATE_LIMITED" }' }),
  now: callable('() => milliseconds'),
  onEvent: callable('(event) => void'),
} satisfies Record<keyof Options, z.ZodType>;

/** What `errorHandler` accepts. */
export const handlerOptions = z
  .strictObject({ audience: fields.audience, httpErrors: bool, forward: bool } satisfies Record<
    keyof HandlerOptions,
    z.ZodType
  >)
  .partial();

/** What {@link createLakiConnect} accepts. Every option may be absent or `undefined`. */
export const options = z.strictObject(fields).partial();
