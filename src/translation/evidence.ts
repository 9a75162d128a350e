import type { Finding, Occasion } from './finding.js';
import type { Evidence } from './grounds.js';
import { peek } from './plain.js';

/**
 * What proves that a failure is LakiConnect's, if anything does. A known URL decides alone, for and against;
 * without one, inside `call` everything counts but the platform's own http-errors, elsewhere only what no other
 * API says.
 */
export function evidenceOf(
  finding: Finding,
  { within }: Occasion,
  origins: ReadonlySet<string>,
): Evidence | undefined {
  const { url } = finding.seen;
  if (url !== undefined) return isOurUrl(url, origins) ? 'url' : undefined;
  return proofIn(finding) ?? (within && !isOwnHttpError(finding) ? 'call' : undefined);
}

/** Whether nothing is known that speaks against it: then its body is worth waiting for. */
export function mayBeOurs(url: string | undefined, origins: ReadonlySet<string>): boolean {
  return url === undefined || isOurUrl(url, origins);
}

export function isOurUrl(url: string | undefined, origins: ReadonlySet<string>): boolean {
  return url !== undefined && URL.canParse(url) && origins.has(new URL(url).origin);
}

/** Whether the body or the error's name alone proves it: see the envelopes and the SDKs in docs/clients.md. */
function proofIn({ thrown, envelope, known }: Finding): Evidence | undefined {
  if (envelope.shape === 'documented' && (known !== undefined || envelope.requestId !== undefined))
    return 'envelope';
  if (envelope.shape === 'core' && envelope.code !== undefined) return 'envelope';
  return peek(thrown, 'name') === 'LakipayError' ? 'name' : undefined;
}

function isOwnHttpError({ thrown }: Finding): boolean {
  return typeof peek(thrown, 'expose') === 'boolean' && peek(thrown, 'response') === undefined;
}
