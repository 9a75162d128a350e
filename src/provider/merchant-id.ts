const MAX_ID = 256;

/** As it may stand in a header, where spaces at the ends would be lost. */
const SENDABLE = /^[!-~](?:[ -~]*[!-~])?$/;

/** Segments that stand beside `:id` in the provider's paths, and what a URL resolves away. */
const RESERVED = new Set(['.', '..', 'fee-config', 'wallet', 'webhook-settings', 'kyc-documents']);

/**
 * Whether a value can be a merchant's id: it can stand in the merchant header, and as a segment in a path
 * it means nothing else. The form of an id is not documented.
 */
export function isMerchantId(id: unknown): id is string {
  return (
    typeof id === 'string' && id.length <= MAX_ID && SENDABLE.test(id) && !RESERVED.has(id.toLowerCase())
  );
}
