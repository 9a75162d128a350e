import type { Attributes, Meter } from '@opentelemetry/api';
import type { LakiConnectEvent } from '../../src/index.js';
import { attributesOf, valueIn } from './attributes.js';
import { METRICS, type Metric } from './conventions.js';

type Measure = (event: LakiConnectEvent) => void;

/** Measures every event. `common` are attributes of each measurement. */
export function measuring(meter: Meter, common: Attributes): Measure {
  const measures = Object.fromEntries(
    Object.entries(METRICS).map(([type, metric]) => [type, measureBy(metric, meter, common)]),
  ) as Partial<Record<LakiConnectEvent['type'], Measure>>;
  return (event) => {
    measures[event.type]?.(event);
  };
}

function measureBy(
  { name, unit, description, attributes, adds, measures, bounds }: Metric,
  meter: Meter,
  common: Attributes,
): Measure {
  const attributesFor = (event: LakiConnectEvent): Attributes => ({
    ...common,
    ...attributesOf(event, attributes),
  });
  if (measures !== undefined) {
    const advice = { explicitBucketBoundaries: bounds as number[] };
    const histogram = meter.createHistogram(name, { unit, description, advice });
    return (event) => {
      // Milliseconds; a clock that was set back makes them negative, which no histogram takes.
      histogram.record(Math.max(valueIn(event, measures) as number, 0) / 1000, attributesFor(event));
    };
  }
  const counter = meter.createCounter(name, { unit, description });
  return (event) => {
    counter.add(adds === undefined ? 1 : (valueIn(event, adds) as number), attributesFor(event));
  };
}
