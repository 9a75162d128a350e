import type { WebhookEvent } from '../options.js';
import { webhookEvent } from '../schemas/webhook.js';
import { decode } from '../translation/content-encoding.js';

/** The largest webhook that is taken, as it came and decoded. */
export const MAX_BYTES = 64 * 1024;

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Reads the event from a raw body that is signed as it came, or without its `Content-Encoding`. Nothing is parsed
 * before a signature was found good.
 *
 * @returns the status to answer with, if there is none.
 */
export function readEvent(
  rawBody: Uint8Array | string,
  encoding: string | undefined,
  isSigned: (body: Uint8Array | string) => boolean,
): WebhookEvent | 401 | 413 | 422 {
  if (Buffer.byteLength(rawBody) > MAX_BYTES) return 413;
  const isSignedAsItCame = isSigned(rawBody);
  const event = isSignedAsItCame ? parse(rawBody) : undefined;
  if (event !== undefined) return event;
  const decoded = decodedFrom(rawBody, encoding);
  if (decoded === 413) return 413;
  if (!isSignedAsItCame && (decoded === undefined || !isSigned(decoded))) return 401;
  return (decoded === undefined ? undefined : parse(decoded)) ?? 422;
}

/** A text has been decoded by who kept it, who may have taken away its byte order mark. */
function decodedFrom(
  rawBody: Uint8Array | string,
  encoding: string | undefined,
): Uint8Array | string | 413 | undefined {
  if (typeof rawBody === 'string') return BYTE_ORDER_MARK + rawBody;
  const decoded = encoding === undefined ? undefined : decode(rawBody, encoding, MAX_BYTES);
  return decoded === 'oversized' ? 413 : decoded;
}

function parse(body: Uint8Array | string): WebhookEvent | undefined {
  try {
    // The decoder takes a byte order mark away.
    const parsed: unknown = JSON.parse(new TextDecoder().decode(Buffer.from(body)));
    return webhookEvent.safeParse(parsed).success ? (parsed as WebhookEvent) : undefined;
  } catch {
    return undefined;
  }
}
