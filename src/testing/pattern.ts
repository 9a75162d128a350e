/** Which paths a pattern matches: those of its segments, those and all below them, or only such below. */
type Reach = 'exact' | 'prefix' | 'below';

/** The path of a route, a router or a guard, as far as it can be compared. */
export interface Pattern {
  readonly text: string | RegExp;
  /** What stands between its slashes, a name or `:parameter`; `undefined` for a pattern that is not as plain as that. */
  readonly segments: readonly string[] | undefined;
  readonly reach: Reach;
}

/** Something mounted on a path, which the framework matches itself. */
export interface Matcher {
  readonly match: (path: string) => unknown;
  /** Express 4, and Koa's routers. */
  readonly regexp?: RegExp;
}

/** What a guard at the root matches: not where Express 5 has the root in a list of paths. */
const ROOTS = ['/', '/x', '/x/y'];

/** How a framework writes that anything may follow. */
export type Grammar = readonly (readonly [end: RegExp, reach: Reach])[];

/** That of Express 5, and of the routers of Koa that use the same version of path-to-regexp. */
export const WILDCARDS: Grammar = [
  [/^\/\{\*\w+\}$/, 'prefix'],
  [/\{\/\*\w+\}$/, 'prefix'],
  [/\/\*\w+$|\/\{\*\w+\}$/, 'below'],
];

/** A segment of characters that no framework reads as anything else. */
const PLAIN = /^(?:[\w.~@-]+|:[A-Za-z_]\w*)$/;

/** @param isMount whether all below it is matched, too. */
export function patternOf(text: string | RegExp, isMount: boolean, grammar: Grammar): Pattern {
  const mounted = isMount ? 'prefix' : 'exact';
  if (typeof text !== 'string') return { text, segments: undefined, reach: mounted };
  const [end, reach] = grammar.find(([wildcard]) => wildcard.test(text)) ?? [/$/, mounted];
  const [first, ...segments] = text.replace(end, '').replace(/\/$/, '').split('/');
  const isComparable = first === '' && segments.every((segment) => PLAIN.test(segment));
  return { text, segments: isComparable ? segments : undefined, reach };
}

/**
 * Whether a guard's pattern surely matches whatever another does: it matches everything, or both are written alike, or
 * its segments are the first of the other. What it cannot prove is `false`.
 */
export function covers(
  guard: Pattern,
  asked: Pattern | undefined,
  guardAt: Matcher,
  askedAt: Matcher,
): boolean {
  if (isAtRoot(guard, guardAt)) return true;
  if (asked === undefined) return false; // its path is not kept
  return isPlain(guard) && isPlain(asked)
    ? isAbove(guard, asked) && !isRefuted(asked, guardAt, askedAt)
    : isWrittenAlike(guard, asked, guardAt, askedAt);
}

function isAtRoot({ segments, reach }: Pattern, layer: Matcher): boolean {
  return segments?.length === 0 && reach === 'prefix' && ROOTS.every((path) => layer.match(path));
}

function isWrittenAlike(
  guard: Pattern,
  asked: Pattern,
  { regexp }: Matcher,
  { regexp: other }: Matcher,
): boolean {
  if (guard.text instanceof RegExp || asked.text instanceof RegExp) {
    return guard.reach === asked.reach && isSame(guard.text, asked.text);
  }
  const isWider = guard.reach === 'prefix';
  const isSameReach = isWider || (guard.reach === asked.reach && regexp?.source === other?.source);
  return isSameReach && guard.text === asked.text && regexp?.flags === other?.flags;
}

/** As a sentence names it. */
export function quoted({ text }: Pattern): string {
  return typeof text === 'string' ? `'${text}'` : String(text);
}

/** Whether a path says in so many words which requests it is for. */
export function isSpelledOut(text: string | RegExp): boolean {
  return typeof text === 'string' && !text.includes('*');
}

function isSame(one: string | RegExp, other: string | RegExp): boolean {
  if (typeof one === 'string' || typeof other === 'string') return false;
  // One that remembers where it ended matches every other time.
  return one.source === other.source && one.flags === other.flags && !one.global && !one.sticky;
}

/** A pattern that can be compared segment by segment. */
type Plain = Pattern & { readonly segments: readonly string[] };

function isPlain(pattern: Pattern): pattern is Plain {
  return pattern.segments !== undefined;
}

function isAbove({ segments, reach }: Plain, asked: Plain): boolean {
  const isFirst = segments.every((segment, at) => {
    const other = asked.segments[at];
    return other !== undefined && (segment.startsWith(':') || segment === other);
  });
  if (!isFirst || reach === 'prefix') return isFirst;
  const isLonger = asked.segments.length > segments.length;
  return reach === 'below' ? isLonger || asked.reach === 'below' : !isLonger && asked.reach === 'exact';
}

/** Whether the two differ in case, in a slash at the end, or in whatever else their framework sets apart. */
function isRefuted({ segments, reach }: Plain, guardAt: Matcher, askedAt: Matcher): boolean {
  const path = segments.map((segment) => `/${segment.startsWith(':') ? 'x' : segment}`).join('');
  const paths = [...(reach === 'below' ? [] : [path]), ...(reach === 'exact' ? [] : [`${path}/x/y`])];
  return paths
    .flatMap((one) => [one, `${one}/`])
    .flatMap((one) => [one, one.toUpperCase()])
    .some((one) => Boolean(askedAt.match(one)) && !guardAt.match(one));
}
