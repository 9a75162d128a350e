import { describe, expect, jest, test } from '@jest/globals';
import {
  feeConfigured,
  isLakiConnectError,
  kycApproved,
  type LakiConnectError,
  type Lookups,
  type Requirement,
} from 'lakiconnect-middleware';
import { promptly, rejection, settled } from '../provider/harness.js';
import { APPROVED, deferred, FREE, idle, start } from './harness.js';

type Answer = 'met' | 'unmet' | 'undetermined';

const down = () => Promise.reject(new Error('down'));

const lookupsThat = (kyc: Answer, fee: Answer): Lookups => ({
  kycStatus: { met: () => APPROVED, unmet: () => 'pending', undetermined: down }[kyc],
  feeConfig: { met: () => FREE, unmet: () => null, undetermined: down }[fee],
});

const refusalOf = async (promise: Promise<unknown>): Promise<LakiConnectError> => {
  const thrown = await rejection(promise);
  expect(isLakiConnectError(thrown)).toBe(true);
  return thrown as LakiConnectError;
};

const KYC_FIRST = [kycApproved, feeConfigured];
const FEE_FIRST = [feeConfigured, kycApproved];

describe('Of several requirements', () => {
  test.each<[Answer, Answer, readonly Requirement[] | undefined, string, string]>([
    ['unmet', 'unmet', undefined, 'KYC_NOT_APPROVED', 'kycApproved'],
    ['unmet', 'unmet', KYC_FIRST, 'KYC_NOT_APPROVED', 'kycApproved'],
    ['unmet', 'unmet', FEE_FIRST, 'FEE_CONFIG_NOT_SET', 'feeConfigured'],
    ['met', 'unmet', undefined, 'FEE_CONFIG_NOT_SET', 'feeConfigured'],
    ['unmet', 'met', undefined, 'KYC_NOT_APPROVED', 'kycApproved'],
    ['unmet', 'met', FEE_FIRST, 'KYC_NOT_APPROVED', 'kycApproved'],
    ['undetermined', 'unmet', undefined, 'FEE_CONFIG_NOT_SET', 'feeConfigured'],
    ['unmet', 'undetermined', undefined, 'KYC_NOT_APPROVED', 'kycApproved'],
    ['unmet', 'undetermined', FEE_FIRST, 'KYC_NOT_APPROVED', 'kycApproved'],
    ['undetermined', 'met', undefined, 'UNDETERMINED', 'kycApproved'],
    ['met', 'undetermined', undefined, 'UNDETERMINED', 'feeConfigured'],
    ['undetermined', 'undetermined', undefined, 'UNDETERMINED', 'kycApproved'],
    ['undetermined', 'undetermined', FEE_FIRST, 'UNDETERMINED', 'feeConfigured'],
  ])('KYC %s, fee %s: the first unmet one answers', async (kyc, fee, requirements, kind, requirement) => {
    const { laki, events } = start({ lookups: lookupsThat(kyc, fee) });
    for (let n = 0; n < 2; n++) {
      expect(await refusalOf(laki.check('m1', requirements))).toMatchObject({ kind, merchantId: 'm1' });
      expect(events.at(-1)).toMatchObject({ kind, requirement });
    }
  });

  test('all are looked up side by side', async () => {
    const asked: string[] = [];
    const lookups: Lookups = {
      kycStatus: () => (asked.push('kyc'), new Promise(() => undefined)),
      feeConfig: () => (asked.push('fee'), new Promise(() => undefined)),
    };
    void start({ lookups, lookupTimeoutMs: 10 })
      .laki.check('m1')
      .catch(() => undefined);
    expect(asked).toEqual(['kyc', 'fee']);
  });

  test.each<[string, string, string]>([
    ['the first does, if it is unmet, too', 'pending', 'KYC_NOT_APPROVED'],
    ['the later one does, if the first is met', APPROVED, 'FEE_CONFIG_NOT_SET'],
  ])(
    'a later one that is unmet before the first is known does not answer: %s',
    async (_who, status, kind) => {
      const kyc = deferred<string>();
      const { laki } = start({ lookups: { kycStatus: () => kyc.promise, feeConfig: () => null } });
      const answered = jest.fn();
      const checked = settled(laki.check('m1')).finally(answered);
      await idle();
      expect(answered).not.toHaveBeenCalled();
      kyc.resolve(status);
      expect(await checked).toMatchObject({ rejected: { kind } });
    },
  );

  test('the first answers at once if it is unmet, without waiting for a later one', async () => {
    const fee = deferred<object>();
    const { laki } = start({
      lookups: { kycStatus: () => 'pending', feeConfig: () => fee.promise },
      lookupTimeoutMs: 60_000,
    });
    expect(await promptly(refusalOf(laki.check('m1')))).toMatchObject({ kind: 'KYC_NOT_APPROVED' });
    fee.reject(new Error('late'));
    await idle(); // an unhandled rejection would fail the test
  });

  test('none is looked up after one that is known to be unmet', async () => {
    const feeConfig = jest.fn(() => FREE);
    const { laki } = start({ lookups: { kycStatus: () => 'pending', feeConfig } });
    await rejection(laki.check('m1', [kycApproved]));
    expect(() => laki.guard()({ id: 'm1' }, {})).toThrow(
      expect.objectContaining({ kind: 'KYC_NOT_APPROVED' }),
    );
    expect(feeConfig).not.toHaveBeenCalled();
    await rejection(laki.check('m1', FEE_FIRST));
    expect(feeConfig).toHaveBeenCalledTimes(1);
  });

  test('only those are looked up that are not known', async () => {
    const kycStatus = jest.fn(() => APPROVED);
    const feeConfig = jest.fn(() => FREE);
    const { laki } = start({ lookups: { kycStatus, feeConfig } });
    await laki.check('m1', [kycApproved]);
    await laki.check('m1');
    await laki.check('m1', [kycApproved, kycApproved]);
    expect([kycStatus.mock.calls.length, feeConfig.mock.calls.length]).toEqual([1, 1]);
  });
});

const ABOUT = { merchantId: 'm1', mode: 'enforce' };
const LOOKUP = { type: 'lookup', merchantId: 'm1', durationMs: 0 };

describe('What is told of a request', () => {
  test('that passes: its lookups, and then nothing', async () => {
    const { laki, events } = start();
    await laki.check('m1');
    await laki.check('m1');
    expect(events).toEqual([
      { ...LOOKUP, level: 'info', requirement: 'kycApproved', verdict: 'met' },
      { ...LOOKUP, level: 'info', requirement: 'feeConfigured', verdict: 'met' },
    ]);
  });

  test('that is refused: why, and each time', async () => {
    const { laki, events } = start({ lookups: lookupsThat('unmet', 'met'), audience: 'merchant' });
    await rejection(laki.check('m1', [kycApproved]));
    await rejection(laki.check('m1', [kycApproved]));
    const why = {
      kind: 'KYC_NOT_APPROVED',
      requirement: 'kycApproved',
      reason: "its KYC status is 'pending'",
    };
    const refused = { type: 'refused', level: 'info', passed: false, ...why, ...ABOUT };
    expect(events).toEqual([{ ...LOOKUP, level: 'info', verdict: 'unmet', ...why }, refused, refused]);
  });

  test('that cannot be judged, with the wait that its reply will name', async () => {
    const { laki, events } = start({ lookups: lookupsThat('met', 'undetermined') });
    await rejection(laki.check('m1', [feeConfigured]));
    const why = { requirement: 'feeConfigured', reason: 'Error: down' };
    expect(events).toEqual([
      { ...LOOKUP, level: 'error', verdict: 'undetermined', ...why },
      {
        type: 'undetermined',
        level: 'warn',
        kind: 'UNDETERMINED',
        passed: false,
        ...why,
        ...ABOUT,
      },
    ]);
  });

  test('as loudly as `rules` say', async () => {
    const { laki, events } = start({
      lookups: lookupsThat('unmet', 'met'),
      rules: { KYC_NOT_APPROVED: { level: 'error', customer: { status: 422 } } },
    });
    expect(await refusalOf(laki.check('m1'))).toMatchObject({ status: 422, statusCode: 422 });
    expect(events.at(-1)).toMatchObject({ type: 'refused', level: 'error', kind: 'KYC_NOT_APPROVED' });
  });
});

describe('Where nothing could be learnt', () => {
  test.each<[Answer, Answer, object]>([
    ['undetermined', 'undetermined', {}],
    ['undetermined', 'met', { feeConfigured: FREE }],
    ['met', 'undetermined', { kycApproved: APPROVED }],
  ])('KYC %s, fee %s: a request may be let pass, with what is known', async (kyc, fee, facts) => {
    const { laki, events } = start({ lookups: lookupsThat(kyc, fee) });
    expect(await laki.check('m1', undefined, { whenUndetermined: 'allow' })).toMatchObject({
      id: 'm1',
      facts,
    });
    expect(events.filter(({ type }) => type === 'undetermined')).toMatchObject([
      { level: 'warn', kind: 'UNDETERMINED', mode: 'enforce', passed: true, merchantId: 'm1' },
    ]);
  });

  test.each<[Answer, Answer, string]>([
    ['unmet', 'undetermined', 'KYC_NOT_APPROVED'],
    ['undetermined', 'unmet', 'FEE_CONFIG_NOT_SET'],
  ])('KYC %s, fee %s: but never where something is unmet', async (kyc, fee, kind) => {
    const { laki, events } = start({ lookups: lookupsThat(kyc, fee) });
    const checked = laki.check('m1', undefined, { whenUndetermined: 'allow' });
    expect(await refusalOf(checked)).toMatchObject({ kind });
    expect(events.at(-1)).toMatchObject({ type: 'refused', passed: false });
  });

  test.each([undefined, {}, { whenUndetermined: undefined }, { whenUndetermined: 'deny' as const }])(
    'it is refused with %j',
    async (options) => {
      const { laki } = start({ lookups: lookupsThat('undetermined', 'met') });
      expect(await refusalOf(laki.check('m1', undefined, options))).toMatchObject({
        kind: 'UNDETERMINED',
        status: 503,
        retryAfterMs: 1000,
        retryable: true,
        outcome: 'rejected',
        origin: 'guard',
      });
    },
  );
});

describe('In a trial', () => {
  test.each<[Answer, Answer, string, string]>([
    ['unmet', 'met', 'refused', 'KYC_NOT_APPROVED'],
    ['met', 'unmet', 'refused', 'FEE_CONFIG_NOT_SET'],
    ['undetermined', 'met', 'undetermined', 'UNDETERMINED'],
  ])('KYC %s, fee %s: everybody passes, and it is told', async (kyc, fee, type, kind) => {
    const { laki, events } = start({ lookups: lookupsThat(kyc, fee) });
    const guard = laki.guard(undefined, { mode: 'report' });
    const state = {};
    expect(await guard({ id: 'm1' }, state)).toBeUndefined();
    expect(events.filter((event) => event.type !== 'lookup')).toMatchObject([
      { type, kind, mode: 'report', passed: true, merchantId: 'm1' },
    ]);
    expect(laki.learnt(state)).toMatchObject({ id: 'm1' });
  });

  test('nobody is refused in the same tick, either', async () => {
    const { laki } = start({ lookups: lookupsThat('unmet', 'met') });
    const guard = laki.guard([kycApproved], { mode: 'report' });
    await guard({ id: 'm1' }, {});
    const state = {};
    expect(guard({ id: 'm1' }, state)).toBeUndefined();
    expect(laki.learnt(state)).toEqual({ id: 'm1', facts: {} });
  });
});

describe('Where all is known, it is decided in the same tick', () => {
  test('a merchant passes', async () => {
    const { laki } = start();
    const guard = laki.guard();
    const first = guard({ id: 'm1' }, {});
    expect(first).toBeInstanceOf(Promise);
    await first;

    const state = {};
    expect(guard({ id: 'm1' }, state)).toBeUndefined();
    expect(laki.learnt(state)).toMatchObject({ id: 'm1', kycStatus: APPROVED, feeConfig: FREE });
  });

  test('a merchant is refused', async () => {
    const { laki } = start({ lookups: lookupsThat('unmet', 'unmet') });
    const guard = laki.guard();
    await rejection(Promise.resolve(guard({ id: 'm1' }, {})));
    await idle();
    expect(() => guard({ id: 'm1' }, {})).toThrow(expect.objectContaining({ kind: 'KYC_NOT_APPROVED' }));
  });

  test('what is no merchant is refused', () => {
    const guard = start().laki.guard();
    expect(() => guard({ id: '' }, {})).toThrow(expect.objectContaining({ kind: 'MERCHANT_UNIDENTIFIED' }));
  });
});

describe('No lookup is made for', () => {
  const REFUSED: readonly [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['a space', ' '],
    ['a space before', ' m1'],
    ['a space behind', 'm1 '],
    ['a tab', 'm\t1'],
    ['a line break', 'm1\r\nx-evil: 1'],
    ['a NUL', 'm\u00001'],
    ['a DEL', 'm\u007f1'],
    ['a letter beyond ASCII', 'mé'],
    ['Ethiopic', 'ሱቅ'],
    ['half a surrogate', 'm\ud800'],
    ['257 characters', 'm'.repeat(257)],
    ['.', '.'],
    ['..', '..'],
    ['fee-config', 'fee-config'],
    ['Fee-Config', 'Fee-Config'],
    ['wallet', 'wallet'],
    ['WALLET', 'WALLET'],
    ['webhook-settings', 'webhook-settings'],
    ['Webhook-Settings', 'Webhook-Settings'],
    ['kyc-documents', 'kyc-documents'],
    ['KYC-DOCUMENTS', 'KYC-DOCUMENTS'],
    ['a number', 7],
    ['NaN', NaN],
    ['a boolean', true],
    ['an array', ['m1']],
    ['an object', { id: 'm1' }],
    ['a String object', Object('m1')],
    ['a symbol', Symbol('m1')],
    ['a function', () => 'm1'],
  ];

  test.each(REFUSED)('%s', async (_what, id) => {
    const kycStatus = jest.fn(() => APPROVED);
    const feeConfig = jest.fn(() => FREE);
    const { laki, events } = start({ lookups: { kycStatus, feeConfig } });

    const refused = { kind: 'MERCHANT_UNIDENTIFIED', status: 400, origin: 'guard', outcome: 'rejected' };
    const error = await refusalOf(laki.check(id as string));
    expect(error).toMatchObject(refused);
    expect(error).not.toHaveProperty('merchantId');
    const told = { type: 'refused', level: 'warn', kind: 'MERCHANT_UNIDENTIFIED' };
    expect(events).toEqual([
      {
        ...told,
        mode: 'enforce',
        passed: false,
        reason: expect.stringMatching(/^the merchant's id is [ -~\u1200-\u137fé]+$/) as unknown,
      },
    ]);

    const state = {};
    expect(() => laki.guard()({ id }, state)).toThrow(expect.objectContaining(refused));
    expect(laki.guard(undefined, { mode: 'report' })({ id }, state)).toBeUndefined();
    expect(laki.learnt(state)).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ ...told, mode: 'report', passed: true });
    expect([kycStatus.mock.calls, feeConfig.mock.calls]).toEqual([[], []]);
  });

  test.each([
    'm',
    'm'.repeat(256),
    '...',
    '.m',
    'my wallet',
    'wallets',
    'a/b?c#d%2e',
    '__proto__',
    'constructor',
    '550e8400-e29b-41d4-a716-446655440000',
  ])('but for %j one is', async (id) => {
    const kycStatus = jest.fn(() => APPROVED);
    expect(await start({ lookups: { kycStatus } }).laki.check(id, [kycApproved])).toMatchObject({
      id,
    });
    expect(kycStatus.mock.calls).toEqual([[id, expect.anything()]]);
  });
});

describe('Who passes is counted', () => {
  test('when all is met, be it known, looked up or asked for without a request', async () => {
    const { laki } = start();
    const guard = laki.guard();
    await guard({ id: 'm1' }, {});
    expect(laki.counts().passed).toBe(1);
    expect(guard({ id: 'm1' }, {})).toBeUndefined();
    expect(laki.counts().passed).toBe(2);
    await laki.check('m1', [kycApproved]);
    expect(laki.counts().passed).toBe(3);
  });

  test('and not who is refused, or comes through on trial or because nothing can be told', async () => {
    const lookups = {
      kycStatus: () => 'pending',
      feeConfig: () => {
        throw new Error('down');
      },
    };
    const { laki } = start({ lookups });
    await laki.guard(undefined, { mode: 'report' })({ id: 'm1' }, {});
    await laki.guard([feeConfigured], { whenUndetermined: 'allow' })({ id: 'm1' }, {});
    await Promise.allSettled([laki.check('m1'), laki.check(undefined)]);
    expect(laki.counts().passed).toBe(0);
  });
});

test('On trial a guard that lets pass at once tells nothing', async () => {
  const { laki, events } = start();
  await laki.check('m1');
  events.length = 0;
  expect(laki.guard(undefined, { mode: 'report' })({ id: 'm1' }, {})).toBeUndefined();
  expect(events).toEqual([]);
});
