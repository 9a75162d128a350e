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

/** Of one renderer, as its replies differ in nothing else. */
export function createSheets(): Sheets {
  const kept = new WeakMap<OwnRow | Rule, Map<string, Map<number, Sheet>>>();

  return (said, reading, make) => {
    const { row, requestId } = said;
    if (requestId !== undefined && !isSane(requestId)) return make(requestId);
    const variants = under(under(kept, row), reading.locale);
    const variant = variantOf(said, reading);
    let sheet = variants.get(variant);
    if (sheet === undefined) {
      const reply = make(requestId === undefined ? undefined : ID);
      sheet = { reply, parts: reply.body.split(ID).map(narrowed) };
      variants.set(variant, sheet);
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

/** Two bytes a character, as what was cut from a text with {@link ID} in it has, would be written far more slowly. */
function narrowed(text: string): string {
  return Buffer.from(text).toString();
}

/** A copy: whoever gets it may write on it. */
function filled({ reply: { status, headers, problem }, parts }: Sheet, requestId: string | undefined): Reply {
  const own: Problem = requestId === undefined ? { ...problem } : { ...problem, request_id: requestId };
  const body = parts.reduce((before, after) => before + String(requestId) + after);
  return { status, headers: { ...headers }, body, problem: own };
}

interface MapLike<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The map that is kept there; a new one where there is none. */
function under<K, L, V>(map: MapLike<K, Map<L, V>>, key: K): Map<L, V> {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = new Map<L, V>()));
  return found;
}
