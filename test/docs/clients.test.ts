/** What docs/clients.md says of each HTTP client is what the library makes of it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLakiConnect, isLakiConnectError, type LakiConnectError } from 'lakiconnect-middleware';
import { CLIENTS, type Call, type Client } from '../clients.js';
import { documented, flat } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { plainText, readPage, tablesOf } from './pages.js';

const NAMES: Readonly<Record<string, string>> = {
  'undici request': 'undici',
  'undici with responseError': 'undici-response-error',
  "the provider's JS SDK": 'sdk',
};

const [table] = tablesOf(readPage('docs/clients.md'));
const ROWS = (table?.rows ?? []).map((cells) => {
  const [client = '', failures = '', bare = '', known = ''] = cells.map(plainText);
  return { client, failures, bare, known };
});

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});

afterAll(() => upstream.close());

test('The clients are those that are tried throughout, but for their variants', () => {
  expect(table?.header.map(plainText)).toEqual([
    'client',
    '4xx and 5xx are',
    'claimed without call',
    'known inside call',
  ]);
  const variants = ['axios-validate-all', 'got-json', 'fetch-json'];
  const tried = CLIENTS.map(({ name }) => name).filter((name) => !variants.includes(name));
  expect(ROWS.map(({ client }) => NAMES[client] ?? client).sort()).toEqual(tried.sort());
});

describe.each(ROWS)('$client', ({ client: title, failures, bare, known }) => {
  const client = CLIENTS.find(({ name }) => name === (NAMES[title] ?? title)) as Client;

  test(`a failed answer is ${failures}`, () => {
    expect(failures).toBe(client.returns ? 'returned' : 'thrown');
  });

  test(`without call it is claimed: ${bare}`, async () => {
    const [claim = ''] = /^(yes|answers|only where the body proves it|no)\b/.exec(bare) ?? [];
    upstream.answer({ status: 400, body: flat('amount: cannot be blank.') });
    expect(await isClaimed(client)).toBe(claim === 'yes' || claim === 'answers');
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    expect(await isClaimed(client)).toBe(claim !== 'no');
    upstream.answer({ fault: 'reset' });
    expect(await isClaimed(client)).toBe(claim === 'yes');
  });

  test(`inside call it tells ${known}`, async () => {
    const told = new Set(known.split(', '));
    upstream.answer({ status: 429, headers: { 'retry-after': '7' }, body: documented('RATE_LIMITED') });
    const limited = await failureOf(client);
    expect(limited?.code === 'RATE_LIMITED').toBe(told.has('body'));
    expect(limited?.retryAfterMs === 7000).toBe(told.has('Retry-After'));
    expect(limited?.merchantId === 'cm_7').toBe(told.has('merchant'));

    upstream.answer({ status: 500, body: 'Internal Server Error' });
    expect((await failureOf(client))?.outcome === 'rejected').toBe(told.has('method'));
    expect((await failureOf(client, 'https://elsewhere.example')) === undefined).toBe(told.has('URL'));
    expect(
      [...told].filter((name) => !['body', 'Retry-After', 'URL', 'method', 'merchant'].includes(name)),
    ).toEqual([]);
  });
});

const request = (): Call => ({
  url: `${upstream.url}/payment/transaction/1`,
  method: 'GET',
  headers: { 'X-Connected-Merchant-ID': 'cm_7' },
});

async function isClaimed({ send }: Client): Promise<boolean> {
  const handle = createLakiConnect({ baseUrl: upstream.url }).handler();
  try {
    await send(request());
    return false;
  } catch (thrown) {
    const incoming = { request: {}, accept: undefined, acceptLanguage: undefined, isSent: () => false };
    return (await handle(thrown, incoming)).reply !== undefined;
  }
}

async function failureOf({ send }: Client, baseUrl = upstream.url): Promise<LakiConnectError | undefined> {
  try {
    await createLakiConnect({ baseUrl }).call(({ signal }) => send({ ...request(), signal }));
    return undefined;
  } catch (thrown) {
    return isLakiConnectError(thrown) ? thrown : undefined;
  }
}
