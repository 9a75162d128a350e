import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLakiConnect, LakiConnectError } from 'lakiconnect-middleware';
import { deltaSeconds, parseRetryAfter } from '../../src/translation/retry-after.js';
import { answered, LINEAR_MS, milliseconds } from './failures.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The three forms of RFC 9110 section 5.6.7. */
const FORMS: Readonly<Record<string, (date: Date) => string>> = {
  'IMF-fixdate': (date) => date.toUTCString(),
  'rfc850-date': (date) => {
    const [, day, month, year, time] = date.toUTCString().split(' ') as [
      string,
      string,
      string,
      string,
      string,
    ];
    return `${String(DAYS[date.getUTCDay()])}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
  },
  'asctime-date': (date) => {
    const [weekday, day, month, year, time] = date.toUTCString().split(/,? /) as [
      string,
      string,
      string,
      string,
      string,
    ];
    return `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
  },
};

describe('Retry-After', () => {
  test.each([
    ['1', 1],
    ['3', 3],
    ['007', 7],
    ['120', 120],
    ['86400', 86_400],
    ['86401', 86_401],
    ['2147483648', 2_147_483_648],
    ['9999999999', 9_999_999_999],
    ['0'.repeat(39) + '1', 1],
    ['Thu, 01 Jan 2026 00:00:01 GMT', 1],
    ['Thu, 01 Jan 2026 00:02:00 GMT', 120],
    ['Thursday, 01-Jan-26 00:02:00 GMT', 120],
    ['Thu Jan  1 00:02:00 2026', 120],
    ['Thu Jan 15 00:00:00 2026', 14 * 86_400],
  ])('%j asks to wait %d seconds', (field, seconds) => {
    expect(parseRetryAfter(field, NOW)).toBe(seconds * 1000);
  });

  test.each(
    [
      undefined,
      '',
      ' ',
      '0',
      '00',
      '-1',
      '-0',
      '+1',
      '1.0',
      '120.5',
      '.5',
      '1,5',
      '120, 60',
      '120,120',
      '120;60',
      '120 60',
      ' 120',
      '120 ',
      '120\n',
      '\t120',
      '120s',
      '1e9',
      '0x10',
      '0b1',
      '0o7',
      '1_000',
      '1n',
      'Infinity',
      'NaN',
      'null',
      'undefined',
      'true',
      'soon',
      '"120"',
      '[120]',
      '１２０',
      '١٢٠',
      '\u202e120',
      '2026-',
      'Sun, 06 Nov 1994 08:49:37 GMT',
      'Sunday, 06-Nov-94 08:49:37 GMT',
      'Sun Nov  6 08:49:37 1994',
      'Thu, 01 Jan 2026 00:00:00 GMT',
      'Wed, 31 Dec 2025 23:59:59 GMT',
      'Thu, 01 Jan 2026 00:02:00 UTC',
      'Thu, 01 Jan 2026 00:02:00 +0000',
      'Thu, 01 Jan 2026 00:02:00',
      'Thu, 1 Jan 2026 00:02:00 GMT',
      'Thu, 01 Foo 2026 00:02:00 GMT',
      'Thu, 32 Jan 2026 00:02:00 GMT',
      'Thu, 01 Jan 2026 99:02:00 GMT',
      'Thu, 01 Jan 2026 00:02:00 GMT\n',
      'Thu, 01 Jan 2026 00:02:00 GMT, 120',
      'on Thu, 01 Jan 2026 00:02:00 GMT',
      'thu, 01 jan 2026 00:02:00 gmt',
      '01 Jan 2026 00:02:00 GMT',
      'Jan 1 2027',
      '2027-01-01',
      '2027-01-01T00:00:00Z',
      '1798761600000 ',
      '9'.repeat(41),
    ].map((field) => [field]),
  )('%j asks for nothing', (field) => {
    expect(parseRetryAfter(field, NOW)).toBeUndefined();
  });

  test.each(Object.entries(FORMS))('is read as an %s', (_, write) => {
    const seconds = fc.integer({ min: 1, max: 20 * 365 * 86_400 });
    fc.assert(
      fc.property(seconds, (wait) => {
        expect(parseRetryAfter(write(new Date(NOW + wait * 1000)), NOW)).toBe(wait * 1000);
        expect(parseRetryAfter(write(new Date(NOW - wait * 1000)), NOW)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test('is a positive number of milliseconds or nothing, whatever was sent', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...'0123456789 ,.-+eExGMT:'), maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly, fc.date().map(String)), (field) => {
        const wait = parseRetryAfter(field, NOW) ?? 1;
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThan(Infinity);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['9'.repeat(65_536), ' '.repeat(65_536), 'Thu, 01 Jan '.repeat(5462)])(
    'of 64 KiB is read in no time',
    (field) => {
      expect(milliseconds(() => parseRetryAfter(field, NOW))).toBeLessThan(LINEAR_MS);
    },
  );
});

describe('A wait in a reply', () => {
  test.each([
    [-5, 1],
    [0, 1],
    [1, 1],
    [999, 1],
    [1000, 1],
    [1001, 2],
    [1999.5, 2],
    [86_399_001, 86_400],
    [86_400_000, 86_400],
    [86_400_001, 86_400],
    [1e43, 86_400],
    [Infinity, 86_400],
  ])('of %d ms is %i whole seconds', (ms, seconds) => {
    expect(deltaSeconds(ms)).toBe(seconds);
    const error = new LakiConnectError({ kind: 'RATE_LIMITED', retryAfterMs: ms });
    const reply = createLakiConnect().translate(error);
    expect(reply?.headers['retry-after']).toBe(String(seconds));
    expect(reply?.problem.retry_after).toBe(seconds);
  });

  test('that is no number is a second', () => {
    const error = new LakiConnectError({ kind: 'RATE_LIMITED', retryAfterMs: Number.NaN });
    expect(createLakiConnect().translate(error)?.headers['retry-after']).toBe('1');
  });

  const { translate } = createLakiConnect({ now: () => NOW });
  const wait = (status: number, field?: string) =>
    translate(answered(status, undefined, field === undefined ? {} : { 'retry-after': field }))?.headers[
      'retry-after'
    ];

  test.each([
    ['3', '3'],
    ['999999999', '86400'],
    ['Thu, 01 Jan 2026 00:02:00 GMT', '120'],
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1'],
    ['0', '1'],
    ['0x10', '1'],
    [undefined, '1'],
  ])('after a 429 with Retry-After %j is %s', (field, seconds) => {
    expect(wait(429, field)).toBe(seconds);
  });

  test.each([400, 401, 404, 409])('after a %i is not told', (status) => {
    expect(wait(status, '120')).toBeUndefined();
  });

  test('is rounded up, so that nobody comes back too early', () => {
    const early = createLakiConnect({ now: () => NOW + 500 });
    const reply = early.translate(
      answered(429, undefined, { 'retry-after': 'Thu, 01 Jan 2026 00:00:02 GMT' }),
    );
    expect(reply?.headers['retry-after']).toBe('2');
  });

  test('is not told where the request must not be sent again', () => {
    expect(translate(answered(503, undefined, { 'retry-after': '120' }))?.problem).toMatchObject({
      outcome: 'unknown',
    });
    expect(wait(503, '120')).toBeUndefined();
  });
});

describe('A date is measured from the answer’s own clock', () => {
  const now = Date.parse('2026-11-30T12:00:00Z');
  const at = (ms: number) => new Date(ms).toUTCString();
  const MINUTE = 60_000;
  const DAY = 24 * 60 * MINUTE;

  test.each<[what: string, sent: string | undefined, ms: number]>([
    ['which is ten minutes ahead', at(now + 10 * MINUTE), MINUTE],
    ['which is ten minutes behind', at(now - 10 * MINUTE), MINUTE],
    ['which is a day ahead', at(now + DAY), MINUTE],
  ])('%s', (_what, sent, ms) => {
    const until = at(Date.parse(sent as string) + MINUTE);
    expect(parseRetryAfter(until, now, sent)).toBe(ms);
  });

  test.each<[what: string, sent: string | undefined]>([
    ['which it does not tell', undefined],
    ['which is none', 'yesterday'],
    ['which is no date that there is', 'Mon, 99 Nov 2026 12:00:00 GMT'],
    ['which is more than a day off', at(now + DAY + 1000)],
    ['which is more than a day behind', at(now - DAY - 1000)],
  ])('but not from one %s', (_what, sent) => {
    expect(parseRetryAfter(at(now + MINUTE), now, sent)).toBe(MINUTE);
  });

  test('and seconds from nothing', () => {
    expect(parseRetryAfter('60', now, at(now - 10 * MINUTE))).toBe(MINUTE);
  });
});
