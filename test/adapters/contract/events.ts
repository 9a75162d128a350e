import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import createError from 'http-errors';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { runInNewContext } from 'node:vm';
import { CHANNEL, LakiConnectError, type LakiConnectEvent, type Options } from 'lakiconnect-middleware';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { AnyRequest, Harness } from './harness.js';
import { serve } from './server.js';

const kyc = () =>
  answered(403, documented('KYC_NOT_APPROVED', { message: 'a\r\nb\u202e', requestId: 'req_9' }));
const unknown = () => answered(400, documented('SHORT_AND_STOUT'));
const unrecognised = () => answered(418, documented('SHORT_AND_STOUT'));
const expired = () => answered(401, documented('UNAUTHORIZED'));

export function events(harness: Harness): void {
  let published: LakiConnectEvent[];
  const listener = (event: unknown) => void published.push(event as LakiConnectEvent);
  beforeEach(() => {
    published = [];
    subscribe(CHANNEL, listener);
  });
  afterEach(() => void unsubscribe(CHANNEL, listener));

  /** What `onEvent` is told of one request whose route fails so. */
  async function told(fails: () => unknown, options: Options<AnyRequest> = {}): Promise<LakiConnectEvent[]> {
    const events: LakiConnectEvent[] = [];
    const onEvent = (event: LakiConnectEvent) => events.push(event);
    await (await serve(harness, { options: { ...options, onEvent }, route: throwing(fails) })).ask();
    return events;
  }

  test('one reply is one flat record', async () => {
    expect(await told(kyc)).toEqual([
      {
        type: 'translated',
        level: 'info',
        kind: 'KYC_NOT_APPROVED',
        code: 'PAYMENTS_UNAVAILABLE',
        status: 409,
        audience: 'customer',
        locale: 'en',
        fault: 'merchant',
        outcome: 'rejected',
        retryable: false,
        action: 'other-way',
        origin: 'upstream',
        requestId: 'req_9',
        upstreamStatus: 403,
        upstreamCode: 'KYC_NOT_APPROVED',
        upstreamMessage: 'a b',
      },
    ]);
  });

  test.each([
    ['an unknown code', unknown, 'warn', 'VALIDATION_ERROR'],
    ['an unrecognised answer', unrecognised, 'error', 'UNRECOGNISED'],
  ])('%s is told of once, beside its reply', async (_, fails, level, kind) => {
    const events = await told(fails);

    expect(events).toMatchObject([
      { type: 'unmapped', level, kind, code: 'SHORT_AND_STOUT' },
      { type: 'translated', kind },
    ]);
  });

  test('what was told inside laki.call is not told again by the handler', async () => {
    const events: string[] = [];
    const onEvent = ({ type }: LakiConnectEvent) => events.push(type);
    const route = ({ laki }: { laki: { call: (fails: () => never) => unknown } }) =>
      laki.call(throwing(unknown));
    await (await serve(harness, { options: { onEvent }, route })).ask();

    expect(events).toEqual(['unmapped', 'translated']);
  });

  test.each([
    ['a known code', kyc],
    ['a bare status', () => answered(500, '')],
    ['an alias', () => answered(400, documented('KYC_PENDING'))],
  ])('%s is not unmapped', async (_, fails) => {
    const events = await told(fails, { aliases: { KYC_PENDING: 'KYC_NOT_APPROVED' } });

    expect(events.map(({ type }) => type)).toEqual(['translated']);
  });

  test.each([
    ["another's error", () => new Error('Out of paper')],
    ['an http-errors error', () => createError(404)],
    ['a text', () => 'Out of paper'],
  ])('%s is told of nobody', async (_, fails) => {
    expect(await told(fails)).toEqual([]);
    expect(published).toEqual([]);
  });

  test('no error at all is told where the framework would not answer it: Koa', async () => {
    const replaced = { type: 'replaced', level: 'error', reason: 'null' };
    expect(await told(() => null)).toEqual(harness.framework === 'koa' ? [replaced] : []);
  });

  test('the diagnostics channel gets the same records', async () => {
    const events = await told(unknown);

    expect(published).toEqual(events);
    expect(CHANNEL).toBe('lakiconnect-middleware');
  });

  test.each<[string, () => unknown]>([
    ['throws', () => throwing(() => new Error('No disk'))()],
    ['throws nothing', () => throwing(() => undefined)()],
    ['rejects', () => Promise.reject(new Error('No disk'))],
    ['rejects in another realm', () => runInNewContext('Promise.reject(new Error("No disk"))')],
    ['never ends', () => new Promise(() => undefined)],
    ['gives a thenable that throws', () => ({ then: throwing(() => new Error('No disk')) })],
  ])('an onEvent that %s changes nothing', async (_, onEvent) => {
    const route = throwing(unknown);
    const loud = await (await serve(harness, { options: { onEvent }, route })).ask();
    const silent = await (await serve(harness, { route })).ask();

    expect(loud).toMatchObject({ status: 400, text: silent.text });
    expect(published.map(({ type }) => type).join()).toMatch(/^unmapped,translated/);
  });

  if (harness.framework !== 'koa') return;

  describe("Koa's error event", () => {
    test.each([
      { of: 'a platform fault', fails: expired, times: 1 },
      { of: 'an unrecognised answer', fails: unrecognised, times: 1 },
      { of: 'a merchant without KYC', fails: kyc, times: 0 },
      { of: 'a rate limit', fails: () => answered(429, documented('RATE_LIMITED')), times: 0 },
    ])('is emitted $times times for $of', async ({ fails, times }) => {
      const emitted: unknown[] = [];
      const heard = (error: unknown) => void emitted.push(error);
      await (await serve(harness, { heard, route: throwing(fails) })).ask();

      expect(emitted).toHaveLength(times);
      expect(emitted.every((error) => error instanceof LakiConnectError)).toBe(true);
    });

    test.each([
      { status: 503, times: 1 },
      { status: 404, times: 0 },
    ])("is emitted $times times for the platform's own $status", async ({ status, times }) => {
      const emitted: unknown[] = [];
      const heard = (error: unknown) => void emitted.push(error);
      const thrown = createError(status, 'Out of paper');
      const route = throwing(() => thrown);
      await (await serve(harness, { handler: { httpErrors: true }, heard, route })).ask();

      expect(emitted).toHaveLength(times);
      expect(emitted.every((error) => error === thrown)).toBe(true);
    });

    test('follows a changed level', async () => {
      const emitted: unknown[] = [];
      const heard = (error: unknown) => void emitted.push(error);
      const options = { rules: { KYC_NOT_APPROVED: { level: 'error' } } } as const;
      await (await serve(harness, { options, heard, route: throwing(kyc) })).ask();

      expect(emitted).toHaveLength(1);
    });
  });
}
