/** After `close` nothing is sent again, and nothing keeps a process alive. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { kycApproved } from 'lakiconnect-middleware';
import { documented, succeeded } from '../envelopes.js';
import { startUpstream, type Answer, type Upstream } from '../upstream.js';
import { createApart, type Apart } from './apart.js';
import { isSettled, promptly, settled } from './harness.js';
import { apiKey, failure, json, never, plain, scripted, type Answering, type Scripted } from './scripted.js';

const limited = json(429, documented('RATE_LIMITED'), { 'retry-after': '20' });
const good = json(200, { kyc_status: 'approved' });

/** An answer that is given when the test says so. */
function held(answer: Answering) {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { answer: (async (sent) => (await given, answer(sent))) satisfies Answering, give };
}

describe('Closing', () => {
  test.each<[string, (stage: Scripted) => Promise<unknown>]>([
    ['a GET', ({ client }) => client.get('/x')],
    ['a payment', ({ client }) => client.post('/x', { body: {} })],
    ['a lookup', ({ laki }) => laki.check('cm_1', [kycApproved])],
  ])('waits for %s that is under way', async (_what, ask) => {
    const stage = scripted();
    const { answer, give } = held(good);
    stage.answer(answer);
    const asked = ask(stage);
    const closed = stage.laki.close();
    expect(await isSettled(closed)).toBe(false);
    give();
    expect(await asked).toBeDefined();
    await promptly(closed);
  });

  test('waits for a `call`', async () => {
    const { laki } = scripted();
    let end = (_value: string): void => undefined;
    const called = laki.call(() => new Promise<string>((resolve) => (end = resolve)));
    const closed = laki.close();
    expect(await isSettled(closed)).toBe(false);
    end('paid');
    expect(await called).toBe('paid');
    await promptly(closed);
  });

  test.each([
    [
      'heeds a signal',
      (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((_resolve, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason)),
        ),
    ],
    ['knows of no signal', () => new Promise<void>(() => undefined)],
  ])('ends the wait for a retry at once where `sleep` %s', async (_how, sleep) => {
    const stage = scripted({ sleep });
    stage.answer(limited, good);
    const asked = settled(stage.client.get('/x'));
    await new Promise(setImmediate);
    expect(stage.events.map(({ type }) => type)).toContain('retry');
    await promptly(stage.laki.close());
    expect(await promptly(asked)).toMatchObject({ rejected: { kind: 'RATE_LIMITED', origin: 'upstream' } });
    expect(stage.sent.length).toBe(1);
  });

  test('may come from whoever hears of the retry', async () => {
    const stage: Scripted = scripted({
      onEvent: ({ type }) => {
        if (type === 'retry') void stage.laki.close();
      },
    });
    stage.answer(limited, good);
    expect(await failure(stage.client.get('/x'))).toMatchObject({ kind: 'RATE_LIMITED' });
    expect(stage.sent.length).toBe(1);
  });

  test('lets a request end that is under way, and does not send it again', async () => {
    const sleep = jest.fn(() => Promise.resolve());
    const stage = scripted({ sleep });
    const { answer, give } = held(plain(503, ''));
    stage.answer(answer, good);
    const asked = failure(stage.client.get('/x'));
    const closed = stage.laki.close();
    give();
    expect(await asked).toMatchObject({ kind: 'INTERNAL_ERROR', retryable: true });
    await promptly(closed);
    expect(stage.sent.length).toBe(1);
    expect(sleep).not.toHaveBeenCalled();
  });

  test('is for good: what is asked afterwards is sent once', async () => {
    const stage = scripted();
    await stage.laki.close();
    stage.answer(plain(503, ''), good);
    expect(await failure(stage.client.get('/x'))).toMatchObject({ kind: 'INTERNAL_ERROR' });
    expect(stage.sent.length).toBe(1);
    expect(stage.waits).toEqual([]);
    expect(stage.events).toEqual([]);
  });

  test('is not kept by what never ends beyond its deadline', async () => {
    const stage = scripted({ timeoutMs: 30, lookupTimeoutMs: 30, retry: false });
    stage.answer(never);
    const asked = [stage.client.post('/x', { body: {} }), stage.laki.check('cm_1')].map(settled);
    await promptly(stage.laki.close());
    expect(await Promise.all(asked)).toMatchObject([
      { rejected: { kind: 'TIMEOUT' } },
      { rejected: { kind: 'UNDETERMINED' } },
    ]);
  });
});

describe('A process of its own', () => {
  let upstream: Upstream;
  let apart: Apart;

  beforeAll(async () => {
    upstream = await startUpstream();
    apart = await createApart();
  }, 60_000);
  afterAll(async () => {
    await upstream.close();
    await apart.remove();
  });

  /** What a process says that does `work` with a core, closes it, and is left to end by itself. */
  async function run(work: string, answer: (url: string) => Answer, options: object) {
    upstream.answer(({ url }) => answer(url));
    const script = `
      import { getEventListeners } from 'node:events';
      import { createLakiConnect } from './src/index.js';
      const warnings = [];
      process.on('warning', ({ name }) => warnings.push(name));
      const kindOf = (promise) => promise.then(() => 'good', ({ kind, name }) => kind ?? name);
      console.log(''); // opens its pipe
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      const before = process.getActiveResourcesInfo();
      const events = [];
      const laki = createLakiConnect({
        ...${JSON.stringify({ baseUrl: upstream.url, apiKey, ...options })},
        onEvent: ({ type }) => events.push(type),
      });
      const until = async (type) => { while (!events.includes(type)) await new Promise(setImmediate); };
      const asked = await (async () => { ${work} })();
      const began = performance.now();
      await laki.close();
      const closedMs = performance.now() - began;
      // A socket that was cut takes some turns to go.
      const count = () => process.getActiveResourcesInfo().length;
      for (let turn = 0; turn < 1000 && (turn < 10 || count() > before.length); turn++) await new Promise(setImmediate);
      const after = process.getActiveResourcesInfo();
      const kinds = await Promise.all(asked);
      console.log(JSON.stringify({ before, after, closedMs, kinds, warnings }));
    `;
    return (await apart.run(script)) as {
      before: string[];
      after: string[];
      closedMs: number;
      kinds: string[];
      warnings: string[];
    };
  }

  const hanging = (): Answer => ({ fault: 'hang-headers' });
  const stalling = (): Answer => ({ fault: 'hang-body', status: 200, body: succeeded });
  const tooMany = (): Answer => ({ status: 429, headers: { 'retry-after': '20' } });
  const answering = (url: string): Answer =>
    url.endsWith('/bad')
      ? { status: 422, body: documented('VALIDATION_ERROR') }
      : { status: 200, body: { kyc_status: 'approved', fee_model: 'FREE' } };

  test.each<[what: string, work: string, answer: (url: string) => Answer, options: object, kinds: string[]]>([
    [
      'has answered well and badly',
      `
      const asked = [laki.client.get('/x'), laki.client.post('/bad', { body: {} }), laki.check('cm_1')].map(kindOf);
      await Promise.all(asked);
      return asked;`,
      answering,
      {},
      ['good', 'VALIDATION_ERROR', 'good'],
    ],
    [
      'is still answering',
      `
      return [laki.client.get('/x'), laki.client.post('/bad', { body: {} }), laki.check('cm_1')].map(kindOf);`,
      answering,
      {},
      ['good', 'VALIDATION_ERROR', 'good'],
    ],
    [
      'waits to be asked again',
      `
      const asked = [kindOf(laki.client.get('/x'))];
      await until('retry');
      return asked;`,
      tooMany,
      {},
      ['RATE_LIMITED'],
    ],
    [
      'never answers',
      `
      return [laki.client.get('/x'), laki.client.post('/x', { body: {} }), laki.check('cm_1')].map(kindOf);`,
      hanging,
      { timeoutMs: 100, lookupTimeoutMs: 100, retry: false },
      ['TIMEOUT', 'TIMEOUT', 'UNDETERMINED'],
    ],
    [
      'stalls',
      `
      return [laki.client.get('/x'), laki.client.post('/x', { body: {} }), laki.check('cm_1')].map(kindOf);`,
      stalling,
      { timeoutMs: 100, lookupTimeoutMs: 100, retry: false },
      ['TIMEOUT', 'TIMEOUT', 'UNDETERMINED'],
    ],
    [
      'is left by the platform',
      `
      const controller = new AbortController();
      const asked = [kindOf(laki.client.get('/x', { signal: controller.signal }))];
      setImmediate(() => controller.abort());
      return asked;`,
      stalling,
      {},
      ['AbortError'],
    ],
    [
      'was asked a hundred times at once, under one signal',
      `
      const { signal } = new AbortController();
      const asked = Array.from({ length: 100 }, () => kindOf(laki.client.get('/x', { signal })));
      await Promise.all(asked);
      return [...new Set(await Promise.all(asked)), String(getEventListeners(signal, 'abort').length)];`,
      answering,
      {},
      ['good', '0'],
    ],
    [
      'is waited for a hundred times at once, under one signal',
      `
      const { signal } = new AbortController();
      const asked = Array.from({ length: 100 }, () => kindOf(laki.client.get('/x', { signal })));
      await until('retry');
      await laki.close();
      return [...new Set(await Promise.all(asked)), String(getEventListeners(signal, 'abort').length)];`,
      tooMany,
      {},
      ['RATE_LIMITED', '0'],
    ],
  ])(
    'ends by itself, with nothing left, when LakiConnect %s',
    async (_what, work, answer, options, kinds) => {
      const said = await run(work, answer, options);
      expect(said.kinds).toEqual(kinds);
      expect(said.warnings).toEqual([]);
      expect(said.after).toEqual(said.before);
      expect(said.closedMs).toBeLessThan(10_000);
    },
    30_000,
  );
});
