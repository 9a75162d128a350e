/** The client for the merchant and the key that guards have learnt; in an app: the contract's theme `clientFor`. */
import { expect, test } from '@jest/globals';
import { createLakiConnect } from 'lakiconnect-middleware';
import { rejection } from './harness.js';
import { apiKey } from './scripted.js';

/** A core whose guard has let one request pass, where that kept what it learnt, and what was sent since. */
async function guardedRequest() {
  const sent: (readonly [method: string | undefined, headers: Headers])[] = [];
  const laki = createLakiConnect<string>({
    apiKey,
    merchantId: (id) => id,
    lookups: { kycStatus: () => 'approved', feeConfig: () => ({ fee_model: 'FREE' }) },
    fetch: async (_url, { method, headers }) => {
      sent.push([method, new Headers(headers)]);
      return new Response('{}');
    },
  });
  const state = {};
  await laki.guard()('cm_1', state);
  return { laki, state, sent };
}

test('It acts for the merchant of the request by each of its methods', async () => {
  const { laki, state, sent } = await guardedRequest();
  const client = laki.clientIn(state);
  await client.get('/x');
  await client.post('/x');
  await client.put('/x');
  expect(sent.map(([method, headers]) => [method, headers.get('x-connected-merchant-id')])).toEqual([
    ['GET', 'cm_1'],
    ['POST', 'cm_1'],
    ['PUT', 'cm_1'],
  ]);
  expect(sent.some(([, headers]) => headers.has('idempotency-key'))).toBe(false);
});

test('It rejects, and does not throw, for a merchant of its own', async () => {
  const { laki, state, sent } = await guardedRequest();
  const error = await rejection(laki.clientIn(state).post('/x', { merchantId: 'cm_2' } as object));
  expect(String(error)).toMatch(/^TypeError: .*no option `merchantId`/);
  expect(sent).toEqual([]);
});

test.each([[undefined], [{}]])('There is none where no guard has kept anything: %j', async (state) => {
  const { laki } = await guardedRequest();
  expect(() => laki.clientIn(state)).toThrow(
    /^lakiconnect: clientFor\(\) was called for a request whose merchant no guard has named\. .*laki\.preflight\(\).*merchantId/,
  );
});
