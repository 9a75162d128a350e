import { shown, wrong } from '../judge.js';
import { overlaid } from '../messages/texts.js';
import type { Settings } from '../settings.js';
import { peek } from '../translation/plain.js';
import { HIDDEN } from '../translation/rules.js';
import type { Admitted } from './lookup.js';
import { feeConfigured, kycApproved, type Requirement } from './requirement.js';

/** What payments need. */
const STANDARD: readonly Requirement[] = [kycApproved, feeConfigured];

/** Judges requirements where they are first named, and completes the platform's own; an equal list is the same. */
export type Admission = (requirements: readonly Requirement[] | undefined) => readonly Admitted[];

/**
 * @returns a function that throws a TypeError if a requirement is none, could not be looked up, has no
 * whole texts, or has the name of another.
 */
export function createAdmission(settings: Settings<never>): Admission {
  const { approvedStatuses } = settings;
  const admitted = new Map<string, Admitted>();
  /** By the names in it, so that the same list is the same object wherever it is given. */
  const lists = new Map<string, readonly Admitted[]>();

  function admit(requirement: Requirement): Admitted {
    const { name } = requirement;
    const known = admitted.get(name);
    if (known === undefined) {
      const ownRow = ownRowOf(requirement, settings);
      const judge: Admitted['judge'] = (answer) => requirement.judge(answer, { approvedStatuses, ownRow });
      const one = { name, requirement, ownRow, judge };
      requireSource(requirement, settings);
      admitted.set(name, one);
      return one;
    }
    if (identityOf(known.requirement) === identityOf(requirement)) return known;
    throw new TypeError(
      `lakiconnect: two requirements are named ${shown(name)}. Make each once, outside of any request, and give it a name of its own.`,
    );
  }

  return (requirements = STANDARD) => {
    if (!Array.isArray(requirements) || requirements.length === 0 || !requirements.every(isRequirement)) {
      throw new TypeError(
        `lakiconnect: requirements are ${shown(requirements)}, expected an array such as [kycApproved, feeConfigured]. Options come after it.`,
      );
    }
    const list = requirements.map(admit);
    const names = JSON.stringify(list.map(({ name }) => name));
    const known = lists.get(names);
    if (known === undefined) lists.set(names, list);
    return known ?? list;
  };
}

function isRequirement(value: unknown): value is Requirement {
  return typeof peek(value, 'name') === 'string' && typeof peek(value, 'look') === 'function';
}

/** A built-in one is the same in every copy of this package. */
function identityOf(requirement: Requirement): unknown {
  return requirement.asks ?? requirement;
}

function requireSource({ asks }: Requirement, { apiKey, lookups }: Settings<never>): void {
  if (asks === undefined || lookups[asks] !== undefined || apiKey !== undefined) return;
  throw new TypeError(
    `lakiconnect: option \`apiKey\` is undefined, but a guard has to ask LakiConnect. Set it, or the option \`lookups.${asks}\`.`,
  );
}

function ownRowOf({ name, own }: Requirement, { texts, language }: Settings<never>): Admitted['ownRow'] {
  if (own === undefined) return undefined;
  for (const [tag, byCode] of Object.entries(own.messages)) {
    const words = byCode[HIDDEN.code];
    if (words !== undefined) {
      const expected = 'no such text: all that is hidden reads the same, as the option `messages` says';
      wrong(`${name}.messages.${tag}.${HIDDEN.code}`, words, expected);
    }
  }
  const messages = Object.fromEntries(Object.entries(own.messages).filter(([tag]) => texts.has(tag)));
  return {
    rule: own.rule,
    messages,
    texts: overlaid(texts, messages, [own.rule], `${name}.messages`),
    language, // the same are offered
  };
}
