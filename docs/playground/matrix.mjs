import { createLakiConnect, LakiConnectError } from 'lakiconnect-middleware';
import { NEW_CODE } from './choices.mjs';
import { AUDIENCES, LANGUAGES } from './run.mjs';

/** Every kind, and what to choose in order to see it; `outcome` is that of a payment, where it is not known. */
const KINDS = {
  VALIDATION_ERROR: { fail: 'VALIDATION_ERROR' },
  UNAUTHORIZED: { fail: 'UNAUTHORIZED' },
  FORBIDDEN: { fail: 'FORBIDDEN' },
  NOT_FOUND: { fail: 'NOT_FOUND' },
  CONNECTED_MERCHANT_NOT_FOUND: { linked: 'no' },
  KYC_NOT_APPROVED: { kyc: 'pending' },
  FEE_CONFIG_NOT_SET: { fee: 'none' },
  RATE_LIMITED: { fail: 'RATE_LIMITED' },
  IDEMPOTENCY_CONFLICT: { fail: 'IDEMPOTENCY_CONFLICT' },
  DUPLICATE_REFERENCE: { fail: 'DUPLICATE_REFERENCE', outcome: 'unknown' },
  IDEMPOTENCY_KEY_REQUIRED: { key: 'missing' },
  INSUFFICIENT_BALANCE: { fail: 'INSUFFICIENT_BALANCE', envelope: 'core' },
  PROVIDER_ERROR: { fail: 'PROVIDER_ERROR', envelope: 'core', outcome: 'unknown' },
  INTERNAL_ERROR: { fail: 'INTERNAL_ERROR', outcome: 'unknown' },
  UNREACHABLE: { fail: 'refused' },
  TIMEOUT: { fail: 'hang-headers', outcome: 'unknown' },
  UNRECOGNISED: { fail: NEW_CODE },
  MERCHANT_UNIDENTIFIED: { linked: 'unnamed' },
  UNDETERMINED: { steps: ['down', 'pay'] },
  IDEMPOTENCY_IN_PROGRESS: { key: 'twice' },
};

const laki = createLakiConnect();

/** Of every kind, what to choose in order to see it, and what each reader is told in each language. */
export const MATRIX = Object.entries(KINDS).map(([kind, { outcome = 'rejected', ...example }]) => ({
  kind,
  example,
  cells: AUDIENCES.map((audience) => {
    const error = new LakiConnectError({ kind, outcome });
    const problems = LANGUAGES.map((locale) => laki.translate(error, { audience, locale }).problem);
    return {
      audience,
      status: problems[0].status,
      code: problems[0].code,
      titles: problems.map(({ title }) => title),
    };
  }),
}));

/** What the page for browsers allows itself: its own style, by its hash. */
export const STYLE_OF_REPLIES = laki
  .translate(new LakiConnectError({ kind: 'NOT_FOUND' }), { accept: 'text/html' })
  .headers['content-security-policy'].match(/'sha256-[^']+'/)[0];
