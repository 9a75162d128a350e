import type { Counts, LakiConnectEvent } from '../../src/index.js';

type Type = LakiConnectEvent['type'];

/** Attributes, and the property of an event that each is taken from. */
export type Attributed = Readonly<Record<string, string>>;

/** An event as a metric. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly attributes: Attributed;
  /** How many it stands for, where that is not one. */
  readonly adds?: string;
  /** A duration in milliseconds, of which a histogram in seconds is kept. */
  readonly measures?: string;
  /** Upper bounds of that histogram, in seconds. */
  readonly bounds?: readonly number[];
}

/** Held back by a guard, or it would have been: one instrument, as their sum is of interest. */
const HOLDS = {
  name: 'lakiconnect.guard.holds',
  unit: '{request}',
  description: 'Requests that a guard or check held back, or would have',
  attributes: {
    'lakiconnect.guard.verdict': 'type',
    'lakiconnect.guard.requirement': 'requirement',
    'lakiconnect.guard.mode': 'mode',
    'lakiconnect.guard.passed': 'passed',
    'error.type': 'kind',
  },
} as const;

/**
 * What is measured of each type of event, but for what is told once at the start. Nothing that a request or the provider names is among the attributes: all
 * have few values, but for the names and codes of the platform's own requirements, which are as many as it defines.
 */
export const METRICS = {
  translated: {
    name: 'lakiconnect.translations',
    unit: '{reply}',
    description: "Replies to LakiConnect's errors",
    attributes: {
      'error.type': 'kind',
      'lakiconnect.fault': 'fault',
      'lakiconnect.outcome': 'outcome',
      'lakiconnect.audience': 'audience',
      'http.response.status_code': 'status',
    },
  },
  unmapped: {
    name: 'lakiconnect.unmapped',
    unit: '{failure}',
    description: "Failures that LakiConnect's documents do not know",
    attributes: { 'error.type': 'kind' },
  },
  refused: HOLDS,
  undetermined: HOLDS,
  lookup: {
    name: 'lakiconnect.lookup.duration',
    unit: 's',
    description: 'How long lookups took',
    attributes: {
      'lakiconnect.guard.requirement': 'requirement',
      'lakiconnect.lookup.verdict': 'verdict',
      'lakiconnect.lookup.shared': 'shared',
      'lakiconnect.lookup.stale': 'stale',
    },
    measures: 'durationMs',
    // From a database of the platform's own to beyond the deadline of 2 seconds.
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
  },
  disagreement: {
    name: 'lakiconnect.disagreements',
    unit: '{disagreement}',
    description: 'Refusals by LakiConnect of what a guard believed',
    attributes: { 'error.type': 'kind', 'lakiconnect.guard.requirement': 'requirement' },
  },
  invalidated: {
    name: 'lakiconnect.invalidations',
    unit: '{invalidation}',
    description: 'Merchants that were forgotten',
    attributes: { 'lakiconnect.invalidation.cause': 'cause', 'lakiconnect.invalidation.shared': 'shared' },
  },
  webhook: {
    name: 'lakiconnect.webhooks',
    unit: '{webhook}',
    description: 'Webhooks that were answered',
    attributes: { 'http.response.status_code': 'status' },
  },
  retry: {
    name: 'lakiconnect.retries',
    unit: '{retry}',
    description: 'Requests that the client sent again',
    attributes: { 'error.type': 'kind', 'lakiconnect.outcome': 'outcome' },
  },
  cooldown: {
    name: 'lakiconnect.cooldowns',
    unit: '{cooldown}',
    description: 'Times that LakiConnect asked to be left alone',
    attributes: { 'lakiconnect.cooldown.shared': 'shared' },
  },
  replaced: {
    name: 'lakiconnect.errors.replaced',
    unit: '{error}',
    description: 'Throwables that the framework would not have survived',
    attributes: {},
  },
  late: {
    name: 'lakiconnect.errors.late',
    unit: '{error}',
    description: 'Errors that came after a complete answer',
    attributes: { 'error.type': 'kind' },
  },
  'store-failed': {
    name: 'lakiconnect.store.failures',
    unit: '{failure}',
    description: 'Failures of the store that processes share',
    // An event names the operation that failed last, and counts the failures of all.
    attributes: {},
    adds: 'failures',
  },
} as const satisfies Partial<Record<Type, Metric>>;

/** What is read from the counts whenever metrics are collected. */
export const OBSERVED = {
  passed: {
    name: 'lakiconnect.guard.passes',
    unit: '{request}',
    description: 'Requests that a guard or check let pass because all was met',
  },
  merchants: {
    name: 'lakiconnect.merchants',
    unit: '{merchant}',
    description: 'Merchants of whom something is remembered',
  },
} as const satisfies Record<keyof Counts, Pick<Metric, 'name' | 'unit' | 'description'>>;

const GUARD = {
  'lakiconnect.guard.verdict': 'type',
  'lakiconnect.guard.kind': 'kind',
  'lakiconnect.guard.requirement': 'requirement',
  'lakiconnect.guard.mode': 'mode',
  'lakiconnect.guard.passed': 'passed',
} as const;

/** What a request's span is told, by the type of the event. */
export const SPANS: Readonly<Partial<Record<Type, Attributed>>> = {
  translated: {
    'error.type': 'kind',
    'lakiconnect.code': 'code',
    'lakiconnect.fault': 'fault',
    'lakiconnect.outcome': 'outcome',
    'lakiconnect.retryable': 'retryable',
    'lakiconnect.origin': 'origin',
    'lakiconnect.audience': 'audience',
    'lakiconnect.request_id': 'requestId',
    'lakiconnect.upstream.status_code': 'upstreamStatus',
  },
  refused: GUARD,
  undetermined: GUARD,
};

/** Beside these, where a guard held the request back: what passed has not failed. */
export const HELD: Attributed = { 'error.type': 'kind' };

/** Beside these, where the platform asks for it: it is personal, and has as many values as there are shops. */
export const MERCHANT: Attributed = { 'lakiconnect.merchant.id': 'merchantId' };
