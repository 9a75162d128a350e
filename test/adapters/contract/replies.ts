import { describe, expect, test } from '@jest/globals';
import { en, LakiConnectError, type Audience } from 'lakiconnect-middleware';
import { core, documented, flat, htmlPage, nested } from '../../envelopes.js';
import { answered, throwing, unanswered } from './failures.js';
import type { Harness } from './harness.js';
import { oneAnswer, serve } from './server.js';

const AUDIENCES: readonly Audience[] = ['merchant', 'customer'];

/** Every answer comes with one: only where it is due may the reply repeat it. */
const headers = { 'retry-after': '7' };
const answer = (status: number, code: string) => () => answered(status, documented(code), { headers });
const said = (status: number, body: unknown) => () => answered(status, body, { headers });
const lost = (code: string, method?: string) => () =>
  unanswered(code, method === undefined ? {} : { method });

interface Row {
  readonly is: string;
  readonly fails: () => unknown;
  /** Status and public code, and what stands in `Retry-After`. */
  readonly merchant: string;
  readonly customer?: string;
  readonly wait?: string;
  readonly retryable?: true;
  /** Nobody knows whether the money moved: the words say so, whatever the code. */
  readonly unknown?: true;
}

const UNAVAILABLE = '502 PAYMENTS_UNAVAILABLE';
const HIDDEN = '409 PAYMENTS_UNAVAILABLE';

const ROWS: readonly Row[] = [
  { is: 'VALIDATION_ERROR', fails: answer(422, 'VALIDATION_ERROR'), merchant: '422 VALIDATION_ERROR' },
  { is: 'VALIDATION_ERROR at 400', fails: answer(400, 'VALIDATION_ERROR'), merchant: '400 VALIDATION_ERROR' },
  { is: 'VALIDATION_ERROR at 409', fails: answer(409, 'VALIDATION_ERROR'), merchant: '422 VALIDATION_ERROR' },
  { is: 'a bare 422', fails: said(422, ''), merchant: '422 VALIDATION_ERROR' },
  { is: 'the flat envelope', fails: said(400, flat('amount: too low.')), merchant: '400 VALIDATION_ERROR' },
  { is: 'INVALID_AMOUNT', fails: said(422, core('INVALID_AMOUNT')), merchant: '422 VALIDATION_ERROR' },
  { is: 'UNAUTHORIZED', fails: answer(401, 'UNAUTHORIZED'), merchant: UNAVAILABLE },
  { is: 'INVALID_API_KEY', fails: said(401, core('INVALID_API_KEY')), merchant: UNAVAILABLE },
  { is: 'the nested envelope at 401', fails: said(401, nested('invalid key')), merchant: UNAVAILABLE },
  { is: 'FORBIDDEN', fails: answer(403, 'FORBIDDEN'), merchant: UNAVAILABLE },
  { is: 'a page at 403', fails: said(403, htmlPage), merchant: UNAVAILABLE, unknown: true },
  { is: 'NOT_FOUND', fails: answer(404, 'NOT_FOUND'), merchant: '404 NOT_FOUND' },
  {
    is: 'CONNECTED_MERCHANT_NOT_FOUND',
    fails: answer(404, 'CONNECTED_MERCHANT_NOT_FOUND'),
    merchant: '404 CONNECTED_MERCHANT_NOT_FOUND',
    customer: HIDDEN,
  },
  {
    is: 'KYC_NOT_APPROVED',
    fails: answer(403, 'KYC_NOT_APPROVED'),
    merchant: '403 KYC_NOT_APPROVED',
    customer: HIDDEN,
  },
  {
    is: 'FEE_CONFIG_NOT_SET',
    fails: answer(409, 'FEE_CONFIG_NOT_SET'),
    merchant: '503 FEE_CONFIG_NOT_SET',
    customer: HIDDEN,
  },
  {
    is: 'RATE_LIMITED',
    fails: answer(429, 'RATE_LIMITED'),
    merchant: '503 RATE_LIMITED',
    wait: '7',
    retryable: true,
  },
  {
    is: 'RATE_LIMITED without a wait',
    fails: () => answered(429, documented('RATE_LIMITED')),
    merchant: '503 RATE_LIMITED',
    wait: '1',
    retryable: true,
  },
  {
    is: 'IDEMPOTENCY_CONFLICT',
    fails: answer(409, 'IDEMPOTENCY_CONFLICT'),
    merchant: '409 IDEMPOTENCY_CONFLICT',
  },
  {
    is: 'INSUFFICIENT_BALANCE',
    fails: said(400, core('INSUFFICIENT_BALANCE')),
    merchant: '422 INSUFFICIENT_BALANCE',
  },
  {
    is: 'PROVIDER_ERROR',
    fails: () => answered(400, core('PROVIDER_ERROR')),
    merchant: '502 PROVIDER_ERROR',
    unknown: true,
  },
  { is: 'INTERNAL_ERROR', fails: said(500, ''), merchant: '502 INTERNAL_ERROR', unknown: true },
  { is: 'a page at 503', fails: said(503, htmlPage), merchant: '502 INTERNAL_ERROR', unknown: true },
  { is: 'ECONNREFUSED', fails: lost('ECONNREFUSED'), merchant: '502 UNREACHABLE', retryable: true },
  { is: 'ECONNRESET', fails: lost('ECONNRESET'), merchant: '502 UNREACHABLE', unknown: true },
  {
    is: 'ECONNRESET of a GET',
    fails: lost('ECONNRESET', 'get'),
    merchant: '502 UNREACHABLE',
    retryable: true,
  },
  { is: 'TIMEOUT', fails: lost('ETIMEDOUT'), merchant: '504 TIMEOUT', unknown: true },
  { is: 'TIMEOUT of a GET', fails: lost('ECONNABORTED', 'get'), merchant: '504 TIMEOUT', retryable: true },
  { is: 'a 418', fails: said(418, { tea: true }), merchant: '502 UNRECOGNISED' },
  {
    is: 'an unknown code',
    fails: said(418, documented('SHORT_AND_STOUT')),
    merchant: '502 UNRECOGNISED',
  },
  {
    is: 'MERCHANT_UNIDENTIFIED',
    fails: () => new LakiConnectError({ kind: 'MERCHANT_UNIDENTIFIED', origin: 'guard' }),
    merchant: '400 MERCHANT_UNIDENTIFIED',
  },
  {
    is: 'IDEMPOTENCY_KEY_REQUIRED',
    fails: () => new LakiConnectError({ kind: 'IDEMPOTENCY_KEY_REQUIRED', origin: 'guard' }),
    merchant: '400 IDEMPOTENCY_KEY_REQUIRED',
  },
  {
    is: 'IDEMPOTENCY_IN_PROGRESS',
    fails: () => new LakiConnectError({ kind: 'IDEMPOTENCY_IN_PROGRESS', origin: 'guard' }),
    merchant: '409 IDEMPOTENCY_IN_PROGRESS',
    wait: '1',
    retryable: true,
  },
  {
    is: 'UNDETERMINED',
    fails: () => new LakiConnectError({ kind: 'UNDETERMINED', origin: 'guard', retryAfterMs: 1500 }),
    merchant: '503 UNDETERMINED',
    wait: '2',
    retryable: true,
  },
];

const TOLD = ROWS.flatMap((row) =>
  AUDIENCES.map((audience) => ({
    ...row,
    audience,
    told: audience === 'merchant' ? row.merchant : (row.customer ?? row.merchant),
  })),
);

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

const MASKED: readonly { audience: Audience; status: number; kinds: readonly [string, number][] }[] = [
  {
    audience: 'customer',
    status: 409,
    kinds: [
      ['KYC_NOT_APPROVED', 403],
      ['FEE_CONFIG_NOT_SET', 422],
      ['CONNECTED_MERCHANT_NOT_FOUND', 404],
    ],
  },
  ...AUDIENCES.map((audience) => ({
    audience,
    status: 502,
    kinds: [['UNAUTHORIZED', 401] as [string, number], ['FORBIDDEN', 403] as [string, number]],
  })),
];

export function replies(harness: Harness): void {
  const failing = (fails: () => unknown, audience?: Audience) =>
    serve(harness, { options: { audience }, route: throwing(fails) });

  test.each(TOLD)('$is is told to a $audience as $told', async ({ fails, audience, told, wait, ...row }) => {
    const { status, headers, body } = await (await failing(fails, audience)).ask();
    const code = told.slice(4) as keyof typeof en.texts;

    expect(`${String(status)} ${String(body.code)}`).toBe(told);
    expect(body).toMatchObject({
      ...en.texts[row.unknown === true ? 'OUTCOME_UNKNOWN' : code][audience],
      type: `urn:problem-type:lakiconnect:${code.toLowerCase().replaceAll('_', '-')}`,
      status,
      outcome: row.unknown === true ? 'unknown' : 'rejected',
      retryable: row.retryable === true,
    });
    if (row.unknown === true) expect(body.action).toBe('check');
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'content-language': 'en',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'Accept, Accept-Language',
    });
    expect(headers['retry-after']).toBe(wait);
    expect(body.retry_after).toBe(wait === undefined ? undefined : Number(wait));
  });

  test.each([
    [undefined, 'application/problem+json'],
    ['*/*', 'application/problem+json'],
    ['application/*', 'application/problem+json'],
    ['image/png', 'application/problem+json'],
    [';;,q=x', 'application/problem+json'],
    ['application/json', 'application/json'],
    ['application/json;q=0.5, text/plain', 'text/plain'],
    [BROWSER, 'text/html'],
    ['text/*', 'text/html'],
  ])('a client that accepts %s gets %s', async (accept, media) => {
    const server = await failing(answer(404, 'NOT_FOUND'));
    const { status, headers, text } = await server.ask(accept === undefined ? {} : { accept });

    expect(status).toBe(404);
    expect(headers['content-type']).toBe(
      media === 'application/problem+json' ? media : `${media}; charset=utf-8`,
    );
    expect(text).toContain(en.texts.NOT_FOUND.customer.detail);
    expect(text.includes('<!doctype html>')).toBe(media === 'text/html');
    expect(text).not.toContain('<script');
  });

  describe.each(MASKED)('masked for a $audience as $status', ({ audience, status, kinds }) => {
    test.each(['application/problem+json', 'text/html', 'text/plain'])(
      'the answers in %s differ in nothing but request_id',
      async (accept) => {
        const answers = kinds.map(async ([code, upstream]) => {
          const details = [{ field: code, issue: code }];
          const body = documented(code, { message: code, details, requestId: `req_${String(upstream)}` });
          const server = await failing(() => answered(upstream, body, { headers }), audience);
          return server.bytes({ accept });
        });
        const sent = (await Promise.all(answers)).map((bytes) =>
          bytes
            .toString()
            .replace(/^Date: .*$/m, 'Date')
            .replace(/req_\d+/, 'req'),
        );

        expect(oneAnswer(await answers[0]!).status).toBe(status);
        expect(new Set(sent)).toHaveProperty('size', 1);
        expect(sent[0]).not.toMatch(/kyc|fee|merchant|authorized|forbidden|details|errors/i);
        expect(sent[0]!.includes('request_id')).toBe(status === 502 && accept.endsWith('json'));
      },
    );
  });
}
