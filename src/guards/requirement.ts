import { judged, shown } from '../judge.js';
import type { LookupOptions, Lookups, MessageOverrides } from '../options.js';
import { requirementDefinition } from '../schemas/guards.js';
import { overrideRule } from '../translation/override-rule.js';
import type { OwnRow } from '../translation/own-row.js';
import { peek } from '../translation/plain.js';
import type { Kind, Rule } from '../translation/rules.js';
import type { RequirementDefinition } from './options.js';
import type { Met, Unmet } from './verdict.js';

/** What a requirement can ask, and by what it judges the answer. */
interface Sources extends LookupOptions {
  readonly lookups: Lookups;
  readonly approvedStatuses: ReadonlySet<string>;
  /** How a refusal is answered, if the requirement is the platform's own. */
  readonly ownRow: OwnRow | undefined;
}

/** What must be true of a merchant before a payment may be tried. */
export interface Requirement {
  /** In events, and in the `facts` that handlers get. */
  readonly name: string;
  /** @internal The built-in lookup that it asks. */
  readonly asks?: keyof Lookups;
  /** @internal How one of the platform's own is answered. */
  readonly own?: { readonly rule: Rule; readonly messages: MessageOverrides };
  /** @internal Whether this can be what it learns of a merchant. */
  readonly isFact: (facts: unknown) => boolean;
  /** @internal The kinds that it refuses with. */
  readonly refusals: readonly string[];
  /** @internal Rejects where nothing can be learnt. */
  readonly look: (merchantId: string, sources: Sources) => Promise<Met | Unmet>;
}

/** The merchant is linked to the platform, and its KYC is approved. The fact is its KYC status. */
export const kycApproved: Requirement = {
  name: 'kycApproved',
  asks: 'kycStatus',
  isFact: (facts) => typeof facts === 'string',
  refusals: ['CONNECTED_MERCHANT_NOT_FOUND', 'KYC_NOT_APPROVED'] satisfies Kind[],
  async look(merchantId, { lookups, approvedStatuses, signal }) {
    const status = await lookups.kycStatus(merchantId, { signal });
    if (isUnlinked(status)) return UNLINKED;
    if (typeof status !== 'string' || status.trim() === '') throw gave('kycStatus', status);
    return approvedStatuses.has(status.trim().toLowerCase())
      ? { is: 'met', facts: status }
      : unmet('KYC_NOT_APPROVED', `its KYC status is ${shown(status)}`);
  },
};

/** The merchant is linked to the platform, and a fee is configured for it (`FREE` counts). The fact is that configuration. */
export const feeConfigured: Requirement = {
  name: 'feeConfigured',
  asks: 'feeConfig',
  isFact: (facts) => typeof facts === 'object' && facts !== null,
  refusals: ['CONNECTED_MERCHANT_NOT_FOUND', 'FEE_CONFIG_NOT_SET'] satisfies Kind[],
  async look(merchantId, { lookups, signal }) {
    const config: unknown = await lookups.feeConfig(merchantId, { signal });
    if (config === undefined || config === null)
      return unmet('FEE_CONFIG_NOT_SET', 'it has no fee configuration');
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
    name,
    own: { rule, messages },
    isFact: () => true,
    refusals: [code],
    async look(merchantId, { signal, ownRow }) {
      const found: unknown = await lookup(merchantId, { signal });
      if (peek(found, 'met') === true) return { is: 'met', facts: peek(found, 'facts') };
      if (peek(found, 'met') !== false) throw gave(name, found);
      const reason = peek(found, 'reason');
      return {
        is: 'unmet',
        refusal: { kind: code, ownRow: ownRow as OwnRow },
        reason: typeof reason === 'string' ? reason : undefined,
      };
    },
  };
}

function gave(lookup: string, value: unknown): TypeError {
  return new TypeError(`the lookup ${lookup} gave ${shown(value)}`);
}
