import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { LakiConnectEvent } from '../../src/index.js';
import { attributesOf } from './attributes.js';
import { HELD, MERCHANT, SPANS } from './conventions.js';

/** Tells the span of the request in which an event is told. */
export function ontoSpan(withMerchant: boolean): (event: LakiConnectEvent) => void {
  return (event) => {
    const attributed = SPANS[event.type];
    if (attributed === undefined) return;
    const span = trace.getActiveSpan();
    if (span?.isRecording() !== true) return;
    span.setAttributes({
      ...attributesOf(event, attributed),
      ...('passed' in event && !event.passed && attributesOf(event, HELD)),
      ...(withMerchant && attributesOf(event, MERCHANT)),
    });
    if (isServerError(event)) span.setStatus({ code: SpanStatusCode.ERROR });
  };
}

/**
 * A server's span has failed at 5xx only, and not where the caller or the merchant is at fault.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
 */
function isServerError(event: LakiConnectEvent): boolean {
  if (event.type !== 'translated') return false;
  const { status, fault } = event;
  return status >= 500 && (fault === 'platform' || fault === 'provider');
}
