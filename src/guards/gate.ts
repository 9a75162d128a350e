import { inspect } from 'node:util';
import type { Tell } from '../events.js';
import type { GuardOptions } from '../options.js';
import type { Settings } from '../settings.js';
import { refusal, ruleOf, type Reason } from '../translation/refusal.js';
import type { Facts } from './facts.js';
import type { Admitted } from './lookup.js';
import { isMerchantId } from '../provider/merchant-id.js';
import type { Verdict } from './verdict.js';

/** What becomes of a request whose verdict is not "yes". */
export interface Manner {
  readonly whenUndetermined: NonNullable<GuardOptions['whenUndetermined']>;
  readonly mode: NonNullable<GuardOptions['mode']>;
}

/** The facts of the requirements that are met, by name. */
export type Learnt = Readonly<Record<string, unknown>>;

/**
 * Lets a merchant pass, or throws or rejects with a LakiConnectError; synchronous where all is known.
 * In mode `'report'` everybody passes, and nothing is learnt of what is no merchant's id.
 */
export type Gate = (
  merchantId: unknown,
  requirements: readonly Admitted[],
  manner: Manner,
) => Learnt | Promise<Learnt>;

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

export function createGate(facts: Facts<Admitted>, settings: Settings<never>, tell: Tell): Gate {
  function hold({ type, why, retryAfterMs, ...told }: Held): void {
    const error = refusal(why, { merchantId: told.merchantId, retryAfterMs }, settings);
    tell({ type, level: ruleOf(why, settings).level, kind: error.kind, status: error.status, ...told });
    if (!told.passed) throw error;
  }

  async function learn(
    merchantId: string,
    requirements: readonly Admitted[],
    known: readonly (Verdict | undefined)[],
    manner: Manner,
  ): Promise<Learnt> {
    const looks = requirements.map((requirement, at) => known[at] ?? facts.learn(merchantId, requirement));
    const verdicts: Verdict[] = [];
    for (const look of looks) {
      const verdict = await look;
      verdicts.push(verdict);
      if (verdict.is === 'unmet') break; // no later one can change the answer
    }
    return conclude(merchantId, requirements, verdicts, manner);
  }

  /** The first unmet in the listed order answers; what is undetermined, only if none is unmet. */
  function conclude(
    merchantId: string,
    requirements: readonly Admitted[],
    verdicts: readonly Verdict[],
    { mode, whenUndetermined }: Manner,
  ): Learnt {
    const found = verdicts.map((verdict, at) => ({ verdict, name: (requirements[at] as Admitted).name }));
    const decisive =
      found.find(({ verdict }) => verdict.is === 'unmet') ??
      found.find(({ verdict }) => verdict.is === 'undetermined');
    if (decisive !== undefined) {
      const { verdict, name: requirement } = decisive;
      const about = { mode, merchantId, requirement };
      const isReport = mode === 'report';
      if (verdict.is === 'unmet') {
        hold({ type: 'refused', why: verdict.refusal, passed: isReport, reason: verdict.reason, ...about });
      } else if (verdict.is === 'undetermined') {
        const { reason, retryAfterMs } = verdict;
        const passed = isReport || whenUndetermined === 'allow';
        hold({ type: 'undetermined', why: { kind: 'UNDETERMINED' }, passed, reason, retryAfterMs, ...about });
      }
    }
    return Object.fromEntries(
      found.flatMap(({ verdict, name }) => (verdict.is === 'met' ? [[name, verdict.facts]] : [])),
    );
  }

  return (merchantId, requirements, manner) => {
    if (!isMerchantId(merchantId)) {
      const reason = `the merchant's id is ${inspect(merchantId, { depth: 0, maxStringLength: 60 })}`;
      const passed = manner.mode === 'report';
      hold({ type: 'refused', why: { kind: 'MERCHANT_UNIDENTIFIED' }, passed, mode: manner.mode, reason });
      return {};
    }
    const known = requirements.map((requirement) => facts.known(merchantId, requirement));
    return known.every((verdict) => verdict !== undefined)
      ? conclude(merchantId, requirements, known, manner)
      : learn(merchantId, requirements, known, manner);
  };
}
