/** What must not be made where it is hot. How long that takes is measured in test/bench. */
import { createHook } from 'node:async_hooks';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lakiconnect as onExpress } from '../../adapters/express/index.js';
import { lakiconnect as onKoa } from '../../adapters/koa/index.js';
import { createLakiConnect, isLakiConnectError } from '../../src/index.js';
import { createApart, type Apart } from '../provider/apart.js';

const merchantId = (): string => 'cm_1';
const approved = { kycStatus: async () => 'approved', feeConfig: async () => ({ fee_model: 'FREE' }) };
const pending = { ...approved, kycStatus: async () => 'pending' };

const response = () => ({ locals: {} });
const context = () => ({ state: {} });

/** How many promises are made meanwhile. */
function promisesIn(run: () => unknown): number {
  let made = 0;
  const hook = createHook({ init: (_id, type) => void (type === 'PROMISE' && made++) }).enable();
  run();
  hook.disable();
  return made;
}

test('A promise that is made is counted', () => {
  expect(promisesIn(() => Promise.resolve().then(() => undefined))).toBe(2);
});

describe('A guard that knows makes no promise', () => {
  test('on Express', async () => {
    const guard = onExpress({ lookups: approved, merchantId }).preflight();
    await new Promise<unknown>((resolve) => {
      guard({}, response(), resolve);
    });
    let passed = 0;
    expect(promisesIn(() => guard({}, response(), () => void passed++))).toBe(0);
    expect(passed).toBe(1);
  });

  test('on Koa, beside those of what comes after it', async () => {
    const guard = onKoa({ lookups: approved, merchantId }).preflight();
    const after = Promise.resolve();
    await guard(context(), () => after);
    let returned: unknown;
    expect(promisesIn(() => void (returned = guard(context(), () => after)))).toBe(0);
    expect(returned).toBe(after);
  });
});

describe('What is never looked at has no stack', () => {
  test("a guard's refusal, the first and all that follow", async () => {
    const guard = onExpress({ lookups: pending, merchantId }).preflight();
    for (let time = 0; time < 3; time++) {
      const refused = await new Promise<unknown>((resolve) => {
        guard({}, response(), resolve);
      });
      expect(isLakiConnectError(refused)).toBe(true);
      expect((refused as Error).stack).toBe('LakiConnectError: LakiConnect did not complete the request.');
    }
    expect(new Error('Others have theirs.').stack).toContain('allocations.test');
  });
});

describe('A reply to an error that was recognised', () => {
  test('makes no promise', async () => {
    const laki = createLakiConnect({ lookups: pending });
    const refused: unknown = await laki.check('cm_1').catch((thrown: unknown) => thrown);
    expect(promisesIn(() => expect(laki.translate(refused)?.status).toBe(409))).toBe(0);
  });
});

describe('An import', () => {
  let apart: Apart;
  beforeAll(async () => {
    apart = await createApart();
  });
  afterAll(() => apart.remove());

  test('touches nothing that is slow to begin', async () => {
    const touched = await apart.run(`
      const touched = [];
      for (const [owner, name] of [[globalThis, 'Response'], [globalThis, 'fetch'], [Intl, 'NumberFormat']]) {
        const value = owner[name];
        Object.defineProperty(owner, name, { get: () => (touched.push(name), value) });
      }
      await import('./src/index.js');
      const atImport = [...touched];
      new Response();
      console.log(JSON.stringify([atImport, touched]));
    `);
    expect(touched).toEqual([[], ['Response']]);
  });
});
