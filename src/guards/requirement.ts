import { judged, shown } from '../judge.js';
import type { LookupOptions, Lookups, MessageOverrides } from '../options.js';
import { requirementDefinition } from '../schemas/guards.js';
import { overrideRule } from '../translation/override-rule.js';
import type { OwnRow } from '../translation/own-row.js';
import { peek } from '../translation/plain.js';
import type { Kind, Rule } from '../translation/rules.js';
import type { RequirementDefinition } from './options.js';
import type { Met, Unmet } from './verdict.js';

/** What a requirement can ask. */
interface Sources extends LookupOptions {
  readonly lookups: Lookups;
}

/** By what this process judges an answer, whoever has asked for it. */
interface Standards {
  readonly approvedStatuses: ReadonlySet<string>;
  /** How a refusal is answered, if the requirement is the platform's own. */
  readonly ownRow: OwnRow | undefined;
}

/**
 * What must be true of a merchant before a payment may be tried: `kycApproved`, `feeConfigured`, or what
 * `defineRequirement` makes.
 */
export interface Requirement {
  /** Tells a requirement from any other object with a name. */
  readonly '~brand': 'Requirement';
  /** In events, and in the `facts` that handlers get. */
  readonly name: string;
  /** @internal The built-in lookup that it asks. */
  readonly asks?: keyof Lookups;
  /** @internal How one of the platform's own is answered. */
  readonly own?: { readonly rule: Rule; readonly messages: MessageOverrides };
  /** @internal The kinds that it refuses with. */
  readonly refusals: readonly string[];
  /** @internal Resolves to an answer, such as a KYC status; rejects where nothing can be learnt. */
  readonly look: (merchantId: string, sources: Sources) => Promise<unknown>;
  /** @internal Judges an answer, of this process or another. @throws TypeError for what is none. */
  readonly judge: (answer: unknown, standards: Standards) => Met | Unmet;
}

/** The merchant is linked to the platform, and its KYC is approved. The fact is its KYC status. */
export const kycApproved: Requirement = {
  '~brand': 'Requirement',
  name: 'kycApproved',
  asks: 'kycStatus',
  refusals: ['CONNECTED_MERCHANT_NOT_FOUND', 'KYC_NOT_APPROVED'] satisfies Kind[],
  look: async (merchantId, { lookups, signal }) => linkedIn(await lookups.kycStatus(merchantId, { signal })),
  judge(status, { approvedStatuses }) {
    if (isUnlinked(status)) return UNLINKED;
    if (typeof status !== 'string' || status.trim() === '') throw gave('kycStatus', status);
    return approvedStatuses.has(status.trim().toLowerCase())
      ? { is: 'met', facts: status }
      : unmet('KYC_NOT_APPROVED', `its KYC status is ${shown(status)}`);
  },
};

/** The merchant is linked to the platform, and a fee is configured for it (`FREE` counts). The fact is that configuration. */
export const feeConfigured: Requirement = {
  '~brand': 'Requirement',
  name: 'feeConfigured',
  asks: 'feeConfig',
  refusals: ['CONNECTED_MERCHANT_NOT_FOUND', 'FEE_CONFIG_NOT_SET'] satisfies Kind[],
  look: async (merchantId, { lookups, signal }) =>
    linkedIn(await lookups.feeConfig(merchantId, { signal })) ?? null,
  judge(config) {
    if (config === null) return unmet('FEE_CONFIG_NOT_SET', 'it has no fee configuration');
    if (isUnlinked(config)) return UNLINKED;
    if (typeof config !== 'object') throw gave('feeConfig', config);
    return { is: 'met', facts: config };
  },
};

function unmet(kind: Kind, reason: string): Unmet {
  return { is: 'unmet', refusal: { kind }, reason };
}

/** What is not said of a requirement of the platform's own. */
const OWN_RULE = { fault: 'merchant', retryable: false, level: 'info', action: 'onboard' } as const;

const UNLINKED = unmet('CONNECTED_MERCHANT_NOT_FOUND', 'it is not linked');

function isUnlinked(found: unknown): boolean {
  return peek(found, 'linked') === false;
}

/** Without what else the platform says of a merchant that is not linked. */
function linkedIn(found: unknown): unknown {
  return isUnlinked(found) ? { linked: false } : found;
}

/**
 * A requirement of the platform's own, such as a payout account, for guards and `check`. Make it once, not
 * per request. Its refusal is answered by its own row, in its own sentences.
 *
 * @throws TypeError naming the path of what is wrong.
 */
export function defineRequirement(definition: RequirementDefinition): Requirement {
  const { name, rule: given, messages = {}, lookup } = judged(requirementDefinition, definition);
  const { status, code } = given;
  const rule = overrideRule({ status, code, ...OWN_RULE }, given);
  return {
    '~brand': 'Requirement',
    name,
    own: { rule, messages },
    refusals: [code],
    look: async (merchantId, { signal }) => ownAnswerIn(await lookup(merchantId, { signal }), name),
    judge(answer, { ownRow }) {
      const { met, facts, reason } = ownAnswerIn(answer, name);
      if (met) return { is: 'met', facts };
      return { is: 'unmet', refusal: { kind: code, ownRow: ownRow as OwnRow }, reason };
    },
  };
}

interface OwnAnswer {
  readonly met: boolean;
  readonly facts?: unknown;
  readonly reason?: string;
}

/** @throws TypeError if it is none. */
function ownAnswerIn(found: unknown, name: string): OwnAnswer {
  const met = peek(found, 'met');
  if (typeof met !== 'boolean') throw gave(name, found);
  const reason = peek(found, 'reason');
  if (!met) return typeof reason === 'string' ? { met, reason } : { met };
  const facts = peek(found, 'facts');
  return facts === undefined ? { met } : { met, facts };
}

function gave(lookup: string, value: unknown): TypeError {
  return new TypeError(`the lookup ${lookup} gave ${shown(value)}`);
}
