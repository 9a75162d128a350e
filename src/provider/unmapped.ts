import type { Tell } from '../events.js';
import type { Settings } from '../settings.js';
import { originalError, type LakiConnectError } from '../translation/error.js';
import { describeThrown } from '../translation/throwables.js';

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
    // What a program threw where no answer came, so that its mistake is found.
    reason: error.upstream.status === undefined ? describeThrown(originalError(error)) : undefined,
  });
}
