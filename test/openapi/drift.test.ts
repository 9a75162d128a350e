/** What is described is what servers answer, on every framework. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import express5 from 'express';
import express4 from 'express4';
import Koa3 from 'koa';
import Koa2 from 'koa2';
import {
  defineRequirement,
  feeConfigured,
  kycApproved,
  LakiConnectError,
  type Audience,
  type Options,
} from 'lakiconnect-middleware';
import { errorResponses, type ErrorResponses } from 'lakiconnect-middleware/openapi';
import { KINDS, type Kind } from '../../src/translation/rules.js';
import { answered, throwing, unanswered } from '../adapters/contract/failures.js';
import type { AnyRequest, Harness, Laki, Middleware } from '../adapters/contract/harness.js';
import { closeServers, logged, serve } from '../adapters/contract/server.js';
import { openShop } from '../adapters/contract/shop.js';
import { expressHarness } from '../adapters/express.js';
import { koaHarness } from '../adapters/koa.js';
import { core, documented } from '../envelopes.js';
import { escapeHtml } from '../../src/translation/text.js';
import { deferred } from '../guards/harness.js';
import { judgeOf, resolved } from './document.js';

const HARNESSES = [
  expressHarness(4, express4 as unknown as typeof express5),
  expressHarness(5, express5),
  koaHarness(2, Koa2 as unknown as typeof Koa3),
  koaHarness(3, Koa3),
];
const AUDIENCES: readonly Audience[] = ['merchant', 'customer'];

beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(async () => {
  await logged();
  jest.restoreAllMocks();
});
afterAll(closeServers);

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

async function ask(url: string, init: RequestInit): Promise<Answered> {
  const response = await fetch(url, init);
  const { status, headers } = response;
  return { status, headers: Object.fromEntries(headers), text: await response.text() };
}

const FIELDS = [{ field: 'amount', issue: 'must be no less than 0.01' }];
const said = (status: number, code: string, details?: object[]) => () =>
  answered(status, documented(code, { details }));
const get = { method: 'get' };

/** Failures of calls, as clients throw them. */
const FAILURES: readonly (readonly [Kind, string, () => unknown])[] = [
  ['VALIDATION_ERROR', 'at 422', said(422, 'VALIDATION_ERROR', FIELDS)],
  ['VALIDATION_ERROR', 'at 400', said(400, 'VALIDATION_ERROR', FIELDS)],
  ['UNAUTHORIZED', 'at 401', said(401, 'UNAUTHORIZED')],
  ['FORBIDDEN', 'at 403', said(403, 'FORBIDDEN')],
  ['NOT_FOUND', 'at 404', said(404, 'NOT_FOUND')],
  ['CONNECTED_MERCHANT_NOT_FOUND', 'at 404', said(404, 'CONNECTED_MERCHANT_NOT_FOUND')],
  ['KYC_NOT_APPROVED', 'at 403', said(403, 'KYC_NOT_APPROVED')],
  ['FEE_CONFIG_NOT_SET', 'at 409', said(409, 'FEE_CONFIG_NOT_SET')],
  ['RATE_LIMITED', 'at 429', said(429, 'RATE_LIMITED')],
  ['IDEMPOTENCY_CONFLICT', 'at 409', said(409, 'IDEMPOTENCY_CONFLICT')],
  ['DUPLICATE_REFERENCE', 'of a payment', () => new LakiConnectError({ kind: 'DUPLICATE_REFERENCE' })],
  ['INSUFFICIENT_BALANCE', 'at 422', () => answered(422, core('INSUFFICIENT_BALANCE'))],
  ['PROVIDER_ERROR', 'at 200', () => answered(200, core('PROVIDER_ERROR'))],
  ['PROVIDER_ERROR', 'at 502', () => answered(502, core('PROVIDER_ERROR'))],
  ['INTERNAL_ERROR', 'of a payment', said(500, 'OOPS')],
  ['INTERNAL_ERROR', 'of a look', () => answered(500, documented('OOPS'), get)],
  ['UNREACHABLE', 'before it was sent', () => unanswered('ECONNREFUSED')],
  ['UNREACHABLE', 'after it was sent', () => unanswered('ECONNRESET')],
  ['TIMEOUT', 'of a payment', () => unanswered('ETIMEDOUT')],
  ['TIMEOUT', 'of a look', () => unanswered('ETIMEDOUT', get)],
  ['UNRECOGNISED', 'of a payment', () => answered(302, '')],
  ['UNRECOGNISED', 'of a look', () => answered(418, '', get)],
];

/** What comes with every answer of the frameworks and of HTTP. */
const NOT_OURS = new Set([
  ...['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding'],
  'x-powered-by',
]);

/** What a server answers and a document does not say, and the other way round. */
function difference(made: ErrorResponses, response: Answered, locale: string): unknown[] {
  const { status, headers, text } = response;
  const media = headers['content-type']!.split(';')[0]!;
  const described = made.responses[String(status)];
  const content = described?.content[media];
  if (content === undefined) return [`${String(status)} ${media} is not described`];

  const isJson = media.includes('json');
  const body: unknown = isJson ? JSON.parse(text) : text;
  const judge = judgeOf(made);
  const names = Object.entries(described!.headers).map(([name, { $ref }]) => [
    name.toLowerCase(),
    $ref.split('/').at(-1)!,
  ]);
  const components = new Map(names as [string, string][]);
  const told = Object.entries(headers).filter(([name]) => !NOT_OURS.has(name));

  return [
    judge.ofBody(status, media, body),
    ...told.map(([name, value]) => {
      const component = components.get(name);
      if (component === undefined) return `the header ${name} is not described`;
      return judge.ofHeader(component, name === 'retry-after' ? Number(value) : value);
    }),
    ['cache-control', 'content-language', 'vary', 'x-content-type-options'].every((name) => name in headers)
      ? undefined
      : 'a header is missing',
    headers['content-language'] === locale ? undefined : 'it is in another language',
    isExample(made, status, media, body, locale) ? undefined : { 'no example is': body },
  ].filter((fault) => fault !== undefined);
}

/** But for the id of its request. A page has what the words of an example say. */
function isExample(
  made: ErrorResponses,
  status: number,
  media: string,
  body: unknown,
  locale: string,
): boolean {
  const isPage = media === 'text/html';
  const { examples = {} } = made.responses[String(status)]!.content[isPage ? 'text/plain' : media]!;
  return Object.entries(examples)
    .filter(([name]) => name.endsWith(`.${locale}`))
    .map(([, reference]) => (resolved(made, reference) as { value: unknown }).value)
    .some((value) => (isPage ? hasWords(String(body), String(value)) : anonymous(value) === anonymous(body)));
}

function hasWords(page: string, example: string): boolean {
  return example
    .trim()
    .split('\n\n')
    .slice(0, 2)
    .every((line) => page.includes(`>${escapeHtml(line)}<`));
}

function anonymous(body: unknown): string {
  if (typeof body === 'string') return body;
  return JSON.stringify({ ...(body as object), request_id: undefined });
}

/** A server whose route fails as a request says, and what is described of it. */
async function failing(harness: Harness, options: Options<AnyRequest>) {
  let made: ErrorResponses | undefined;
  const server = await serve(harness, {
    options,
    before: (laki) => {
      made = errorResponses(laki);
      return [];
    },
    route: ({ req }) => throwing(FAILURES[Number(req.headers['x-fails'])]![2])(),
  });
  const fail = (at: number) => (headers: Record<string, string>) =>
    ask(server.url, { headers: { ...headers, 'x-fails': String(at) } });
  return { fail, made: made! };
}

/** Asks in every language for every media type that is described. */
async function differences(
  made: ErrorResponses,
  ask: (headers: Record<string, string>) => Promise<Answered>,
) {
  const [{ content }] = Object.values(made.responses) as [ErrorResponses['responses'][string]];
  const { enum: locales } = made.components.headers['LakiConnectContentLanguage']!.schema as {
    enum: string[];
  };
  const asked = Object.keys(content).flatMap((accept) => locales.map((locale) => ({ accept, locale })));
  const found = await Promise.all(
    asked.map(async ({ accept, locale }) => {
      const response = await ask({ accept, 'accept-language': locale });
      const isAccepted = response.headers['content-type']?.split(';')[0] === accept;
      return [...(isAccepted ? [] : [`it is not in ${accept}`]), ...difference(made, response, locale)];
    }),
  );
  return found.flat();
}

describe.each(HARNESSES)('$name', (harness) => {
  describe.each(AUDIENCES)('a %s', (audience) => {
    let app: Awaited<ReturnType<typeof failing>>;
    beforeAll(async () => {
      app = await failing(harness, { audience });
    });

    test.each(FAILURES.map(([kind, when], at) => [kind, when, at] as const))(
      '%s %s is answered as described, in every form and language',
      async (_kind, _when, at) => {
        expect(await differences(app.made, app.fail(at))).toEqual([]);
      },
    );
  });

  test.each<[string, Options<AnyRequest>]>([
    ['in the shape of LakiConnect, without pages', { format: 'envelope', html: false }],
    ['in a shape of its own', { format: ({ code, title }, { locale }) => ({ code, title, locale }) }],
    [
      'by rules, words and names of its own',
      {
        defaultLocale: 'am',
        problemTypeBase: 'https://shop.example/problems/',
        fields: { amount: 'total' },
        rules: {
          TIMEOUT: { status: 503, code: 'TOO_SLOW' },
          KYC_NOT_APPROVED: { customer: { status: 422 } },
          NOT_FOUND: { customer: { code: 'GONE_AWAY' } },
          INSUFFICIENT_BALANCE: { retryable: true },
          PROVIDER_ERROR: { retryable: false },
          VALIDATION_ERROR: { fault: 'provider' },
        },
        messages: {
          en: {
            TOO_SLOW: words('Slow', 'Too slow.'),
            GONE_AWAY: words('Gone', 'It is gone.'),
          },
          am: {
            TOO_SLOW: words('ዘገየ', 'በጣም ዘገየ።'),
            GONE_AWAY: words('የለም', 'ከእንግዲህ የለም።'),
          },
        },
      },
    ],
    ['whose fields are none of a user’s', { fields: { other: 'other' } }],
  ])(
    'a platform that answers %s is described so',
    async (_, options) => {
      for (const audience of AUDIENCES) {
        const { fail, made } = await failing(harness, { ...options, audience });
        for (const at of FAILURES.keys()) {
          const found = await differences(made, fail(at));
          expect({ failure: FAILURES[at], found }).toEqual({ failure: FAILURES[at], found: [] });
        }
      }
    },
    60_000,
  );

  describe('guards', () => {
    test.each<[Audience, string, Audience]>([
      ['merchant', 'as everybody is', 'merchant'],
      ['customer', 'as everybody is', 'customer'],
      ['merchant', 'on this route alone', 'customer'],
    ])('answer a %s %s as described, and all that is described', async (audience, _, elsewhere) => {
      const given = await guardedShop(harness, { audience }, elsewhere);
      const answers = new Set<string>();
      for (const [name, ask] of Object.entries(given.refusals)) {
        const found = await differences(given.made, async (headers) => {
          const response = await ask(headers);
          if (headers['accept'] === 'application/json') answers.add(answerOf(response));
          return response;
        });
        expect({ name, found }).toEqual({ name, found: [] });
      }
      expect(sortedUnique(answers)).toEqual(describedIn(given.made));
    });

    test('tell the reader of their route that a key is missing, too', async () => {
      let made: ErrorResponses | undefined;
      const shop = await openShop(harness, {
        before: (laki) => {
          const guards = [laki.requireIdempotencyKey({ audience: 'merchant' })];
          made = errorResponses(laki, { guards });
          return guards;
        },
      });
      const keyless = (headers: Record<string, string>) => ask(shop.server.url, { headers });
      expect(await differences(made!, keyless)).toEqual([]);
    });

    test('answer nothing where they only report, and no 503 where what is unknown passes', async () => {
      const reporting = await guardedShop(harness, { mode: 'report' });
      expect(reporting.made.responses).toEqual({});
      for (const ask of Object.values(reporting.refusals)) expect((await ask({})).status).toBe(201);

      const allowing = await guardedShop(harness, { whenUndetermined: 'allow' });
      expect(Object.keys(allowing.made.responses)).toEqual(['400', '409', '422']);
      const statuses: number[] = [];
      for (const ask of Object.values(allowing.refusals)) statuses.push((await ask({})).status);
      expect(sortedUnique(statuses.map(String))).toEqual(['201', '400', '409', '422']);
    });
  });
});

test('All kinds are answered here', () => {
  const ofGuards = [
    ...['MERCHANT_UNIDENTIFIED', 'UNDETERMINED', 'IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_IN_PROGRESS'],
  ];
  expect(new Set([...FAILURES.map(([kind]) => kind), ...ofGuards])).toEqual(new Set(KINDS));
});

test('A document of something else would be told from it', async () => {
  const { fail } = await failing(HARNESSES[1]!, { audience: 'merchant' });
  const other = await failing(HARNESSES[1]!, { problemTypeBase: 'urn:other:' });
  const kyc = FAILURES.findIndex(([kind]) => kind === 'KYC_NOT_APPROVED');
  expect(await differences(other.made, fail(kyc))).toContain('403 text/plain is not described');
  expect((await differences(other.made, fail(0))).length).toBeGreaterThan(1);
  delete other.made.responses['422']!.headers['Vary'];
  expect(await differences(other.made, fail(0))).toContain('the header vary is not described');
});

/** `409 PAYMENTS_UNAVAILABLE`. */
function answerOf({ status, text }: Answered): string {
  const { code } = JSON.parse(text) as { code: string };
  return `${String(status)} ${code}`;
}

function describedIn({ responses }: ErrorResponses): string[] {
  return Object.entries(responses).flatMap(([status, { content }]) => {
    const { allOf } = content['application/json']!.schema as {
      allOf: [object, { properties: { code: { enum: string[] } } }];
    };
    return allOf[1].properties.code.enum.map((code) => `${status} ${code}`);
  });
}

function sortedUnique(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

function words(title: string, detail: string) {
  return { merchant: { title, detail }, customer: { title, detail } };
}

const payoutAccount = defineRequirement({
  name: 'payoutAccount',
  rule: { status: 409, code: 'PAYOUT_ACCOUNT_MISSING', retryable: true },
  messages: {
    en: { PAYOUT_ACCOUNT_MISSING: words('No account', 'Add a bank account.') },
    am: { PAYOUT_ACCOUNT_MISSING: words('መለያ የለም', 'የባንክ መለያ ያክሉ።') },
  },
  lookup: async (merchantId) => {
    if (merchantId === 'cm_5') throw new Error('The database is down.');
    return merchantId === 'cm_6' ? { met: false } : { met: true };
  },
});

interface GuardedOptions {
  readonly audience?: Audience;
  readonly mode?: 'report';
  readonly whenUndetermined?: 'allow';
}

/** A shop behind all our guards, what is described of them, and everything that they refuse. */
async function guardedShop(harness: Harness, options: GuardedOptions, elsewhere?: Audience) {
  let made: ErrorResponses | undefined;
  const [parser] = Object.values(harness.parsers.spoiling) as [Middleware];
  const under = deferred<undefined>();
  const begun = deferred<undefined>();
  let isUnder = false;
  const guardsOf = (laki: Laki) => [
    laki.preflight([kycApproved, feeConfigured, payoutAccount], options),
    laki.requireIdempotencyKey(options),
  ];
  const shop = await openShop(harness, {
    options: elsewhere === undefined ? {} : { audience: elsewhere },
    before: (laki) => {
      const guards = guardsOf(laki);
      made = errorResponses(laki, { guards });
      return [parser, ...guards];
    },
    route: async ({ req, send }) => {
      if (req.headers['idempotency-key'] === 'slow' && !isUnder) {
        isUnder = true;
        begun.resolve(undefined);
        await under.promise;
      }
      send('paid', 201);
    },
  });
  shop.standing.set('cm_2', 'pending').set('cm_3', 'without a fee').set('cm_4', 'unlinked');
  const post =
    (merchant: string | undefined, key: string | undefined, body = '{"amount":1}') =>
    (headers: Record<string, string>) =>
      ask(shop.server.url, {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          ...(merchant === undefined ? {} : { 'x-merchant': merchant }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        body,
      });
  return {
    made: made!,
    refusals: {
      'a merchant who is pending': post('cm_2', 'k'),
      'a merchant without a fee': post('cm_3', 'k'),
      'a merchant who is not linked': post('cm_4', 'k'),
      'a merchant without an account': post('cm_6', 'k'),
      nobody: post(undefined, 'k'),
      'a payment without a key': post('cm_1', undefined),
      'another payment with the key': async (headers: Record<string, string>) => {
        await post('cm_1', 'used')({});
        return post('cm_1', 'used', '{"amount":2}')(headers);
      },
      'a payment under way': async (headers: Record<string, string>) => {
        if (!isUnder) post('cm_1', 'slow')({}).catch(() => undefined);
        await begun.promise;
        return post('cm_1', 'slow')(headers);
      },
      'a body that nobody means': post('cm_1', 'deep', '['.repeat(20_000) + ']'.repeat(20_000)),
      'a merchant of whom nothing can be learnt': post('cm_5', 'k'),
    },
  };
}
