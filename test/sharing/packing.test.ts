import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { defineRequirement, feeConfigured, kycApproved, type Requirement } from 'lakiconnect-middleware';
import { createAdmission } from '../../src/guards/admission.js';
import type { Admitted } from '../../src/guards/lookup.js';
import type { Met, Unmet } from '../../src/guards/verdict.js';
import { settle } from '../../src/settle.js';
import { pack, unpack } from '../../src/sharing/packing.js';
import { met, spoken } from '../guards/harness.js';

const payout = defineRequirement({
  name: 'payoutAccount',
  rule: { status: 409, code: 'NO_PAYOUT_ACCOUNT' },
  messages: spoken('NO_PAYOUT_ACCOUNT'),
  lookup: () => ({ met: true }),
});

const admit = createAdmission(settle({ apiKey: 'lk_pub_1:lk_sec_1' }));
const admitted = (requirement: Requirement) => admit([requirement])[0] as Admitted;
const KYC = admitted(kycApproved);
const FEE = admitted(feeConfigured);
const OWN = admitted(payout);

const no = (kind: string, more = {}): Unmet => ({
  is: 'unmet',
  refusal: { kind, ...more } as never,
  reason: 'why',
});

/** What one process was answered, as another judges it. */
const shared = (answer: unknown, by: Admitted) => {
  const value = pack(answer);
  return value === undefined ? undefined : unpack(value, by);
};

describe('An answer', () => {
  test.each<[string, Admitted, unknown, Met | Unmet]>([
    ['an approved KYC', KYC, 'Approved', met('Approved')],
    [
      'a KYC that is not',
      KYC,
      'pending',
      { ...no('KYC_NOT_APPROVED'), reason: "its KYC status is 'pending'" },
    ],
    [
      'a merchant that is not linked',
      KYC,
      { linked: false },
      { ...no('CONNECTED_MERCHANT_NOT_FOUND'), reason: 'it is not linked' },
    ],
    [
      'a fee',
      FEE,
      { fee_model: 'FREE', rates: [1, 2.5, null, { deep: true }] },
      met({ fee_model: 'FREE', rates: [1, 2.5, null, { deep: true }] }),
    ],
    ['no fee', FEE, null, { ...no('FEE_CONFIG_NOT_SET'), reason: 'it has no fee configuration' }],
    [
      "the platform's own facts",
      OWN,
      { met: true, facts: ['a', 1, false, null, { b: {} }] },
      met(['a', 1, false, null, { b: {} }]),
    ],
    ["the platform's own, without facts", OWN, { met: true }, { is: 'met', facts: undefined }],
    [
      "the platform's own refusal",
      OWN,
      { met: false, reason: 'why' },
      no('NO_PAYOUT_ACCOUNT', { ownRow: OWN.ownRow }),
    ],
    [
      'a refusal without a reason',
      OWN,
      { met: false },
      { ...no('NO_PAYOUT_ACCOUNT', { ownRow: OWN.ownRow }), reason: undefined },
    ],
  ])('%s is judged as where it came from', (_, requirement, answer, verdict) => {
    expect(requirement.judge(answer)).toEqual(verdict);
    expect(shared(answer, requirement)).toEqual(verdict);
  });

  test('is judged by the options of the process that reads it, whatever that which wrote it made of it', () => {
    const word = fc.constantFrom('approved', 'Verified', ' pending ', 'suspended');
    fc.assert(
      fc.property(word, fc.uniqueArray(word, { minLength: 1 }), (status, approvedStatuses) => {
        const settings = settle({ apiKey: 'lk_pub_1:lk_sec_1', approvedStatuses });
        const [reader] = createAdmission(settings)([kycApproved]) as [Admitted];
        expect(shared(status, reader)?.is).toBe(approvedStatuses.includes(status) ? 'met' : 'unmet');
      }),
    );
  });

  test('may come from where objects have no prototype', () => {
    const answer = Object.assign(Object.create(null) as object, { fee_model: 'FREE' });
    expect(shared(answer, FEE)).toEqual(met({ fee_model: 'FREE' }));
  });

  test('that comes back is frozen, for all requests share it', () => {
    const { facts } = shared({ a: { b: [{}] } }, FEE) as { facts: { a: { b: [object] } } };
    for (const part of [facts, facts.a, facts.a.b, facts.a.b[0]]) expect(Object.isFrozen(part)).toBe(true);
  });

  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  class Money {
    readonly amount = 1;
  }
  test.each<[string, unknown]>([
    ['a Date', { since: new Date() }],
    ['a Map', new Map()],
    ['a BigInt', { amount: 1n }],
    ['NaN', { amount: NaN }],
    ['an instance of a class', new Money()],
    ['a function', { pay: () => 1 }],
    ['something undefined', { fee: undefined }],
    ['a cycle', cycle],
    [
      'a getter that throws',
      Object.defineProperty({}, 'a', {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    ['more than 16 KiB', 'x'.repeat(16 * 1024)],
    ['nothing', undefined],
  ])('with %s in it is not shared', (_, facts) => {
    expect(pack(facts)).toBeUndefined();
    expect(pack({ met: true, facts })).toBeUndefined();
  });
});

describe('What is kept', () => {
  const kept = (answer: unknown, more = {}) => JSON.stringify({ v: 1, answer, ...more });

  test('is up to 16,384 characters long', () => {
    const longest = 'x'.repeat(16_384 - kept('').length);
    expect(pack(longest)).toBe(kept(longest));
    expect(unpack(kept(longest), KYC)).toMatchObject({ is: 'unmet' });
    expect(pack(`${longest}x`)).toBeUndefined();
    expect(unpack(kept(`${longest}x`), KYC)).toBeUndefined();
  });

  test.each<[string, Admitted, string]>([
    ['no JSON', KYC, '{"v":1,"answer":"approved"'],
    ['no text at all', KYC, ''],
    ['no object', KYC, '"approved"'],
    ['null', KYC, 'null'],
    ['of another version', KYC, '{"v":2,"answer":"approved"}'],
    ['of no version', KYC, '{"answer":"approved"}'],
    ['a verdict', KYC, '{"v":1,"is":"met","facts":"approved"}'],
    ['more than we say', KYC, kept('approved', { extra: 1 })],
    ['a KYC without a status', KYC, kept(undefined)],
    ['a KYC whose status is empty', KYC, kept(' ')],
    ['a KYC whose status is no text', KYC, kept({ status: 'approved' })],
    ['a fee without a configuration', FEE, kept(undefined)],
    ['a fee that is a text', FEE, kept('FREE')],
    ['an answer of another requirement', OWN, kept('approved')],
    ['neither yes nor no', OWN, kept({ met: 'yes' })],
    ['deeper than any stack', FEE, `{"v":1,"answer":${'['.repeat(8000)}${']'.repeat(8000)}}`],
  ])('%s is nothing', (_, requirement, value) => {
    expect(unpack(value, requirement)).toBeUndefined();
  });

  test('with a prototype in it changes none', () => {
    const verdict = unpack('{"v":1,"answer":{"met":true,"facts":{"__proto__":{"fee_model":"FREE"}}}}', OWN);
    expect(({} as { fee_model?: string }).fee_model).toBeUndefined();
    expect((verdict as Met | undefined)?.facts ?? {}).not.toHaveProperty('fee_model');
  });
});
