import { inspect } from 'node:util';
import type { Tell } from '../events.js';
import type { Settings } from '../settings.js';
import { originalError, type LakiConnectError } from '../translation/error.js';
import { peek } from '../translation/plain.js';

/** Tells operators of what the documents do not know. */
export function tellUnmapped(error: LakiConnectError, { codes }: Settings<never>, tell: Tell): void {
  if (error.kind !== 'UNRECOGNISED' && (error.code === undefined || codes.has(error.code))) return;
  tell({
    type: 'unmapped',
    level: error.kind === 'UNRECOGNISED' ? 'error' : 'warn',
    kind: error.kind,
    code: error.code,
    requestId: error.requestId,
    merchantId: error.merchantId,
    outcome: error.outcome,
    upstreamStatus: error.upstream.status,
    upstreamMessage: error.upstream.message,
    reason: error.upstream.status === undefined ? described(originalError(error)) : undefined,
  });
}

/** What a program threw where no answer came, so that its mistake is found. */
function described(thrown: unknown): string {
  const name = peek(thrown, 'name');
  const message = peek(thrown, 'message');
  if (typeof name === 'string' && typeof message === 'string') return `${name}: ${message}`;
  try {
    return `${typeof thrown} ${inspect(thrown, { depth: 0, customInspect: false })}`;
  } catch {
    return typeof thrown; // an error whose name cannot be printed
  }
}
