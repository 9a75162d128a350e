import { expect, test } from '@jest/globals';
import { createLakiConnect, defineRequirement, en, kycApproved, type Options } from 'lakiconnect-middleware';
import { RULES } from '../src/translation/rules.js';

const describing = (options: Options = {}) => createLakiConnect(options).describe();

test('What nobody has set is described as it is by default', () => {
  expect(describing()).toMatchObject({
    audience: 'customer',
    rules: RULES,
    locales: ['en', 'am'],
    media: ['application/problem+json', 'application/json', 'text/html', 'text/plain'],
    format: 'problem',
  });
});

test.each<[string, Options, object]>([
  ['a reader', { audience: 'merchant' }, { audience: 'merchant' }],
  ['a reader by the request', { audience: () => 'merchant' }, { audience: 'customer' }],
  [
    'a rule',
    { rules: { TIMEOUT: { status: 503 } } },
    { rules: { ...RULES, TIMEOUT: expect.objectContaining({ status: 503 }) } },
  ],
  ['languages', { locales: [en] }, { locales: ['en'] }],
  ['the default language', { defaultLocale: 'am' }, { locales: ['am', 'en'] }],
  ['no page', { html: false }, { media: ['application/problem+json', 'application/json', 'text/plain'] }],
  [
    'a shape',
    { format: 'envelope' },
    { format: 'envelope', media: ['application/json', 'text/html', 'text/plain'] },
  ],
  ['a shape of its own', { format: () => ({}) }, { format: undefined }],
])('%s is described as settled', (_, options, described) => {
  expect(describing(options)).toMatchObject(described);
});

test('Requirements are described by their refusals, the platform’s own with its row', () => {
  const text = { title: 'No account', detail: 'Add one.' };
  const messages = { A_MISSING: { merchant: text, customer: text } };
  const own = defineRequirement({
    name: 'own',
    rule: { status: 409, code: 'A_MISSING' },
    messages: { en: messages, am: messages },
    lookup: () => ({ met: true }),
  });
  const { refusals } = createLakiConnect({ apiKey: 'a:b' }).describe([kycApproved, own]);
  expect(refusals).toMatchObject({
    audience: undefined,
    reasons: [
      { kind: 'CONNECTED_MERCHANT_NOT_FOUND', ownRow: undefined },
      { kind: 'KYC_NOT_APPROVED', ownRow: undefined },
      { kind: 'A_MISSING', ownRow: { rule: { status: 409 } } },
      { kind: 'MERCHANT_UNIDENTIFIED' },
      { kind: 'UNDETERMINED' },
    ],
  });
});

test('It holds no secret', () => {
  expect(
    JSON.stringify(createLakiConnect({ apiKey: 'lk_pub_1:lk_sec_1' }).describe([kycApproved])),
  ).not.toMatch(/lk_/);
});
