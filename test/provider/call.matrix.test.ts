/**
 * What `call` makes of one payment, for every client and every way in which it can go wrong. A row says
 * what the design asks for, and under `but` what a client that keeps less to itself cannot know.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isLakiConnectError, originalError, type Kind, type Outcome } from 'lakiconnect-middleware';
import type { Call } from '../clients.js';
import { core, documented, flat, htmlPage, nested, plainText, succeeded } from '../envelopes.js';
import { refusedUrl, startUpstream, type Answer, type Upstream } from '../upstream.js';
import { aftermath, callTo, clientNamed, clientNames, settled } from './harness.js';

interface Verdict {
  kind: Kind;
  outcome: Outcome;
  /** The status that the provider sent. */
  status?: number | undefined;
  /** The provider's code. */
  code?: string | undefined;
  /** The code of the connection, where the provider gave none. */
  via?: string | undefined;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** Anything but a verdict is what the client itself gave, which nobody may replace. */
type Exception = Partial<Verdict> | 'returned' | 'rethrown';

interface Row {
  when: string;
  /** What the provider does; without it, nobody is there. */
  answer?: Answer;
  expected: Verdict;
  but?: Record<string, Exception>;
  /** The clients that can meet this row; by default all. */
  only?: readonly string[];
  where?: 'nobody listens' | 'no host is';
  /** The deadline of `call`. */
  timeoutMs?: number;
  /** The client's own deadline; the signal of `call` is then not used. */
  ownTimeoutMs?: number;
}

const UNCLEAR = { kind: 'UNRECOGNISED', outcome: 'unknown' } as const;

/** The status of a good answer is lost where the client resolves to its body. */
const statusLost = { ky: { status: undefined }, ofetch: { status: undefined } };

/** `response.json()` of what is no JSON throws, and status and body are lost. */
const notJson: Exception = {
  ...UNCLEAR,
  status: undefined,
  code: undefined,
  requestId: undefined,
  retryAfterMs: undefined,
};

const requestId = 'req_1a2b3c4d5e6f';
const withoutStatus: Exception = { status: undefined };
const parsedOnly = { ...statusLost, 'fetch-json': withoutStatus, sdk: withoutStatus };
const each = (names: readonly string[], exception: Exception) =>
  Object.fromEntries(names.map((name) => [name, exception]));

const ANSWERS: readonly Row[] = [
  {
    when: 'E1 with a known code',
    answer: { status: 422, body: documented('VALIDATION_ERROR') },
    expected: {
      kind: 'VALIDATION_ERROR',
      status: 422,
      code: 'VALIDATION_ERROR',
      requestId,
      outcome: 'rejected',
    },
    but: { 'fetch-json': withoutStatus },
  },
  {
    when: 'E1 that says more than its status',
    answer: { status: 400, body: documented('FEE_CONFIG_NOT_SET') },
    expected: {
      kind: 'FEE_CONFIG_NOT_SET',
      status: 400,
      code: 'FEE_CONFIG_NOT_SET',
      requestId,
      outcome: 'rejected',
    },
    but: { 'fetch-json': withoutStatus },
  },
  {
    when: 'E2',
    answer: { status: 400, body: core('INVALID_AMOUNT', { errors: { amount: ['is required'] } }) },
    expected: { kind: 'VALIDATION_ERROR', status: 400, code: 'INVALID_AMOUNT', outcome: 'rejected' },
    but: { 'fetch-json': withoutStatus },
  },
  {
    when: 'E3',
    answer: { status: 502, body: plainText },
    expected: { kind: 'INTERNAL_ERROR', status: 502, outcome: 'unknown' },
    but: { 'fetch-json': notJson },
  },
  {
    when: 'E4',
    answer: { status: 400, body: flat('amount: cannot be blank.') },
    expected: { kind: 'VALIDATION_ERROR', status: 400, outcome: 'rejected' },
    but: { 'fetch-json': { status: undefined, outcome: 'unknown' } },
  },
  {
    when: 'E5',
    answer: { status: 401, body: nested('invalid key') },
    expected: { kind: 'UNAUTHORIZED', status: 401, outcome: 'rejected' },
    but: { 'fetch-json': { ...UNCLEAR, status: undefined } },
  },
  {
    when: '401 in E1',
    answer: { status: 401, body: documented('UNAUTHORIZED') },
    expected: { kind: 'UNAUTHORIZED', status: 401, code: 'UNAUTHORIZED', requestId, outcome: 'rejected' },
    but: { 'fetch-json': withoutStatus },
  },
  {
    when: '401 in E2',
    answer: { status: 401, body: core('INVALID_API_KEY') },
    expected: { kind: 'UNAUTHORIZED', status: 401, code: 'INVALID_API_KEY', outcome: 'rejected' },
    but: { 'fetch-json': withoutStatus },
  },
  {
    when: '403 in HTML, which is nothing that LakiConnect says',
    answer: { status: 403, body: htmlPage, headers: { 'content-type': 'text/html' } },
    expected: { kind: 'FORBIDDEN', status: 403, outcome: 'unknown' },
    but: { 'fetch-json': notJson },
  },
  {
    when: '404 without a body',
    answer: { status: 404 },
    expected: { kind: 'NOT_FOUND', status: 404, outcome: 'rejected' },
    but: { 'fetch-json': notJson },
  },
  {
    when: '404 of a merchant',
    answer: { status: 404, body: documented('CONNECTED_MERCHANT_NOT_FOUND') },
    expected: {
      kind: 'CONNECTED_MERCHANT_NOT_FOUND',
      status: 404,
      code: 'CONNECTED_MERCHANT_NOT_FOUND',
      requestId,
      outcome: 'rejected',
    },
    but: { 'fetch-json': withoutStatus },
  },
  {
    when: '408',
    answer: { status: 408, body: 'Request Timeout' },
    expected: { kind: 'UNRECOGNISED', status: 408, outcome: 'unknown' },
    but: { 'fetch-json': notJson },
  },
  {
    when: '409',
    answer: { status: 409, body: documented('IDEMPOTENCY_CONFLICT') },
    expected: {
      kind: 'IDEMPOTENCY_CONFLICT',
      status: 409,
      code: 'IDEMPOTENCY_CONFLICT',
      requestId,
      outcome: 'rejected',
    },
    but: { 'fetch-json': withoutStatus },
  },
  {
    when: '422 in JSON of no known shape',
    answer: { status: 422, body: { detail: 'amount is missing' } },
    expected: { kind: 'VALIDATION_ERROR', status: 422, outcome: 'rejected' },
    but: { 'fetch-json': 'returned' }, // only its status would tell it from a good answer
  },
  {
    when: '400 in JSON that breaks off',
    answer: {
      status: 400,
      body: '{"error":{"code":"VALIDA',
      headers: { 'content-type': 'application/json' },
    },
    expected: { kind: 'VALIDATION_ERROR', status: 400, outcome: 'unknown' },
    but: { 'fetch-json': notJson },
  },
  {
    when: 'E1 sent as plain text',
    answer: { status: 403, body: JSON.stringify(documented('KYC_NOT_APPROVED')) },
    expected: {
      kind: 'KYC_NOT_APPROVED',
      status: 403,
      code: 'KYC_NOT_APPROVED',
      requestId,
      outcome: 'rejected',
    },
    but: { 'fetch-json': withoutStatus },
  },
  {
    when: '429 with Retry-After',
    answer: { status: 429, body: documented('RATE_LIMITED'), headers: { 'retry-after': '7' } },
    expected: {
      kind: 'RATE_LIMITED',
      status: 429,
      code: 'RATE_LIMITED',
      requestId,
      outcome: 'rejected',
      retryAfterMs: 7000,
    },
    but: { 'fetch-json': { status: undefined, retryAfterMs: 1000 }, sdk: { retryAfterMs: 1000 } },
  },
  {
    when: '429 without a word',
    answer: { status: 429 },
    expected: { kind: 'RATE_LIMITED', status: 429, outcome: 'rejected', retryAfterMs: 1000 },
    but: { 'fetch-json': notJson },
  },
  {
    when: '500 in text',
    answer: { status: 500, body: 'Internal Server Error' },
    expected: { kind: 'INTERNAL_ERROR', status: 500, outcome: 'unknown' },
    but: { 'fetch-json': notJson },
  },
  {
    when: '503 with Retry-After',
    answer: { status: 503, headers: { 'retry-after': '3' } },
    expected: { kind: 'INTERNAL_ERROR', status: 503, outcome: 'unknown', retryAfterMs: 3000 },
    but: { 'fetch-json': notJson, sdk: { retryAfterMs: undefined } },
  },
  {
    when: '500 in E1 with a known code, which does not prove that nothing was done',
    answer: { status: 500, body: documented('KYC_NOT_APPROVED') },
    expected: {
      kind: 'KYC_NOT_APPROVED',
      status: 500,
      code: 'KYC_NOT_APPROVED',
      requestId,
      outcome: 'unknown',
    },
    but: { 'fetch-json': { status: undefined, outcome: 'rejected' } }, // nothing but the code is left to go by
  },
  {
    when: '500 in E1 with a new code',
    answer: { status: 500, body: documented('SHARD_LOST') },
    expected: { kind: 'INTERNAL_ERROR', status: 500, code: 'SHARD_LOST', requestId, outcome: 'unknown' },
    but: { 'fetch-json': { ...UNCLEAR, status: undefined } },
  },
  {
    when: '302 that is not followed',
    answer: { status: 302, headers: { location: '/elsewhere' } },
    expected: { kind: 'UNRECOGNISED', status: 302, outcome: 'unknown' },
    only: ['undici', 'undici-response-error', 'needle'],
  },
  {
    when: '200 with E2 and a known code',
    answer: { status: 200, body: core('INVALID_AMOUNT') },
    expected: { kind: 'VALIDATION_ERROR', status: 200, code: 'INVALID_AMOUNT', outcome: 'rejected' },
    but: parsedOnly,
  },
  {
    when: '200 with E2 and a code that blames the payment provider',
    answer: { status: 200, body: core('PROVIDER_ERROR') },
    expected: { kind: 'PROVIDER_ERROR', status: 200, code: 'PROVIDER_ERROR', outcome: 'unknown' },
    but: parsedOnly,
  },
  {
    when: '200 with E2 and a new code',
    answer: { status: 200, body: core('LIMIT_REACHED') },
    expected: { kind: 'UNRECOGNISED', status: 200, code: 'LIMIT_REACHED', outcome: 'unknown' },
    but: parsedOnly,
  },
  {
    when: '200 with E1 and a known code',
    answer: { status: 200, body: documented('KYC_NOT_APPROVED') },
    expected: {
      kind: 'KYC_NOT_APPROVED',
      status: 200,
      code: 'KYC_NOT_APPROVED',
      requestId,
      outcome: 'rejected',
    },
    but: parsedOnly,
  },
  {
    when: '200 with E4',
    answer: { status: 200, body: flat('amount: cannot be blank.') },
    expected: { kind: 'VALIDATION_ERROR', status: 200, outcome: 'unknown' },
    but: parsedOnly,
  },
  {
    when: '200 with E5',
    answer: { status: 200, body: nested('invalid key') },
    expected: { kind: 'UNRECOGNISED', status: 200, outcome: 'unknown' },
    but: parsedOnly,
  },
  {
    when: '200 in HTML',
    answer: { status: 200, body: htmlPage, headers: { 'content-type': 'text/html' } },
    expected: { ...UNCLEAR, status: 200 },
    but: {
      ...parsedOnly,
      ofetch: 'returned', // as text, which may be anything
      'got-json': { via: 'ERR_BODY_PARSE_FAILURE' },
    },
  },
  {
    when: '200 in JSON that breaks off',
    answer: { status: 200, body: '{"status":"SUC', headers: { 'content-type': 'application/json' } },
    expected: { ...UNCLEAR, status: 200 },
    but: {
      ...parsedOnly,
      ofetch: 'returned', // as text, which may be anything
      'got-json': { via: 'ERR_BODY_PARSE_FAILURE' },
    },
  },
];

const lost = { kind: 'UNREACHABLE', outcome: 'unknown' } as const;
const unsent = { kind: 'UNREACHABLE', outcome: 'rejected' } as const;
const late = { kind: 'TIMEOUT', outcome: 'unknown' } as const;

const CONNECTIONS: readonly Row[] = [
  {
    when: 'a connection reset',
    answer: { fault: 'reset' },
    expected: { ...lost, via: 'ECONNRESET' },
  },
  {
    when: 'a connection refused',
    where: 'nobody listens',
    expected: { ...unsent, via: 'ECONNREFUSED' },
  },
  {
    when: 'a host without an address',
    where: 'no host is',
    expected: { ...unsent, via: 'ENOTFOUND' },
  },
  {
    when: 'a good answer cut off',
    answer: { fault: 'cut', status: 200, body: succeeded },
    timeoutMs: 300,
    expected: { ...lost, status: 200, via: 'UND_ERR_SOCKET' },
    but: {
      ...each(['axios', 'axios-validate-all'], { via: 'ERR_BAD_RESPONSE' }),
      ...each(['got', 'got-json', 'node-fetch'], { via: 'ECONNRESET' }),
      ...each(['superagent', 'sdk'], { status: undefined, via: 'ECONNRESET' }),
      ...each(['ky', 'ofetch', 'fetch-json'], withoutStatus),
      needle: { ...late, status: undefined, via: undefined }, // it waits for ever
    },
  },
  {
    when: 'a 422 cut off',
    answer: { fault: 'cut', status: 422, body: documented('VALIDATION_ERROR') },
    timeoutMs: 300,
    expected: { ...lost, status: 422, via: 'UND_ERR_SOCKET' },
    but: {
      ...each(['axios', 'axios-validate-all'], { via: 'ERR_BAD_RESPONSE' }),
      ...each(['got', 'got-json', 'node-fetch'], { via: 'ECONNRESET' }),
      ...each(['superagent', 'sdk'], { status: undefined, via: 'ECONNRESET' }),
      ...each(['ofetch', 'fetch-json', 'undici-response-error'], withoutStatus),
      needle: { ...late, status: undefined, via: undefined }, // it waits for ever
    },
  },
  {
    when: 'no headers by the deadline',
    answer: { fault: 'hang-headers' },
    timeoutMs: 40,
    expected: late,
  },
  {
    when: 'half a good answer by the deadline',
    answer: { fault: 'hang-body', status: 200, body: succeeded },
    timeoutMs: 40,
    expected: late,
  },
  {
    when: 'half a 422 by the deadline',
    answer: { fault: 'hang-body', status: 422, body: documented('VALIDATION_ERROR') },
    timeoutMs: 40,
    expected: late,
  },
  {
    when: 'no headers by the client’s own deadline',
    answer: { fault: 'hang-headers' },
    ownTimeoutMs: 120,
    expected: late,
    but: {
      ...each(['axios', 'axios-validate-all', 'superagent'], { via: 'ECONNABORTED' }),
      ...each(['got', 'got-json'], { via: 'ETIMEDOUT' }),
      undici: { via: 'UND_ERR_HEADERS_TIMEOUT' },
      needle: { ...lost, via: 'ECONNRESET' }, // it says that the other side hung up
      ...each(['node-fetch', 'sdk'], lost), // they say no more than that it was aborted
    },
    only: clientNames.filter((name) => name !== 'undici-response-error'), // undici again, and slow
  },
  {
    when: 'half a good answer by the client’s own deadline',
    answer: { fault: 'hang-body', status: 200, body: succeeded },
    timeoutMs: 300, // for ky, ofetch and the SDK, whose own deadline ends with the headers
    ownTimeoutMs: 120,
    expected: late,
    but: {
      ...each(['axios', 'axios-validate-all'], { ...lost, status: 200, via: 'ERR_BAD_RESPONSE' }),
      ...each(['got', 'got-json'], { status: 200, via: 'ETIMEDOUT' }),
      superagent: { via: 'ECONNABORTED' },
      fetch: { status: 200 },
    },
    // undici's takes a second; node-fetch says no more than that somebody aborted it: see deadline.test.ts
    only: clientNames.filter((name) => !/undici|node-fetch/.test(name)),
  },
  {
    when: 'half a good answer by undici’s own deadline',
    answer: { fault: 'hang-body', status: 200, body: succeeded },
    ownTimeoutMs: 120,
    expected: { ...late, status: 200, via: 'UND_ERR_BODY_TIMEOUT' },
    only: ['undici'],
  },
];

/** Design, “Kinds and default rules”: the kinds whose column says that they may be retried. */
const RETRYABLE: ReadonlySet<Kind> = new Set<Kind>([
  'RATE_LIMITED',
  'PROVIDER_ERROR',
  'INTERNAL_ERROR',
  'UNREACHABLE',
  'TIMEOUT',
]);

/** A label longer than DNS allows: it has no address, and no network is asked for one. */
const NOWHERE = `https://${'x'.repeat(64)}.invalid/api/v2`;

let upstream: Upstream;
let nobody: string;

beforeAll(async () => {
  upstream = await startUpstream();
  nobody = await refusedUrl();
});

afterAll(() => upstream.close());

/** One payment through `call`, with what the client itself made of it. */
async function pay(name: string, row: Row, idempotencyKey?: string) {
  const urls = { 'nobody listens': nobody, 'no host is': NOWHERE };
  const baseUrl = row.where === undefined ? upstream.url : urls[row.where];
  const call = callTo(baseUrl, { timeoutMs: row.timeoutMs, headers: { idempotency: 'Idempotency-Key' } });
  let given: unknown;
  const outcome = await settled(
    call(
      async ({ signal }) => {
        const request: Call = {
          url: `${baseUrl}/payment/direct`,
          method: 'POST',
          json: { amount: 100 },
          ...(row.ownTimeoutMs === undefined ? { signal } : { timeoutMs: row.ownTimeoutMs }),
        };
        try {
          return (given = await clientNamed(name).send(request));
        } catch (thrown) {
          throw (given = thrown);
        }
      },
      { idempotencyKey },
    ),
  );
  return { ...outcome, given };
}

describe.each([...ANSWERS, ...CONNECTIONS])('$when', (row) => {
  test.each(row.only ?? clientNames)('through %s', async (name) => {
    const exception = row.but?.[name] ?? {};
    if (row.answer !== undefined) upstream.answer(row.answer);
    const before = upstream.requests.length;

    const [bare, keyed] = await Promise.all([pay(name, row), pay(name, row, 'order-1')]);

    expect(upstream.requests.length - before).toBeLessThanOrEqual(row.answer === undefined ? 0 : 2);
    if (exception === 'returned') {
      expect([bare, keyed].map((done) => 'resolved' in done && done.resolved === done.given)).toEqual([
        true,
        true,
      ]);
    } else if (exception === 'rethrown') {
      expect([bare, keyed].map(({ rejected, given }) => rejected === given)).toEqual([true, true]);
      expect(isLakiConnectError(bare.rejected)).toBe(false);
    } else {
      const expected: Verdict = { ...row.expected, ...exception };
      expect(verdictOf(bare.rejected)).toEqual(verdict(expected, expected.outcome === 'rejected'));
      expect(verdictOf(keyed.rejected)).toEqual(verdict(expected, true));
      if (bare.given !== undefined && !ourDeadline(row, expected)) {
        expect(originalOf(bare.rejected) === bare.given).toBe(true);
      }
    }
    if (row.timeoutMs !== undefined) await aftermath();
  });
});

/** ofetch and `response.json()` take it for a good answer or for no JSON. */
const judging = clientNames.filter((name) => !['ofetch', 'fetch-json'].includes(name));

test.each(judging)('A status that HTTP does not know is no good answer, through %s', async (name) => {
  const row: Row = { when: '', answer: { status: 999, body: 'no' }, expected: UNCLEAR };
  upstream.answer({ status: 999, body: 'no' });
  expect((await pay(name, row, 'order-1')).rejected).toMatchObject({ ...UNCLEAR, retryable: false });
});

const ourDeadline = (row: Row, { kind }: Verdict) => row.timeoutMs !== undefined && kind === 'TIMEOUT';

function verdict({ kind, outcome, status, code, via, ...rest }: Verdict, mayRetry: boolean) {
  const retryable = RETRYABLE.has(kind) && mayRetry;
  return { ...rest, kind, outcome, code, retryable, upstream: { status, code: code ?? via } };
}

function verdictOf(error: unknown) {
  if (!isLakiConnectError(error)) return { thrown: error };
  const { kind, outcome, code, requestId, retryAfterMs, retryable } = error;
  const { message: _said, ...upstream } = error.upstream;
  return { kind, outcome, code, requestId, retryAfterMs, retryable, upstream };
}

const originalOf = (error: unknown) => (isLakiConnectError(error) ? originalError(error) : undefined);
