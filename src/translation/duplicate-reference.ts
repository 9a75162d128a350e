import type { UpstreamRefusal } from '../options.js';

/** Names under which a payment's own reference is refused. */
const REFERENCE_FIELD = /^(?:[\w[\]-]+\.)*(?:reference|tx_?ref|transaction_?reference|reference_?id)$/i;

/** A reference, in prose. */
const MENTIONS_REFERENCE = /\b(?:reference|tx[ _-]?ref|referenceId|reference_id)\b/i;

/** That something was used before. */
const WAS_USED =
  /\b(?:already|previously|has been used|have been used|been used before|(?:is|was) (?:used|taken)|used before|in use|taken|exists?|existing|duplicated?|duplicates|not unique|(?:must|should|has to|needs to) be (?:unique|a new one))\b/i;

/** That it was not: of a payment that was not found, none was made. */
const WAS_NOT_USED =
  /\b(?:(?:does|do|did) ?n[o']t (?:already )?exist|not (?:yet )?(?:exist|used|found|taken)|no (?:such|existing)|non-?existent|never used|unknown|must (?:already )?exist)\b/i;

/**
 * Whether a refusal says that a payment's `reference` was used before: of the field itself, or, where no field is
 * named, of a text that speaks of a reference. Which words LakiPay uses is not documented; a neighbour says
 * "Transaction reference has been used before".
 */
export function saysDuplicateReference({ message, details }: UpstreamRefusal): boolean {
  if (details.length > 0) {
    return details.some(({ field, issue }) => REFERENCE_FIELD.test(field) && saysUsed(issue));
  }
  return message !== undefined && MENTIONS_REFERENCE.test(message) && saysUsed(message);
}

function saysUsed(text: string): boolean {
  return WAS_USED.test(text) && !WAS_NOT_USED.test(text);
}
