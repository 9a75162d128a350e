/** How instrumenting begins and ends, and what cannot hurt a request. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { metrics, type Meter, type MeterProvider } from '@opentelemetry/api';
import { createLakiConnect, LakiConnectError, type LakiConnect } from 'lakiconnect-middleware';
import * as express from 'lakiconnect-middleware/express';
import * as koa from 'lakiconnect-middleware/koa';
import { instrument } from 'lakiconnect-middleware/opentelemetry';
import { startSdk, type Sdk } from './sdk.js';
import { createTeller } from './told.js';

const LOOKUPS = { kycStatus: () => 'pending', feeConfig: () => ({}) };
const incoming = { request: {}, accept: undefined, acceptLanguage: 'en', isSent: () => false };

/** A refusal, its reply, and the status of that. */
async function refused(laki: LakiConnect): Promise<number | undefined> {
  const thrown = await laki.check('cm_1').catch((error: unknown) => error);
  return (await laki.handler()(thrown, incoming)).reply?.status;
}

describe('With an SDK', () => {
  let sdk: Sdk;
  beforeEach(() => {
    sdk = startSdk();
  });
  afterEach(async () => {
    metrics.disable();
    await sdk.stop();
  });
  const names = async () => new Set((await sdk.exported()).map(({ name }) => name));

  test.each([
    ['a core', () => createLakiConnect({ lookups: LOOKUPS })],
    ['what was made for Express', () => express.lakiconnect({ lookups: LOOKUPS })],
    ['what was made for Koa', () => koa.lakiconnect({ lookups: LOOKUPS })],
  ])('%s is listened to', async (_, make) => {
    const laki = make();
    instrument(laki, { meterProvider: sdk.meterProvider });
    await laki.check('cm_1').catch(() => undefined);

    expect(await names()).toEqual(
      new Set([
        'lakiconnect.guard.holds',
        'lakiconnect.guard.passes',
        'lakiconnect.lookup.duration',
        'lakiconnect.merchants',
      ]),
    );
  });

  test('the global meter provider is the default', async () => {
    metrics.setGlobalMeterProvider(sdk.meterProvider);
    const laki = createLakiConnect({ lookups: LOOKUPS });
    instrument(laki);
    await refused(laki);

    expect(await names()).toContain('lakiconnect.translations');
  });

  test('everything is measured in the scope of this package', async () => {
    const scopes: string[] = [];
    const meterProvider: MeterProvider = {
      getMeter(name, ...rest) {
        scopes.push(name);
        return sdk.meterProvider.getMeter(name, ...rest);
      },
    };
    instrument(createTeller().laki, { meterProvider });

    expect(scopes).toEqual(['lakiconnect-middleware']);
  });

  test('what has ended leaves no listener and no callback, and may be ended again', async () => {
    const { laki, listeners, counts } = createTeller();
    let reads = 0;
    const counting = { ...laki, counts: () => (reads++, counts) };
    const end = instrument(counting, { meterProvider: sdk.meterProvider });
    await sdk.exported();
    expect([listeners.size, reads]).toEqual([2, 1]);

    end();
    end();
    await sdk.exported();
    expect([listeners.size, reads]).toEqual([0, 1]);
  });

  test('one that ends leaves another', async () => {
    const { laki, listeners, tell } = createTeller();
    const [end] = [1, 2].map(() => instrument(laki, { meterProvider: sdk.meterProvider }));
    end?.();
    tell({ type: 'webhook', status: 200 });

    expect(listeners.size).toBe(2);
    expect(await sdk.exported()).toMatchObject([
      { name: 'lakiconnect.webhooks', value: 1 },
      { name: 'lakiconnect.guard.passes' },
      { name: 'lakiconnect.merchants' },
    ]);
  });
});

describe('Without an SDK', () => {
  test('nothing happens', async () => {
    const laki = createLakiConnect({ lookups: LOOKUPS });
    const end = instrument(laki);

    expect(await refused(laki)).toBe(409);
    expect(end).not.toThrow();
    expect(await refused(laki)).toBe(409);
  });
});

describe('A hostile meter', () => {
  const hurt = (): never => {
    throw new Error('No disk');
  };
  const REAL = metrics.getMeterProvider().getMeter('none');
  const meterWith = (parts: Partial<Meter>): MeterProvider => ({
    getMeter: () => Object.setPrototypeOf(parts, REAL) as Meter,
  });

  test('whose instruments throw changes no reply', async () => {
    let calls = 0;
    const throwing = (): never => {
      calls++;
      return hurt();
    };
    const laki = createLakiConnect({ lookups: LOOKUPS });
    const plain = await refused(laki);
    const createCounter = () => ({ add: throwing });
    const createHistogram = () => ({ record: throwing });
    instrument(laki, { meterProvider: meterWith({ createCounter, createHistogram }) });
    await laki.invalidate('cm_1');

    expect(await refused(laki)).toBe(plain);
    expect(calls).toBe(5); // forgotten, looked at twice, refused, translated
  });

  test.each(['createCounter', 'createHistogram', 'createObservableCounter', 'addBatchObservableCallback'])(
    'whose %s throws leaves no listener',
    (method) => {
      const { laki, listeners } = createTeller();
      expect(() => instrument(laki, { meterProvider: meterWith({ [method]: hurt }) })).toThrow('No disk');
      expect(listeners.size).toBe(0);
    },
  );

  test('that keeps its callback leaves no listener', () => {
    const { laki, listeners } = createTeller();
    const meterProvider = meterWith({ removeBatchObservableCallback: hurt });
    const end = instrument(laki, { meterProvider });
    expect(end).toThrow('No disk');
    expect(listeners.size).toBe(0);
  });
});

describe('A wrong option', () => {
  const start = 'lakiconnect: option `';
  test.each([
    [{ meterProvider: null }, `${start}meterProvider\` is null, expected a meter provider`],
    [{ meterProvider: 'global' }, `${start}meterProvider\` is 'global', expected a meter provider`],
    [{ meterProvider: {} }, `${start}meterProvider\` is {}, expected a meter provider`],
    [{ attributes: null }, `${start}attributes\` is null, expected attributes of every measurement`],
    [{ attributes: 'shop' }, `${start}attributes\` is 'shop', expected attributes of every measurement`],
    [{ attributes: { at: {} } }, `${start}attributes\` is { at: {} }, expected attributes`],
    [{ attributes: { shop: 'a', at: {} } }, `${start}attributes\` is { shop: 'a', at: {} }, expected attrib`],
    [{ merchantId: 'yes' }, `${start}merchantId\` is 'yes', expected true or false.`],
    [{ merchantID: true }, 'lakiconnect: there is no option `merchantID`. Did you mean `merchantId`?'],
    [null, 'lakiconnect: options must be an object, got null.'],
  ])('%j is told of', (options, message) => {
    const { laki, listeners } = createTeller();
    const wrongly = () => instrument(laki, options as never);
    expect(wrongly).toThrow(TypeError);
    expect(wrongly).toThrow(message);
    expect(listeners.size).toBe(0);
  });

  test.each([
    {},
    { meterProvider: undefined, attributes: undefined, merchantId: undefined },
    {
      attributes: { 'shop.region': 'addis', 'shop.number': 7, 'shop.is_open': true, 'shop.city': undefined },
      merchantId: false,
    },
  ])('%j is none', (options) => {
    expect(() => instrument(createTeller().laki, options)).not.toThrow();
  });

  test.each([undefined, null, 'laki', {}, new LakiConnectError({ kind: 'TIMEOUT' })])(
    '%p is nothing to listen to',
    (laki) => {
      const wrongly = () => instrument(laki as never);
      expect(wrongly).toThrow(TypeError);
      expect(wrongly).toThrow('lakiconnect: instrument needs what createLakiConnect or lakiconnect has made');
    },
  );
});
