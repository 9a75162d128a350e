import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLakiConnect, type LakiConnectEvent } from 'lakiconnect-middleware';
import { reportToConsole } from '../src/console-reporter.js';
import { documented } from './envelopes.js';
import { answered, UNPRINTABLE } from './translation/failures.js';

const written = { warn: jest.spyOn(console, 'warn'), error: jest.spyOn(console, 'error') };
const others = (['log', 'info', 'debug'] as const).map((name) => jest.spyOn(console, name));

beforeEach(() => {
  for (const spy of [...Object.values(written), ...others]) spy.mockReset();
});

afterEach(() => {
  for (const spy of others) expect(spy).not.toHaveBeenCalled();
});

/** What was written, by level. */
const lines = () => ({
  warn: written.warn.mock.calls.map(([line, ...more]) => (expect(more).toEqual([]), line as string)),
  error: written.error.mock.calls.map(([line, ...more]) => (expect(more).toEqual([]), line as string)),
});

const translated: LakiConnectEvent = {
  ...{ type: 'translated', level: 'error', kind: 'UNAUTHORIZED', code: 'PAYMENTS_UNAVAILABLE', status: 502 },
  ...{ audience: 'customer', locale: 'am', fault: 'platform', outcome: 'rejected', retryable: false },
  ...{ origin: 'upstream', action: 'other-way' },
};

describe('An event is one line', () => {
  test.each<[event: LakiConnectEvent, line: string]>([
    [
      { ...translated, merchantId: 'cm_7', requestId: 'req_1a2b' },
      'lakiconnect error UNAUTHORIZED → 502 PAYMENTS_UNAVAILABLE outcome=rejected request_id=req_1a2b merchant=cm_7',
    ],
    [
      {
        ...{ ...translated, level: 'warn', upstreamStatus: 401, upstreamCode: 'INVALID_API_KEY' },
        ...{ upstreamMessage: 'Invalid API key.', unmappedFields: ['business.tin', 'a b'] },
        readerError: 'TypeError: x',
      },
      'lakiconnect warn UNAUTHORIZED → 502 PAYMENTS_UNAVAILABLE outcome=rejected upstream_status=401 upstream_code=INVALID_API_KEY upstream_message="Invalid API key." unmapped_fields="business.tin,a b" reader_error="TypeError: x"',
    ],
    [
      { type: 'unmapped', level: 'error', kind: 'UNRECOGNISED', outcome: 'unknown', upstreamStatus: 418 },
      'lakiconnect error unmapped outcome=unknown kind=UNRECOGNISED upstream_status=418',
    ],
    [
      {
        ...{ type: 'refused', level: 'warn', kind: 'KYC_NOT_APPROVED', mode: 'report', passed: true },
        ...{ merchantId: 'cm 7', requirement: 'kycApproved' },
      },
      'lakiconnect warn refused merchant="cm 7" kind=KYC_NOT_APPROVED mode=report passed=true requirement=kycApproved',
    ],
    [
      { type: 'webhook', level: 'error', status: 503, event: '"x" = y', merchantIds: ['cm_1', 'cm_2'] },
      'lakiconnect error webhook status=503 event="\\"x\\" = y" merchants="cm_1,cm_2"',
    ],
    [
      { type: 'cooldown', level: 'warn', kind: 'RATE_LIMITED', retryAfterMs: 3000, shared: true },
      'lakiconnect warn cooldown kind=RATE_LIMITED retry_after_ms=3000 shared=true',
    ],
    [
      { type: 'store-failed', level: 'warn', operation: 'read', reason: '', failures: 1 },
      'lakiconnect warn store-failed operation=read reason="" failures=1',
    ],
  ])('%j', (event, line) => {
    reportToConsole(event);
    expect(lines()).toEqual({ warn: [], error: [], [event.level]: [line] });
  });

  test('unless it is of level info', () => {
    reportToConsole({ ...translated, level: 'info' });
    expect(lines()).toEqual({ warn: [], error: [] });
  });

  test('that ends after 1,024 characters', () => {
    for (const reason of ['x'.repeat(5000), '\u{1f600}'.repeat(2500), 'x'.repeat(512)]) {
      reportToConsole({ type: 'misconfigured', level: 'warn', option: 'x', reason });
    }
    const { warn } = lines();
    expect(warn.map((line) => line.length)).toEqual([1024, 1024, expect.any(Number)]);
    expect(warn.map((line) => line.endsWith('…'))).toEqual([true, true, false]);
    expect(warn.every((line) => line.isWellFormed())).toBe(true);
  });

  test('whatever the provider says, without the key', async () => {
    const message = 'Key pub.lic!:sec.ret! \r\n\u202e\u001b[31m is wrong %s %o';
    const laki = createLakiConnect({ apiKey: 'pub.lic!:sec.ret!' });
    const incoming = { request: {}, accept: undefined, acceptLanguage: undefined, isSent: () => false };
    await laki.handler()(answered(401, documented('UNAUTHORIZED', { message })), incoming);
    const [line = ''] = lines().error;
    expect(line).toMatch(
      /^lakiconnect error UNAUTHORIZED → 502 PAYMENTS_UNAVAILABLE outcome=rejected request_id=/,
    );
    expect(line).toContain('[redacted]');
    expect(line).not.toMatch(UNPRINTABLE);
    expect(line).not.toMatch(/pub\.lic|sec\.ret/);
  });
});

describe('Who is told', () => {
  const incoming = { request: {}, accept: undefined, acceptLanguage: undefined, isSent: () => false };
  const fail = (options: Parameters<typeof createLakiConnect>[0]) =>
    createLakiConnect(options).handler()(answered(401, documented('UNAUTHORIZED')), incoming);

  test.each([[{}], [{ onEvent: undefined }]])('the console, with the options %j', async (options) => {
    await fail(options);
    expect(lines()).toEqual({ warn: [], error: [expect.stringMatching(/^lakiconnect error /)] });
  });

  test('nobody, where onEvent is false', async () => {
    await fail({ onEvent: false });
    expect(lines()).toEqual({ warn: [], error: [] });
  });

  test('the platform alone, where onEvent is a function', async () => {
    const onEvent = jest.fn();
    await fail({ onEvent });
    expect(onEvent).toHaveBeenCalledTimes(1);
    expect(lines()).toEqual({ warn: [], error: [] });
  });

  test('a subscriber beside the console', async () => {
    const laki = createLakiConnect();
    const listener = jest.fn();
    laki.subscribe(listener);
    await laki.handler()(answered(401, documented('UNAUTHORIZED')), incoming);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(lines().error).toHaveLength(1);
  });

  test('nobody but the client, where the console is broken', async () => {
    written.error.mockImplementation(() => {
      throw new Error('EPIPE');
    });
    expect(await fail({})).toMatchObject({ reply: { status: 502 } });
  });
});
