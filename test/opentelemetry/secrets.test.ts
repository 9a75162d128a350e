/** No secret, no text of the provider's and no merchant's id is exported, whatever is told. */
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import {
  createLakiConnect,
  originalError,
  type LakiConnectError,
  type LakiConnectEvent,
} from 'lakiconnect-middleware';
import { instrument, type Instrumented } from 'lakiconnect-middleware/opentelemetry';
import { leaksIn } from 'lakiconnect-middleware/testing';
import type { Laki } from '../adapters/contract/harness.js';
import { closeServers, serve, serveUpstream } from '../adapters/contract/server.js';
import { readPage, rowsUnder, plainText } from '../docs/pages.js';
import { API_KEY, CANARIES, canariesIn } from '../secrets/canaries.js';
import { MODES } from '../secrets/modes.js';
import { STYLES } from '../secrets/styles.js';
import { signatureOf } from '../webhooks.js';
import { FRAMEWORKS } from './frameworks.js';
import { startSdk, traced } from './sdk.js';
import { createTeller } from './told.js';

const MERCHANT = 'merchantcanary2207';
const WORDS = `${API_KEY}, ${CANARIES.p} and ${CANARIES.k}, ${CANARIES.w}, ${CANARIES.b} of ${MERCHANT}`;

const sdk = startSdk();
afterAll(sdk.stop);
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(async () => {
  jest.restoreAllMocks();
  await closeServers();
  sdk.reset();
});

/** What of the canaries was exported, after everything was. */
async function leaked(): Promise<unknown> {
  await sdk.exported();
  const everything = sdk.everything();
  return [canariesIn(everything), leaksIn(everything, MERCHANT)];
}
const NOTHING = ['', []];

const PAID_BY = STYLES.filter(({ name }) =>
  ['axios', 'got', 'fetch', 'undici', 'laki.client'].includes(name),
);
const FAILING = ['an error that quotes the key', 'a 401 with a cookie and a challenge', 'a page'] as const;

describe.each(FRAMEWORKS)('$name', (framework) => {
  test.each(FAILING.flatMap((mode) => PAID_BY.map((style) => ({ mode, of: style.name, style }))))(
    'a payment by $of that ends in $mode',
    async ({ mode, style }) => {
      const upstream = await serveUpstream(MODES[mode]().answer);
      const events: LakiConnectEvent[] = [];
      let thrown: unknown;
      const server = await serve(traced(framework, sdk), {
        options: {
          apiKey: API_KEY,
          baseUrl: upstream.url,
          merchantId: () => MERCHANT,
          lookups: { kycStatus: () => 'approved' },
          retry: false,
          onEvent: (event) => events.push(event),
        },
        before: (laki) => {
          instrument(laki as unknown as Instrumented, { meterProvider: sdk.meterProvider });
          return [laki.requireKycApproved()];
        },
        route: async ({ laki }: { laki: Laki }) => {
          await style.pay(laki, { baseUrl: upstream.url }).catch((error: unknown) => {
            thrown = error;
            throw error;
          });
        },
      });
      await server.ask({ cookie: CANARIES.c });

      expect(await leaked()).toEqual(NOTHING);
      // It proves something only where there was something to let out.
      expect(canariesIn(upstream.requests)).toContain('kp');
      expect(originalError(thrown as LakiConnectError)).toBeDefined();
      expect(leaksIn(events, MERCHANT).length).toBeGreaterThan(0);
      expect(sdk.spans()).toMatchObject([{ attributes: { 'lakiconnect.fault': expect.any(String) } }]);
    },
  );
});

test('what functions of the platform throw, and what webhooks say', async () => {
  const failing = (): never => {
    throw new Error(`No ${WORDS}`);
  };
  const laki = createLakiConnect({
    apiKey: API_KEY,
    merchantId: failing,
    audience: failing,
    lookups: { kycStatus: failing, feeConfig: failing },
  });
  instrument(laki, { meterProvider: sdk.meterProvider });
  const body = JSON.stringify({ event: WORDS, data: { merchant_id: MERCHANT } });
  const secret = CANARIES.w;
  const span = sdk.tracer.startSpan('all');
  await context.with(trace.setSpan(context.active(), span), async () => {
    const thrown = await laki.check(MERCHANT).catch((error: unknown) => error);
    const incoming = { request: {}, accept: undefined, acceptLanguage: undefined, isSent: () => false };
    await laki.handler()(thrown, incoming);
    await laki.guard(undefined, { mode: 'report' })({}, {});
    await laki.receiveWebhook(body, signatureOf(body, secret), { secret, onDelivery: failing });
  });
  span.end();

  expect(await leaked()).toEqual(NOTHING);
  expect(sdk.spans()).toMatchObject([{ attributes: { 'lakiconnect.guard.verdict': 'undetermined' } }]);
});

describe('Of an event of type', () => {
  const page = readPage('docs/configuration.md');
  const errors = rowsUnder(page, 'Errors', 'property');
  const LISTED = [
    ...(['translated', 'unmapped'] as const).map((type) => ({
      type,
      properties: errors
        .filter((row) => row[`\`${type}\``] !== '–')
        .map((row) => plainText(row['property'] as string)),
    })),
    ...rowsUnder(page, 'Guards, client and webhooks', 'type').map((row) => ({
      type: plainText(row['type'] as string),
      properties: ['level', ...(row['properties']?.match(/\w+/g) ?? [])],
    })),
  ].map(({ type, properties }) => ({ type, properties: properties.filter((name) => name !== 'type') }));

  /** Words that are few, of which all that is exported is made. */
  const FEW: ReadonlySet<string> = new Set([
    ...['kind', 'code', 'fault', 'outcome', 'audience', 'origin'],
    ...['requirement', 'mode', 'verdict', 'cause'],
  ]);
  /** On spans alone. */
  const ONE_EACH: ReadonlySet<string> = new Set(['requestId']);

  test.each(LISTED)(
    '$type, no other property is exported than those of few values',
    async ({ type, properties }) => {
      const { laki, tell } = createTeller();
      instrument(laki, { meterProvider: sdk.meterProvider });
      const canaries = Object.fromEntries(properties.map((name) => [name, `${name}canary${type}`]));
      const span = sdk.tracer.startSpan('one');
      context.with(trace.setSpan(context.active(), span), () => {
        tell({ type, ...canaries });
      });
      span.end();

      const outOf = (value: unknown) =>
        properties.filter((name) => leaksIn(value, canaries[name] as string).length > 0);
      const isNumber = (name: string): boolean =>
        [
          'status',
          'upstreamStatus',
          'retryable',
          'passed',
          'shared',
          'stale',
          'failures',
          'durationMs',
        ].includes(name);
      const measured = outOf(await sdk.exported());
      const spanned = outOf(sdk.spans());
      expect(measured.filter((name) => !FEW.has(name) && !isNumber(name))).toEqual([]);
      expect(spanned.filter((name) => !FEW.has(name) && !ONE_EACH.has(name) && !isNumber(name))).toEqual([]);
      expect(properties.length).toBeGreaterThan(1);
    },
  );
});
