import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { CHANNEL, createLakiConnect, type LakiConnectEvent, type Options } from 'lakiconnect-middleware';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { teller, type Told } from '../src/events.js';
import { documented } from './envelopes.js';
import { redactor } from '../src/translation/text.js';
import { answered, UNPRINTABLE } from './translation/failures.js';

const told = {
  type: 'unmapped',
  level: 'warn',
  kind: 'NOT_FOUND',
  code: 'SOMETHING_NEW',
  outcome: 'rejected',
} as const satisfies Told;
const asSaid = (text: string): string => text;
const published: unknown[] = [];
const onPublished = (event: unknown) => published.push(event);

afterEach(() => {
  unsubscribe(CHANNEL, onPublished);
  published.length = 0;
});

const incoming = { request: {}, accept: undefined, acceptLanguage: 'am' };
async function eventsOf(thrown: unknown, options: Options = {}, sent = false): Promise<LakiConnectEvent[]> {
  const events: LakiConnectEvent[] = [];
  const laki = createLakiConnect({ ...options, onEvent: (event) => events.push(event) });
  await laki.handler()(thrown, { ...incoming, isSent: () => sent });
  return events;
}

describe('An event', () => {
  test('is published where the documents say', () => {
    expect(CHANNEL).toBe('lakiconnect-middleware');
  });

  test('reaches the platform and the diagnostics channel, once each', () => {
    const onEvent = jest.fn();
    subscribe(CHANNEL, onPublished);
    teller(new Set([onEvent]), asSaid)(told);
    expect(onEvent.mock.calls).toEqual([[told]]);
    expect(published).toEqual([told]);
  });

  test('reaches whoever subscribes later, without a listener of the platform’s', () => {
    const tell = teller(new Set(), asSaid);
    tell(told);
    subscribe(CHANNEL, onPublished);
    tell(told);
    expect(published).toEqual([told]);
  });

  test('has no property for what does not apply', () => {
    const onEvent = jest.fn<(event: LakiConnectEvent) => void>();
    teller(
      new Set([onEvent]),
      asSaid,
    )({ ...told, merchantId: undefined, requestId: undefined, upstreamStatus: 0, upstreamMessage: '' });
    expect(onEvent.mock.calls).toEqual([[{ ...told, upstreamStatus: 0, upstreamMessage: '' }]]);
    expect(Object.keys(onEvent.mock.calls[0]![0])).not.toContain('merchantId');
  });

  test('is on one line, printable and bounded', () => {
    const onEvent = jest.fn<(event: LakiConnectEvent) => void>();
    const hostile = `a\r\nb\u202ec\u2028d\u001b[31m${'e'.repeat(1000)}`;
    teller(
      new Set([onEvent]),
      asSaid,
    )({ type: 'webhook', level: 'info', status: 200, event: hostile, merchantIds: [hostile, 'ok'] });
    const { event, merchantIds } = onEvent.mock.calls[0]![0] as Record<string, unknown>;
    expect(event).toMatch(/^a bc d \[31me+$/);
    expect(event).toHaveLength(512);
    expect(merchantIds).toEqual([event, 'ok']);
  });

  test('tells a reason without a key, nor the half of one where a long reason is cut', () => {
    const onEvent = jest.fn<(event: LakiConnectEvent) => void>();
    const key = 'k'.repeat(150);
    const tell = teller(new Set([onEvent]), redactor(key));
    for (let before = 0; before < 200; before++) {
      tell({ ...told, reason: `${'-'.repeat(before)} ${`${key} `.repeat(60)}` });
      const { reason } = onEvent.mock.lastCall![0] as { reason?: string };
      expect(reason).toContain('[redacted]');
      expect(reason).not.toContain('k');
    }
  });

  test('tells 512 characters of a reason', () => {
    const onEvent = jest.fn<(event: LakiConnectEvent) => void>();
    const reason = 'word '.repeat(200);
    teller(new Set([onEvent]), redactor(undefined))({ ...told, reason });
    expect(onEvent.mock.calls[0]![0]).toHaveProperty('reason', reason.slice(0, 512));
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('The log is full.');
      },
    ],
    [
      'throws nothing in particular',
      () => {
        throw undefined;
      },
    ],
  ])('is told to the channel even if the platform’s listener %s', (_, onEvent) => {
    subscribe(CHANNEL, onPublished);
    expect(() => {
      teller(new Set([onEvent]), asSaid)(told);
    }).not.toThrow();
    expect(published).toHaveLength(1);
  });

  test('leaves no rejection of the platform’s listener unhandled', async () => {
    const rejected = Promise.reject(new Error('The log is full.'));
    const caught = jest.spyOn(rejected, 'catch');
    teller(new Set([() => rejected]), asSaid)(told);
    await new Promise(setImmediate);
    expect(caught).toHaveBeenCalledTimes(1);
  });

  test('is not waited for', () => {
    const tell = teller(new Set([() => new Promise(() => undefined)]), asSaid);
    expect(tell(told)).toBeUndefined();
  });
});

describe('A reply', () => {
  test('is told with all that an operator needs', async () => {
    const details = [
      { field: 'business.tin', issue: 'is wrong' },
      { field: 'internal', issue: 'is wrong' },
    ];
    const thrown = Object.assign(
      answered(422, documented('VALIDATION_ERROR', { message: 'Invalid.', details })),
      {
        config: { url: 'https://api.lakipay.co/x', headers: { 'x-connected-merchant-id': 'cm_1' } },
      },
    );
    expect(await eventsOf(thrown, { fields: { 'business.tin': 'tax' }, audience: 'merchant' })).toEqual([
      {
        type: 'translated',
        level: 'info',
        kind: 'VALIDATION_ERROR',
        code: 'VALIDATION_ERROR',
        status: 422,
        audience: 'merchant',
        locale: 'am',
        fault: 'caller',
        outcome: 'rejected',
        retryable: false,
        action: 'correct',
        origin: 'upstream',
        merchantId: 'cm_1',
        requestId: 'req_1a2b3c4d5e6f',
        upstreamStatus: 422,
        upstreamCode: 'VALIDATION_ERROR',
        upstreamMessage: 'Invalid.',
        unmappedFields: ['internal'],
      },
    ]);
  });

  test('that is masked is told with its true kind', async () => {
    expect(await eventsOf(answered(403, documented('KYC_NOT_APPROVED')))).toEqual([
      expect.objectContaining({
        kind: 'KYC_NOT_APPROVED',
        code: 'PAYMENTS_UNAVAILABLE',
        status: 409,
        audience: 'customer',
      }),
    ]);
  });

  test('is told flat, printable and without the API key', async () => {
    const message = 'Key pub.lic!:sec.ret! \r\n\u202e is wrong';
    const thrown = answered(
      401,
      documented('UNAUTHORIZED', { message, details: [{ field: 'a', issue: 'sec.ret!' }] }),
    );
    const [event] = await eventsOf(thrown, { apiKey: 'pub.lic!:sec.ret!', fields: {} });
    expect(event).toMatchObject({
      upstreamMessage: expect.stringMatching(/^Key \[redacted\] +is wrong$/),
      unmappedFields: ['a'],
    });
    for (const value of Object.values(event ?? {}).flat()) {
      expect(['string', 'number', 'boolean']).toContain(typeof value);
      expect(String(value)).not.toMatch(UNPRINTABLE);
      expect(String(value)).not.toMatch(/pub\.lic|sec\.ret/);
    }
  });

  test('is not told where the error is another’s', async () => {
    expect(await eventsOf(new Error('x'))).toEqual([]);
  });

  test('is late where its answer has begun', async () => {
    expect(await eventsOf(answered(404), {}, true)).toEqual([
      { type: 'late', level: 'warn', kind: 'NOT_FOUND', outcome: 'rejected' },
    ]);
  });
});

describe('What the documents do not know', () => {
  test.each([
    [
      'a new code',
      answered(400, documented('SOMETHING_NEW')),
      'warn',
      {
        kind: 'VALIDATION_ERROR',
        code: 'SOMETHING_NEW',
        upstreamStatus: 400,
        upstreamMessage: 'The request was refused.',
      },
    ],
    [
      'an answer that means nothing',
      answered(418, 'teapot'),
      'error',
      { kind: 'UNRECOGNISED', upstreamStatus: 418, upstreamMessage: 'teapot' },
    ],
  ])('is told apart: %s', async (_, thrown, level, properties) => {
    const [unmapped, translated, ...others] = await eventsOf(thrown);
    expect(unmapped).toMatchObject({ type: 'unmapped', level, ...properties });
    expect(translated).toMatchObject({ type: 'translated' });
    expect(others).toEqual([]);
  });

  test('is known once the platform says what it means', async () => {
    const types = (
      await eventsOf(answered(400, documented('SOMETHING_NEW')), { aliases: { SOMETHING_NEW: 'NOT_FOUND' } })
    ).map(({ type }) => type);
    expect(types).toEqual(['translated']);
  });
});
