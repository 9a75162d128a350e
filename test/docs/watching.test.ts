/** The guides to metrics, logs and reports: their code is run as it stands there, and told of real failures. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import axios from 'axios';
import {
  isLakiConnectError,
  LakiConnectError,
  type LakiConnect,
  type LakiConnectEvent,
} from 'lakiconnect-middleware';
import { pino, type Logger, type LoggerOptions } from 'pino';
import request from 'supertest';
import { METRICS, OBSERVED, type Metric } from '../../adapters/opentelemetry/conventions.js';
import { RULES } from '../../src/translation/rules.js';
import { documented } from '../envelopes.js';
import { settled } from '../provider/harness.js';
import { API_KEY, CANARIES, canariesIn, EVERY } from '../secrets/canaries.js';
import { fake } from './fake.js';
import { blocksOf, listedUnder, plainText, readPage, rowsUnder } from './pages.js';
import { appOf, jsonOn, run } from './run.js';

beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => void jest.restoreAllMocks());

const PAYMENT = { amount: 100, currency: 'ETB', reference: 'order-1' };
const WORDS = `The key ${API_KEY} or ${CANARIES.w} may not ask ${CANARIES.b} to pay.`;
/** A refusal in words that tell everything. */
const quoting = () => {
  const body = documented('FORBIDDEN', { message: WORDS });
  fake.answerNext({ status: 403, body }, { method: 'POST' });
};

/** An error as it comes to a handler, and is answered there. */
const answer = (laki: LakiConnect, thrown: unknown) =>
  laki.handler()(thrown, { request: {}, accept: undefined, acceptLanguage: 'en', isSent: () => false });

describe('docs/guides/prometheus.md', () => {
  const PAGE = 'docs/guides/prometheus.md';

  test('what is read has the lines that the page says', async () => {
    const ran = run(PAGE, fake);
    const pay = (merchantId: string) =>
      request(appOf(ran, 'app')).post(`/shops/${merchantId}/charges`).send(PAYMENT);
    fake.failNext('UNAUTHORIZED', { method: 'POST' });
    expect((await pay('cm_7')).status).toBe(502);
    fake.merchants.set('cm_8', { kycStatus: 'pending', feeConfig: { fee_model: 'FREE' } });
    expect((await pay('cm_8')).status).toBe(409);

    const { text } = await request(appOf(ran, 'internal')).get('/metrics');
    const said = blocksOf(readPage(PAGE)).flatMap(({ language, code }) => (language === 'text' ? code : []));
    expect(said.length).toBeGreaterThan(5);
    expect(said.filter((line) => !text.split('\n').includes(line))).toEqual([]);
    expect(text).not.toMatch(/cm_\d/);
    expect(fake.secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  describe('The expression for', () => {
    const named = (name: string) => name.replaceAll('.', '_');
    const SERIES = new Map<string, readonly string[]>([
      ...Object.values(METRICS).map(({ name, attributes, ...metric }: Metric): [string, string[]] => [
        `${named(name)}${metric.measures === undefined ? '_total' : '_bucket'}`,
        [...Object.keys(attributes).map(named), ...(metric.measures === undefined ? [] : ['le'])],
      ]),
      [`${named(OBSERVED.passed.name)}_total`, []],
      [named(OBSERVED.merchants.name), []],
    ]);
    const VALUES: Readonly<Record<string, readonly string[]>> = {
      error_type: Object.keys(RULES),
      lakiconnect_outcome: ['rejected', 'unknown'],
      lakiconnect_guard_verdict: ['refused', 'undetermined'],
      lakiconnect_guard_passed: ['true', 'false'],
      http_response_status_code: ['200'],
    };
    const ROWS = rowsUnder(readPage(PAGE), 'Whom to wake').map((row) => ({
      what: row['what'],
      expression: plainText(row['expression'] as string),
    }));

    test.each(ROWS)('"$what" names series, labels and values that there are', ({ expression }) => {
      const [name = '', ...more] = new Set(expression.match(/\blakiconnect_\w+(?=[{[])/g));
      expect([name, ...more].filter((found) => !SERIES.has(found))).toEqual([]);
      const by = /by \(([^)]*)\)/.exec(expression)?.[1]?.split(', ') ?? [];
      const matchers = [...expression.matchAll(/(\w+)(?:=~|!=|=)"([^"]*)"/g)];
      const labels = [...by, ...matchers.map(([, label = '']) => label)];
      expect(labels.filter((label) => SERIES.get(name)?.includes(label) !== true)).toEqual([]);
      const values = matchers.flatMap(([, label = '', value = '']) =>
        value.split('|').filter((one) => VALUES[label]?.includes(one) !== true),
      );
      expect(values).toEqual([]);
      expect(expression.split('(').length).toBe(expression.split(')').length);
    });
  });
});

describe('docs/guides/log-with-pino.md', () => {
  const PAGE = 'docs/guides/log-with-pino.md';

  /** What the page exports, with the events that it is told and the lines that it writes. */
  function start() {
    const lines: string[] = [];
    const writing = (options: LoggerOptions) => pino(options, { write: (line) => void lines.push(line) });
    const { exports } = run(PAGE, fake, {
      modules: { pino: { pino: writing } },
      env: { LAKICONNECT_API_KEY: API_KEY },
    });
    const laki = exports['laki'] as unknown as LakiConnect;
    const events: LakiConnectEvent[] = [];
    laki.subscribe((event) => events.push(event));
    return { laki, logger: exports['logger'] as unknown as Logger, events, lines };
  }

  test('a refusal that quotes everything is the line that the page says', async () => {
    const { laki, events, lines } = start();
    quoting();
    const { rejected } = await settled(
      laki.client.post('/payment/direct', { body: PAYMENT, merchantId: 'cm_7' }),
    );
    await answer(laki, rejected);

    expect(lines).toHaveLength(1);
    const { time, pid, hostname, ...line } = JSON.parse(lines[0] as string) as Record<string, unknown>;
    expect([time, pid, hostname]).not.toContain(undefined);
    expect(line).toEqual(jsonOn(PAGE)[0]);
    expect(lines.join('').trimEnd()).not.toContain('\n');
    expect(canariesIn(lines)).toBe('');
    // Only what no key is was left to be redacted.
    expect(canariesIn(events)).toBe('b');
  });

  test('what functions of the platform throw is redacted', async () => {
    const { laki, events, lines } = start();
    const failing = (): never => {
      throw new Error(WORDS);
    };
    await laki.guard(undefined, { mode: 'report', merchantId: failing })({}, {});
    await laki.handler({ audience: failing })(new LakiConnectError({ kind: 'TIMEOUT' }), {
      request: {},
      accept: undefined,
      acceptLanguage: 'en',
      isSent: () => false,
    });

    expect(canariesIn(lines)).toBe('');
    expect(lines.filter((line) => line.includes('[Redacted]'))).toHaveLength(3);
    expect(events.map((event) => canariesIn(event))).toEqual(['b', 'b', 'b']);
  });

  /** An error of axios's that holds every canary. */
  async function ofAxios(): Promise<unknown> {
    fake.answerNext({ status: 403, headers: { 'set-cookie': `sid=${CANARIES.c}` }, body: { error: WORDS } });
    const sent = axios.post(
      `${fake.baseUrl}/payment/direct?token=${CANARIES.q}`,
      { phone: CANARIES.b },
      { headers: { 'X-API-Key': API_KEY, authorization: `Bearer ${CANARIES.a}` } },
    );
    return (await settled(sent)).rejected;
  }

  test("an error of an HTTP client's is written without its request", async () => {
    const { logger, lines } = start();
    const error = await ofAxios();
    logger.error({ err: error }, 'refund failed');
    logger.error(error);

    expect(canariesIn(error)).toBe(EVERY);
    expect(canariesIn(lines)).toBe('');
    expect(lines.map((line) => (JSON.parse(line) as { err: object }).err)).toEqual(
      [1, 2].map(() => ({
        type: 'AxiosError',
        message: 'Request failed with status code 403',
        stack: expect.any(String),
      })),
    );
    const standard: string[] = [];
    pino({}, { write: (line) => void standard.push(line) }).error(error);
    expect(canariesIn(standard)).toContain('kp');
  });

  test('an error of ours keeps what it knows', async () => {
    const { laki, logger, lines } = start();
    const { rejected: error } = await settled(
      laki.call(async () => Promise.reject((await ofAxios()) as Error)),
    );
    logger.error(error);

    expect(isLakiConnectError(error)).toBe(true);
    expect(canariesIn(lines)).toBe('');
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({
      err: { type: 'LakiConnectError', kind: 'FORBIDDEN', outcome: 'rejected', status: 502 },
    });
  });

  test.each(listedUnder(readPage(PAGE), 'What is redacted, and why').flatMap((cell) => cell.split(', ')))(
    '%s is redacted',
    (path) => {
      const { logger, lines } = start();
      const [name = '', ...parts] = path.replace(/\["(.+)"\]/, '.$1').split('.');
      const value = parts.reduceRight<unknown>((inner, part) => ({ [part]: inner }), CANARIES.k);
      logger.info({ [name]: value });

      expect(lines).toHaveLength(1);
      expect(canariesIn(lines)).toBe('');
      expect(lines[0]).toContain('[Redacted]');
    },
  );
});

describe('docs/guides/sentry.md', () => {
  const PAGE = 'docs/guides/sentry.md';

  interface Report {
    readonly request?: object;
  }
  interface Settings {
    readonly beforeSend: (report: Report, hint: { originalException?: unknown }) => Report | null;
  }

  /** The page's app, and a Sentry that is told of what it captures, and of the errors that a route throws. */
  function start() {
    const captured: unknown[] = [];
    let settings: Settings | undefined;
    const modules = {
      '@sentry/node': {
        init: (given: Settings) => void (settings = given),
        captureEvent: (event: unknown) => void captured.push(event),
      },
    };
    const ran = run(PAGE, fake, { modules, env: { LAKICONNECT_API_KEY: API_KEY } });
    const pay = () => request(appOf(ran, 'app')).post('/shops/cm_7/charges').send(PAYMENT);
    const beforeSend: Settings['beforeSend'] = (report, hint) =>
      (settings as Settings).beforeSend(report, hint);
    return { captured, beforeSend, pay };
  }

  test('a key that has expired is one report, as the page says', async () => {
    const { captured, pay } = start();
    fake.failNext('UNAUTHORIZED', { method: 'POST' });
    expect((await pay()).status).toBe(502);

    expect(captured).toEqual([jsonOn(PAGE)[0]]);
  });

  test('an answer in no known form is one report', async () => {
    const { captured, pay } = start();
    fake.answerNext({ status: 418, body: documented('NEW') }, { method: 'POST' });
    expect((await pay()).status).toBe(502);

    expect(captured).toMatchObject([{ fingerprint: ['lakiconnect', 'translated', 'UNRECOGNISED'] }]);
  });

  test.each(['KYC_NOT_APPROVED', 'VALIDATION_ERROR', 'RATE_LIMITED'])('%s is none', async (code) => {
    const { captured, pay } = start();
    fake.failNext(code, { method: 'POST' });
    expect((await pay()).status).toBeGreaterThanOrEqual(400);

    expect(captured).toEqual([]);
  });

  test('no secret, no phone number and no shop is sent', async () => {
    const { captured, pay } = start();
    quoting();
    await pay();

    expect(captured).toHaveLength(1);
    expect(canariesIn(captured)).toBe('');
    expect(JSON.stringify(captured)).not.toContain('cm_7');
  });

  test.each([
    ['an error of ours in a request', true, new LakiConnectError({ kind: 'TIMEOUT' }), false],
    ['an error of ours in a job', false, new LakiConnectError({ kind: 'TIMEOUT' }), true],
    ["another's in a request", true, new Error('Out of paper'), true],
    ['what is no error', true, undefined, true],
    [
      'one that wraps ours',
      true,
      new Error('refund failed', { cause: new LakiConnectError({ kind: 'TIMEOUT' }) }),
      true,
    ],
  ])('of what Sentry finds itself, %s', (_, isInRequest, originalException, isSent) => {
    const { beforeSend } = start();
    const request = { method: 'POST', url: '/shops/cm_7/charges' };
    const report: Report = isInRequest
      ? {
          request: {
            ...request,
            data: CANARIES.b,
            cookies: { sid: CANARIES.c },
            headers: {},
            query_string: CANARIES.q,
          },
        }
      : {};

    const sent = isInRequest ? { request } : {};
    expect(beforeSend(report, { originalException })).toEqual(isSent ? sent : null);
  });
});
