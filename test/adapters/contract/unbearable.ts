import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { format, types } from 'node:util';
import { documented } from '../../envelopes.js';
import { meter } from '../../meter.js';
import { startFailing, WAYS, type Failing, type Way } from './failing.js';
import { answered, BASE } from './failures.js';
import type { Harness } from './harness.js';
import { PATIENCE_MS, talkTo, type Talk } from './talk.js';
import { CANARY, FICKLE, THROWABLES } from './throwables.js';

interface Place {
  readonly name: string;
  /** Whether it is LakiConnect's error, by its origin or its name, whatever stands there. */
  readonly isOurs: boolean;
  readonly put: (thing: unknown) => unknown;
}

/** Where a throwable may stand. */
const PLACES: readonly Place[] = [
  { name: "as the cause of another's error", isOurs: false, put: (cause) => new Error(CANARY, { cause }) },
  { name: 'as a parsed body', isOurs: true, put: (data) => answered(403, data) },
  {
    name: 'as an unparsed body',
    isOurs: true,
    put: (body) =>
      Object.assign(new Error(), { options: { url: BASE }, response: { statusCode: 403, body } }),
  },
  {
    name: "as the details of an SDK's error",
    isOurs: true,
    put: (details) => Object.assign(new Error(), { name: 'LakipayError', status: 403, details }),
  },
  {
    name: 'as a cause',
    isOurs: true,
    put: (cause) => Object.assign(answered(403, documented('FORBIDDEN')), { cause }),
  },
  {
    name: 'as one of several errors',
    isOurs: true,
    put: (thing) => Object.assign(answered(403, documented('FORBIDDEN')), { errors: [thing] }),
  },
];

/** What one request may cost, its client included. */
const COST_MS = 50;

let printingMs = 0;

/** Nothing is shown, but all is printed: that may throw, and Express 5 does it where nobody catches. */
function print(...logged: unknown[]): void {
  const spent = meter();
  try {
    format(...logged);
  } finally {
    printingMs += spent();
  }
}

/** What something costs by itself, in milliseconds: garbage is collected for a second at times, and the framework prints. */
async function leastMsOf(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < 20 && least > COST_MS; run++) {
    if (run > 1) await sleep(100);
    printingMs = 0;
    const spent = meter();
    await work();
    least = Math.min(least, spent() - printingMs);
  }
  return least;
}

/** What it costs to copy 11 MB four times, now: on a busy machine that alone may take long. */
function copyingMs(): number {
  const spent = meter();
  for (let copy = 0; copy < 4; copy++) Buffer.from('x'.repeat(11 * 1024 * 1024));
  return spent();
}

/** An error of this realm or another, behind a Proxy or not. */
function isError(value: unknown): boolean {
  return value instanceof Error || types.isNativeError(value);
}

/** An answer, if it is one and no more than one; otherwise the text that came. */
function answerIn(bytes: Buffer): { status: number; headers: string; body: string } | string {
  const text = bytes.toString('latin1');
  const [, status, headers = '', body = ''] =
    /^HTTP\/1\.1 (\d{3}) .*?(\r\n.*?)\r\n\r\n(.*)$/s.exec(text) ?? [];
  const isOne = /\r\ncontent-length: (\d+)/i.exec(headers)?.[1] === String(body.length);
  return isOne ? { status: Number(status), headers: headers.replace(/\r\ndate: .*/i, ''), body } : text;
}

/** Whether the framework's own 500, or our answer, came; plain, as there are thousands. */
function isSafe(bytes: Buffer, isOurs: boolean): boolean {
  const answer = answerIn(bytes);
  if (typeof answer === 'string' || /canary|set-cookie/i.test(bytes.toString('latin1'))) return false;
  const { status, headers, body } = answer;
  return isOurs
    ? [422, 502, 504].includes(status) &&
        /\r\ncontent-language: en/i.test(headers) &&
        (JSON.parse(body) as { status?: unknown }).status === status
    : status === 500 && body.includes('Internal Server Error') && !/\r\ncontent-language/i.test(headers);
}

export function unbearable(harness: Harness): void {
  const ways = WAYS[harness.framework];
  let failing: Failing;
  beforeAll(async () => {
    failing = await startFailing(harness);
  });
  afterAll(async () => {
    await failing.close();
  });
  beforeEach(() => void jest.mocked(console.error).mockImplementation(print));
  afterEach(() => void jest.mocked(console.error).mockClear());

  /** The ways take turns. */
  const wayAt = (row: number, at: number): Way => ways[(row + at) % ways.length] as Way;

  async function expectAlive(talk: Talk): Promise<void> {
    expect((await talk.ask('/alive')).toString()).toMatch(/\r\n\r\nalive$/);
    talk.end();
  }

  test.each([...THROWABLES, ...FICKLE].map(([name, make], row) => ({ name, make, row })))(
    '$name gets one safe answer wherever it stands, and appends nothing to one that has begun',
    async ({ make, row }) => {
      const talk = await talkTo(failing.url);
      const faults: unknown[] = [];
      for (const [at, { name, isOurs, put }] of PLACES.entries()) {
        const way = wayAt(row, at);
        failing.meet({ make: () => put(make()), way });
        const started = performance.now();
        const bytes = await talk.ask('/');
        if (!isSafe(bytes, isOurs)) faults.push([name, way, bytes.toString()]);
        if (performance.now() - started < COST_MS) continue;
        const ms = await leastMsOf(() => talk.ask('/'));
        if (ms > COST_MS && ms > COST_MS + copyingMs()) faults.push([name, way, ms]);
      }

      await expectAlive(talk);

      const { url, meet, heard } = failing;
      const at = row % PLACES.length;
      const { name, put } = PLACES[at] as Place;
      const way = wayAt(row, at);
      meet({ make: () => put(make()), way, begun: true });
      const started = performance.now();
      const text = (await (await talkTo(url)).ask('/')).toString('latin1');
      const isCut = /^b\r\nfirst bytes(\r\n)?$/.test(text.slice(text.indexOf('\r\n\r\n') + 4));
      const isEnded = performance.now() - started < PATIENCE_MS;
      const isTold = harness.framework === 'express' || (heard.length === 1 && heard.every(isError));
      if (!isCut || !isEnded || !isTold) faults.push([name, way, text, heard]);

      expect(faults).toEqual([]);
      await expectAlive(await talkTo(url));
    },
    20_000,
  );
}
