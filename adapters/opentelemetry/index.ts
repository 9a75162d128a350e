import { metrics } from '@opentelemetry/api';
import type { LakiConnect } from '../../src/index.js';
import { judged } from '../../src/judge.js';
import { measuring } from './measuring.js';
import { observing } from './observing.js';
import { instrumentOptions, type InstrumentOptions } from './options.js';
import { ontoSpan } from './spans.js';

export type { InstrumentOptions } from './options.js';

/** What is listened to: a core, or what `lakiconnect` of an adapter made. */
export type Instrumented = Pick<LakiConnect, 'subscribe' | 'counts'>;

/** The scope of all that is measured. */
const METER = 'lakiconnect-middleware';

/**
 * Puts what the library tells onto the active span of each request, and into metrics. Call it once for a core, after
 * the SDK has started: the API hands no instruments on to an SDK that starts later. Nothing that it does reaches a
 * request. docs/opentelemetry.md lists every attribute and metric.
 *
 * @returns what ends it: no listener and no callback is left.
 * @throws TypeError naming the path of a wrong option, or if `laki` is nothing to listen to.
 */
export function instrument(laki: Instrumented, options: InstrumentOptions = {}): () => void {
  const {
    meterProvider = metrics.getMeterProvider(),
    attributes = {},
    merchantId = false,
  } = judged(instrumentOptions, options);
  if (typeof (laki as Partial<Instrumented> | undefined)?.subscribe !== 'function')
    throw new TypeError(NOTHING);

  const meter = meterProvider.getMeter(METER);
  const common = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
  const measure = measuring(meter, common);
  const unobserve = observing(meter, laki.counts, common);
  // Two, so that what throws in one does not keep the event from the other.
  const unsubscribe = [laki.subscribe(ontoSpan(merchantId)), laki.subscribe(measure)];
  return () => {
    for (const end of unsubscribe) end();
    unobserve();
  };
}

const NOTHING =
  'lakiconnect: instrument needs what createLakiConnect or lakiconnect has made, such as instrument(lakiconnect({ … })).';
