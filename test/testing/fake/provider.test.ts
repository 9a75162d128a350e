/** The documented endpoints: what they answer, what they refuse, and what the next answer knows of it. */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { createFakeLakiConnect, type FakeMerchant, type FeeConfig } from 'lakiconnect-middleware/testing';
import { ask, link, order, pay, refused } from './ask.js';

const NOW = Date.UTC(2026, 0, 31, 12);
const fake = await createFakeLakiConnect({ now: () => NOW });
afterEach(fake.reset);
afterAll(fake.close);

const ACCOUNTS = '/lakiconnect/connected-accounts';
const approved: FakeMerchant = { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } };
const account = {
  user: { email: 'abebe@shop.example', first_name: 'Abebe' },
  business: { tin: '0123456789' },
};
const webhooks = {
  webhook_url: 'https://platform.example/webhooks',
  webhook_secret: 'whsec_1',
  webhook_enabled: true,
};

describe('A direct payment', () => {
  test.each<[FeeConfig, net: number, fee: number]>([
    [{ fee_model: 'FREE' }, 99.99, 0],
    [{ fee_model: 'PERCENT', fee_value: 2.5 }, 97.49, 2.5],
    [{ fee_model: 'FIXED', fee_value: 5 }, 94.99, 5],
    [{ fee_model: 'FIXED' }, 99.99, 0],
  ])(
    'of 99.99 with the fee %j leaves %d to the merchant and %d to the platform',
    async (feeConfig, net, fee) => {
      fake.merchants.set('cm_1', { ...approved, feeConfig });
      expect(await pay(fake, { body: { amount: 99.99, currency: 'ETB' } })).toMatchObject({
        status: 200,
        body: { merchant_net: net, master_merchant_fee_net: fee, amount: 99.99 },
      });
    },
  );

  test('is recorded, and found by its id', async () => {
    link(fake, 'cm_1');
    const { status, body, headers } = await pay(fake, { key: 'key-1' });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual({
      transaction_id: expect.stringMatching(/^txn_[\da-f-]{36}$/),
      status: 'pending',
      ...order,
      merchant_net: 100,
      master_merchant_fee_net: 0,
      connected_merchant_id: 'cm_1',
      master_merchant_id: 'mm_fake',
      created_at: '2026-01-31T12:00:00.000Z',
    });
    expect(fake.charges).toEqual([
      { transactionId: body.transaction_id, merchantId: 'cm_1', ...order, idempotencyKey: 'key-1', at: NOW },
    ]);
    expect(await ask(fake, 'GET', `/payment/transaction/${body.transaction_id}`)).toMatchObject({
      status: 200,
      body: { status: 'SUCCESS', data: body },
    });
  });

  test('without a reference has none', async () => {
    link(fake, 'cm_1');
    const { body } = await pay(fake, { body: { amount: 0.01, currency: 'USD' } });
    expect(body).not.toHaveProperty('reference');
    expect(fake.charges).toMatchObject([{ amount: 0.01, reference: undefined, idempotencyKey: undefined }]);
  });
});

test('A transaction that there never was is not found', async () => {
  expect(await ask(fake, 'GET', '/payment/transaction/txn_1')).toMatchObject(refused(404, 'NOT_FOUND'));
});

test('A checkout is a page to pay on, and moves no money', async () => {
  link(fake, 'cm_1');
  const { status, body } = await ask(fake, 'POST', '/payment/checkout', { body: order, merchantId: 'cm_1' });
  expect(status).toBe(200);
  expect(body.checkout_id).toMatch(/^chk_[\da-f-]{36}$/);
  expect(body.checkout_url).toBe(`https://checkout.lakipay.example/${body.checkout_id}`);
  expect(fake.charges).toEqual([]);
});

describe.each(['/payment/direct', '/payment/checkout'])('POST %s', (path) => {
  test.each<[string, FakeMerchant | undefined, string | undefined, number, string]>([
    ['names no merchant', approved, undefined, 404, 'CONNECTED_MERCHANT_NOT_FOUND'],
    ['names an empty one', approved, '', 404, 'CONNECTED_MERCHANT_NOT_FOUND'],
    ['names one that is not linked', approved, 'cm_2', 404, 'CONNECTED_MERCHANT_NOT_FOUND'],
    ['names one of whom nothing is known', {}, 'cm_1', 403, 'KYC_NOT_APPROVED'],
    ['names one that is pending', { ...approved, kycStatus: 'pending' }, 'cm_1', 403, 'KYC_NOT_APPROVED'],
    ['names one without a fee', { kycStatus: 'approved' }, 'cm_1', 409, 'FEE_CONFIG_NOT_SET'],
    ['names one whose fee is null', { ...approved, feeConfig: null }, 'cm_1', 409, 'FEE_CONFIG_NOT_SET'],
  ])('is refused if it %s', async (_, merchant, merchantId, status, code) => {
    if (merchant !== undefined) fake.merchants.set('cm_1', merchant);
    const asking = { body: order, ...(merchantId !== undefined && { merchantId }) };
    expect(await ask(fake, 'POST', path, asking)).toMatchObject(refused(status, code));
    expect(fake.charges).toEqual([]);
  });

  test.each<[string, unknown, string[]]>([
    ['nothing', undefined, ['']],
    ['no JSON', '{"amount":', ['']],
    ['no object', '[]', ['']],
    ['nothing in it', {}, ['amount', 'currency']],
    ['an amount of 0', { ...order, amount: 0 }, ['amount']],
    ['an amount in quotes', { ...order, amount: '100' }, ['amount']],
    ['half a currency', { ...order, currency: 'ET' }, ['currency']],
    ['an endless reference', { ...order, reference: 'x'.repeat(101) }, ['reference']],
  ])('is refused field by field if its body is %s', async (_, body, fields) => {
    link(fake, 'cm_1');
    const answer = await ask(fake, 'POST', path, { body, merchantId: 'cm_1' });
    expect(answer.status).toBe(422);
    expect(answer.body.error.code).toBe('VALIDATION_ERROR');
    const details = answer.body.error.details as { field: string; issue: string }[];
    expect(details.map(({ field }) => field)).toEqual(fields);
    expect(details.every(({ issue }) => issue !== '')).toBe(true);
    expect(fake.charges).toEqual([]);
  });
});

describe('Connected accounts', () => {
  test('are made pending, and cannot take payments yet', async () => {
    const made = await ask(fake, 'POST', ACCOUNTS, { body: account });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^cm_/),
      master_merchant_id: 'mm_fake',
      status: 'pending',
      kyc_status: 'pending',
      ...account,
      created_at: '2026-01-31T12:00:00.000Z',
    });
    const merchantId = made.body.id as string;
    expect([...fake.merchants]).toEqual([[merchantId, {}]]);
    expect(await ask(fake, 'GET', `${ACCOUNTS}/${merchantId}`)).toMatchObject({
      status: 200,
      body: { id: merchantId, kyc_status: 'pending' },
    });
    expect(await pay(fake, { merchantId })).toMatchObject(refused(403, 'KYC_NOT_APPROVED'));
  });

  test.each<[string, unknown, string[]]>([
    ['nothing in it', {}, ['user', 'business']],
    ['a user without an address', { user: {}, business: {} }, ['user.email']],
  ])('are not made of a body with %s', async (_, body, fields) => {
    const { status, body: answer } = await ask(fake, 'POST', ACCOUNTS, { body });
    expect([status, answer.error.code]).toEqual([422, 'VALIDATION_ERROR']);
    expect(answer.error.details.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(fake.merchants.size).toBe(0);
  });

  test('say what the test set, at once', async () => {
    fake.merchants.set('cm_1', { kycStatus: 'in_review' });
    const look = async () => (await ask(fake, 'GET', `${ACCOUNTS}/cm_1`)).body.kyc_status;
    expect(await look()).toBe('in_review');
    fake.merchants.set('cm_1', { kycStatus: 'approved' });
    expect(await look()).toBe('approved');
    fake.merchants.delete('cm_1');
    expect(await ask(fake, 'GET', `${ACCOUNTS}/cm_1`)).toMatchObject(
      refused(404, 'CONNECTED_MERCHANT_NOT_FOUND'),
    );
  });

  test.each<[string, ids: string[], page: number, size: number]>([
    ['', ['cm_1', 'cm_2', 'cm_3'], 1, 20],
    ['?page_size=2', ['cm_1', 'cm_2'], 1, 2],
    ['?page=2&page_size=2', ['cm_3'], 2, 2],
    ['?page=3&page_size=2', [], 3, 2],
  ])('are listed by page: %j', async (query, ids, page, page_size) => {
    link(fake, 'cm_1', 'cm_2', 'cm_3');
    const { status, body } = await ask(fake, 'GET', ACCOUNTS + query);
    expect(status).toBe(200);
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(body.pagination).toEqual({ page, page_size, total: 3 });
  });
});

describe('Fee configs', () => {
  const free = { fee_model: 'FREE' };
  const percent = { fee_model: 'PERCENT', fee_value: 2 };
  const resolved = async (merchantId?: string) => {
    const { status, body } = await ask(fake, 'GET', `${ACCOUNTS}/fee-config`, {
      ...(merchantId && { merchantId }),
    });
    return status === 200 ? body : body.error.code;
  };
  const set = (body: unknown, merchantId?: string) =>
    ask(fake, 'PUT', `${ACCOUNTS}/fee-config`, { body, ...(merchantId && { merchantId }) });

  test('hold for a merchant by its own, else by the default of the platform', async () => {
    fake.merchants.set('cm_1', { kycStatus: 'approved' });
    expect([await resolved(), await resolved('cm_1')]).toEqual(['FEE_CONFIG_NOT_SET', 'FEE_CONFIG_NOT_SET']);
    expect(await set(percent)).toMatchObject({ status: 200, body: percent });
    expect([await resolved(), await resolved('cm_1')]).toEqual([percent, percent]);
    expect((await pay(fake)).body.master_merchant_fee_net).toBe(2);
    expect(await set(free, 'cm_1')).toMatchObject({ status: 200, body: free });
    expect([await resolved(), await resolved('cm_1')]).toEqual([percent, free]);
    expect(fake.merchants.get('cm_1')).toEqual({ kycStatus: 'approved', feeConfig: free });
  });

  test('that are null are none, whatever the default says', async () => {
    fake.merchants.set('cm_1', { ...approved, feeConfig: null });
    await set(percent);
    expect(await resolved('cm_1')).toBe('FEE_CONFIG_NOT_SET');
    expect(await pay(fake)).toMatchObject(refused(409, 'FEE_CONFIG_NOT_SET'));
  });

  test('are neither told nor set for a merchant that is not linked', async () => {
    expect(await resolved('cm_2')).toBe('CONNECTED_MERCHANT_NOT_FOUND');
    expect(await set(free, 'cm_2')).toMatchObject(refused(404, 'CONNECTED_MERCHANT_NOT_FOUND'));
    expect(fake.merchants.size).toBe(0);
    expect(await resolved()).toBe('FEE_CONFIG_NOT_SET');
  });

  test.each([
    [{ fee_model: 'free' }, 'fee_model'],
    [{ fee_model: 'FIXED', fee_value: '5' }, 'fee_value'],
  ])('are not set to %j', async (body, field) => {
    const answer = await set(body);
    expect(answer.status).toBe(422);
    expect(answer.body.error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field }] });
    expect(await resolved()).toBe('FEE_CONFIG_NOT_SET');
  });
});

describe('Webhook settings', () => {
  const settings = async () => (await ask(fake, 'GET', `${ACCOUNTS}/webhook-settings`)).body;

  test('are off until they are put', async () => {
    expect(await settings()).toEqual({ webhook_enabled: false });
    expect(await ask(fake, 'PUT', `${ACCOUNTS}/webhook-settings`, { body: webhooks })).toMatchObject({
      status: 200,
      body: webhooks,
    });
    expect(await settings()).toEqual(webhooks);
  });

  test.each([
    ['webhook_url', 'platform.example'],
    ['webhook_secret', ''],
    ['webhook_enabled', 'yes'],
  ])('are refused with a wrong %s', async (field, value) => {
    const answer = await ask(fake, 'PUT', `${ACCOUNTS}/webhook-settings`, {
      body: { ...webhooks, [field]: value },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field }] });
    expect(await settings()).toEqual({ webhook_enabled: false });
  });
});

describe('A path', () => {
  test.each([
    ['GET', '/nothing'],
    ['GET', '/payment/direct'],
    ['POST', '/payment/directly'],
    ['GET', '/x/payment/transaction/txn_1'],
    ['DELETE', `${ACCOUNTS}/cm_1`],
    ['HEAD', `${ACCOUNTS}/cm_1`],
    ['GET', `${ACCOUNTS}/cm_1/more`],
    ['GET', `${ACCOUNTS}/`],
    ['GET', ''],
  ])('that nothing is at is not found: %s %s', async (method, path) => {
    link(fake, 'cm_1');
    const { status, body, text } = await ask(fake, method, path);
    expect(status).toBe(404);
    if (method === 'HEAD') expect(text).toBe('');
    else expect(body.error.code).toBe('NOT_FOUND');
  });

  test.each(['fee-config', 'webhook-settings'])(
    'that is literal stands before an id: %s',
    async (segment) => {
      link(fake, segment);
      const { body } = await ask(fake, 'GET', `${ACCOUNTS}/${segment}`);
      expect(JSON.stringify(body)).not.toContain('kyc_status');
    },
  );

  test.each(['cm/1', 'cm 1?a=b#c', 'ሱቅ', '%zz', '__proto__'])('names the encoded id %j', async (id) => {
    link(fake, id);
    const { status, body } = await ask(fake, 'GET', `${ACCOUNTS}/${encodeURIComponent(id)}`);
    expect([status, body.id]).toEqual([200, id]);
  });

  test.each([`${ACCOUNTS}/%zz`, '/payment/transaction/%E0%A4%A', `${ACCOUNTS}/%`])(
    'that is badly encoded is answered all the same: %s',
    async (path) => {
      const { status, body } = await ask(fake, 'GET', path);
      expect(status).toBe(404);
      expect(body.error.code).toMatch(/^(?:CONNECTED_MERCHANT_)?NOT_FOUND$/);
    },
  );
});
