import process from 'node:process';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  createLakiConnect,
  LakiConnectError,
  type LakiConnect,
  type LakiConnectEvent,
  type Options,
} from 'lakiconnect-middleware';
import { OptionFailure, unwrapping, type OptionFunction } from '../src/option-functions.js';
import { settle } from '../src/settle.js';
import { documented } from './envelopes.js';
import { answered } from './translation/failures.js';
import { SECRET, signatureOf } from './webhooks.js';

type Give = () => unknown;
type Reply = NonNullable<ReturnType<LakiConnect['translate']>>;

const refusal = () =>
  answered(422, documented('VALIDATION_ERROR', { details: [{ field: 'amount', issue: 'is low' }] }));
const own = new Error('The database is down.');
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});

afterEach(async () => {
  await new Promise(setImmediate);
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
});

/** What none of the functions may do, and what is told of it. */
const FAILING: readonly [string, Give, string][] = [
  ['gives a promise', () => Promise.resolve('x'), 'gave a promise, expected its value at once'],
  ['gives a promise that rejects', () => Promise.reject(own), 'gave a promise, expected its value at once'],
  ['gives a thenable', () => ({ then: () => undefined }), 'gave a promise, expected its value at once'],
  [
    'throws',
    () => {
      throw own;
    },
    'threw Error: The database is down.',
  ],
];

/** What each may not give beside. */
const WRONG: Readonly<
  Record<'format' | 'html' | 'fields' | 'audience' | 'locale', readonly [unknown, string][]>
> = {
  format: [
    [undefined, 'gave undefined, expected a value that JSON can hold'],
    [() => 1, 'gave [Function (anonymous)], expected a value that JSON can hold'],
    [{ toJSON: () => undefined }, 'gave { toJSON: [Function: toJSON] }, expected a value that JSON can hold'],
    [10n, 'threw TypeError: Do not know how to serialize a BigInt'],
  ],
  html: [
    [undefined, 'gave undefined, expected a text'],
    [Buffer.from('<p>'), 'gave <Buffer 3c 70 3e>, expected a text'],
  ],
  fields: [[7, 'gave 7, expected a name, or undefined']],
  audience: [
    ['staff', "gave 'staff', expected 'merchant' or 'customer'"],
    [undefined, "gave undefined, expected 'merchant' or 'customer'"],
  ],
  locale: [[['am'], "gave [ 'am' ], expected a language tag, or undefined"]],
};

const ROWS = (Object.keys(WRONG) as (keyof typeof WRONG)[]).flatMap((option) =>
  [
    ...FAILING,
    ...WRONG[option].map(([value, told]): (typeof FAILING)[number] => [told, () => value, told]),
  ].map(([what, give, told]) => ({ option, what, give, told })),
);

/** What stands in for it: the reply of a platform that has not set it, without fields where these could not be named. */
function standard(option: keyof typeof WRONG, accept: string): Reply | undefined {
  const error = option === 'fields' ? answered(422, documented('VALIDATION_ERROR')) : refusal();
  return createLakiConnect().translate(error, { accept, acceptLanguage: 'en' });
}

describe.each(ROWS)('$option $what', ({ option, give, told }) => {
  const accept = option === 'html' ? 'text/html' : 'application/json';
  const incoming = { request: {}, accept, acceptLanguage: 'en', isSent: () => false };

  function started(options: Options) {
    const events: LakiConnectEvent[] = [];
    const laki = createLakiConnect({ ...options, onEvent: (event) => events.push(event) });
    return { events, handle: laki.handler() };
  }

  test('the reply keeps what it can, and an event says why', async () => {
    const { events, handle } = started({ [option]: give });
    const { status, body, problem } = standard(option, accept)!;
    expect(await handle(refusal(), incoming)).toMatchObject({ reply: { status, body, problem } });
    expect(events).toMatchObject([
      { type: 'misconfigured', level: 'error', option, reason: `it ${told}` },
      { type: 'translated', level: 'error', readerError: expect.any(String) as unknown },
    ]);
  });

  test('so it does beside one more that fails', async () => {
    const { events, handle } = started({ [option]: give, locale: () => 7 as never });
    const { status, body } = standard(option, accept)!;
    expect(await handle(refusal(), incoming)).toMatchObject({ reply: { status, body } });
    const options = events.map((event) => (event as { option?: string }).option).filter(Boolean);
    expect(options).toEqual(option === 'locale' ? ['locale'] : ['locale', option]);
  });
});

describe.each(ROWS.filter(({ option }) => ['format', 'html', 'fields'].includes(option)))(
  '$option $what',
  ({ option, give, told }) => {
    test('translate, which tells no event, throws it', () => {
      const accept = option === 'html' ? 'text/html' : 'application/json';
      const onEvent = jest.fn();
      const laki = createLakiConnect({ [option]: give, onEvent });
      const [, message] = /^threw \w+: (.*)/.exec(told) ?? [];
      const expected = message ?? `lakiconnect: option \`${option}\` ${told}.`;
      expect(() => laki.translate(refusal(), { accept })).toThrow(expected);
      expect(() => laki.explain(refusal(), { accept })).toThrow(expected);
      expect(onEvent).not.toHaveBeenCalled();
    });
  },
);

test('format and fields fail at once: the standard body, without fields', async () => {
  const laki = createLakiConnect({ format: () => undefined, fields: () => 7 as never, onEvent: false });
  const incoming = { request: {}, accept: 'application/json', acceptLanguage: 'en', isSent: () => false };
  const { status, body } = standard('fields', 'application/json')!;
  expect(await laki.handler()(refusal(), incoming)).toMatchObject({ reply: { status, body } });
});

test('What fails in a reply and is no function of the platform’s is passed on', async () => {
  const laki = createLakiConnect({ onEvent: false });
  const error = new LakiConnectError({ kind: 'TIMEOUT' });
  Object.defineProperty(error, 'upstream', {
    get() {
      throw own;
    },
  });
  const incoming = { request: {}, accept: '*/*', acceptLanguage: 'en', isSent: () => false };
  expect(await laki.handler()(error, incoming)).toMatchObject({ pass: own });
});

describe.each<[string, Give, string]>([
  ...FAILING,
  ['gives another word', () => 'yes', "gave 'yes', expected true or false"],
])('duplicateReference %s', (_, give, told) => {
  const duplicateReference = give as () => boolean;
  const refused = () =>
    answered(400, documented('VALIDATION_ERROR', { details: [{ field: 'x', issue: 'y' }] }));

  test('nothing is proven, and an event says why', async () => {
    const events: LakiConnectEvent[] = [];
    const laki = createLakiConnect({ duplicateReference, onEvent: (event) => events.push(event) });
    const failed = await laki.call(() => Promise.reject(refused())).catch((error: unknown) => error);
    expect(failed).toMatchObject({ kind: 'DUPLICATE_REFERENCE', outcome: 'unknown' });
    expect(events).toEqual([
      { type: 'misconfigured', level: 'error', option: 'duplicateReference', reason: `it ${told}` },
    ]);
  });

  test('translate tells no event of it', () => {
    const events: LakiConnectEvent[] = [];
    const laki = createLakiConnect({ duplicateReference, onEvent: (event) => events.push(event) });
    expect(laki.translate(refused())?.problem).toMatchObject({ code: 'DUPLICATE_REFERENCE' });
    expect(events).toEqual([]);
  });
});

test.each(FAILING)('merchantIds %s: the webhook is answered with 500', async (_, give, told) => {
  const events: LakiConnectEvent[] = [];
  const laki = createLakiConnect({ onEvent: (event) => events.push(event) });
  const merchantIds = give as () => string[];
  const received = await laki.receiveWebhook('{}', signatureOf('{}'), { secret: SECRET, merchantIds });
  expect(received.status).toBe(500);
  expect(String((events[0] as { reason?: string }).reason)).toContain(told.replace(/^threw Error: /, ''));
});

describe.each([
  ['now', Number.NaN, 'gave NaN, expected a number of milliseconds'],
  ['now', new Date(0), 'expected a number of milliseconds'],
  ['now', Promise.resolve(0), 'gave a promise, expected its value at once'],
  ['random', 1, 'gave 1, expected a number from 0 up to 1'],
  ['random', '0.5', "gave '0.5', expected a number from 0 up to 1"],
] as const)('%s that gives %p', (option, value, told) => {
  test('is told once, and the standard one stands in for it', async () => {
    const events: LakiConnectEvent[] = [];
    const replies = [503, 503, 503, 200].map((status) => new Response('{}', { status }));
    const laki = createLakiConnect({
      apiKey: 'lk_pub_1:lk_sec_1',
      [option]: () => value,
      fetch: async () => replies.shift()!,
      sleep: async () => undefined,
      retry: { attempts: 4 },
      onEvent: (event) => events.push(event),
    });
    await laki.client.get('/wallet').catch(() => undefined);
    await laki.check('cm_1').catch(() => undefined);
    const failed = events.filter(({ type }) => type === 'misconfigured');
    expect(failed).toEqual([
      { type: 'misconfigured', level: 'error', option, reason: expect.stringContaining(told) as unknown },
    ]);
  });
});

describe('At the start, an async function is refused', () => {
  const later = async () => undefined;
  const laki = createLakiConnect<object>({ apiKey: 'lk_pub_1:lk_sec_1', merchantId: () => 'cm_1' });
  const settled = (option: OptionFunction) => () => settle({ [option]: later });

  test.each<[string, () => unknown]>([
    ...(
      ['audience', 'locale', 'fields', 'format', 'html', 'duplicateReference', 'now', 'random'] as const
    ).map((option): [string, () => unknown] => [option, settled(option)]),
    ['audience', () => laki.guard(undefined, { audience: later as never })],
    ['audience', () => laki.handler({ audience: later as never })],
    ['key', () => laki.idempotencyGuard({ key: later as never })],
    ['merchantIds', () => laki.receiver({ secret: 'whsec_1', merchantIds: later as never })],
    ['format', () => settle({ format: function* () {} })],
  ])('as %s', (option, start) => {
    expect(start).toThrow(TypeError);
    expect(start).toThrow(
      new RegExp(`option \`${option}\` is .*; no async function, as nothing waits for it\\.$`),
    );
  });
});

test('What is no failure of an option is thrown as it is', () => {
  const throwing = (thrown: unknown) => () =>
    unwrapping(() => {
      throw thrown;
    });
  expect(throwing(own)).toThrow(own);
  expect(throwing(new OptionFailure('format', 'gave 7'))).toThrow('lakiconnect: option `format` gave 7.');
  expect(throwing(new OptionFailure('format', 'threw', { thrown: own }))).toThrow(own);
});
