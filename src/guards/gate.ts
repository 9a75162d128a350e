import type { Tell } from '../events.js';
import { shown } from '../judge.js';
import type { GuardOptions } from '../options.js';
import { isMerchantId } from '../provider/merchant-id.js';
import type { Settings } from '../settings.js';
import type { LakiConnectError } from '../translation/error.js';
import { refusal, ruleOf, statusOf, type Reason } from '../translation/refusal.js';
import type { Facts } from './facts.js';
import type { Admitted } from './lookup.js';
import { merchantOf, type Merchant } from './merchant.js';
import type { Verdict } from './verdict.js';

/** What becomes of a request whose verdict is not "yes". */
interface Manner {
  readonly whenUndetermined: NonNullable<GuardOptions['whenUndetermined']>;
  readonly mode: NonNullable<GuardOptions['mode']>;
}

/**
 * Lets a merchant pass, with the facts of the requirements that are met, or throws or rejects with a
 * LakiConnectError; synchronous where all is known. In mode `'report'` everybody passes, also what is no
 * merchant: `undefined`.
 */
export type Gate = (
  merchantId: unknown,
  requirements: readonly Admitted[],
  manner: Manner,
) => Merchant | undefined | Promise<Merchant>;

/** Why a request is held back, and what operators hear of it. */
interface Held {
  readonly type: 'refused' | 'undetermined';
  readonly why: Reason;
  readonly passed: boolean;
  readonly mode: Manner['mode'];
  readonly merchantId?: string;
  readonly requirement?: string;
  readonly reason: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A merchant who may pass, or what the request is refused with. */
interface Conclusion<M = Merchant> {
  readonly merchant: M;
  readonly refused: LakiConnectError | undefined;
}

const UNIDENTIFIED: Reason = { kind: 'MERCHANT_UNIDENTIFIED' };
const UNDETERMINED: Reason = { kind: 'UNDETERMINED' };

export function createGate(facts: Facts<Admitted>, settings: Settings<never>, tell: Tell): Gate {
  /** @returns what the request is refused with, unless it may pass all the same. */
  function hold({
    type,
    why,
    passed,
    mode,
    merchantId,
    requirement,
    reason,
    retryAfterMs,
  }: Held): LakiConnectError | undefined {
    const { level } = ruleOf(why, settings);
    const status = statusOf(why, settings);
    tell({ type, level, kind: why.kind, status, passed, mode, merchantId, requirement, reason });
    return passed ? undefined : refusal(why, { merchantId, retryAfterMs }, settings);
  }

  /** Looks side by side at what is not known. */
  async function learn(
    merchantId: string,
    requirements: readonly Admitted[],
    manner: Manner,
  ): Promise<Merchant> {
    const looks = requirements.map(
      (requirement) => facts.known(merchantId, requirement) ?? facts.learn(merchantId, requirement),
    );
    const verdicts: Verdict[] = [];
    for (const look of looks) {
      const verdict = await look;
      verdicts.push(verdict);
      if (verdict.is === 'unmet') break; // no later one can change the answer
    }
    return admitted(conclude(merchantId, requirements, verdicts, manner));
  }

  /** The first unmet in the listed order answers; what is undetermined, only if none is unmet. */
  function conclude(
    merchantId: string,
    requirements: readonly Admitted[],
    verdicts: readonly Verdict[],
    { mode, whenUndetermined }: Manner,
  ): Conclusion {
    const learnt: Record<string, unknown> = {};
    const isReport = mode === 'report';
    let held: Held | undefined;
    for (const [at, verdict] of verdicts.entries()) {
      const { name: requirement } = requirements[at] as Admitted;
      if (verdict.is === 'met') {
        learnt[requirement] = verdict.facts;
        continue;
      }
      const { reason } = verdict;
      if (verdict.is === 'unmet') {
        const why = verdict.refusal;
        held = { type: 'refused', why, passed: isReport, mode, merchantId, requirement, reason };
        break;
      }
      held ??= {
        type: 'undetermined',
        why: UNDETERMINED,
        passed: isReport || whenUndetermined === 'allow',
        mode,
        merchantId,
        requirement,
        reason,
        retryAfterMs: verdict.retryAfterMs,
      };
    }
    const refused = held === undefined ? undefined : hold(held);
    return { merchant: merchantOf(merchantId, learnt), refused };
  }

  return (merchantId, requirements, manner) => {
    // Of what is no id nothing is known.
    const passed = facts.pass(merchantId as string, requirements);
    if (passed !== undefined) return passed;
    if (!isMerchantId(merchantId)) {
      const reason = `the merchant's id is ${shown(merchantId)}`;
      const { mode } = manner;
      const refused = hold({ type: 'refused', why: UNIDENTIFIED, passed: mode === 'report', mode, reason });
      return admitted({ merchant: undefined, refused });
    }
    const verdicts: Verdict[] = [];
    for (const requirement of requirements) {
      const verdict = facts.known(merchantId, requirement);
      if (verdict === undefined) return learn(merchantId, requirements, manner);
      verdicts.push(verdict);
      if (verdict.is === 'unmet') break;
    }
    return admitted(conclude(merchantId, requirements, verdicts, manner));
  };
}

/** Nothing else here throws: a function that always ends so is never compiled. */
function admitted<M>({ merchant, refused }: Conclusion<M>): M {
  if (refused !== undefined) throw refused;
  return merchant;
}
