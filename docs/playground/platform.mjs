/** What the platform calls the fields that its users fill in. LakiConnect's other fields are its own doing. */
export const FIELDS = {
  amount: 'amount',
  currency: 'currency',
  phone_number: 'phone',
  reference: 'order',
  'business.tin': 'company.taxId',
};

/** Where its shops are, and how they are guarded there. */
export const SHOPS = [
  { prefix: '', mode: 'enforce', required: false },
  { prefix: '/keyed', mode: 'enforce', required: true },
  { prefix: '/trial', mode: 'report', required: false },
  { prefix: '/trial/keyed', mode: 'report', required: true },
];

/** What it changes of rules and words, where it does. */
export const OWN = {
  rules: {
    KYC_NOT_APPROVED: { level: 'warn', customer: { status: 503 } },
    RATE_LIMITED: { status: 429 },
    INTERNAL_ERROR: { status: 503, level: 'warn' },
  },
  messages: {
    en: { RATE_LIMITED: { customer: 'Half of Addis is paying right now. Please wait a moment.' } },
  },
};
