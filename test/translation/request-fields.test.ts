import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRequestField, isStruct, withoutStruct } from '../../src/translation/request-fields.js';

/** Copied by hand from the provider's pages; the code under test has no part in it. */
const DOCUMENTED = [
  'user.first_name user.last_name user.email user.phone user.phone_number user.phone_prefix user.title',
  'user.password user.password_hint user business.name business.type business.country business.address',
  'business.tin business.business_registration_number business.business_type business.industry_category business',
  'bank_accounts bank_accounts[0].bank_name bank_accounts[0].account_number bank_accounts[12]',
  'bank_accounts.0.account_holder_name bank_accounts.3.account_number bank_accounts.1 bank_accounts.bank_name',
  'configuration configuration.business_description configuration.price_config',
  'configuration.price_config.fee_model configuration.price_config.fee_value',
  'amount currency payment_method mobile_number description callback_url metadata medium phone_number reference',
  'tag merchant_pays_fee redirects redirects.success redirects.failed details details.item_id details.item_name',
  'details.item_description details.item_quantity success_url cancel_url supported_mediums supported_mediums.0',
  'supported_mediums[2] tin business_license national_id webhook_url webhook_secret webhook_enabled fee_model fee_value',
].flatMap((line) => line.split(' '));

describe('A request field', () => {
  test.each(DOCUMENTED)('is %s, which is documented', (field) => {
    expect(isRequestField(field)).toBe(true);
  });

  test.each([
    ...[
      'kyc_status',
      'status',
      'merchant_id',
      'master_merchant_id',
      'transaction_id',
      'Authorization',
      's3',
      'id',
    ],
    ...['Amount', 'AMOUNT', 'Business.tin', 'amount ', ' amount', 'amount.0', 'amount[0]', 'amount.cents'],
    ...['first_name', 'account_number', 'business.0.tin', 'business[0].tin', 'redirects.0', 'user.roles'],
    ...[
      'bank_accounts[0][1]',
      'bank_accounts[x].bank_name',
      'bank_accounts[-1].bank_name',
      'bank_accounts.0x',
    ],
    ...['bank_accounts[99999].bank_name', 'bank_accounts[0].iban', 'metadata.order', '', '.', '__proto__'],
    ...['HostedCheckoutRequest.amount', 'TransactionRedirects.success', 'entity.TransactionMedium'],
  ])('is not %j', (field) => {
    expect(isRequestField(field)).toBe(false);
  });

  test('is nothing that is not documented, however near', () => {
    const names = fc.stringMatching(/^[a-z_.[\]0-9]{1,20}$/);
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(
          !DOCUMENTED.includes(name.replace(/\d+/g, '0')) && !/^(bank_accounts|supported_mediums)/.test(name),
        );
        expect(isRequestField(name)).toBe(DOCUMENTED.includes(name));
      }),
    );
  });
});

describe('A name that begins with a struct', () => {
  test.each([
    ['HostedCheckoutRequest.amount', 'amount'],
    ['entity.HostedCheckoutRequest.amount', 'amount'],
    ['*entity.HostedCheckoutRequest.amount', '*entity.HostedCheckoutRequest.amount'],
    ['TransactionRedirects.success', 'redirects.success'],
    ['entity.TransactionRedirects.success', 'redirects.success'],
    ['entity.TransactionRedirects', 'redirects'],
    ['TransactionRedirects.redirects.success', 'redirects.success'],
    ['HostedCheckoutRequest.redirects.success', 'redirects.success'],
    ['HostedCheckoutRequest.TransactionRedirects.failed', 'redirects.failed'],
    ['TransactionMedium', 'supported_mediums'],
    ['entity.TransactionMedium', 'supported_mediums'],
    ['TransactionMedium.0', 'supported_mediums.0'],
    ['TransactionMedium.supported_mediums', 'supported_mediums'],
    ['HostedCheckoutRequest', 'HostedCheckoutRequest'],
    ['entity.HostedCheckoutRequest', 'entity.HostedCheckoutRequest'],
    ['redirects.success', 'redirects.success'],
    ['amount', 'amount'],
    ['', ''],
  ])('%j stands for %j', (name, field) => {
    expect(withoutStruct(name)).toBe(field);
  });

  test.each(['A.'.repeat(32_000), 'a'.repeat(64_000)])('is left as it is where it is too long', (name) => {
    expect(withoutStruct(name)).toBe(name);
  });

  test.each([
    ['HostedCheckoutRequest', true],
    ['entity.HostedCheckoutRequest', true],
    ['HostedCheckoutRequest.amount', true],
    ['redirects.success', false],
    ['amount', false],
  ])('%s is one: %s', (name, isOne) => {
    expect(isStruct(name)).toBe(isOne);
  });
});
