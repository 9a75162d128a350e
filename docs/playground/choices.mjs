import { ERROR_FIXTURES } from 'lakiconnect-middleware/testing';

const NONE = 'none';
const EVERY_CODE = [...new Set(ERROR_FIXTURES.flatMap(({ code }) => code ?? []))];

/** A code that no version of the documents has, with a status to match. */
export const NEW_CODE = 'A_NEW_CODE';

const FAULTS = {
  'hang-headers': 'No answer',
  'hang-body': 'Half an answer, then silence',
  cut: 'Half an answer, then the end',
  reset: 'Connection reset',
  refused: 'Connection refused',
  slow: 'Slow, but in time',
  'bad-gateway': 'HTML page of a 502',
};

const same = (names) => Object.fromEntries(names.map((name) => [name, name]));

/** What can be chosen, in groups: of each choice its label and its values, the first of which is the usual one. */
export const GROUPS = [
  {
    title: 'The merchant',
    choices: {
      kyc: { label: 'KYC', values: { approved: 'Approved', pending: 'Pending', suspended: 'Suspended' } },
      fee: {
        label: 'Fee',
        values: { PERCENT: '2 percent', FIXED: '5 birr', FREE: 'Free', [NONE]: 'Not configured' },
      },
      linked: {
        label: 'Link',
        isWide: true,
        values: { yes: 'Linked', no: 'Not linked', unnamed: 'Request names none' },
      },
    },
  },
  {
    title: 'LakiConnect',
    choices: {
      fail: {
        label: 'How it answers the payment',
        isWide: true,
        values: { [NONE]: 'As its documents say' },
        more: {
          Errors: {
            ...same(EVERY_CODE),
            DUPLICATE_REFERENCE: 'A reference that was used before',
            [NEW_CODE]: 'A code that nobody knows',
          },
          'The network': FAULTS,
        },
      },
      envelope: {
        label: 'In which form an error comes',
        isWide: true,
        values: {
          documented: 'Documented',
          core: 'Core API',
          flat: 'Flat',
          nested: 'Nested',
          text: 'Plain text',
          html: 'HTML',
          empty: 'Empty',
          'broken-json': 'Broken JSON',
        },
      },
    },
  },
  {
    title: 'The platform',
    choices: {
      framework: { label: 'Framework', values: { express: 'Express', koa: 'Koa' } },
      client: { label: 'HTTP client', values: same(['axios', 'fetch', 'got']) },
      guard: { label: 'Guard', values: { enforce: 'Enforces', report: 'Only reports' } },
      rules: { label: 'Rules', values: { standard: 'Standard', own: 'Its own' } },
      key: {
        label: 'Idempotency key',
        isWide: true,
        values: {
          [NONE]: 'None',
          sent: 'Sent',
          missing: 'Demanded, but missing',
          used: 'Used for another payment',
          twice: 'The same twice at once',
        },
      },
    },
  },
  {
    title: 'The reader',
    choices: {
      audience: { label: 'Who reads it', values: { customer: 'Customer', merchant: 'Merchant' } },
      lang: { label: 'Language', values: { en: 'English', am: 'አማርኛ' } },
      accept: {
        label: 'Accept',
        isWide: true,
        values: {
          'text/html': 'text/html',
          'application/problem+json': 'application/problem+json',
          'application/json': 'application/json',
          'text/plain': 'text/plain',
        },
      },
    },
  },
];

const CHOICES = Object.assign({}, ...GROUPS.map(({ choices }) => choices));

export const NAMES = Object.keys(CHOICES);

/** The label of every value of a choice. */
export function valuesOf({ values, more = {} }) {
  return Object.assign({}, values, ...Object.values(more));
}

const DEFAULTS = Object.fromEntries(NAMES.map((name) => [name, Object.keys(CHOICES[name].values)[0]]));

/** What befalls the merchant, one thing after another, in the words of a URL. */
export const STEPS = {
  pay: 'Pay',
  approve: 'Approve KYC',
  suspend: 'Suspend',
  webhook: 'Send webhook',
  forge: 'Forge a webhook',
  wait6: 'Wait 6 s',
  wait61: 'Wait a minute',
  wait301: 'Wait 5 minutes',
  down: 'Lookups go down',
  up: 'Lookups come back',
};

const MAX_STEPS = 24;

/** What a URL chooses. What it does not say, or says wrongly, is as usual. */
export function settingsIn(query) {
  const chosen = NAMES.map((name) => {
    const value = query.get(name);
    return [name, Object.hasOwn(valuesOf(CHOICES[name]), value ?? '') ? value : DEFAULTS[name]];
  });
  const steps = (query.get('steps') ?? '').split('.').filter((step) => Object.hasOwn(STEPS, step));
  return { ...Object.fromEntries(chosen), steps: steps.length === 0 ? ['pay'] : steps.slice(0, MAX_STEPS) };
}

/** The shortest URL that chooses this. */
export function urlOf({ steps = ['pay'], ...chosen }) {
  const query = new URLSearchParams(
    Object.entries(chosen).filter(([name, value]) => value !== DEFAULTS[name]),
  );
  if (steps.join('.') !== 'pay') query.set('steps', steps.join('.'));
  return query.size === 0 ? '/' : `/?${query}`;
}
