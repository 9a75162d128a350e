import { context, SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
  type Histogram,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Harness } from '../adapters/contract/harness.js';

/** One series of a metric, as it was exported. */
export interface Exported {
  readonly name: string;
  readonly unit: string;
  readonly attributes: Attributes;
  readonly value: number | Histogram;
}

/** The real SDK, that exports into memory. Spans are found by the async context. */
export function startSdk() {
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  const spans = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const tracer = tracers.getTracer('test');

  return {
    meterProvider,
    tracer,
    spans: () =>
      spans
        .getFinishedSpans()
        .map(({ name, attributes, status }) => ({ name, attributes, status: SpanStatusCode[status.code] })),

    /** Every series, as it is now. */
    async exported(): Promise<Exported[]> {
      metrics.reset();
      await reader.forceFlush();
      return metrics
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap((scope) => scope.metrics)
        .flatMap(({ descriptor: { name, unit }, dataPoints }) =>
          (dataPoints as DataPoint<number | Histogram>[]).map(({ attributes, value }) => ({
            name,
            unit,
            attributes,
            value,
          })),
        );
    },

    /** All that has left the process, as a whole. */
    everything: () => [
      ...spans.getFinishedSpans().map((span) => ({ ...span, spanContext: span.spanContext() })),
      ...metrics.getMetrics(),
    ],

    reset: () => {
      spans.reset();
      metrics.reset();
    },

    async stop(): Promise<void> {
      await Promise.all([tracers.shutdown(), meterProvider.shutdown()]);
      context.disable();
    },
  };
}

export type Sdk = ReturnType<typeof startSdk>;

/** A framework under the instrumentation of `node:http`: each request has a span, named by its URL. */
export function traced(harness: Harness, { tracer }: Sdk): Harness {
  return {
    ...harness,
    mount(setup) {
      const listener = harness.mount(setup);
      return (request, response) => {
        const span = tracer.startSpan(String(request.url), { kind: SpanKind.SERVER });
        response.once('finish', () => {
          span.end();
        });
        return context.with(trace.setSpan(context.active(), span), () => listener(request, response));
      };
    },
  };
}
