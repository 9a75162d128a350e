import { CACHE } from './stage.mjs';

const LIVES = { met: CACHE.metMs, unmet: CACHE.unmetMs };

/**
 * What the guard knows of each requirement, as its own events tell: `says`, how old that is, in seconds, and
 * whether it is still believed.
 */
export function factsOf({ acts, now }) {
  const known = new Map();
  for (const { events, at } of acts) {
    for (const { type, requirement, verdict } of events) {
      if (type === 'invalidated') known.clear();
      if (type === 'lookup' && verdict !== 'undetermined') known.set(requirement, { verdict, at });
    }
  }
  return ['kycApproved', 'feeConfigured'].map((requirement) => ({
    requirement,
    ...told(known.get(requirement), now),
  }));
}

export function lookupsIn({ acts }) {
  return acts.flatMap(({ events }) => events).filter(({ type }) => type === 'lookup').length;
}

function told(fact, now) {
  if (fact === undefined) return { says: 'not known', life: 'unknown' };
  const ageMs = now - fact.at;
  const beyondMs = ageMs - LIVES[fact.verdict];
  const stale = fact.verdict === 'met' && beyondMs < CACHE.staleIfErrorMs ? 'stale' : 'expired';
  return {
    says: fact.verdict === 'met' ? 'yes' : 'no',
    seconds: Math.floor(ageMs / 1000),
    life: beyondMs < 0 ? 'fresh' : stale,
  };
}
