import { peek } from './plain.js';

/** How deep causes are followed below the outermost error. */
const MAX_DEPTH = 5;

/** How many links of a chain are looked at in all. */
export const MAX_LINKS = 64;

/** The members of an error's `errors`, as an AggregateError has them; none if it has no such list. */
export function membersOf(error: unknown): readonly unknown[] {
  const errors = peek(error, 'errors');
  const length = isList(errors) ? Math.min(errors.length, MAX_LINKS + 1) : 0;
  return Array.from({ length }, (_, at) => peek(errors, String(at)));
}

function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value) && Number.isSafeInteger(value.length);
  } catch {
    return false; // a revoked Proxy
  }
}

/** An error and everything it wraps by `cause` and `errors`: five levels below it, 64 links in all, no link twice. */
export function* chainOf(error: unknown): Generator {
  const seen = new Set<unknown>([error]);
  let level: readonly unknown[] = [error];
  yield error;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const link of level.flatMap((outer) => [peek(outer, 'cause'), ...membersOf(outer)])) {
      if (typeof link !== 'object' || link === null) continue;
      if (seen.has(link) || seen.size === MAX_LINKS) continue;
      seen.add(link);
      next.push(link);
      yield link;
    }
    level = next;
  }
}
