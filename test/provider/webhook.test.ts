/** A webhook makes guards look again, and never tells them anything. */
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createLakiConnect,
  type LakiConnectEvent,
  type Options,
  type WebhookEvent,
  type WebhookOptions,
} from 'lakiconnect-middleware';
import { createReceiver } from '../../src/provider/webhook.js';
import { createMemoryStore } from '../sharing/memory-store.js';
import { approved, SECRET, signatureOf } from '../webhooks.js';
import { promptly, rejection } from './harness.js';

const MAX = 64 * 1024;

/** A platform whose merchants have the KYC status `status.now`. */
function platform(options: Options = {}) {
  const events: LakiConnectEvent[] = [];
  const looks: string[] = [];
  const status = { now: 'approved' };
  const laki = createLakiConnect({
    lookups: {
      kycStatus: (id) => {
        looks.push(id);
        return status.now;
      },
      feeConfig: () => ({ fee_model: 'FREE' }),
    },
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    laki,
    looks,
    status,
    told: <T extends LakiConnectEvent['type']>(type: T) =>
      events.filter((event): event is Extract<LakiConnectEvent, { type: T }> => event.type === type),
    receive: (
      body: string | Uint8Array,
      webhook: Partial<WebhookOptions> = {},
      signature = signatureOf(body),
    ) => laki.receiveWebhook(body, signature, { secret: SECRET, ...webhook }),
  };
}

const webhook = (event: object): string => JSON.stringify(event);
const raise = (thrown?: unknown) => () => {
  throw thrown;
};

describe('A genuine webhook', () => {
  test('makes guards look again at its merchant, and at no other', async () => {
    const { laki, looks, told, receive } = platform();
    await Promise.all(['cm_1', 'cm_2'].map((id) => laki.check(id)));

    expect(await receive(approved('cm_1'))).toStrictEqual({
      status: 200,
      event: JSON.parse(approved('cm_1')) as unknown,
    });
    await Promise.all(['cm_1', 'cm_2'].map((id) => laki.check(id)));

    expect(looks).toEqual(['cm_1', 'cm_2', 'cm_1']);
    expect(told('webhook')).toEqual([
      { type: 'webhook', level: 'info', status: 200, event: 'kyc.updated', merchantIds: ['cm_1'] },
    ]);
    expect(told('invalidated')).toEqual([
      { type: 'invalidated', level: 'info', merchantId: 'cm_1', cause: 'webhook' },
    ]);
  });

  test('makes them look again at every merchant that it may mean', async () => {
    const { laki, looks, receive } = platform();
    const ids = ['cm_1', 'cm_2', '3'];
    await Promise.all(ids.map((id) => laki.check(id)));
    await receive(webhook({ id: 'evt_1', merchant: 'cm_1', data: { object: { accountId: ['cm_2', 3] } } }));
    await Promise.all(ids.map((id) => laki.check(id)));

    expect(looks).toEqual([...ids, ...ids]);
  });

  test('does so where it is bytes, and where its secret is being rotated', async () => {
    const { receive, told } = platform();
    const [one, two] = [Buffer.from(approved('cm_1')), Buffer.from(approved('cm_2'))];
    const secret = ['whsec_new', SECRET];

    expect(await receive(one, { secret })).toMatchObject({ status: 200 });
    expect(await receive(two, { secret }, signatureOf(two, 'whsec_new'))).toMatchObject({ status: 200 });
    expect(told('invalidated')).toMatchObject([{ merchantId: 'cm_1' }, { merchantId: 'cm_2' }]);
  });

  test.each<[string, (event: WebhookEvent) => readonly string[], string[]]>([
    ['takes the place of the search', ({ shop }) => [shop as string], ['cm_9']],
    ['may name many', () => ['cm_1', 'cm_2', 'cm_1'], ['cm_1', 'cm_2']],
    ['may name what can be no id, which is left out', () => ['', '..', 'cm_1', null as never], ['cm_1']],
    ['may name numbers', () => [7, '7', 8] as never, ['7', '8']],
    ['may give nothing', () => undefined as never, []],
  ])('merchantIds %s', async (_, merchantIds, forgotten) => {
    const { receive, told } = platform();
    await receive(webhook({ merchant_id: 'cm_7', shop: 'cm_9' }), { merchantIds });

    expect(told('invalidated').map(({ merchantId }) => merchantId)).toEqual(forgotten);
    expect(told('webhook')).toMatchObject([
      { level: forgotten.length > 0 ? 'info' : 'warn', merchantIds: forgotten },
    ]);
  });

  test.each<[string, object, string, string[]]>([
    ['names no merchant', { event: 'settlement.paid' }, 'it names no merchant', []],
    [
      'has no id but its own',
      { id: 'evt_1' },
      'it names no merchant: its own id was taken for one',
      ['evt_1'],
    ],
  ])('that %s is taken and delivered, and operators hear of it', async (_, event, reason, merchantIds) => {
    const { receive, told } = platform();
    const delivered: unknown[] = [];
    const { status } = await receive(webhook(event), { onDelivery: (given) => delivered.push(given) });

    expect(status).toBe(200);
    expect(delivered).toEqual([event]);
    expect(told('invalidated').map(({ merchantId }) => merchantId)).toEqual(merchantIds);
    expect(told('webhook')).toMatchObject([{ level: 'warn', status: 200, reason, merchantIds }]);
  });

  test.each<[string, string | Uint8Array]>([
    ['is no JSON', 'merchant_id=cm_1'],
    ['breaks off', '{"merchant_id":"cm_1"'],
    ['is empty', ''],
    ['is null', 'null'],
    ['is a text', '"cm_1"'],
    ['is an array', '[{"merchant_id":"cm_1"}]'],
    ['is no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['is of 30,000 levels', '['.repeat(30_000) + ']'.repeat(30_000)],
  ])('that %s is a 422, and operators hear of it', async (_, body) => {
    const { receive, told } = platform();
    const delivered: unknown[] = [];

    expect(await receive(body, { onDelivery: (event) => delivered.push(event) })).toEqual({ status: 422 });
    expect(delivered).toEqual([]);
    expect(told('invalidated')).toEqual([]);
    expect(told('webhook')).toEqual([
      {
        type: 'webhook',
        level: 'warn',
        status: 422,
        reason: 'its signature is good, but it is no JSON object',
      },
    ]);
  });

  test('with a byte order mark is read', async () => {
    const { receive, told } = platform();

    expect(await receive(Buffer.from(`\ufeff${approved('cm_1')}`))).toMatchObject({ status: 200 });
    expect(told('invalidated')).toMatchObject([{ merchantId: 'cm_1' }]);
  });

  test.each([
    [{ event: 'a', type: 'b' }, 'a'],
    [{ type: 'b\r\n\u202e' }, 'b'],
    [{ event: { name: 'a' } }, undefined],
  ])('%j is told of as %s', async (event, name) => {
    const { receive, told } = platform();
    await receive(webhook(event));

    expect(told('webhook')[0]?.event).toBe(name);
  });
});

describe('What is not genuine', () => {
  const forged = approved('cm_1');
  test.each<[string, string | undefined]>([
    ['no signature', undefined],
    ["another body's signature", signatureOf(approved('cm_2'))],
    ["another secret's signature", signatureOf(forged, 'whsec_other')],
    ['a signature that came twice', `${signatureOf(forged)}, ${signatureOf(forged)}`],
  ])('with %s changes nothing', async (_, signature) => {
    const { laki, looks, told } = platform();
    const delivered: unknown[] = [];
    await laki.check('cm_1');
    const delivery = await laki.receiveWebhook(forged, signature, {
      secret: SECRET,
      onDelivery: (event) => delivered.push(event),
    });
    await laki.check('cm_1');

    expect(delivery).toStrictEqual({ status: 401 });
    expect(delivered).toEqual([]);
    expect(looks).toEqual(['cm_1']);
    expect(told('webhook')).toEqual([
      { type: 'webhook', level: 'warn', status: 401, reason: 'its signature is not good' },
    ]);
    expect(told('invalidated')).toEqual([]);
  });

  test('is not even parsed', async () => {
    const { receive } = platform();
    const parse = jest.spyOn(JSON, 'parse');
    try {
      expect(await receive(forged, {}, signatureOf(forged, 'whsec_other'))).toEqual({ status: 401 });
      expect(parse).not.toHaveBeenCalled();
    } finally {
      parse.mockRestore();
    }
  });

  test('is refused before anything is parsed or hashed if it is too large', async () => {
    const { receive, told } = platform();
    const body = (size: number) => approved('cm_1').padEnd(size, ' ');

    expect(await receive(body(MAX - 1))).toMatchObject({ status: 200 });
    expect(await receive(body(MAX))).toMatchObject({ status: 200 });
    expect(await receive(body(MAX + 1))).toEqual({ status: 413 });
    expect(await receive(body(MAX + 1), {}, 'not even a signature')).toEqual({ status: 413 });
    expect(await receive('ወ'.repeat(MAX / 2))).toEqual({ status: 413 });
    expect(told('webhook').slice(-1)).toEqual([
      { type: 'webhook', level: 'warn', status: 413, reason: 'it is larger than 64 KiB' },
    ]);
  });
});

describe('The platform’s own functions', () => {
  test('onDelivery gets the event after its merchant was forgotten, and is waited for', async () => {
    const { laki, looks, receive } = platform();
    await laki.check('cm_1');
    const seen: unknown[] = [];
    await receive(approved('cm_1'), {
      onDelivery: async (event) => {
        await laki.check('cm_1');
        seen.push(event, looks.length);
      },
    });

    expect(seen).toEqual([JSON.parse(approved('cm_1')), 2]);
  });

  test('onDelivery hears of what names no merchant, too, but not of what is no event', async () => {
    const { receive } = platform();
    const seen: unknown[] = [];
    const onDelivery = (event: WebhookEvent) => void seen.push(event);
    await receive(webhook({ event: 'settlement.paid' }), { onDelivery });
    await receive('no event', { onDelivery });

    expect(seen).toEqual([{ event: 'settlement.paid' }]);
  });

  const failure = new Error('No disk');
  test.each<[string, NonNullable<WebhookOptions['onDelivery']>, unknown, string]>([
    ['throws', raise(failure), failure, 'Error: No disk'],
    ['rejects', () => Promise.reject(failure), failure, 'Error: No disk'],
    ['throws nothing', raise(), undefined, 'undefined'],
    ['throws what cannot be printed', raise(Object.create(null)), expect.any(Object), 'object'],
  ])(
    'onDelivery that %s is a 500, and the merchant is forgotten all the same',
    async (_, onDelivery, cause, reason) => {
      const { receive, told } = platform();
      const { status, error } = await receive(approved('cm_1'), { onDelivery });

      expect(status).toBe(500);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ message: expect.stringContaining('failed on a webhook') as unknown });
      expect(error?.cause).toEqual(cause);
      expect(told('invalidated')).toMatchObject([{ merchantId: 'cm_1' }]);
      expect(told('webhook')).toMatchObject([
        {
          level: 'error',
          status: 500,
          event: 'kyc.updated',
          reason: expect.stringContaining(reason) as unknown,
        },
      ]);
    },
  );

  test.each<[string, unknown, RegExp]>([
    ['throws', raise(failure), /No disk/],
    ['gives one id that is in no array', () => 'cm_1', /merchantIds/],
    ['gives a promise', () => Promise.resolve(['cm_1']), /merchantIds/],
    ['rejects', () => Promise.reject(failure), /merchantIds/],
  ])('merchantIds that %s is a 500, and nothing is delivered', async (_, merchantIds, reason) => {
    const { receive, told } = platform();
    const delivered: unknown[] = [];
    const { status, error } = await receive(approved('cm_1'), {
      merchantIds: merchantIds as never,
      onDelivery: (event) => delivered.push(event),
    });

    expect(status).toBe(500);
    expect(String(error?.cause)).toMatch(reason);
    expect(delivered).toEqual([]);
    expect(told('invalidated')).toEqual([]);
    expect(told('webhook')).toMatchObject([{ level: 'error', status: 500 }]);
    await new Promise(setImmediate); // an unhandled rejection would fail the test
  });

  test('where not every process could be told, the provider is to try again', async () => {
    const told: object[] = [];
    const delivered: unknown[] = [];
    const receive = createReceiver(
      {
        secret: SECRET,
        merchantIds: () => ['cm_1', 'cm_2', 'cm_3'],
        onDelivery: (event) => delivered.push(event),
      },
      { invalidate: async (id) => id !== 'cm_2', tell: (event) => told.push(event) },
    );
    const { status } = await receive('{}', signatureOf('{}'));

    expect(status).toBe(503);
    expect(delivered).toEqual([]);
    expect(told).toMatchObject([
      {
        type: 'webhook',
        level: 'error',
        merchantIds: ['cm_1', 'cm_2', 'cm_3'],
        reason: 'not every process could be told',
      },
    ]);
  });
});

describe('Where processes share facts', () => {
  test.each<[string, (() => unknown) | undefined, boolean, number]>([
    ['are told', undefined, true, 200],
    ['cannot be told', () => Promise.reject(new Error('cut')), false, 503],
    ['may not have been told in time', () => new Promise(() => undefined), false, 503],
  ])('a webhook of which the others %s forgets its merchant here', async (_, how, shared, status) => {
    const memory = createMemoryStore();
    const { laki, receive, told, looks } = platform({ store: memory.store });
    const delivered: unknown[] = [];
    await laki.check('cm_1');
    memory.hurt(how);
    expect(await receive(approved('cm_1'), { onDelivery: (event) => delivered.push(event) })).toMatchObject({
      status,
    });
    expect(delivered).toHaveLength(status === 200 ? 1 : 0);
    expect(told('invalidated')).toEqual([
      {
        type: 'invalidated',
        level: shared ? 'info' : 'error',
        merchantId: 'cm_1',
        cause: 'webhook',
        shared,
      },
    ]);
    expect(told('webhook')).toMatchObject([{ level: shared ? 'info' : 'error', status }]);
    await laki.check('cm_1');
    expect(looks).toEqual(['cm_1', 'cm_1']);
    await laki.close();
  });

  test('a webhook that is not genuine is shared with nobody', async () => {
    const memory = createMemoryStore();
    const { laki, receive, told } = platform({ store: memory.store });
    const heard: string[] = [];
    memory.store.listen({
      up: () => undefined,
      down: () => undefined,
      forgotten: (id) => heard.push(id),
      cooldown: () => undefined,
    });
    expect(await receive(approved('cm_1'), {}, 'sha256=00')).toMatchObject({ status: 401 });
    expect(heard).toEqual([]);
    expect(await receive(approved('cm_1'))).toMatchObject({ status: 200 });
    expect(heard).toEqual(['cm_1']);
    expect(told('invalidated')).toHaveLength(1);
    await laki.close();
  });
});

test('A thousand replays of an old approval let nobody pass, and cost one lookup', async () => {
  const { laki, looks, status, receive } = platform({
    cache: { metMs: 1e9, unmetMs: 1e9, staleIfErrorMs: 1e9 },
  });
  const old = approved('cm_1');
  await laki.check('cm_1');
  status.now = 'suspended';
  let passed = 0;
  for (let replay = 0; replay < 1000; replay++) {
    expect(await receive(old)).toMatchObject({ status: 200 });
    const answers = await Promise.allSettled([laki.check('cm_1'), laki.check('cm_1')]);
    passed += answers.filter((answer) => answer.status === 'fulfilled').length;
  }

  expect(passed).toBe(0);
  expect(looks).toHaveLength(2);
  await laki.close();
});

test('Whatever webhooks come, in whatever order and however often, guards believe LakiConnect alone', async () => {
  const known = fc.constantFrom('approved', 'suspended', 'rejected').map((kyc_status) => ({
    event: 'kyc.updated',
    data: { connected_merchant_id: 'cm_1', kyc_status },
  }));
  const unknown = fc
    .record({ event: fc.string(), data: fc.jsonValue({ maxDepth: 2 }) })
    .map((event) => ({ connected_merchant_id: 'cm_1', ...event }));
  const delivery = fc.oneof(known, unknown).map((event) => ({ does: 'deliver' as const, event }));
  const change = fc.constantFrom('approved', 'suspended').map((now) => ({ does: 'change' as const, now }));
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: delivery }, change), { maxLength: 12 });

  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), known, async (taken, times, last) => {
      const { laki, looks, status, receive } = platform({
        cache: { metMs: 1e9, unmetMs: 0, staleIfErrorMs: 1e9 }, // without a window each forgets at once
      });
      for (const step of [...taken, { does: 'deliver' as const, event: last }]) {
        if (step.does === 'change') status.now = step.now;
        else {
          for (let time = 0; time < times; time++) {
            expect(await receive(webhook(step.event))).toMatchObject({ status: 200 });
          }
          const before = looks.length;
          const passes = await laki.check('cm_1').then(
            () => true,
            () => false,
          );
          expect(passes).toBe(status.now === 'approved');
          expect(looks.length - before).toBe(1);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('A webhook that says "approved" grants nothing while the lookup fails', async () => {
  const { laki, receive } = platform({
    lookups: { kycStatus: () => Promise.reject(new Error('down')), feeConfig: () => ({}) },
  });
  await receive(approved('cm_1'));

  expect(await rejection(laki.check('cm_1'))).toMatchObject({ kind: 'UNDETERMINED' });
});

test('A webhook that arrives during a lookup makes that count for nothing', async () => {
  const answers: ((status: string) => void)[] = [];
  const { laki, receive } = platform({
    lookups: {
      kycStatus: () => new Promise<string>((resolve) => answers.push(resolve)),
      feeConfig: () => ({}),
    },
  });
  const asked = laki.check('cm_1');
  await receive(webhook({ merchant_id: 'cm_1', kyc_status: 'rejected' }));
  answers[0]?.('approved');
  await new Promise(setImmediate);
  answers[1]?.('rejected');

  expect(await promptly(rejection(asked))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });
});

describe('What cannot be verified is an error', () => {
  const laki = createLakiConnect();

  test.each<[string, unknown]>([
    ['a parsed body', JSON.parse(approved('cm_1'))],
    ['no body', undefined],
  ])('%s', async (_, body) => {
    const error = await rejection(laki.receiveWebhook(body as string, 'sha256=00', { secret: SECRET }));

    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/Mount the webhook before express\.json\(\)/);
  });

  test.each<[string, object, RegExp]>([
    ['no options', {}, /`secret` is undefined/],
    ['an undefined secret', { secret: undefined }, /`secret` is undefined/],
    ['an empty secret', { secret: '' }, /`secret` is an empty text/],
    ['no secrets', { secret: [] }, /`secret` is object, expected the webhook secret/],
    ['an empty one among the secrets', { secret: [SECRET, ''] }, /`secret.1` is an empty text/],
    ['a line break at its end', { secret: `${SECRET}\n` }, /`secret` is a text with white space at its ends/],
    ['a variable that is not set', { secret: 'undefined' }, /`secret` is a text with 'undefined'/],
    ['merchantIds that is no function', { secret: SECRET, merchantIds: ['cm_1'] }, /`merchantIds`/],
    ['onDelivery that is no function', { secret: SECRET, onDelivery: true }, /`onDelivery`/],
    ['an unknown option', { secret: SECRET, onDelivered: () => undefined }, /`onDelivered`/],
  ])('%s', async (_, options, message) => {
    const make = () => laki.receiver(options as WebhookOptions);

    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
    expect(make).not.toThrow(/canary/);
    expect(await rejection(laki.receiveWebhook('{}', undefined, options as WebhookOptions))).toEqual(
      expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(message) as unknown }),
    );
  });
});
