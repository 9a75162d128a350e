import { createHmac, timingSafeEqual } from 'node:crypto';
import { types } from 'node:util';

/** Nothing but this: `Buffer.from(text, 'hex')` would stop at the first bad character and pass the rest. */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/**
 * Whether a webhook is LakiConnect's: `X-LakiConnect-Signature` is `sha256=` and the HMAC-SHA256 of the raw
 * body, in hex, with one of the secrets. All are compared, in constant time. A header that came twice is
 * refused.
 * Source: https://lakipay.co/docs/lakiconnects/webhooks
 *
 * @throws TypeError if a secret is missing or empty, or the body is not raw: then nothing can be verified.
 */
export function verifySignature(
  rawBody: Uint8Array | string,
  header: string | readonly string[] | undefined,
  secret: string | readonly string[],
): boolean {
  const secrets = typeof secret === 'string' ? [secret] : secret;
  if (!Array.isArray(secrets) || secrets.length === 0 || !secrets.every(isSecret)) {
    throw new TypeError('lakiconnect: the webhook secret is missing or empty: anybody could sign with it.');
  }
  if (!isRaw(rawBody)) {
    throw new TypeError('lakiconnect: a signature is that of the raw body, a Buffer or a string.');
  }
  const sent: readonly unknown[] = Array.isArray(header) ? header : [header];
  const [only] = sent;
  const hex = sent.length === 1 && typeof only === 'string' ? SIGNATURE.exec(only)?.[1] : undefined;
  if (hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  const matches = secrets.map((key) =>
    timingSafeEqual(createHmac('sha256', key).update(rawBody).digest(), given),
  );
  return matches.includes(true);
}

/** Whether a body is as it came: of a parsed one nothing can be verified. */
export function isRaw(body: unknown): body is Uint8Array | string {
  return typeof body === 'string' || types.isUint8Array(body);
}

function isSecret(secret: unknown): secret is string {
  return typeof secret === 'string' && secret !== '';
}
