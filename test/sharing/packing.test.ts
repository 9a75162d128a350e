import { describe, expect, test } from '@jest/globals';
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

describe('A verdict', () => {
  test.each<[string, Admitted, Met | Unmet]>([
    ['an approved KYC', KYC, met('Approved')],
    ['a KYC that is not', KYC, no('KYC_NOT_APPROVED')],
    ['a merchant that is not linked', KYC, no('CONNECTED_MERCHANT_NOT_FOUND')],
    ['a fee', FEE, met({ fee_model: 'FREE', rates: [1, 2.5, null, { deep: true }] })],
    ['no fee', FEE, no('FEE_CONFIG_NOT_SET')],
    ["the platform's own facts", OWN, met(['a', 1, false, null, { b: {} }])],
    ["the platform's own, without facts", OWN, met(undefined)],
    ["the platform's own refusal", OWN, no('NO_PAYOUT_ACCOUNT', { ownRow: OWN.ownRow })],
    [
      'a refusal without a reason',
      OWN,
      { ...no('NO_PAYOUT_ACCOUNT', { ownRow: OWN.ownRow }), reason: undefined },
    ],
  ])('%s comes back as it went', (_, requirement, verdict) => {
    const value = pack(verdict);
    expect(typeof value).toBe('string');
    expect(unpack(value as string, requirement)).toEqual(verdict);
  });

  test('may come from where objects have no prototype', () => {
    const facts = Object.assign(Object.create(null) as object, { fee_model: 'FREE' });
    expect(unpack(pack(met(facts)) as string, FEE)).toEqual(met({ fee_model: 'FREE' }));
  });

  test('that comes back is frozen, for all requests share it', () => {
    const { facts } = unpack(pack(met({ a: { b: [{}] } })) as string, FEE) as {
      facts: { a: { b: [object] } };
    };
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
  ])('with %s in its facts is not shared', (_, facts) => {
    expect(pack(met(facts))).toBeUndefined();
  });
});

describe('What is kept', () => {
  const fact = (parts: object) => JSON.stringify({ v: 1, ...parts });

  test('is up to 16,384 characters long', () => {
    const frame = fact({ is: 'met', facts: '' }).length;
    const longest = 'x'.repeat(16_384 - frame);
    const value = pack({ is: 'met', facts: longest });
    expect(value).toHaveLength(16_384);
    expect(unpack(value as string, OWN)).toEqual({ is: 'met', facts: longest });
    expect(pack({ is: 'met', facts: `${longest}x` })).toBeUndefined();
    expect(unpack(fact({ is: 'met', facts: `${longest}x` }), OWN)).toBeUndefined();
  });

  test.each<[string, Admitted, string]>([
    ['no JSON', KYC, '{"v":1,"is":"met"'],
    ['no text at all', KYC, ''],
    ['no object', KYC, '"met"'],
    ['null', KYC, 'null'],
    ['of another version', KYC, '{"v":2,"is":"met","facts":"approved"}'],
    ['of no version', KYC, '{"is":"met","facts":"approved"}'],
    ['neither yes nor no', KYC, fact({ is: 'undetermined' })],
    ['more than we say', KYC, fact({ is: 'met', facts: 'approved', extra: 1 })],
    ['a KYC without a status', KYC, fact({ is: 'met' })],
    ['a KYC whose status is no text', KYC, fact({ is: 'met', facts: { status: 'approved' } })],
    ['a fee that is null', FEE, fact({ is: 'met', facts: null })],
    ['a fee that is a text', FEE, fact({ is: 'met', facts: 'FREE' })],
    ['a refusal of another requirement', FEE, fact({ is: 'unmet', kind: 'KYC_NOT_APPROVED' })],
    ['a refusal that none has', KYC, fact({ is: 'unmet', kind: 'UNAUTHORIZED' })],
    ['a refusal of a prototype', KYC, fact({ is: 'unmet', kind: '__proto__' })],
    ['a refusal without a kind', KYC, fact({ is: 'unmet' })],
    ['longer than we keep', KYC, fact({ is: 'met', facts: 'x'.repeat(16 * 1024) })],
    ['deeper than any stack', OWN, `{"v":1,"is":"met","facts":${'['.repeat(8000)}${']'.repeat(8000)}}`],
  ])('%s is nothing', (_, requirement, value) => {
    expect(unpack(value, requirement)).toBeUndefined();
  });

  test('with a prototype in it changes none', () => {
    const verdict = unpack('{"v":1,"is":"met","facts":{"__proto__":{"fee_model":"FREE"}}}', OWN);
    expect(({} as { fee_model?: string }).fee_model).toBeUndefined();
    expect((verdict as Met | undefined)?.facts ?? {}).not.toHaveProperty('fee_model');
  });
});
