/** Nothing is done twice under one key. */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFakeLakiConnect } from 'lakiconnect-middleware/testing';
import { ask, link, order, pay, refused } from './ask.js';

const fake = await createFakeLakiConnect();
afterEach(fake.reset);
afterAll(fake.close);

const conflict = refused(409, 'IDEMPOTENCY_CONFLICT');
const other = { ...order, amount: 200 };

test('The same request with the same key is given the same answer, and charged once', async () => {
  link(fake, 'cm_1');
  const first = await pay(fake, { key: 'key-1' });
  const second = await pay(fake, { key: 'key-1' });
  expect(first.status).toBe(200);
  expect([second.status, second.body]).toEqual([200, first.body]);
  expect(fake.charges).toHaveLength(1);
});

test('What failed on its way back is answered when it is asked for again', async () => {
  link(fake, 'cm_1');
  fake.failNext('INTERNAL_ERROR', { processed: true });
  expect(await pay(fake, { key: 'key-1' })).toMatchObject({ status: 500 });
  const { status, body } = await pay(fake, { key: 'key-1' });
  expect([status, body.transaction_id]).toEqual([200, fake.charges[0]?.transactionId]);
  expect(fake.charges).toHaveLength(1);
});

describe('The same key', () => {
  test.each<[string, () => ReturnType<typeof ask>]>([
    ['another body', () => pay(fake, { key: 'key-1', body: other })],
    ['another merchant', () => pay(fake, { key: 'key-1', merchantId: 'cm_2' })],
    [
      'another path',
      () => ask(fake, 'POST', '/payment/checkout', { key: 'key-1', body: order, merchantId: 'cm_1' }),
    ],
  ])('with %s is a conflict, and the first request still has its answer', async (_, again) => {
    link(fake, 'cm_1', 'cm_2');
    const first = await pay(fake, { key: 'key-1' });
    expect(await again()).toMatchObject(conflict);
    expect((await pay(fake, { key: 'key-1' })).body).toEqual(first.body);
    expect(fake.charges).toHaveLength(1);
  });

  test('may be used again where the request was refused', async () => {
    expect(await pay(fake, { key: 'key-1' })).toMatchObject({ status: 404 });
    link(fake, 'cm_1');
    fake.failNext('RATE_LIMITED');
    expect(await pay(fake, { key: 'key-1' })).toMatchObject({ status: 429 });
    expect(await pay(fake, { key: 'key-1', body: other })).toMatchObject({ status: 200 });
    expect(fake.charges).toMatchObject([{ amount: 200 }]);
  });

  test('is no conflict for whoever has no key to be let in with', async () => {
    link(fake, 'cm_1');
    await pay(fake, { key: 'key-1' });
    const answer = await pay(fake, { key: 'key-1', headers: { 'x-api-key': 'other' } });
    expect(answer).toMatchObject(refused(401, 'UNAUTHORIZED'));
  });

  test('sent by twins at once charges once', async () => {
    link(fake, 'cm_1');
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay(fake, { key: 'key-1' })));
    expect(new Set(answers.map(({ body }) => body.transaction_id))).toEqual(
      new Set([fake.charges[0]?.transactionId]),
    );
    expect(fake.charges).toHaveLength(1);
  });

  test.each(['GET', 'PUT'])('means nothing for a %s', async (method) => {
    link(fake, 'cm_1');
    const config = (fee_value: number) =>
      ask(fake, method, '/lakiconnect/connected-accounts/fee-config', {
        ...(method === 'PUT' && { body: { fee_model: 'FIXED', fee_value } }),
        merchantId: 'cm_1',
        key: 'key-1',
      });
    await pay(fake, { key: 'key-1' });
    for (const value of [1, 2]) expect(await config(value)).toMatchObject({ status: 200 });
    if (method === 'PUT') expect(fake.merchants.get('cm_1')?.feeConfig?.fee_value).toBe(2);
  });
});

test('Without a key every request is a payment of its own', async () => {
  link(fake, 'cm_1');
  const [first, second] = [await pay(fake), await pay(fake)];
  expect(first.body.transaction_id).not.toBe(second.body.transaction_id);
  expect(fake.charges).toHaveLength(2);
});

test('No key is ever charged twice, however requests, failures and keys come together', async () => {
  const request = fc.record({
    key: fc.constantFrom('a', 'b', undefined),
    amount: fc.constantFrom(1, 2),
    merchantId: fc.constantFrom('cm_1', 'cm_2'),
    failure: fc.constantFrom('cut', 'reset', 'bad-gateway', 'PROVIDER_ERROR', undefined),
    processed: fc.boolean(),
    together: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 10 }), async (requests) => {
      fake.reset();
      link(fake, 'cm_1', 'cm_2');
      const paid = new Map<string, Set<string>>();
      const keyless: unknown[] = [];
      let before: Promise<unknown>[] = [];
      for (const { key, amount, merchantId, failure, processed, together } of requests) {
        if (failure !== undefined) fake.failNext(failure, { processed });
        const answered = pay(fake, { ...(key && { key }), merchantId, body: { ...order, amount } }).then(
          ({ status, body }) => {
            if (status !== 200) return;
            if (key === undefined) keyless.push(body.transaction_id);
            else paid.set(key, (paid.get(key) ?? new Set()).add(body.transaction_id));
          },
          () => undefined, // cut off
        );
        before.push(answered);
        if (!together) {
          await Promise.all(before);
          before = [];
        }
      }
      await Promise.all(before);
      for (const key of ['a', 'b']) {
        const charged = fake.charges.filter(({ idempotencyKey }) => idempotencyKey === key);
        expect(charged.length).toBeLessThanOrEqual(1);
        const told = [...(paid.get(key) ?? [])];
        expect(charged.map(({ transactionId }) => transactionId)).toEqual(expect.arrayContaining(told));
      }
      const charged = fake.charges.map(({ transactionId }) => transactionId);
      expect(charged).toEqual(expect.arrayContaining(keyless));
      expect(new Set(charged).size).toBe(charged.length);
    }),
    { numRuns: 60 },
  );
}, 30_000);
