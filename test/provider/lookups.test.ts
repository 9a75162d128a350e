/** What LakiConnect answers to a guard's question, and what that means. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createLakiConnect,
  feeConfigured,
  kycApproved,
  type Options,
  type Requirement,
} from 'lakiconnect-middleware';
import { core, documented, flat, htmlPage, nested, plainText } from '../envelopes.js';
import { startUpstream, type Answer, type Upstream } from '../upstream.js';
import { promptly, settled } from './harness.js';
import { apiKey, broken, failure, json, plain, scripted, type Answering } from './scripted.js';

/** What `check` makes of one answer: what is known, or the kind of its refusal. */
async function verdict(requirement: Requirement, answer: Answering, options: Options = {}) {
  const { laki, sent, answer: script } = scripted(options);
  script(answer);
  const outcome = await settled(laki.check('cm_1', [requirement]));
  expect(sent.length).toBe(1);
  if ('resolved' in outcome) return outcome.resolved;
  const { kind, origin, outcome: done } = outcome.rejected as Record<string, unknown>;
  expect({ origin, done }).toEqual({ origin: 'guard', done: 'rejected' });
  return kind;
}

/** Answers from which neither lookup learns anything. */
const UNCLEAR: [what: string, answer: Answering][] = [
  ['404 alone', plain(404, '')],
  ['404 and HTML', plain(404, htmlPage)],
  ['404 and text', plain(404, 'not found')],
  ['404 in the flat envelope', json(404, flat('not found'))],
  ['404 with a code nobody knows', json(404, documented('GONE'))],
  ['NOT_FOUND as a text', json(404, 'NOT_FOUND')],
  ['NOT_FOUND as a message', json(404, { message: 'NOT_FOUND', request_id: 'req_1' })],
  ['401', json(401, documented('UNAUTHORIZED'))],
  ['401 in the nested envelope', json(401, nested('invalid key'))],
  ['403', json(403, documented('FORBIDDEN'))],
  ['403 and HTML', plain(403, htmlPage)],
  ['400', json(400, documented('VALIDATION_ERROR'))],
  ['409', json(409, documented('IDEMPOTENCY_CONFLICT'))],
  ['429', json(429, documented('RATE_LIMITED'))],
  ['429 alone', plain(429, '')],
  ['500', json(500, documented('INTERNAL'))],
  ['502', plain(502, plainText)],
  ['503 and HTML', plain(503, htmlPage)],
  ['E2 at 200 with another code', json(200, core('PROVIDER_ERROR'))],
  ['E2 at 200 with no code', json(200, { status: 'ERROR', message: 'no' })],
  ['E4 at 200', json(200, flat('merchant: cannot be blank.'))],
  ['an array', json(200, [{ kyc_status: 'approved', fee_model: 'FREE' }])],
  ['an empty array', json(200, [])],
  ['null', json(200, null)],
  ['a text', json(200, 'approved')],
  ['a number', json(200, 1)],
  ['true', json(200, true)],
  ['nothing', plain(200, '')],
  ['nothing at 204', plain(204, null)],
  ['HTML at 200', plain(200, htmlPage)],
  ['JSON that breaks off', plain(200, '{"kyc_status":"approved","fee_model":"FREE"')],
  ['JSON in a callback', plain(200, 'cb({"kyc_status":"approved","fee_model":"FREE"})')],
  [
    'a redirect',
    plain(302, JSON.stringify({ kyc_status: 'approved', fee_model: 'FREE' }), { location: '/' }),
  ],
  ['an approval at 500', json(500, { kyc_status: 'approved', fee_model: 'FREE' })],
  ['an approval at 404', json(404, { kyc_status: 'approved', fee_model: 'FREE' })],
  ['a reset', broken('ECONNRESET')],
  ['a refused connection', broken('ECONNREFUSED')],
  ['a failure of the platform’s own `fetch`', () => Promise.reject(new Error('no such agent'))],
];

describe('A KYC lookup', () => {
  test.each<[string, unknown, string]>([
    ['kyc_status', { kyc_status: 'approved' }, 'approved'],
    ['kycStatus', { kycStatus: 'approved' }, 'approved'],
    ['kyc_status under data', { data: { kyc_status: 'approved' } }, 'approved'],
    ['kycStatus under data', { status: 'SUCCESS', data: { kycStatus: 'approved' } }, 'approved'],
    ['any case', { kyc_status: 'APPROVED' }, 'APPROVED'],
    ['spaces', { kyc_status: ' Approved\n' }, 'Approved'],
    ['an account that is pending otherwise', { status: 'pending', kyc_status: 'approved' }, 'approved'],
    ['data that is nothing', { kyc_status: 'approved', data: null }, 'approved'],
    ['a spelling that says nothing first', { kyc_status: '', data: { kycStatus: 'approved' } }, 'approved'],
    ['an error of null', { kyc_status: 'approved', error: null, success: true }, 'approved'],
  ])('finds it approved, as it was said: %s', async (_what, body, kycStatus) => {
    const facts = { kycApproved: kycStatus };
    expect(await verdict(kycApproved, json(200, body))).toEqual({ id: 'cm_1', kycStatus, facts });
  });

  test.each<[string, unknown]>([
    ['pending', { kyc_status: 'pending' }],
    ['under data', { data: { kycStatus: 'rejected' } }],
    ['an account that is approved otherwise', { status: 'approved', kyc_status: 'pending' }],
    ['a word that only begins so', { kyc_status: 'approved_conditionally' }],
    ['a word of a prototype', { kyc_status: 'constructor' }],
    ['the top level first', { kyc_status: 'suspended', data: { kyc_status: 'approved' } }],
  ])('finds it not approved: %s', async (_what, body) => {
    expect(await verdict(kycApproved, json(200, body))).toBe('KYC_NOT_APPROVED');
  });

  test('goes by the words of the options', async () => {
    const options = { approvedStatuses: ['Verified'] };
    expect(await verdict(kycApproved, json(200, { kyc_status: 'verified' }), options)).toHaveProperty('id');
    expect(await verdict(kycApproved, json(200, { kyc_status: 'approved' }), options)).toBe(
      'KYC_NOT_APPROVED',
    );
  });

  test.each<[string, Answering]>([
    ['NOT_FOUND', json(404, documented('NOT_FOUND'))],
    ['CONNECTED_MERCHANT_NOT_FOUND', json(404, documented('CONNECTED_MERCHANT_NOT_FOUND'))],
    ['the same at another status', json(400, documented('CONNECTED_MERCHANT_NOT_FOUND'))],
    ['NOT_FOUND in the core envelope', json(404, core('NOT_FOUND'))],
    ['NOT_FOUND in the core envelope at 200', json(200, core('NOT_FOUND'))],
    ['an alias', json(410, documented('MERCHANT_GONE'))],
  ])('finds it unlinked: %s', async (_what, answer) => {
    const options = { aliases: { MERCHANT_GONE: 'NOT_FOUND' } } as const;
    expect(await verdict(kycApproved, answer, options)).toBe('CONNECTED_MERCHANT_NOT_FOUND');
  });

  test.each<[string, Answering]>([
    ...UNCLEAR,
    ['KYC_NOT_APPROVED', json(403, documented('KYC_NOT_APPROVED'))],
    ['FEE_CONFIG_NOT_SET', json(422, documented('FEE_CONFIG_NOT_SET'))],
    ['no status', json(200, { id: 'cm_1' })],
    ['the status of the account alone', json(200, { status: 'approved' })],
    ['a status of null', json(200, { kyc_status: null })],
    ['a status of true', json(200, { kyc_status: true })],
    ['a status in an array', json(200, { kyc_status: ['approved'] })],
    ['an empty status', json(200, { kyc_status: '', kycStatus: ' ' })],
    ['accounts in an array', json(200, { data: [{ kyc_status: 'approved' }] })],
    ['a status one level too deep', json(200, { data: { account: { kyc_status: 'approved' } } })],
  ])('learns nothing: %s', async (_what, answer) => {
    expect(await verdict(kycApproved, answer)).toBe('UNDETERMINED');
  });
});

describe('A fee lookup', () => {
  test.each<[string, unknown, object]>([
    ['fee_model', { fee_model: 'PERCENT', fee_value: 5 }, { fee_model: 'PERCENT', fee_value: 5 }],
    ['feeModel', { feeModel: 'FIXED', feeValue: 2 }, { feeModel: 'FIXED', feeValue: 2 }],
    ['under data', { status: 'SUCCESS', data: { fee_model: 'FIXED' } }, { fee_model: 'FIXED' }],
    ['feeModel under data', { data: { feeModel: 'PERCENT' } }, { feeModel: 'PERCENT' }],
    ['FREE, which is one too', { fee_model: 'FREE' }, { fee_model: 'FREE' }],
    [
      'a model nobody knows',
      { fee_model: 'TIERED', tiers: [{ to: 10 }] },
      { fee_model: 'TIERED', tiers: [{ to: 10 }] },
    ],
    ['the top level first', { fee_model: 'FREE', data: { fee_model: 'FIXED' } }, { fee_model: 'FREE' }],
    [
      'a model that says nothing first',
      { fee_model: '', data: { fee_model: 'FREE' } },
      { fee_model: 'FREE' },
    ],
  ])('finds one: %s', async (_what, body, feeConfig) => {
    const facts = { feeConfigured: feeConfig };
    expect(await verdict(feeConfigured, json(200, body))).toEqual({ id: 'cm_1', feeConfig, facts });
  });

  test.each<[string, Answering]>([
    ['empty data', json(200, { data: {} })],
    ['data of null', json(200, { status: 'SUCCESS', data: null })],
    ['a price config of null beside an account', json(200, { id: 'cm_1', price_config: null })],
    [
      'an empty price config in data',
      json(200, { data: { id: 'cm_1', configuration: { priceConfig: {} } } }),
    ],
    ['a model of null', json(200, { fee_model: null, data: { feeModel: null } })],
    ['FEE_CONFIG_NOT_SET', json(404, documented('FEE_CONFIG_NOT_SET'))],
    ['FEE_CONFIG_NOT_SET in the core envelope at 200', json(200, core('FEE_CONFIG_NOT_SET'))],
    ['NOT_FOUND', json(404, documented('NOT_FOUND'))],
    ['an alias', json(422, documented('NO_FEE'))],
  ])('finds none: %s', async (_what, answer) => {
    const options = { aliases: { NO_FEE: 'FEE_CONFIG_NOT_SET' } } as const;
    expect(await verdict(feeConfigured, answer, options)).toBe('FEE_CONFIG_NOT_SET');
  });

  test.each<[string, Answering]>([
    ['CONNECTED_MERCHANT_NOT_FOUND', json(404, documented('CONNECTED_MERCHANT_NOT_FOUND'))],
    ['the same at another status', json(400, documented('CONNECTED_MERCHANT_NOT_FOUND'))],
    ['the same in the core envelope at 200', json(200, core('CONNECTED_MERCHANT_NOT_FOUND'))],
    ['an alias', json(410, documented('MERCHANT_GONE'))],
  ])('finds it unlinked: %s', async (_what, answer) => {
    const options = { aliases: { MERCHANT_GONE: 'CONNECTED_MERCHANT_NOT_FOUND' } } as const;
    expect(await verdict(feeConfigured, answer, options)).toBe('CONNECTED_MERCHANT_NOT_FOUND');
  });

  test.each<[string, Answering]>([
    ...UNCLEAR,
    ['KYC_NOT_APPROVED', json(403, documented('KYC_NOT_APPROVED'))],
    ['an empty object', json(200, {})],
    ['an empty model', json(200, { fee_model: '', fee_value: 5 })],
    ['an empty model in data', json(200, { data: { feeModel: ' ' } })],
    ['a model of 1', json(200, { fee_model: 1 })],
    ['a model in an array', json(200, { fee_model: ['FREE'] })],
    ['data that is an empty array', json(200, { data: [] })],
    ['data that is an array', json(200, { data: [{ fee_model: 'FREE' }] })],
    ...[
      { error: 'db down', data: null },
      { errors: ['x'], data: {} },
      { ok: false, data: null },
      { success: false, fee_config: null },
      { status: 'FAILED', data: null },
      { status: 500, data: null },
      { code: 503, price_config: {} },
    ].map((body): [string, Answering] => [`none beside a failure: ${JSON.stringify(body)}`, json(200, body)]),
    ['a price config that is an empty array', json(200, { price_config: [] })],
    ['only that all is well', json(200, { ok: true })],
    [
      'an account alone',
      json(200, { data: { id: 'cm_1', configuration: { business_description: 'Shoes' } } }),
    ],
    ['a name that nobody documents', json(200, { pricing: { fee_model: 'FREE' } })],
    ['null under such a name', json(200, { pricing: null })],
    ['a level too deep', json(200, { data: { data: { fee_model: 'FREE' } } })],
    ['the rest at a level too deep', json(200, { fee_config: { price_config: { fee_model: 'FREE' } } })],
  ])('learns nothing: %s', async (_what, answer) => {
    expect(await verdict(feeConfigured, answer)).toBe('UNDETERMINED');
  });

  describe('reads each place', () => {
    const FEE = fc
      .tuple(fc.constantFrom('fee_model', 'feeModel'), fc.constantFrom('FREE', 'PERCENT', 'FIXED', 'TIERED'))
      .map(([name, model]): Record<string, string> => ({ [name]: model }));
    /** Where a fee may stand, from the outermost name inwards. */
    const PLACES = [
      [],
      ['price_config'],
      ['priceConfig'],
      ['fee_config'],
      ['feeConfig'],
      ['configuration'],
      ['configuration', 'price_config'],
      ['configuration', 'priceConfig'],
    ].flatMap((place) => [place, ['data', ...place]]);
    const within = (place: readonly string[], value: unknown) =>
      place.reduceRight<unknown>((inner, name) => ({ id: 'cm_1', [name]: inner }), value);

    test.each(
      PLACES.map((place): [string, readonly string[]] => [place.join('.') || 'the top level', place]),
    )('%s', async (_name, place) => {
      for (const model of ['fee_model', 'feeModel']) {
        const fee = { [model]: 'FREE', fee_value: 0 };
        const known = await verdict(feeConfigured, json(200, within(place, fee)));
        expect(known).toMatchObject({ feeConfig: fee });
        const isTop = place.length === 0;
        for (const none of [null, {}]) {
          if (!isTop) {
            expect(await verdict(feeConfigured, json(200, within(place, none)))).toBe('FEE_CONFIG_NOT_SET');
          }
        }
        for (const unclear of ['', [], 0, 'FREE', { id: 'x' }, { [model]: '' }, { [model]: 5 }]) {
          const body = within(place, unclear);
          expect(await verdict(feeConfigured, json(200, body))).toBe('UNDETERMINED');
        }
      }
    });

    test('whatever else an answer holds', async () => {
      const noise = fc.dictionary(
        fc.constantFrom('id', 'status', 'currency', 'fee_value', 'pricing', 'created_at', 'toString'),
        fc.jsonValue({ maxDepth: 2 }),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...PLACES),
          FEE,
          noise,
          noise,
          async (place, fee, around, beside) => {
            const { status: _status, ...rest } = around; // a word there may make it an error
            const body = place.reduceRight<unknown>((inner, name) => ({ ...beside, [name]: inner }), {
              ...beside,
              ...fee,
            });
            const answer = json(200, { ...rest, ...(body as object), status: 'SUCCESS' });
            expect(await verdict(feeConfigured, answer)).toMatchObject({ feeConfig: fee });
          },
        ),
        { numRuns: 300 },
      );
    });
  });

  test('gives what all requests share, so that none can change it', async () => {
    const body = '{"fee_model":"TIERED","tiers":[{"to":10}],"__proto__":{"polluted":true}}';
    const { laki, answer } = scripted();
    answer(plain(200, body));
    const config = (await laki.check('cm_1', [feeConfigured])).feeConfig as { tiers: { to: number }[] };
    expect(() => (config.tiers[0] as { to: number }).to++).toThrow(TypeError);
    expect(() => config.tiers.push({ to: 20 })).toThrow(TypeError);
    expect(Object.assign({}, config)).not.toHaveProperty('polluted');
    expect((await laki.check('cm_1', [feeConfigured])).feeConfig).toBe(config);
  });

  test.each([
    ['deeper than any stack', `{"fee_model":"FREE","deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['wider than anybody needs', JSON.stringify({ fee_model: 'FREE', wide: Array(50_000).fill(0) })],
  ])('is bounded where its answer is %s', async (_what, body) => {
    const { laki, answer } = scripted();
    answer(plain(200, body));
    const { feeConfig } = await laki.check('cm_1', [feeConfigured]);
    expect(feeConfig).toHaveProperty('fee_model', 'FREE');
    expect(JSON.stringify(feeConfig).length).toBeLessThan(2048);
  });
});

test('A lookup is made once, whatever it answers', async () => {
  const stage = scripted({ retry: { attempts: 5 } });
  stage.answer(plain(503, ''), json(200, { kyc_status: 'approved' }));
  expect(await failure(stage.laki.check('cm_1', [kycApproved]))).toMatchObject({ kind: 'UNDETERMINED' });
  expect(stage.sent.length).toBe(1);
  expect(stage.waits).toEqual([]);
});

test.each<[string, Answering, string]>([
  ['an array', json(200, []), 'TypeError: the answer is no JSON object'],
  [
    'an account without a status',
    json(200, { id: 'cm_1', status: 'approved', user: { email: 'abebe@example.com' } }),
    'TypeError: the answer names no KYC status. Its keys: status, id, user, user.email.',
  ],
  ['an empty object', json(200, {}), 'TypeError: the answer names no KYC status. It has no keys.'],
  [
    'keys that could be values',
    json(200, {
      'abebe@example.com': 1,
      '+251911234567': 1,
      'a\nb': 1,
      [`x${'y'.repeat(40)}`]: 1,
      lk_sec_1: 1,
      data: { __proto__: 1, kycState: 'approved' },
    }),
    'TypeError: the answer names no KYC status. Its keys: [redacted], data, data.kycState.',
  ],
  [
    'an answer of many keys',
    json(200, Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`key_${String(at)}`, { a: {} }]))),
    `TypeError: the answer names no KYC status. Its keys: ${Array.from({ length: 20 }, (_, at) => `key_${String(at)}`).join(', ')}.`,
  ],
])('Operators hear why nothing was learnt from %s', async (_what, answer, reason) => {
  const stage = scripted();
  stage.answer(answer);
  await failure(stage.laki.check('cm_1', [kycApproved]));
  expect(stage.events.find(({ type }) => type === 'lookup')).toHaveProperty('reason', reason);
});

test('Operators hear which keys an answer about a fee has', async () => {
  const stage = scripted();
  stage.answer(json(200, { data: { id: 'cm_1', pricing: { fee_model: 'FREE' } }, ok: true }));
  await failure(stage.laki.check('cm_1', [feeConfigured]));
  expect(stage.events.find(({ type }) => type === 'lookup')).toHaveProperty(
    'reason',
    'TypeError: the answer names no fee model. Its keys: data, ok, data.id, data.pricing, data.pricing.fee_model.',
  );
});

test('A lookup that fails has moved no money', async () => {
  const stage = scripted();
  stage.answer(plain(418, ''));
  await failure(stage.laki.check('cm_1', [kycApproved]));
  expect(stage.events).toContainEqual(expect.objectContaining({ type: 'unmapped', outcome: 'rejected' }));
});

test('The answers about two merchants are not confused', async () => {
  const { laki, answer } = scripted();
  answer(({ url }) => json(200, { kyc_status: url.endsWith('/cm_1') ? 'approved' : 'pending' })({} as never));
  const verdicts = await Promise.all(
    ['cm_1', 'cm_2', 'cm_1'].map((id) => settled(laki.check(id, [kycApproved]))),
  );
  expect(verdicts.map((one) => 'resolved' in one)).toEqual([true, false, true]);
});

describe('At the provider', () => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  afterAll(() => upstream.close());
  beforeEach(() => void upstream.requests.splice(0));

  const coreOf = (options: Options = {}) => createLakiConnect({ baseUrl: upstream.url, apiKey, ...options });
  const both = { status: 200, body: { kyc_status: 'approved', fee_model: 'FREE' } };

  test('the account is asked for by its id, and the fee by the merchant header alone', async () => {
    upstream.answer(both);
    await coreOf({ headers: { merchant: 'X-Merchant' } }).check('cm_1');
    const [account, fee] = [...upstream.requests].sort((a, b) => a.url.length - b.url.length);
    const common = { 'x-api-key': apiKey, accept: 'application/json', 'accept-encoding': 'identity' };
    expect(account).toMatchObject({
      method: 'GET',
      url: '/api/v2/lakiconnect/connected-accounts/cm_1',
      body: '',
    });
    expect(account?.headers).toMatchObject(common);
    expect(account?.headers).not.toHaveProperty('x-merchant');
    expect(fee).toMatchObject({
      method: 'GET',
      url: '/api/v2/lakiconnect/connected-accounts/fee-config',
      body: '',
    });
    expect(fee?.headers).toMatchObject({ ...common, 'x-merchant': 'cm_1' });
  });

  test.each([
    ['a/b', 'a%2Fb'],
    ['../admin', '..%2Fadmin'],
    ['..\\admin', '..%5Cadmin'],
    ['cm_1?status=approved', 'cm_1%3Fstatus%3Dapproved'],
    ['cm_1#', 'cm_1%23'],
    ['%2e%2e', '%252e%252e'],
    ['a b', 'a%20b'],
    ['...', '...'],
  ])('the id %s is one segment: %s', async (id, segment) => {
    upstream.answer(both);
    await coreOf().check(id);
    expect(upstream.requests.map(({ url }) => url).sort()).toEqual(
      [
        `/api/v2/lakiconnect/connected-accounts/${segment}`,
        '/api/v2/lakiconnect/connected-accounts/fee-config',
      ].sort(),
    );
    expect(upstream.requests.find(({ url }) => url.endsWith('fee-config'))?.headers).toMatchObject({
      'x-connected-merchant-id': id,
    });
  });

  test.each([[''], ['fee-config'], ['WALLET'], ['..'], ['x'.repeat(257)], [' cm_1'], [undefined]])(
    'nothing is asked about %j',
    async (id) => {
      expect(await failure(coreOf().check(id))).toMatchObject({ kind: 'MERCHANT_UNIDENTIFIED' });
      expect(upstream.requests).toEqual([]);
    },
  );

  test('both questions are open at once', async () => {
    const open: ServerResponse[] = [];
    const server = createServer((_request, response) => {
      open.push(response);
      if (open.length < 2) return;
      for (const one of open) one.end(JSON.stringify(both.body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const laki = coreOf({ baseUrl: `http://127.0.0.1:${String(port)}`, lookupTimeoutMs: 60_000 });
    try {
      const known = await promptly(laki.check('cm_1'));
      expect(known).toMatchObject({ kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } });
    } finally {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });

  test.each<[string, Answer]>([
    ['headers', { fault: 'hang-headers' }],
    ['the rest of a body', { ...both, fault: 'hang-body' }],
  ])('nobody waits for %s beyond the deadline of lookups', async (_for, answer) => {
    upstream.answer(answer);
    const laki = coreOf({ lookupTimeoutMs: 50, timeoutMs: 60_000 });
    expect(await promptly(failure(laki.check('cm_1')))).toMatchObject({ kind: 'UNDETERMINED' });
  });

  test('a redirect is not followed', async () => {
    upstream.answer(({ url }) =>
      url === '/elsewhere' ? both : { status: 307, headers: { location: '/elsewhere' } },
    );
    expect(await failure(coreOf().check('cm_1'))).toMatchObject({ kind: 'UNDETERMINED' });
    expect(upstream.requests.map(({ url }) => url)).not.toContain('/elsewhere');
  });

  test.each([301, 302, 303, 307, 308])('a %i takes no key to another origin', async (status) => {
    const other = await startUpstream();
    other.answer(both);
    upstream.answer({ status, headers: { location: `${other.url}/elsewhere` } });
    try {
      expect(await failure(coreOf().check('cm_1'))).toMatchObject({ kind: 'UNDETERMINED' });
      expect(upstream.requests.length).toBe(2);
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test('input that the client refuses leaves it undetermined', async () => {
    const refused = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' });
    const laki = coreOf({ fetch: () => Promise.reject(refused) });
    expect(await failure(laki.check('cm_1'))).toMatchObject({ kind: 'UNDETERMINED' });
  });
});
