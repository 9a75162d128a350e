import { CATALOG } from 'lakiconnect-middleware';
import { ERROR_FIXTURES } from 'lakiconnect-middleware/testing';
import { answerOf } from './fixtures.mjs';
import { GUARD_GROUPS } from './guards.mjs';
import { API_KEY } from './secrets.mjs';

const CORE_CODES = [
  'INVALID_API_KEY',
  'INVALID_AMOUNT',
  'INVALID_PHONE',
  'INSUFFICIENT_BALANCE',
  'PROVIDER_ERROR',
];

/** Rows of what LakiConnect is known to send. */
function rowsOf(isMeant, form) {
  return ERROR_FIXTURES.filter(isMeant).map((answer) => ({
    id: slug(answer.name),
    code: answer.code,
    form,
    ...(answer.code === 'RATE_LIMITED' && { form: `${form}, wait 3 s`, known: true }),
    lookup: answer.code === 'NOT_FOUND',
    answer,
  }));
}

function flat(id, status, message, form = 'flat envelope') {
  return { id, form, answer: { status, body: { success: false, message } } };
}

const kyc = answerOf('KYC_NOT_APPROVED');

/**
 * What can go wrong, one row each, in groups. `answer` is what LakiConnect says to the payment; `code` and
 * `form` say what that is. `lookup`: met on a GET. `known`: the guard has let the merchant pass before, and
 * need not ask. `down`: LakiConnect's gateway for payments is not there. `hasty`: the platform does not wait
 * long.
 */
const ERROR_GROUPS = [
  {
    title: 'Nothing wrong',
    rows: [{ id: 'order-1', known: true, code: '200 pending', form: 'payment started' }],
  },
  {
    title: 'Documented codes of LakiConnect',
    rows: rowsOf(({ code, envelope }) => envelope === 'documented' && code in CATALOG, 'documented envelope'),
  },
  {
    title: 'Codes of the core API',
    rows: rowsOf(({ code, envelope }) => envelope === 'core' && CORE_CODES.includes(code), 'core envelope'),
  },
  {
    title: 'Other forms that an error comes in',
    rows: [
      {
        id: 'unknown-code-422',
        code: 'MERCHANT_PAUSED',
        form: 'documented envelope, new code',
        answer: {
          status: 422,
          body: {
            error: { code: 'MERCHANT_PAUSED', message: 'The merchant is paused.' },
            request_id: 'req_7',
          },
        },
      },
      ...rowsOf(
        ({ code, envelope }) => envelope === 'documented' && code === 'INTERNAL_ERROR',
        'documented envelope, new code',
      ),
      ...rowsOf(({ name }) => name.startsWith('flat:'), 'flat envelope'),
      flat('flat-own-field', 400, 'callback_url: must be a valid URL.', 'flat envelope, callback_url'),
      flat('flat-200', 200, 'reference: the length must be between 1 and 100.'),
      {
        id: 'nested-401',
        form: 'nested envelope, quotes key',
        answer: {
          status: 401,
          body: { success: false, error: { message: `invalid key ${API_KEY}`, type: 'auth_error' } },
        },
      },
      {
        id: 'nested-400',
        form: 'nested envelope, bare string',
        answer: { status: 400, body: { success: false, error: 'Duplicate reference' } },
      },
      ...rowsOf(({ name }) => name.startsWith('502,'), 'what a gateway sends'),
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
      { id: 'broken-400', form: 'broken JSON', answer: { status: 400, body: '{"error":{"code":"KYC_NOT' } },
    ],
  },
  {
    title: 'No whole answer',
    rows: [
      { id: 'silent', form: 'silence', hasty: true, answer: { fault: 'hang-headers' } },
      {
        id: 'silent-lookup',
        form: 'silence, on a GET',
        lookup: true,
        hasty: true,
        answer: { fault: 'hang-headers' },
      },
      {
        id: 'half',
        form: 'half a body, then silence',
        hasty: true,
        answer: { status: 200, body: kyc.body, fault: 'hang-body' },
      },
      {
        id: 'cut',
        form: 'half a body, then the end',
        answer: { status: 200, body: kyc.body, fault: 'cut' },
      },
      { id: 'reset', form: 'connection reset', answer: { fault: 'reset' } },
      { id: 'refused', form: 'connection refused', down: true },
    ],
  },
];

export const GROUPS = [...ERROR_GROUPS, ...GUARD_GROUPS];

/** Rows that befall one merchant, one after another. */
export const STORIES = GROUPS.flatMap(({ story, rows }) => (story ? [rows] : rows.map((row) => [row])));

function slug(name) {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
