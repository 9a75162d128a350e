/** After a 429 the provider is left alone for as long as it asks. */
import { describe, expect, test } from '@jest/globals';
import { kycApproved, LakiConnectError, type LakiConnectErrorInit } from 'lakiconnect-middleware';
import { createCooldown } from '../../src/provider/cooldown.js';
import { settle } from '../../src/settle.js';
import { documented } from '../envelopes.js';
import { promptly, settled } from './harness.js';
import { failure, json, plain, scripted, type Answering, type Scripted } from './scripted.js';

const DAY = 86_400_000;

const limited = (seconds: number | string) =>
  json(429, documented('RATE_LIMITED'), { 'retry-after': String(seconds) });

describe('A cooldown', () => {
  const grounds = { recognisedBy: 'origin', kindBy: 'status', outcomeBy: 'status' } as const;

  /** One under a clock of its own, and what it told. */
  function one() {
    const clock = { now: 1_000_000 };
    const told: object[] = [];
    const shared: number[] = [];
    const cooldown = createCooldown(
      settle({ now: () => clock.now }),
      (event) => told.push(event),
      (ms) => shared.push(ms),
    );
    const heed = (init: Partial<LakiConnectErrorInit> = {}) => {
      cooldown.heed(new LakiConnectError({ kind: 'RATE_LIMITED', grounds, ...init }));
    };
    return { clock, told, shared, cooldown, heed };
  }

  test('has not begun at first', () => {
    const { cooldown } = one();
    expect([cooldown.remaining(), cooldown.until(), cooldown.refusal('cm_1')]).toEqual([0, 0, undefined]);
  });

  test('lasts exactly as long as it was asked for', () => {
    const { clock, cooldown, heed } = one();
    heed({ retryAfterMs: 5000 });
    expect(cooldown.until()).toBe(1_005_000);
    clock.now += 4999;
    expect(cooldown.remaining()).toBe(1);
    expect(cooldown.refusal(undefined)).toBeDefined();
    clock.now += 1;
    expect(cooldown.remaining()).toBe(0);
    expect(cooldown.refusal(undefined)).toBeUndefined();
  });

  test('refuses with the time that remains', () => {
    const { clock, cooldown, heed } = one();
    heed({ retryAfterMs: 5000 });
    clock.now += 1500;
    expect(cooldown.refusal('cm_1')).toMatchObject({
      kind: 'RATE_LIMITED',
      origin: 'guard',
      outcome: 'rejected',
      retryable: true,
      retryAfterMs: 3500,
      merchantId: 'cm_1',
      upstream: {},
    });
  });

  test('is a second where nobody says how long', () => {
    const { cooldown, heed } = one();
    heed();
    expect(cooldown.remaining()).toBe(1000);
  });

  test('is not shortened by a later 429, but extended', () => {
    const { clock, cooldown, heed } = one();
    heed({ retryAfterMs: 10_000 });
    clock.now += 2000;
    heed({ retryAfterMs: 3000 });
    expect(cooldown.remaining()).toBe(8000);
    heed({ retryAfterMs: 8000 });
    expect(cooldown.remaining()).toBe(8000);
    heed({ retryAfterMs: 8001 });
    expect(cooldown.remaining()).toBe(8001);
  });

  test.each([[DAY + 1], [1e15], [Infinity]])(
    'is a day at most, though %d ms were asked for',
    (retryAfterMs) => {
      const { cooldown, heed } = one();
      heed({ retryAfterMs });
      expect(cooldown.remaining()).toBe(DAY);
    },
  );

  test('ends with a clock that is set back, and may begin again', () => {
    const { clock, cooldown, heed } = one();
    heed({ retryAfterMs: 10_000 });
    clock.now -= 1;
    expect(cooldown.remaining()).toBe(0);
    heed({ retryAfterMs: 2000 });
    expect(cooldown.remaining()).toBe(2000);
  });

  test.each<[string, Partial<LakiConnectErrorInit>]>([
    ['a refusal of its own', { grounds: undefined, origin: 'guard', retryAfterMs: 5000 }],
    ['what a body alone says', { grounds: { ...grounds, recognisedBy: 'body' }, retryAfterMs: 5000 }],
    ['what a name alone says', { grounds: { ...grounds, recognisedBy: 'brand' }, retryAfterMs: 5000 }],
    ['an outage that says when to come back', { kind: 'INTERNAL_ERROR', retryAfterMs: 5000 }],
    ['a guard’s 503', { kind: 'UNDETERMINED', retryAfterMs: 5000 }],
  ])('does not begin with %s', (_what, init) => {
    const { told, cooldown, heed } = one();
    heed(init);
    expect(cooldown.remaining()).toBe(0);
    expect(told).toEqual([]);
  });

  test('is told when it begins and when it is extended, and not else', () => {
    const { clock, told, heed } = one();
    heed({ retryAfterMs: 5000, requestId: 'req_1' });
    heed({ retryAfterMs: 1000 });
    heed({ retryAfterMs: 5000 });
    clock.now += 1000;
    heed({ retryAfterMs: 5000 });
    const told429 = { type: 'cooldown', level: 'warn', kind: 'RATE_LIMITED', retryAfterMs: 5000 };
    expect(told).toEqual([{ ...told429, requestId: 'req_1' }, told429]);
  });

  test('is shared when it begins and when it is extended, and not else', () => {
    const { shared, heed } = one();
    heed({ retryAfterMs: 5000 });
    for (const retryAfterMs of [5000, 1000]) heed({ retryAfterMs });
    heed({ retryAfterMs: 9000, grounds: undefined });
    expect(shared).toEqual([5000]);
    heed({ retryAfterMs: Infinity });
    expect(shared).toEqual([5000, DAY]);
  });

  test('that another process tells of lasts as long, and is not shared again', () => {
    const { clock, told, shared, cooldown, heed } = one();
    cooldown.join(5000);
    expect(cooldown.refusal('cm_1')).toMatchObject({ kind: 'RATE_LIMITED', retryAfterMs: 5000 });
    expect(told).toEqual([
      { type: 'cooldown', level: 'warn', kind: 'RATE_LIMITED', retryAfterMs: 5000, shared: true },
    ]);
    heed({ retryAfterMs: 5000 });
    clock.now += 5000;
    expect(cooldown.remaining()).toBe(0);
    expect(shared).toEqual([]);
    expect(told).toHaveLength(1);
  });

  test.each([
    [0, 1, 1],
    [0, 0, 0],
    [0, -2, 0],
    [0, NaN, 0],
    [0, DAY + 1, DAY],
    [0, Infinity, DAY],
    [5000, 5000, 5000],
    [5000, 6000, 5000],
    [5000, 6001, 6001],
    [5000, 100, 5000],
    [5000, -2, 5000],
  ])('of %i ms of its own lasts, with %i ms that another tells of, %i ms', (own, ms, lasts) => {
    const { cooldown, heed, shared, told } = one();
    if (own > 0) heed({ retryAfterMs: own });
    const before = told.length;
    cooldown.join(ms);
    expect(cooldown.remaining()).toBe(lasts);
    expect(told).toHaveLength(lasts === own ? before : before + 1);
    expect(shared).toEqual(own > 0 ? [own] : []);
  });

  test('that another tells of begins anew after a clock that was set back', () => {
    const { clock, cooldown } = one();
    cooldown.join(5000);
    clock.now -= 1;
    cooldown.join(1);
    expect(cooldown.remaining()).toBe(1);
  });
});

/** Whoever may meet a 429. */
const SEERS: readonly (readonly [who: string, see: (stage: Scripted) => Promise<unknown>])[] = [
  ['a GET of the client’s', ({ client }) => client.get('/wallet')],
  ['a payment of the client’s', ({ client }) => client.post('/payment/direct', { body: {} })],
  ['a lookup', ({ laki }) => laki.check('cm_0', [kycApproved])],
  ['`call`', ({ laki }) => laki.call(() => limited(20)({} as never))],
];

describe.each(SEERS)('After a 429 that %s met', (_who, see) => {
  async function cooling(): Promise<Scripted> {
    const stage = scripted({ retry: false });
    stage.answer(limited(20));
    await failure(see(stage));
    stage.answer(json(200, { kyc_status: 'approved' }));
    stage.sent.length = 0;
    stage.clock.now += 5000;
    return stage;
  }

  test('the client refuses at once, with the time that remains', async () => {
    const { client, sent } = await cooling();
    const refused = { kind: 'RATE_LIMITED', origin: 'guard', outcome: 'rejected', retryAfterMs: 15_000 };
    for (const asking of [client.get('/x'), client.post('/x', { body: {} }), client.put('/x')]) {
      expect(await failure(asking)).toMatchObject(refused);
    }
    expect(sent).toEqual([]);
  });

  test('a lookup is undetermined at once, with the time that remains', async () => {
    const { laki, sent, events } = await cooling();
    events.length = 0;
    expect(await failure(laki.check('cm_1'))).toMatchObject({
      kind: 'UNDETERMINED',
      retryAfterMs: 15_000,
      merchantId: 'cm_1',
    });
    expect(sent).toEqual([]);
    expect(events.filter(({ type }) => type === 'lookup')).toEqual([
      expect.objectContaining({ kind: 'RATE_LIMITED', level: 'warn', verdict: 'undetermined' }),
      expect.objectContaining({ kind: 'RATE_LIMITED', level: 'warn', verdict: 'undetermined' }),
    ]);
  });

  test('both ask again as soon as it is over, and not before', async () => {
    const { client, laki, sent, clock } = await cooling();
    clock.now += 14_999;
    await failure(client.get('/x'));
    await failure(laki.check('cm_1', [kycApproved]));
    expect(sent).toEqual([]);
    clock.now += 1;
    await client.get('/x');
    await laki.check('cm_1', [kycApproved]);
    expect(sent.length).toBe(2);
  });

  test('a refusal does not prolong it', async () => {
    const { client, clock } = await cooling();
    await failure(client.get('/x'));
    clock.now += 15_000;
    await client.get('/x');
  });
});

test('`call` is the platform’s own, and is not kept back', async () => {
  const { laki, client, answer } = scripted({ retry: false });
  answer(limited(20));
  await failure(client.get('/x'));
  expect(await laki.call(() => ({ paid: true }))).toEqual({ paid: true });
});

test('A stale fact still counts while lookups are kept back', async () => {
  const { laki, client, answer, clock } = scripted({ retry: false, cache: { metMs: 1000 } });
  answer(json(200, { kyc_status: 'approved' }));
  await laki.check('cm_1', [kycApproved]);
  clock.now += 2000;
  answer(limited(20));
  await failure(client.get('/x'));
  expect(await laki.check('cm_1', [kycApproved])).toMatchObject({ kycStatus: 'approved' });
});

test('A request that cannot be made is not kept back, but refused for what it is', async () => {
  const { client, answer } = scripted({ retry: false });
  answer(limited(20));
  await failure(client.get('/x'));
  expect(await failure(client.get('x'))).toBeInstanceOf(TypeError);
});

describe('A retry of the client’s', () => {
  /** `meanwhile` is done while the first retry waits; the clock moves after it. */
  function waiting(first: Answering, meanwhile: (stage: Scripted) => unknown) {
    let waits = 0;
    const stage: Scripted = scripted({
      sleep: async (ms) => {
        if (waits++ === 0) await meanwhile(stage);
        stage.clock.now += ms;
      },
    });
    stage.answer(first, json(200, { paid: true }));
    return stage;
  }
  /** Another request of the same process meets a 429, at the provider itself. */
  const another = (seconds: number) => (stage: Scripted) =>
    failure(stage.laki.call(() => limited(seconds)({} as never)));

  test('is not kept back by the cooldown that it waited for', async () => {
    const stage = waiting(limited(5), () => undefined);
    expect(await stage.client.get('/x')).toEqual({ paid: true });
    expect((stage.sent[1]?.at ?? 0) - (stage.sent[0]?.at ?? 0)).toBe(5000);
  });

  test('is not kept back by it either where the clock is behind the wait', async () => {
    const stage = scripted({ sleep: () => Promise.resolve() });
    stage.answer(limited(5), json(200, { paid: true }));
    expect(await stage.client.get('/x')).toEqual({ paid: true });
  });

  test('waits for a cooldown that another request began', async () => {
    const stage = scripted();
    stage.answer(
      async (sent) => {
        await another(7)(stage);
        return plain(503, '')(sent);
      },
      json(200, { paid: true }),
    );
    expect(await stage.client.get('/x')).toEqual({ paid: true });
    expect(stage.waits).toEqual([7000]);
  });

  test('is not made where that asks for more than it may wait', async () => {
    const stage = scripted();
    stage.answer(async (sent) => {
      await another(31)(stage);
      return plain(503, '')(sent);
    });
    expect(await failure(stage.client.get('/x'))).toMatchObject({ kind: 'INTERNAL_ERROR' });
    expect(stage.sent.length).toBe(1);
  });

  test('is not made into a longer cooldown that came meanwhile; its first failure is thrown', async () => {
    const stage = waiting(
      json(429, documented('RATE_LIMITED', { requestId: 'req_first' }), { 'retry-after': '5' }),
      another(60),
    );
    expect(await failure(stage.client.get('/x'))).toMatchObject({
      kind: 'RATE_LIMITED',
      origin: 'upstream',
      requestId: 'req_first',
    });
    expect(stage.sent.length).toBe(1);
  });

  test('is made where a shorter one came meanwhile', async () => {
    const stage = waiting(limited(5), another(3));
    expect(await stage.client.get('/x')).toEqual({ paid: true });
  });

  test.each([
    ['is made where a longer one came meanwhile that is over as well', 100, 2],
    ['is not made where that is not over yet', 200, 1],
  ])('%s', async (_what, laterMs, sent) => {
    const stage: Scripted = scripted({
      random: () => 0.5,
      sleep: async (ms) => {
        expect(ms).toBe(5125);
        stage.clock.now += laterMs;
        await another(5)(stage);
        stage.clock.now += ms - laterMs;
      },
    });
    stage.answer(limited(5), json(200, { paid: true }));
    await settled(stage.client.get('/x'));
    expect(stage.sent.length).toBe(sent);
  });

  test('is made after a clock that was set back meanwhile', async () => {
    const stage = waiting(limited(5), ({ clock }) => (clock.now -= 60_000));
    expect(await stage.client.get('/x')).toEqual({ paid: true });
  });
});

test('Of a hundred requests that meet a 429 together, none is sent again too early', async () => {
  const stage = scripted();
  stage.answer((sent) => (stage.sent.length <= 100 ? limited(5) : json(200, {}))(sent));
  const asked = Array.from({ length: 100 }, () => settled(stage.client.get('/x')));
  const outcomes = await promptly(Promise.all(asked));
  const began = stage.sent[0]?.at ?? 0;
  const again = stage.sent.slice(100);
  expect(again.length).toBeGreaterThan(0);
  expect(again.filter(({ at }) => at < began + 5000)).toEqual([]);
  expect(outcomes.filter((outcome) => 'resolved' in outcome).length).toBe(again.length);
  expect(outcomes.filter(({ rejected }) => rejected !== undefined).length).toBe(100 - again.length);
});

test('Rules that forbid a retry shorten no wait that the provider asks for', async () => {
  const stage = scripted({ rules: { RATE_LIMITED: { retryable: false } } });
  stage.answer(json(429, documented('RATE_LIMITED'), { 'retry-after': '60' }));
  expect(await failure(stage.client.get('/x'))).toMatchObject({ retryable: false, retryAfterMs: 60_000 });
  expect(stage.events).toMatchObject([{ type: 'cooldown', retryAfterMs: 60_000 }]);
});
