import type { Finding, Occasion } from './finding.js';
import { peek } from './plain.js';

/**
 * Whether a failure is LakiConnect's. A known URL decides alone, for and against; without one, inside
 * `call` everything counts but the platform's own http-errors, elsewhere only what no other API says.
 */
export function isOurs(finding: Finding, { within }: Occasion, origins: ReadonlySet<string>): boolean {
  const { url } = finding.seen;
  if (url !== undefined) return isOurUrl(url, origins);
  return isEvident(finding) || (within && !isOwnHttpError(finding));
}

/** Whether nothing is known that speaks against it: then its body is worth waiting for. */
export function mayBeOurs(url: string | undefined, origins: ReadonlySet<string>): boolean {
  return url === undefined || isOurUrl(url, origins);
}

export function isOurUrl(url: string | undefined, origins: ReadonlySet<string>): boolean {
  return url !== undefined && URL.canParse(url) && origins.has(new URL(url).origin);
}

/** Whether the body or the error's name alone proves it: see the envelopes and the SDKs in docs/clients.md. */
function isEvident({ thrown, envelope, known }: Finding): boolean {
  if (envelope.shape === 'documented' && (known !== undefined || envelope.requestId !== undefined))
    return true;
  if (envelope.shape === 'core' && envelope.code !== undefined) return true;
  return peek(thrown, 'name') === 'LakipayError';
}

function isOwnHttpError({ thrown }: Finding): boolean {
  return typeof peek(thrown, 'expose') === 'boolean' && peek(thrown, 'response') === undefined;
}
