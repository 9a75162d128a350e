import { covers, quoted, type Matcher, type Pattern } from './pattern.js';
import { REASONS } from './route.js';

/** A guard that stands before what comes later in the same router. */
export interface Cover {
  readonly layer: Matcher;
  /** None where the framework does not keep its path. */
  readonly patterns: readonly Pattern[];
  readonly methods: readonly string[];
}

/** Something that guards before it may protect. */
export interface Asked {
  readonly layer: Matcher;
  /** `undefined` where the framework does not keep its path. */
  readonly pattern: Pattern | undefined;
  readonly methods: readonly string[];
}

/** Why none of some guards before it surely protects something, if none does; `otherwise` if there are none. */
export function reasonBefore<None>(
  guards: readonly Cover[],
  asked: Asked,
  otherwise: None,
): string | undefined | None {
  const onPath = guards.filter((guard) => isOver(guard, asked));
  if (onPath.some(({ methods }) => asked.methods.every((method) => methods.includes(method))))
    return undefined;
  if (onPath.length > 0) return REASONS.methods;
  return guards.length > 0 ? REASONS.paths(guards.map(shownPaths)) : otherwise;
}

function isOver({ layer, patterns }: Cover, asked: Asked): boolean {
  // Express gives a mount up if the first of its paths that matches does not begin the request's.
  if (patterns.length > 1 && patterns.some(({ text }) => typeof text !== 'string')) return false;
  return patterns.some((pattern) => covers(pattern, asked.pattern, layer, asked.layer));
}

function shownPaths({ patterns }: Cover): string {
  return patterns.length === 0 ? 'a path that is not kept' : patterns.map(quoted).join(' and ');
}
