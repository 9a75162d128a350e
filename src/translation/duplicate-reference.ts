import type { Detail } from './error.js';

/** Names of a payment's own reference, by the last part of a path. */
const REFERENCE_FIELD =
  /^(?:(?:[a-z]+_)?(?:reference|ref|tx_?ref)(?:[_-]?(?:id|no|number))?|(?:transaction|payment|merchant|order)reference(?:id)?)$/i;

/** A reference, in prose or in the name of a key of a database. */
const MENTIONS_REFERENCE = /(?<![a-z])(?:reference|tx[ _-]?ref)/i;

/** That something was used before. */
const WAS_USED = [
  /already|previously|used before|re-?used|duplicate|not unique|unique constraint/i,
  /(?<![a-z])(?:has been|have been|was|is) (?:used|taken|in use|paid)/i,
  /(?<![a-z])(?:exists|existing|in use|taken)(?![a-z])/i,
  /(?:must|should|has to|needs to) be (?:an? )?(?:unique|new)(?![a-z])/i,
];

/** That it was not: of a payment that was not found, none was made. */
const WAS_NOT_USED =
  /(?:does|do|did) ?n[o']t (?:already )?exist|not (?:yet )?(?:exist|used|found|taken)|no (?:such|existing)|non-?existent|never used|unknown|must (?:already )?exist/i;

/**
 * Whether a refusal says that a payment's `reference` was used before: of the field itself, or, where no field is
 * named, in a text that speaks of a reference. Which words LakiPay uses is not documented; a neighbour says
 * "Transaction reference has been used before".
 */
export function saysDuplicateReference(details: readonly Detail[], texts: readonly string[]): boolean {
  return details.length > 0
    ? details.some(({ field, issue }) => REFERENCE_FIELD.test(lastPartOf(field)) && saysUsed(issue))
    : texts.some((text) => MENTIONS_REFERENCE.test(text) && saysUsed(text));
}

function lastPartOf(field: string): string {
  return field.slice(Math.max(field.lastIndexOf('.'), field.lastIndexOf('/')) + 1);
}

function saysUsed(text: string): boolean {
  return WAS_USED.some((words) => words.test(text)) && !WAS_NOT_USED.test(text);
}
