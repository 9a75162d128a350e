/** What docs/testing.md says of the test kit is what it does, and its example is the one that runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as globals from '@jest/globals';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLakiConnect, LakiConnectError } from 'lakiconnect-middleware';
import * as testing from 'lakiconnect-middleware/testing';
import {
  createFakeLakiConnect,
  type Answer,
  type Charge,
  type FailOptions,
  type FakeLakiConnect,
  type FakeMerchant,
  type FakeRequest,
} from 'lakiconnect-middleware/testing';
import supertest from 'supertest';
import ts from 'typescript';
import { createShop } from '../../docs/examples/koa-shop.js';
import { accountEndpoints } from '../../src/testing/fake/accounts.js';
import { ENVELOPE_NAMES, enveloped } from '../../src/testing/fake/envelopes.js';
import { FAILURES } from '../../src/testing/fake/failures.js';
import { FAULT_NAMES } from '../../src/testing/fake/faults.js';
import { paymentEndpoints } from '../../src/testing/fake/payments.js';
import { failOptions, fakeOptions } from '../../src/testing/fake/schemas.js';
import { settled } from '../provider/harness.js';
import { ask as askOf } from '../testing/fake/ask.js';
import { blocksOf, keysOf, listedUnder, plainText, readPage, ROOT, rowsUnder } from './pages.js';

const PAGE = readPage('docs/testing.md');
const TEXT = PAGE.lines.join('\n');
const ACCOUNTS = '/lakiconnect/connected-accounts';
const PAYMENT = { amount: 100, currency: 'ETB' };
const SOLD = { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } };

let fake: FakeLakiConnect;

beforeAll(async () => {
  fake = await createFakeLakiConnect();
});

beforeEach(() => {
  fake.reset();
  fake.merchants.set('cm_1', SOLD);
});

afterAll(() => fake.close());

const fileText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Asked {
  readonly merchantId?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

const ask = (method: string, path: string, { body = {}, ...asked }: Asked = {}) =>
  askOf(fake, method, path, { ...asked, ...(method !== 'GET' && { body }) });

const pay = (asked: Asked = {}) =>
  ask('POST', '/payment/direct', { merchantId: 'cm_1', body: PAYMENT, ...asked });

describe('The example', () => {
  test.each(['shop.ts', 'shop.test.ts', 'koa-shop.ts'])('%s is on the page as it runs', (name) => {
    const path = `docs/examples/${name}`;
    const block = blocksOf(PAGE).find(({ line }) => PAGE.lines[line - 4] === `\`${path}\`:`);
    expect(`${block?.code.join('\n') ?? ''}\n`).toBe(fileText(path));
  });
});

describe('The example, for Koa', () => {
  const given: Readonly<Record<string, object>> = {
    '@jest/globals': globals,
    'lakiconnect-middleware/testing': testing,
    supertest: { default: supertest },
    './koa-shop.js': { createShop: quiet },
  };
  const [changed] = blocksOf(PAGE).filter(({ language }) => language === 'text');
  const { outputText } = ts.transpileModule(forKoa(changed?.code ?? []), {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  const module = Reflect.construct(Function, ['exports', 'require', outputText]) as (
    exports: object,
    require: (name: string) => object | undefined,
  ) => void;
  module({}, (name) => given[name] && { __esModule: true, ...given[name] });
});

function quiet(...given: Parameters<typeof createShop>): ReturnType<typeof createShop> {
  return Object.assign(createShop(...given), { silent: true });
}

/** The test file with the lines of the page in place of those that begin like them. */
function forKoa(lines: readonly string[]): string {
  expect(lines).toHaveLength(2);
  return lines.reduce((text, line) => {
    const start = line.slice(0, 20);
    const found = text.split('\n').filter((each) => each.startsWith(start));
    expect([start, found.length]).toEqual([start, 1]);
    return text.replace(found[0] as string, line);
  }, fileText('docs/examples/shop.test.ts'));
}

describe('The fake', () => {
  test('has the options listed, in the order of their schema', () => {
    expect(listedUnder(PAGE, 'The fake', 'option')).toEqual(Object.keys(fakeOptions.shape));
  });

  test('has the defaults listed', () => {
    const rows = rowsUnder(PAGE, 'The fake', 'option');
    for (const name of ['apiKey', 'webhookSecret'] as const) {
      const row = rows.find(({ option }) => option === `\`${name}\``);
      expect(plainText(row?.['default'] ?? '')).toBe(`'${fake[name]}'`);
    }
  });

  test('has the members listed', () => {
    expect(listedUnder(PAGE, 'The fake', 'member')).toEqual(Object.keys(fake));
  });

  test('knows of merchants, charges and requests what is listed', async () => {
    const listed = (what: string) => listedUnder(PAGE, 'The fake', `of a ${what}`);
    await pay();
    expect(listed('merchant')).toEqual(keysOf<FakeMerchant>({ kycStatus: 0, feeConfig: 0 }));
    expect(listed('charge')).toEqual(Object.keys(fake.charges[0] as Charge));
    expect(listed('request')).toEqual(Object.keys(fake.requests[0] as FakeRequest));
  });

  test('`null` is no fee at all, even where the platform has one', async () => {
    await ask('PUT', `${ACCOUNTS}/fee-config`, { body: { fee_model: 'FREE' } });
    fake.merchants.set('cm_1', { kycStatus: 'approved' });
    expect((await pay()).status).toBe(200);
    fake.merchants.set('cm_1', { kycStatus: 'approved', feeConfig: null });
    expect((await pay()).body.error.code).toBe('FEE_CONFIG_NOT_SET');
  });
});

describe('Endpoints', () => {
  const BODIES: Readonly<Record<string, object>> = {
    'POST /payment/direct': PAYMENT,
    'POST /payment/checkout': PAYMENT,
    [`POST ${ACCOUNTS}`]: { user: { email: 'a@b.example' }, business: {} },
    [`PUT ${ACCOUNTS}/fee-config`]: { fee_model: 'FREE' },
    [`PUT ${ACCOUNTS}/webhook-settings`]: {
      webhook_url: 'https://shop.example/webhooks',
      webhook_secret: 'whsec_1',
      webhook_enabled: true,
    },
  };
  const rows = listedUnder(PAGE, 'Endpoints', 'endpoint');
  const pathOf = ({ source }: RegExp) => source.replaceAll('\\', '').replace('([^/]+)', ':id').slice(1, -1);

  test.each(rows)('%s is there, and moves money only if it says so', async (endpoint) => {
    const { transaction_id: id } = (await pay()).body;
    const [method = '', path = ''] = endpoint.split(' ');
    const ids = path.startsWith('/payment') ? id : 'cm_1';
    const { status } = await ask(method, path.replace(':id', ids), {
      merchantId: 'cm_1',
      body: BODIES[endpoint] ?? {},
    });
    expect(status).toBeLessThan(300);
    expect(fake.charges).toHaveLength(endpoint === 'POST /payment/direct' ? 2 : 1);
  });

  test('there are no others', async () => {
    const books = { merchants: new Map(), charges: [] };
    const endpoints = [...paymentEndpoints(books, Date.now), ...accountEndpoints(books, Date.now)];
    expect(endpoints.map(({ method, path }) => `${method} ${pathOf(path)}`).sort()).toEqual([...rows].sort());
    expect((await ask('DELETE', '/payment/direct')).body.error.code).toBe('NOT_FOUND');
  });

  test('a payment is refused for the reasons listed, the first of them first', async () => {
    const causes: Readonly<Record<string, () => Asked>> = {
      'another key, or none': () => ({ headers: { 'X-API-Key': 'lk_pub:other' } }),
      'a body that is not as documented': () => ({ body: {} }),
      'a merchant that is not in merchants': () => ({ merchantId: 'cm_2' }),
      "a KYC that is not 'approved'": () => {
        fake.merchants.set('cm_1', { ...fake.merchants.get('cm_1'), kycStatus: 'pending' });
        return {};
      },
      "no fee, of its own or the platform's": () => {
        fake.merchants.set('cm_1', { ...fake.merchants.get('cm_1'), feeConfig: undefined });
        return {};
      },
    };
    const listed = rowsUnder(PAGE, 'Endpoints', 'reason');
    expect(listed.map(({ reason }) => plainText(reason!))).toEqual(Object.keys(causes));
    // Ever more is wrong, from the last reason to the first.
    let asked: Asked = {};
    for (const { reason, code } of listed.reverse()) {
      asked = { ...asked, ...causes[plainText(reason!)]!() };
      expect((await pay(asked)).body.error.code).toBe(plainText(code!));
    }
    expect(fake.charges).toEqual([]);
  });

  test('what is asked for under one key is done once', async () => {
    const headers = { 'Idempotency-Key': 'order-1' };
    fake.merchants.set('cm_1', { kycStatus: 'pending' });
    expect((await pay({ headers })).status).toBe(403);
    fake.merchants.set('cm_1', SOLD);
    const first = await pay({ headers });
    expect(first.status).toBe(200);
    expect((await pay({ headers })).text).toBe(first.text);
    const other = await pay({ headers, body: { ...PAYMENT, amount: 200 } });
    expect(other.body.error.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(fake.charges).toHaveLength(1);
  });
});

describe('Failures', () => {
  test('the codes are those that the fake knows, with their statuses', () => {
    const listed = rowsUnder(PAGE, 'Failures', 'code').map((row) => [plainText(row['code']!), row['status']]);
    expect(listed).toEqual([...FAILURES].map(([code, { statuses }]) => [code, statuses.join(', ')]));
  });

  const options = rowsUnder(PAGE, 'Failures', 'option');
  const given = (name: string) => options.find(({ option }) => option === `\`${name}\``)!['default']!;

  test('the options are those of the schema, in its order', () => {
    expect(listedUnder(PAGE, 'Failures', 'option')).toEqual(Object.keys(failOptions.shape));
  });

  test('without options it is as the table says, once, and nothing is done', async () => {
    fake.failNext('NEW_CODE');
    const { status, headers, body } = await pay();
    expect(`the code's first; else ${String(status)}`).toBe(given('status'));
    expect(body.request_id).toBe(plainText(given('requestId')).replaceAll("'", ''));
    expect(body).toEqual(enveloped('documented', { ...body.error, requestId: body.request_id }));
    expect(given('envelope')).toBe("`'documented'`");
    expect([headers.has('retry-after'), headers.get('set-cookie')]).toEqual([false, expect.any(String)]);
    expect(fake.charges).toEqual([]);
    expect(given('times')).toBe('`1`');
    expect((await pay()).status).toBe(200);
  });

  test('with every option it is as they say', async () => {
    const asked = {
      envelope: 'documented',
      status: 418,
      message: 'No',
      details: [{ field: 'amount', issue: 'is odd' }],
      retryAfter: 7,
      requestId: 'req_7',
      headers: { 'x-one': '1' },
      method: 'post',
      path: '/payment/direct',
      merchantId: 'cm_1',
      times: 2,
      delayMs: 1,
      processed: true,
    } satisfies Required<FailOptions>;
    fake.failNext('VALIDATION_ERROR', asked);
    await ask('GET', `${ACCOUNTS}/cm_1`, { merchantId: 'cm_1' }); // not meant
    for (let left = asked.times; left > 0; left--) {
      const { status, headers, body } = await pay();
      expect([status, headers.get('retry-after'), headers.get('x-one')]).toEqual([418, '7', '1']);
      const { message, details } = asked;
      expect(body).toEqual({
        error: { code: 'VALIDATION_ERROR', message, details },
        request_id: 'req_7',
      });
    }
    expect(fake.charges).toHaveLength(2);
  });

  test('several wait in line, and a request takes the first that is meant for it', async () => {
    fake.failNext('RATE_LIMITED', { path: /wallet$/ });
    fake.failNext('FORBIDDEN');
    fake.failNext('NOT_FOUND');
    const codes = [(await pay()).body.error.code, (await pay()).body.error.code];
    expect(codes).toEqual(['FORBIDDEN', 'NOT_FOUND']);
  });

  test('`merchantId` means the lookups of a guard, too', async () => {
    fake.failNext('FORBIDDEN', { merchantId: 'cm_1', times: Infinity });
    await settled(createLakiConnect({ apiKey: fake.apiKey, baseUrl: fake.baseUrl }).check('cm_1'));
    const heads = fake.requests.map(({ path, merchantId }) => [path, merchantId]);
    expect(heads.sort()).toEqual([
      [`${ACCOUNTS}/cm_1`, 'cm_1'],
      [`${ACCOUNTS}/fee-config`, 'cm_1'],
    ]);
  });

  test('the faults are those that there are', () => {
    expect(listedUnder(PAGE, 'Faults')).toEqual(FAULT_NAMES);
    expect(given('processed')).toBe('`true` for faults, `false` for codes');
    expect(given('delayMs')).toBe('`1000`');
  });

  test.each(rowsUnder(PAGE, 'Faults'))('a payment that meets $fault', async ({ fault, outcome, ...row }) => {
    fake.failNext(plainText(fault!), { path: '/payment/direct' });
    const laki = createLakiConnect({ apiKey: fake.apiKey, baseUrl: fake.baseUrl, timeoutMs: 500 });
    const ended = await settled(laki.client.post('/payment/direct', { merchantId: 'cm_1', body: PAYMENT }));
    const error = ended.rejected as LakiConnectError;
    expect(error).toBeInstanceOf(LakiConnectError);
    const told = plainText(row['a payment of `laki.client` is']!);
    expect([error.kind, error.outcome]).toEqual([told.replace('done, or ', ''), outcome]);
    expect(fake.charges).toHaveLength(1);
  });

  test('a slow answer comes whole in the end', async () => {
    fake.failNext('slow', { delayMs: 5 });
    expect((await pay()).status).toBe(200);
  });

  test('the envelopes are those that there are, and look as they are shown', () => {
    const said = { code: 'NOT_FOUND', message: 'No such thing', requestId: 'req_1' };
    const shown = (body: Answer['body']) => (typeof body === 'object' ? JSON.stringify(body) : body);
    expect(rowsUnder(PAGE, 'Envelopes').map((row) => [row['envelope'], row['a body']])).toEqual(
      ENVELOPE_NAMES.map((name) => {
        const body = enveloped(name, said);
        return [`\`${name}\``, body === undefined ? 'nothing' : `\`${String(shown(body))}\``];
      }),
    );
  });

  test('the fixtures have every code in the first four envelopes, and what gateways send', () => {
    const { ERROR_FIXTURES } = testing;
    const names = ERROR_FIXTURES.map(({ name }) => name);
    for (const [code, { statuses }] of FAILURES) {
      for (const status of statuses) {
        for (const envelope of ENVELOPE_NAMES.slice(0, 4)) {
          expect(names).toContain(`${code} ${String(status)}, ${envelope}`);
        }
      }
    }
    expect(ERROR_FIXTURES.some(({ envelope }) => envelope === 'html')).toBe(true);
  });
});

describe('Answers of your own', () => {
  test('members are those of an answer, and of `match`', async () => {
    const headers = { 'x-one': '1' };
    fake.answerNext({ status: 202, headers, body: 'pong' }, { path: /^\/ping/, method: 'get', times: 2 });
    expect((await pay()).status).toBe(200);
    for (const path of ['/ping', '/ping/2']) {
      const { status, text, headers: sent } = await ask('GET', path);
      expect([status, text, sent.get('x-one')]).toEqual([202, 'pong', '1']);
    }
    expect((await ask('GET', '/ping')).status).toBe(404);
  });

  test('a function may leave the answer to the fake, have its own, or cut the connection', async () => {
    fake.answerNext(() => undefined);
    expect((await pay()).status).toBe(200);
    fake.answerNext((_, proceed) => ({ ...proceed(), status: 202 }));
    expect((await pay()).status).toBe(202);
    expect(fake.charges).toHaveLength(2);
    fake.answerNext(() => {
      throw new Error('none');
    });
    await expect(pay()).rejects.toThrow('fetch failed');
    expect(fake.charges).toHaveLength(2);
  });
});

describe('Assertions', () => {
  test('everything that the entry exports is on the page, and its matchers', () => {
    const names = [...Object.keys(testing), ...Object.keys(testing.matchers)];
    expect(names.filter((name) => !TEXT.includes(name))).toEqual([]);
    const members = Object.keys(fake);
    expect(members.filter((name) => !TEXT.includes(`\`${name}\``))).toEqual([]);
  });

  test.each(rowsUnder(PAGE, 'Assertions'))('$function is there, and its matcher', (row) => {
    const [, name = ''] = /^`(\w+)\(/.exec(row['function']!) ?? [];
    const [, matcher = ''] = /\.(\w+)\(/.exec(row['in Jest and Vitest']!) ?? [];
    expect(Object.keys(testing)).toContain(name);
    expect(Object.keys(testing.matchers)).toContain(matcher);
  });
});
