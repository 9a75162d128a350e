import { answerOf } from './fixtures.mjs';
import { WEBHOOK_SECRET } from './secrets.mjs';

const HIDDEN = '409 PAYMENTS_UNAVAILABLE';

const PASSED = { sees: '201 pending', logs: ['info  lookup', 'looked: kyc met, fee met'], charges: 1 };

const REFUSED = {
  sees: { customer: HIDDEN, merchant: '403 KYC_NOT_APPROVED' },
  logs: ['info  refused KYC_NOT_APPROVED', 'looked: kyc unmet, fee met'],
  charges: 0,
};
const UNDETERMINED = {
  sees: '503 UNDETERMINED, wait 1 s',
  logs: ['warn  undetermined', 'looked: kyc unknown, fee unknown'],
  charges: 0,
};
const HEEDED = { sees: '200', logs: ['info  invalidated, webhook 200', ''], charges: 0 };

const APPROVED = { kycStatus: 'approved' };
const PENDING = { kycStatus: 'pending' };
const SUSPENDED = { kycStatus: 'suspended' };

const approved = { code: 'kyc_status approved', form: 'the charge is sent', expects: PASSED };
const pending = { code: 'kyc_status pending', form: 'nothing is charged', expects: REFUSED };
const suspended = { code: 'kyc_status suspended', form: 'nothing is charged', expects: REFUSED };

function webhook(status) {
  return {
    code: `webhook: ${status}`,
    form: 'signed, so answered 200',
    webhook: { status, secret: WEBHOOK_SECRET },
    expects: HEEDED,
  };
}

/**
 * What guards do before a charge. `merchant`, `isLinked`, `lookupsDown`: what LakiConnect knows of it from
 * then on, and how its lookups fare. `trial`: paid where the guard only reports. `webhook`: not a charge, but this webhook. `afterMs`: how
 * much later than the row before. `expects`: what each reader sees and operators log, and how often
 * LakiConnect is asked to charge. The rows of a `story` befall one merchant, one after another.
 */
export const GUARD_GROUPS = [
  {
    title: 'Before a charge, the guard asks',
    rows: [
      { id: 'approved', merchant: APPROVED, ...approved },
      { id: 'pending', merchant: PENDING, ...pending },
      {
        id: 'no-fee',
        code: '409 FEE_CONFIG_NOT_SET',
        form: 'nothing is charged',
        merchant: { feeConfig: null },
        expects: {
          sees: { customer: HIDDEN, merchant: '503 FEE_CONFIG_NOT_SET' },
          logs: ['error refused FEE_CONFIG_NOT_SET', 'looked: kyc met, fee unmet'],
          charges: 0,
        },
      },
      {
        id: 'unlinked',
        code: '404 CONNECTED_MERCHANT_NOT_FOUND',
        form: 'nothing is charged',
        isLinked: false,
        expects: {
          sees: { customer: HIDDEN, merchant: '404 CONNECTED_MERCHANT_NOT_FOUND' },
          logs: ['warn  refused CONNECTED_MERCHANT_NOT_FOUND', 'looked: kyc unmet, fee unmet'],
          charges: 0,
        },
      },
      {
        id: 'cold',
        code: '503',
        form: 'lookups down; nothing charged',
        lookupsDown: true,
        expects: UNDETERMINED,
      },
      {
        id: 'trial',
        merchant: PENDING,
        ...pending,
        form: 'reported only; it is charged',
        trial: true,
        answer: { status: 200, body: { status: 'pending' } },
        expects: { ...PASSED, logs: ['info  refused KYC_NOT_APPROVED (report)', REFUSED.logs[1]] },
      },
    ],
  },
  {
    title: 'The lookups go down',
    story: true,
    rows: [
      { id: 'fresh', merchant: APPROVED, ...approved },
      {
        id: 'stale',
        code: '503',
        form: 'a minute later; charged',
        lookupsDown: true,
        afterMs: 61_000,
        expects: { ...PASSED, logs: ['error lookup', 'looked: kyc stale, fee stale'] },
      },
      {
        id: 'too-stale',
        code: '503',
        form: '5 minutes later; not charged',
        afterMs: 300_000,
        expects: UNDETERMINED,
      },
    ],
  },
  {
    title: 'KYC is approved, and a webhook tells of it',
    story: true,
    rows: [
      { id: 'before-webhook', merchant: PENDING, ...pending },
      { id: 'webhook', ...webhook('approved'), merchant: APPROVED },
      { id: 'after-webhook', ...approved, form: 'at once; the charge is sent' },
    ],
  },
  {
    title: 'An old “approved” is sent again for a merchant who is suspended by now',
    story: true,
    rows: [
      { id: 'before-suspension', merchant: APPROVED, ...approved },
      { id: 'suspension', ...webhook('suspended'), merchant: SUSPENDED },
      { id: 'after-suspension', ...suspended },
      {
        id: 'replay',
        ...webhook('approved'),
        form: 'a minute later; signed once, so 200',
        afterMs: 61_000,
      },
      { id: 'after-replay', ...suspended },
    ],
  },
  {
    title: 'A webhook is forged',
    story: true,
    rows: [
      { id: 'before-forgery', merchant: PENDING, ...pending },
      {
        id: 'forgery',
        code: 'webhook: approved',
        form: 'wrong signature: answered 401',
        webhook: { status: 'approved', secret: 'whsec_guessed' },
        expects: { sees: '401', logs: ['warn  webhook 401', ''], charges: 0 },
      },
      {
        id: 'after-forgery',
        ...pending,
        form: 'not looked up, not charged',
        expects: { ...REFUSED, logs: [REFUSED.logs[0], ''] },
      },
    ],
  },
  {
    title: 'LakiConnect knows better than the guard',
    story: true,
    rows: [
      { id: 'believed', merchant: APPROVED, ...approved },
      {
        id: 'disagreement',
        code: 'KYC_NOT_APPROVED',
        form: 'not looked up; charge refused',
        merchant: SUSPENDED,
        answer: answerOf('KYC_NOT_APPROVED'),
        expects: {
          sees: REFUSED.sees,
          logs: ['info  KYC_NOT_APPROVED', 'rejected (403), disagreement, invalidated'],
          charges: 1,
        },
      },
      { id: 'looked-again', ...suspended },
    ],
  },
];
