import type { Attributes, BatchObservableCallback, Meter } from '@opentelemetry/api';
import type { Counts } from '../../src/index.js';
import { OBSERVED } from './conventions.js';

/** Observes what is counted, whenever metrics are collected. @returns what ends it. */
export function observing(meter: Meter, counts: () => Counts, common: Attributes): () => void {
  const { passed, merchants } = OBSERVED;
  const passes = meter.createObservableCounter(passed.name, passed);
  const remembered = meter.createObservableGauge(merchants.name, merchants);
  const observed = [passes, remembered];
  const observe: BatchObservableCallback = (result) => {
    const counted = counts();
    result.observe(passes, counted.passed, common);
    result.observe(remembered, counted.merchants, common);
  };
  meter.addBatchObservableCallback(observe, observed);
  return () => {
    meter.removeBatchObservableCallback(observe, observed);
  };
}
