import { SANE_REQUEST_ID } from './codes.js';
import type { Outcome } from './error.js';
import type { OwnRow } from './own-row.js';
import type { Problem } from './problem.js';
import type { Reading, Reply } from './reply.js';
import type { Rule } from './rules.js';

/** Stands where a request id will: a private character, which no text has and every form writes as it is. */
const ID = '\u{10FFFD}';

/** What the words of a reply depend on, beside its reading. */
interface Said {
  /** The row that has the texts, or takes those of the settings. */
  readonly row: OwnRow | Rule;
  readonly status: number;
  readonly outcome: Outcome;
  readonly retryable: boolean;
  readonly requestId: string | undefined;
}

/** Gives a reply that says nothing but what was said before, and its own request id; `make` writes the first. */
export type Sheets = (said: Said, reading: Reading, make: (requestId: string | undefined) => Reply) => Reply;

/** A reply that was made once, its body cut where the request id goes. */
interface Sheet {
  readonly reply: Reply;
  readonly parts: readonly string[];
}

export function createSheets(): Sheets {
  const kept = new WeakMap<OwnRow | Rule, Map<string, Map<string, Map<number, Sheet>>>>();

  return (said, reading, make) => {
    const { requestId } = said;
    if (requestId !== undefined && !isSane(requestId)) return make(requestId);
    const byLocale = within(kept, said.row);
    const byVariant = within(within(byLocale, reading.locale), reading.media);
    const variant = variantOf(said, reading);
    let sheet = byVariant.get(variant);
    if (sheet === undefined) {
      const reply = make(requestId === undefined ? undefined : ID);
      sheet = { reply, parts: reply.body.split(ID) };
      byVariant.set(variant, sheet);
    }
    return filled(sheet, requestId);
  };
}

/** An error that was tampered with may have any. */
function isSane(id: unknown): boolean {
  return typeof id === 'string' && SANE_REQUEST_ID.test(id);
}

/** All of them in one number, which is looked up at once. */
function variantOf({ status, outcome, retryable, requestId }: Said, { audience }: Reading): number {
  const choices =
    (audience === 'merchant' ? 1 : 0) +
    (outcome === 'unknown' ? 2 : 0) +
    (retryable ? 4 : 0) +
    (requestId === undefined ? 0 : 8);
  return status * 16 + choices;
}

/** A copy: whoever gets it may write on it. */
function filled({ reply: { status, headers, problem }, parts }: Sheet, requestId: string | undefined): Reply {
  const own: Problem = requestId === undefined ? { ...problem } : { ...problem, request_id: requestId };
  return { status, headers: { ...headers }, body: parts.join(requestId), problem: own };
}

interface MapLike<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function within<K, L, V>(map: MapLike<K, Map<L, V>>, key: K): Map<L, V> {
  const found = map.get(key) ?? new Map<L, V>();
  if (found.size === 0) map.set(key, found);
  return found;
}
