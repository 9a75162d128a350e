import { ERROR_FIXTURES } from 'lakiconnect-middleware/testing';
import { API_KEY, COOKIE, SENTENCE, TOKEN } from './canaries.mjs';

const bytesOf = (body) => Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));

/** Envelopes that quote what they should not. */
const QUOTING = [
  { error: { code: 'UNAUTHORIZED', message: `${SENTENCE}: key ${API_KEY} is invalid` }, request_id: 'req_1a2b' },
  {
    error: {
      code: 'VALIDATION_ERROR',
      message: SENTENCE,
      details: [{ field: 'business.tin', issue: `is wrong, ${API_KEY}` }],
      cookie: COOKIE,
    },
    request_id: API_KEY,
  },
  { status: 'ERROR', error_code: 'INVALID_AMOUNT', message: SENTENCE, errors: { amount: [API_KEY, 'is low'] } },
  { success: false, message: `amount: must match ${encodeURIComponent(API_KEY)}; tin: cannot be blank.` },
  { success: false, error: { message: `${SENTENCE} at https://api.lakipay.co/?${TOKEN}`, type: 'auth_error' } },
  `<html><body>${SENTENCE} ${COOKIE} ${TOKEN} ${API_KEY}</body></html>`,
  `${SENTENCE} ${API_KEY}`,
]; // prettier-ignore

/** As many fields as are told, of letters that are long in one form or another. */
const FULL = ['"', '<', '\u1200'].map((letter) => ({
  error: {
    code: 'VALIDATION_ERROR',
    details: Array.from({ length: 21 }, () => ({ field: letter.repeat(200), issue: letter.repeat(200) })),
  },
  request_id: 'r'.repeat(128),
}));

const WEBHOOKS = [
  { event: 'kyc.updated', data: { connected_merchant_id: 'cm_1', kyc_status: 'approved' } },
  { type: 'fee_config.updated', data: { object: { id: 'cm_2', merchantId: 'cm_3' } }, created: 1_700_000_000 },
  { event: 'payment.succeeded', id: 'evt_1', connected_account: { id: 'cm_4' }, amount: 12.5, note: 'ሰላም' },
  { event: 'account.suspended', account: 'cm_5', merchant: { account_id: 'cm_6' }, data: null },
  [],
  'ping',
]; // prettier-ignore

const RETRY_AFTER = [
  '1', '120', '0', '86400', '86401', '99999999999999999999', '-1', '1.5', '1e3', ' 5', '5 ', '+5', '0x10', '',
  'Wed, 21 Oct 2026 07:28:00 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994', 'Tue, 31 Feb 2040 25:61:61 GMT',
  '2026-10-21T07:28:00Z', 'soon', '5, 10',
]; // prettier-ignore

const ACCEPT = [
  '*/*', 'application/json', 'application/problem+json', 'text/html', 'text/plain', 'application/json, text/plain, */*',
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'image/avif,image/webp,*/*', 'text/*;q=0.5, application/*;q=0.1',
  'application/vnd.api+json', 'text/html;level=1;q=0.4, */*;q=0', 'text/event-stream', 'application/json; charset="utf-8; a=\\"b\\""', '',
]; // prettier-ignore

const ACCEPT_LANGUAGE = [
  'en-US,en;q=0.9', 'am-ET,am;q=0.9,en-GB;q=0.8,en;q=0.7', 'am', 'amh', 'fr-FR, fr;q=0.9, *;q=0.1', '*', 'en;q=0, *',
  'zh-Hant-TW,zh;q=0.8', 'de-DE-1996, en_GB;q=0.3', 'om-ET,ti;q=0.9,am;q=0.5', 'am;q=1.000, en;q=0.001', '',
]; // prettier-ignore

/** What is mutated. `envelopes` are further error bodies. */
export function corpusOf(envelopes) {
  return {
    bodies: [...ERROR_FIXTURES.map(({ body }) => body), ...envelopes, ...QUOTING, ...FULL].map(bytesOf),
    webhooks: WEBHOOKS.map(bytesOf),
    retryAfter: RETRY_AFTER.map(bytesOf),
    accept: ACCEPT.map(bytesOf),
    acceptLanguage: ACCEPT_LANGUAGE.map(bytesOf),
  };
}
