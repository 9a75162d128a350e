/** What a wrong option is answered with, word for word; those that settings.test.ts has are not repeated here. */
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import {
  createLakiConnect,
  defineRequirement,
  kycApproved,
  type Options,
  type RequirementDefinition,
} from 'lakiconnect-middleware';
import { redisStore, type RedisClient } from 'lakiconnect-middleware/redis';

const SECRET = 'whsec_canary';
const laki = createLakiConnect({ apiKey: 'lk_pub_1:lk_sec_1', merchantId: () => 'cm_1' });
const requirement = {
  name: 'payoutAccount',
  rule: { status: 409, code: 'PAYOUT_ACCOUNT_MISSING' },
  lookup: () => ({ met: true }),
} satisfies RequirementDefinition;

/** Whatever takes options, given some that are wrong. */
const GIVEN_TO = {
  createLakiConnect: (options: object) => createLakiConnect(options as Options),
  guard: (options: object) => laki.guard(undefined, options),
  idempotencyGuard: (options: object) => laki.idempotencyGuard(options),
  handler: (options: object) => laki.handler(options),
  translate: (reader: object) => laki.translate(new Error('another'), reader),
  explain: (reader: object) => laki.explain(new Error('another'), reader),
  receiver: (options: object) => laki.receiver({ secret: SECRET, ...options }),
  defineRequirement: (options: object) => defineRequirement({ ...requirement, ...options }),
  redisStore: (options: object) => redisStore({} as RedisClient, options),
};

test.each<[keyof typeof GIVEN_TO, options: object, message: string]>([
  [
    'createLakiConnect',
    { lookups: 'database' },
    "`lookups` is 'database', expected functions such as { kycStatus: (merchantId) => shops.kycStatusOf(merchantId) }",
  ],
  [
    'createLakiConnect',
    { lookups: { kycStatus: 'approved' } },
    "`lookups.kycStatus` is 'approved', expected a function (merchantId, { signal }) => status, or { linked: false }",
  ],
  [
    'createLakiConnect',
    { lookups: { feeConfig: {} } },
    '`lookups.feeConfig` is {}, expected a function (merchantId, { signal }) => fee configuration, or undefined',
  ],
  [
    'createLakiConnect',
    { approvedStatuses: 'approved' },
    "`approvedStatuses` is 'approved', expected an array of words, such as ['approved']",
  ],
  [
    'createLakiConnect',
    { approvedStatuses: [] },
    "`approvedStatuses` is [], expected at least one word, such as ['approved']",
  ],
  [
    'createLakiConnect',
    { approvedStatuses: ['approved', ' '] },
    "`approvedStatuses.1` is ' ', expected a word such as 'approved'",
  ],
  [
    'createLakiConnect',
    { cache: false },
    '`cache` is false, expected lives such as { metMs: 60000, unmetMs: 5000 }',
  ],
  [
    'createLakiConnect',
    { cache: { metMs: -1 } },
    '`cache.metMs` is -1, expected a whole number of milliseconds from 0 to 2147483647, such as 60000',
  ],
  [
    'createLakiConnect',
    { cache: { maxMerchants: 0 } },
    '`cache.maxMerchants` is 0, expected a whole number from 1 to 10000000, such as 10000',
  ],
  [
    'createLakiConnect',
    { headers: 'X-Key' },
    "`headers` is 'X-Key', expected names such as { idempotency: 'Idempotency-Key' }",
  ],
  [
    'createLakiConnect',
    { headers: { merchant: ' X-Shop' } },
    "`headers.merchant` is ' X-Shop', expected the name of an HTTP header, and none that the client sets by itself",
  ],
  [
    'createLakiConnect',
    { headers: { merchant: 'X-Shop:' } },
    "`headers.merchant` is 'X-Shop:', expected the name of an HTTP header, and none that the client sets by itself",
  ],
  [
    'createLakiConnect',
    { retry: true },
    '`retry` is true, expected false, or limits such as { attempts: 3, maxDelayMs: 30000 }',
  ],
  [
    'createLakiConnect',
    { retry: { attempts: 11 } },
    '`retry.attempts` is 11, expected a whole number from 1 to 10, such as 3',
  ],
  [
    'createLakiConnect',
    { retry: { maxDelayMs: '1s' } },
    "`retry.maxDelayMs` is '1s', expected a whole number of milliseconds from 0 to 2147483647, such as 60000",
  ],
  [
    'createLakiConnect',
    { fields: { 'business.tin': 5 } },
    "`fields.business.tin` is 5, expected a name such as 'company.taxId'",
  ],
  [
    'createLakiConnect',
    { fields: { 'business.tin': '' } },
    "`fields.business.tin` is '', expected a name such as 'company.taxId'",
  ],
  [
    'createLakiConnect',
    { fields: 'tin' },
    "`fields` is 'tin', expected a map such as { 'business.tin': 'company.taxId' }, or a function (field) => name or undefined",
  ],
  [
    'createLakiConnect',
    { messages: { en: { NOT_FOUND: { customer: { title: 5 } } } } },
    "`messages.en.NOT_FOUND.customer.title` is 5, expected a text such as 'Please try again.'",
  ],
  ...[{}, 5, ''].map((words): ['createLakiConnect', object, string] => [
    'createLakiConnect',
    { messages: { en: { NOT_FOUND: { merchant: words } } } },
    `\`messages.en.NOT_FOUND.merchant\` is ${inspect(words)}, expected a text, or { title, detail } with at least one of them, such as 'Please try again.'`,
  ]),
  [
    'createLakiConnect',
    { lookupTimeoutMs: 0 },
    '`lookupTimeoutMs` is 0, expected a whole number of milliseconds from 1 to 2147483647, such as 2000',
  ],
  [
    'redisStore',
    { deadlineMs: 0 },
    '`deadlineMs` is 0, expected a whole number of milliseconds from 1 to 2147483647, such as 25',
  ],
  [
    'createLakiConnect',
    { fetch: 'node' },
    "`fetch` is 'node', expected a function (url, init) => response, such as fetch",
  ],
  ['createLakiConnect', { random: 0.5 }, '`random` is 0.5, expected a function () => number from 0 up to 1'],
  ['createLakiConnect', { sleep: 100 }, '`sleep` is 100, expected a function (ms) => promise'],
  [
    'guard',
    { whenUndetermined: 'ignore' },
    "`whenUndetermined` is 'ignore', expected one of 'deny', 'allow'",
  ],
  ['guard', { mode: 'off' }, "`mode` is 'off', expected one of 'enforce', 'report'"],
  [
    'receiver',
    { secret: [SECRET, 5] },
    '`secret.1` is number, expected the webhook secret, a text without white space at its ends, or an array of such: without one, anybody could send webhooks',
  ],
  [
    'translate',
    { audience: 'merchnt' },
    "`audience` is 'merchnt', expected one of 'merchant', 'customer', most likely 'merchant'",
  ],
  ['translate', { locale: null }, "`locale` is null, expected a language tag such as 'am'"],
  [
    'explain',
    { accept: ['text/html'] },
    "`accept` is [ 'text/html' ], expected an Accept header such as 'text/html'",
  ],
  [
    'receiver',
    { merchantIds: ['cm_1'] },
    "`merchantIds` is [ 'cm_1' ], expected a function (event) => ids of merchants",
  ],
  ['receiver', { onDelivery: true }, '`onDelivery` is true, expected a function (event) => void'],
  [
    'defineRequirement',
    { name: 'payout account' },
    "`name` is 'payout account', expected a name such as 'payoutAccount', of letters, digits, _ and -, that no built-in requirement has",
  ],
  [
    'defineRequirement',
    { rule: 409 },
    '`rule` is 409, expected its row, such as { status: 409, code: "PAYOUT_ACCOUNT_MISSING" }',
  ],
  [
    'defineRequirement',
    { lookup: true },
    '`lookup` is true, expected a function (merchantId, { signal }) => { met: true, facts? } or { met: false, reason? }',
  ],
  [
    'redisStore',
    { prefix: 'with space' },
    "`prefix` is 'with space', expected the beginning of keys, such as 'lakiconnect:', of at most 128 printable characters without spaces",
  ],
])('%s refuses %j', (name, options, message) => {
  expect(() => GIVEN_TO[name](options)).toThrow(new TypeError(`lakiconnect: option ${message}.`));
});

test.each<[keyof typeof GIVEN_TO, options: object, path: string, hint: string]>([
  ['createLakiConnect', { merchantID: () => 'cm_1' }, 'merchantID', 'Did you mean `merchantId`?'],
  ['createLakiConnect', { apikey: 'a:b' }, 'apikey', 'Did you mean `apiKey`?'],
  ['createLakiConnect', { cache: { metMS: 5 } }, 'cache.metMS', 'Did you mean `cache.metMs`?'],
  [
    'createLakiConnect',
    { headers: { idempotencyKey: 'X' } },
    'headers.idempotencyKey',
    'Did you mean `headers.idempotency`?',
  ],
  ['createLakiConnect', { retry: { attemps: 3 } }, 'retry.attemps', 'Did you mean `retry.attempts`?'],
  [
    'createLakiConnect',
    { retry: { maxAttempts: 3, attempts: 'three' } },
    'retry.maxAttempts',
    'Did you mean `retry.attempts`?',
  ],
  [
    'createLakiConnect',
    { lookups: { kyc: () => 'approved' } },
    'lookups.kyc',
    'There are `kycStatus`, `feeConfig`.',
  ],
  [
    'createLakiConnect',
    { rules: { RATE_LIMIT: {} } },
    'rules.RATE_LIMIT',
    'Did you mean `rules.RATE_LIMITED`?',
  ],
  [
    'createLakiConnect',
    { rules: { NOT_FOUND: { customer: { statusCode: 409 } } } },
    'rules.NOT_FOUND.customer.statusCode',
    'There are `status`, `code`.',
  ],
  [
    'createLakiConnect',
    { messages: { en: { NOT_FOUND: { customer: { text: 'No.' } } } } },
    'messages.en.NOT_FOUND.customer.text',
    'There are `title`, `detail`.',
  ],
  [
    'createLakiConnect',
    { messages: { en: { NOT_FOUND: { seller: 'No.' } } } },
    'messages.en.NOT_FOUND.seller',
    'There are `merchant`, `customer`.',
  ],
  ['createLakiConnect', { timeoutMs: 'soon', timeoutMS: 5 }, 'timeoutMS', 'Did you mean `timeoutMs`?'],
  ['redisStore', { 'a\r\nb': 1 }, 'a b', 'There are `prefix`, `deadlineMs`.'],
  ['guard', { merchantID: () => 'cm_1' }, 'merchantID', 'Did you mean `merchantId`?'],
  [
    'guard',
    { onEvent: () => undefined },
    'onEvent',
    'There are `merchantId`, `audience`, `whenUndetermined`, `mode`.',
  ],
  ['idempotencyGuard', { ttl: 5 }, 'ttl', 'Did you mean `ttlMs`?'],
  ['handler', { httpError: true }, 'httpError', 'Did you mean `httpErrors`?'],
  ['receiver', { secret: undefined, secrets: [SECRET] }, 'secrets', 'Did you mean `secret`?'],
  ['defineRequirement', { message: {} }, 'message', 'Did you mean `messages`?'],
  ['defineRequirement', { rule: { code: 'X_Y', state: 409 } }, 'rule.state', 'Did you mean `rule.status`?'],
  ['translate', { acceptlanguage: 'am' }, 'acceptlanguage', 'Did you mean `acceptLanguage`?'],
  ['explain', { language: 'am' }, 'language', 'There are `accept`, `acceptLanguage`, `locale`, `audience`.'],
  ['redisStore', { prefx: 'x:' }, 'prefx', 'Did you mean `prefix`?'],
])('%s has no such option, and names what there is: %j', (name, options, path, hint) => {
  expect(() => GIVEN_TO[name](options)).toThrow(
    new TypeError(`lakiconnect: there is no option \`${path}\`. ${hint}`),
  );
});

/** What takes options whenever it is called, and rejects. */
const CALLED: Record<string, (options: object) => Promise<unknown>> = {
  call: (context) =>
    laki.call(() => {
      throw new Error('It was sent.');
    }, context),
  check: (options) => laki.check('cm_1', [kycApproved], options),
  receiveWebhook: (options) => laki.receiveWebhook('{}', undefined, { secret: SECRET, ...options }),
};

test.each<[name: string, options: object, message: string]>([
  ['call', { merchantID: 'cm_1' }, 'there is no option `merchantID`. Did you mean `merchantId`?'],
  ['call', { idempotency: 'order-1' }, 'there is no option `idempotency`. Did you mean `idempotencyKey`?'],
  ['call', { merchantId: 42 }, 'option `merchantId` is 42, expected the id of the connected merchant.'],
  ['call', { method: '' }, "option `method` is '', expected an HTTP method such as 'POST'."],
  [
    'call',
    { idempotencyKey: 1 },
    'option `idempotencyKey` is 1, expected the idempotency key that the request carries.',
  ],
  ...[0, 1.5, '2'].map((attempt): [string, object, string] => [
    'call',
    { attempt },
    `option \`attempt\` is ${inspect(attempt)}, expected a whole number from 1: which attempt this is.`,
  ]),
  ['call', { signal: {} }, 'option `signal` is {}, expected an AbortSignal.'],
  ['call', { signal: { aborted: false } }, 'option `signal` is { aborted: false }, expected an AbortSignal.'],
  [
    'check',
    { whenUndetermind: 'allow' },
    'there is no option `whenUndetermind`. Did you mean `whenUndetermined`?',
  ],
  ['receiveWebhook', { ondelivery: () => 1 }, 'there is no option `ondelivery`. Did you mean `onDelivery`?'],
])('%s rejects %j', async (name, options, message) => {
  await expect(CALLED[name]!(options)).rejects.toEqual(new TypeError(`lakiconnect: ${message}`));
});

test('call accepts what it is meant for, and undefined in its place', async () => {
  const { signal } = new AbortController();
  const contexts = [
    {},
    { merchantId: 'cm_1', method: 'post', idempotencyKey: 'order-1', attempt: 2, signal },
    {
      merchantId: undefined,
      method: undefined,
      idempotencyKey: undefined,
      attempt: undefined,
      signal: undefined,
    },
    { merchantId: '', idempotencyKey: '' },
  ];
  for (const context of contexts) expect(await laki.call(() => 'sent', context)).toBe('sent');
});

test.each<[keyof typeof GIVEN_TO, options: object]>([
  ['createLakiConnect', { headers: { merchant: "!#$%&'*+.^`|~-_aZ09".padEnd(128, 'x') } }],
  ['createLakiConnect', { cache: { metMs: 0, unmetMs: 2 ** 31 - 1, maxMerchants: 10_000_000 } }],
  ['createLakiConnect', { retry: { attempts: 1, maxDelayMs: 0 } }],
  ['createLakiConnect', { retry: { attempts: 10 } }],
  ['guard', { merchantId: () => 'cm_2', audience: 'merchant', whenUndetermined: 'allow', mode: 'report' }],
  ['guard', { whenUndetermined: 'deny', mode: 'enforce' }],
  ['receiver', { secret: [SECRET, 'whsec_new'], merchantIds: () => [], onDelivery: () => undefined }],
  ['defineRequirement', { name: 'kycApprovedTwice' }],
  ['defineRequirement', { name: 'X'.repeat(64) }],
])('%s accepts %j', (name, options) => {
  expect(() => GIVEN_TO[name](options)).not.toThrow();
});
