import { expect, test } from '@jest/globals';
import { AUDIENCES, LOCALES, pageOf } from '../../src/cli/page.js';
import { plainPage } from '../../src/cli/plain-page.js';

const ENGLISH = LOCALES.slice(0, 1);
const printed = (...[kind, audiences = AUDIENCES]: [Parameters<typeof pageOf>[0], typeof AUDIENCES?]) =>
  plainPage(pageOf(kind, audiences, ENGLISH), (line) => `# ${line}`);

test('A page has a section for everything', () => {
  expect(printed('KYC_NOT_APPROVED')).toBe(`# KYC_NOT_APPROVED
The merchant is not verified yet. A guard asks before the payment.

# LakiConnect
  met as    its code, at any status
  means     Payment attempted on a connected account that is not KYC-approved.
  advises   Wait for KYC approval or block payments until status is approved.

# Answered
  merchant  403 KYC_NOT_APPROVED
  customer  409 PAYMENTS_UNAVAILABLE
  fault     merchant
  retryable no
  log       info

# The merchant reads
  en  Your account is not verified yet
      You can take payments once your business documents are approved. Please check your verification status.

# The customer reads
  en  Payments are not available
      This shop cannot take payments right now. Please try again later or contact the shop.

# Next
  platform  Mount the webhook, so that guards look again as soon as the merchant is approved.
  merchant  Look at the verification.
  customer  Nothing at this shop. They are only told that it cannot take payments.`);
});

test('What LakiConnect does not document is not said to be', () => {
  const documented = printed('TIMEOUT').split('\n\n')[1];
  expect(documented).toMatch(/^# LakiConnect\n {2}met as {4}\S.*$/);
});

test('What can leave a payment open has the words for that, and is tried again with a key alone', () => {
  const page = printed('TIMEOUT', ['customer']);
  expect(page).toContain(
    '# The customer reads while nobody knows whether it was done\n  en  We do not know yet',
  );
  expect(page).toContain('\n  retryable yes, but only with an idempotency key while nobody knows');
  expect(page).not.toContain('merchant reads');
  const certain = printed('RATE_LIMITED');
  expect(certain).toContain('\n  retryable yes\n');
  expect(certain).not.toContain('while nobody knows');
});

test('Columns stand below each other in every language', () => {
  const lines = plainPage(pageOf('TIMEOUT', AUDIENCES, LOCALES), (line) => line).split('\n');
  expect(
    lines.filter((line) => line.startsWith(' ') && !/^(?: {2}[a-z]{2} {2}| {6}| {2}[a-z ]{10})\S/.test(line)),
  ).toEqual([]);
});
