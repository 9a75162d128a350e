import { CATALOG } from 'lakiconnect-middleware';
import { GUARD_GROUPS } from './guards.mjs';
import { documented, started } from './lakiconnect.mjs';

/** A status for the codes to which the documents tie none. */
const UNTIED = { KYC_NOT_APPROVED: 403, FEE_CONFIG_NOT_SET: 409 };

const tin = { field: 'business.tin', issue: 'TIN must be 10 digits.' };

/** Every documented code with every status that the documents tie to it. */
const codes = Object.values(CATALOG).flatMap(({ code, meaning, statuses }) =>
  (statuses.length > 0 ? statuses : [UNTIED[code] ?? 422]).map((status) => ({
    id: `${slug(code)}-${status}`,
    code,
    form: code === 'RATE_LIMITED' ? 'documented envelope, wait 3 s' : 'documented envelope',
    lookup: code === 'NOT_FOUND',
    known: code === 'RATE_LIMITED',
    answer: {
      status,
      ...(code === 'RATE_LIMITED' && { headers: { 'retry-after': '3' } }),
      body: documented(code, meaning, code === 'VALIDATION_ERROR' ? [tin] : undefined),
    },
  })),
);

function core(status, code, errors) {
  const body = { status: 'ERROR', message: 'Invalid', error_code: code, ...(errors && { errors }) };
  return { id: `core-${slug(code)}-${status}`, code, form: 'core envelope', answer: { status, body } };
}

function flat(id, status, message, form = 'flat envelope') {
  return { id, form, answer: { status, body: { success: false, message } } };
}

const kyc = documented('KYC_NOT_APPROVED', CATALOG.KYC_NOT_APPROVED.meaning);

/**
 * What can go wrong, one row each, in groups. `id` is the reference on which the stand-in gives this
 * `answer`; `code` and `form` say what that is. `lookup`: met on a GET. `known`: the guard has let
 * the merchant pass before, and need not ask. `down`: LakiConnect's gateway for payments is not there.
 * `hasty`: the platform does not wait long.
 */
const ERROR_GROUPS = [
  {
    title: 'Nothing wrong',
    rows: [
      {
        id: 'order-1',
        known: true,
        code: 'PENDING',
        form: 'payment started',
        answer: { status: 200, body: started('order-1') },
      },
    ],
  },
  { title: 'Documented codes of LakiConnect', rows: codes },
  {
    title: 'Codes of the core API',
    rows: [
      core(401, 'INVALID_API_KEY'),
      core(400, 'INVALID_AMOUNT', { amount: ['is required'] }),
      core(200, 'INVALID_AMOUNT', { amount: 'is required' }),
      core(422, 'INVALID_PHONE', { phone_number: ['must have 12 digits'] }),
      core(422, 'INSUFFICIENT_BALANCE'),
      core(200, 'PROVIDER_ERROR'),
      core(502, 'PROVIDER_ERROR'),
    ],
  },
  {
    title: 'Other forms that an error comes in',
    rows: [
      {
        id: 'unknown-code-422',
        code: 'MERCHANT_PAUSED',
        form: 'documented envelope, new code',
        answer: { status: 422, body: documented('MERCHANT_PAUSED', 'The merchant is paused.') },
      },
      {
        id: 'internal-error-500',
        code: 'INTERNAL_ERROR',
        form: 'documented envelope, new code',
        answer: { status: 500, body: documented('INTERNAL_ERROR', 'An unexpected error occurred.') },
      },
      flat('flat-fields', 400, 'amount: cannot be blank; currency: cannot be blank.'),
      flat(
        'flat-type',
        400,
        'json: cannot unmarshal string into Go struct field HostedCheckoutRequest.amount of type float64',
        'flat envelope, wrong JSON type',
      ),
      flat('flat-business', 400, 'unsupported medium: mpesa', 'flat envelope, business rule'),
      flat('flat-own-field', 400, 'callback_url: must be a valid URL.', 'flat envelope, callback_url'),
      flat('flat-200', 200, 'reference: the length must be between 1 and 100.'),
      {
        id: 'nested-401',
        form: 'nested envelope, quotes key',
        answer: {
          status: 401,
          body: {
            success: false,
            error: { message: 'invalid key lk_pub_demo:lk_sec_demo', type: 'auth_error' },
          },
        },
      },
      {
        id: 'nested-400',
        form: 'nested envelope, bare string',
        answer: { status: 400, body: { success: false, error: 'Duplicate reference' } },
      },
      { id: 'text-502', form: 'plain text', answer: { status: 502, body: 'Bad Gateway' } },
      {
        id: 'html-502',
        form: 'HTML page',
        answer: { status: 502, body: '<html><h1>502 Bad Gateway</h1><hr>nginx</html>' },
      },
      {
        id: 'html-403',
        form: 'HTML page of a firewall',
        answer: { status: 403, body: '<html><h1>403 Forbidden</h1><hr>nginx</html>' },
      },
      {
        id: 'empty-503',
        form: 'empty body, wait 120 s',
        answer: { status: 503, headers: { 'retry-after': '120' } },
      },
      {
        id: 'broken-400',
        form: 'broken JSON',
        answer: { status: 400, body: JSON.stringify(kyc).slice(0, 30) },
      },
    ],
  },
  {
    title: 'No whole answer',
    rows: [
      { id: 'silent', form: 'silence', hasty: true, answer: { fault: 'silent' } },
      {
        id: 'silent-lookup',
        form: 'silence, on a GET',
        lookup: true,
        hasty: true,
        answer: { fault: 'silent' },
      },
      {
        id: 'half',
        form: 'half a body, then silence',
        hasty: true,
        answer: { status: 200, body: kyc, fault: 'half' },
      },
      { id: 'cut', form: 'half a body, then the end', answer: { status: 200, body: kyc, fault: 'cut' } },
      { id: 'reset', form: 'connection reset', answer: { fault: 'reset' } },
      { id: 'refused', form: 'connection refused', down: true, answer: {} },
    ],
  },
];

export const GROUPS = [...ERROR_GROUPS, ...GUARD_GROUPS];

/** Rows that befall one merchant, one after another. */
export const STORIES = GROUPS.flatMap(({ story, rows }) => (story ? [rows] : rows.map((row) => [row])));

export const SCENARIOS = STORIES.flat();

/** A scenario, after those that come before it in its story. */
export function upTo(scenario) {
  const story = STORIES.find((rows) => rows.includes(scenario));
  return story.slice(0, story.indexOf(scenario) + 1);
}

function slug(code) {
  return code.toLowerCase().replaceAll('_', '-');
}
