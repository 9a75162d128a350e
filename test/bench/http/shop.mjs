/** What both frameworks' variants have in common: a shop, its merchant, and what goes wrong there. */
import axios from 'axios';
import { createLakiConnect, defineRequirement, feeConfigured, kycApproved } from 'lakiconnect-middleware';
import { createFakeLakiConnect } from 'lakiconnect-middleware/testing';

export const PAID = { paid: true };
export const path = '/shops/cm_1';

/** Lookups that answer at once: what is timed is a guard that knows. */
export const approved = {
  kycStatus: async () => 'approved',
  feeConfig: async () => ({ fee_model: 'FREE' }),
};
export const pending = { ...approved, kycStatus: async () => 'pending' };

const eight = [
  kycApproved,
  feeConfigured,
  ...['limits', 'region', 'contract', 'payouts', 'sanctions', 'terms'].map((name) =>
    defineRequirement({
      name,
      rule: { status: 409, code: `NO_${name.toUpperCase()}` },
      messages: {
        en: { [`NO_${name.toUpperCase()}`]: texts() },
        am: { [`NO_${name.toUpperCase()}`]: texts() },
      },
      lookup: async () => ({ met: true }),
    }),
  ),
];

function texts() {
  const text = { title: 'Not now', detail: 'Not now.' };
  return { customer: text, merchant: text };
}

/** The guards that both frameworks show, before a route that is paid; `laki` makes the framework's own. */
export const guarding = (laki, paying) => ({
  'one guard': () => paying(laki().requireKycApproved()),
  'both guards': () => paying(laki().preflight()),
  'eight requirements': () => paying(laki().preflight(eight)),
});

/**
 * LakiConnect refuses a payment: what axios throws then, what `client` throws, the reply to that, and what `fetch`
 * rejects with when nobody listens any more; and a webhook of its.
 */
export async function provider() {
  const fake = await createFakeLakiConnect();
  const { baseUrl, apiKey } = fake;
  const laki = createLakiConnect({ baseUrl, apiKey, onEvent: false });
  const headers = { 'X-API-Key': apiKey };
  const url = `${baseUrl}/payment/direct`;
  fake.failNext('KYC_NOT_APPROVED');
  const byAxios = await rejection(axios.post(url, { amount: 10 }, { headers }));
  fake.failNext('KYC_NOT_APPROVED');
  const recognised = await rejection(laki.client.post('/payment/direct', { body: { amount: 10 } }));
  const webhook = fake.signWebhook({
    event: 'merchant.kyc_updated',
    data: { connected_merchant_id: 'cm_9' },
  });
  await fake.close();
  const byFetch = await rejection(fetch(url, { method: 'POST', headers }));
  const reply = laki.translate(recognised, { accept: 'application/json', acceptLanguage: 'en' });
  return {
    options: { baseUrl, apiKey },
    webhookSecret: fake.webhookSecret,
    webhook,
    byAxios,
    byFetch,
    recognised,
    reply,
  };
}

async function rejection(promise) {
  const [{ reason }] = await Promise.allSettled([promise]);
  if (reason === undefined) throw new Error('Nothing failed.');
  return reason;
}
