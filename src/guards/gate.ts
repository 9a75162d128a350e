import { isMerchantId } from '../provider/merchant-id.js';
import type { LakiConnectError } from '../translation/error.js';
import type { Reason } from '../translation/refusal.js';
import type { Facts } from './facts.js';
import { unidentified, type Held, type Hold, type Manner } from './hold.js';
import type { Admitted } from './lookup.js';
import { merchantOf, type Merchant } from './merchant.js';
import type { Verdict } from './verdict.js';

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

/** A merchant who may pass, or what the request is refused with. */
interface Conclusion<M = Merchant> {
  readonly merchant: M;
  readonly refused: LakiConnectError | undefined;
}

const UNDETERMINED: Reason = { kind: 'UNDETERMINED' };

/** Also tells how often somebody passed because all was met. */
export function createGate(
  facts: Facts<Admitted>,
  hold: Hold,
): { readonly gate: Gate; readonly passed: () => number } {
  let passes = 0;

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
      if (verdict.is === 'unmet') {
        const why = verdict.refusal;
        held = {
          type: 'refused',
          why,
          passed: isReport,
          mode,
          merchantId,
          requirement,
          reason: verdict.reason,
        };
        break;
      }
      held ??= {
        type: 'undetermined',
        why: UNDETERMINED,
        passed: isReport || whenUndetermined === 'allow',
        mode,
        merchantId,
        requirement,
        reason: verdict.reason,
        retryAfterMs: verdict.retryAfterMs,
      };
    }
    if (held === undefined) passes++;
    const refused = held === undefined ? undefined : hold(held);
    return { merchant: merchantOf(merchantId, learnt), refused };
  }

  const gate: Gate = (merchantId, requirements, manner) => {
    // Of what is no id nothing is known.
    const merchant = facts.pass(merchantId as string, requirements);
    if (merchant !== undefined) {
      passes++;
      return merchant;
    }
    if (!isMerchantId(merchantId)) {
      return admitted({ merchant: undefined, refused: hold(unidentified(merchantId, manner.mode)) });
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

  return { gate, passed: () => passes };
}

/** Nothing else here throws: a function that always ends so is never compiled. */
function admitted<M>({ merchant, refused }: Conclusion<M>): M {
  if (refused !== undefined) throw refused;
  return merchant;
}
