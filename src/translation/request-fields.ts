/**
 * The request fields that the provider documents, an array's element marked by `[]`.
 * Sources: https://lakipay.co/docs/lakiconnects (accounts, payments, webhooks, fees), its second copy at
 * https://www.lakipay.co/docs/lakiconnects, and the core API's https://lakipay.co/docs.
 */
const DOCUMENTED: readonly string[] = [
  // Create account: the first copy, then what the second has beside it.
  ...under('user', ['first_name', 'last_name', 'email', 'phone']),
  ...under('user', ['phone_number', 'phone_prefix', 'title', 'password', 'password_hint']),
  ...under('business', ['name', 'type', 'country', 'address', 'tin']),
  ...under('business', ['business_registration_number', 'business_type', 'industry_category']),
  ...under('bank_accounts[]', ['bank_name', 'account_number', 'account_holder_name']),
  ...under('configuration', ['business_description', 'price_config']),
  ...under('configuration.price_config', ['fee_model', 'fee_value']),
  // Direct payments, checkouts, core deposits and withdrawals.
  ...['amount', 'currency', 'payment_method', 'mobile_number', 'description', 'callback_url', 'metadata'],
  ...['medium', 'phone_number', 'reference', 'tag', 'merchant_pays_fee', 'success_url', 'cancel_url'],
  ...under('redirects', ['success', 'failed']),
  ...under('details', ['item_id', 'item_name', 'item_description', 'item_quantity']),
  ...['supported_mediums', 'supported_mediums[]'],
  // KYC documents, webhook settings, fee configuration.
  ...['tin', 'business_license', 'national_id'],
  ...['webhook_url', 'webhook_secret', 'webhook_enabled'],
  ...['fee_model', 'fee_value'],
];

function under(parent: string, members: readonly string[]): string[] {
  return [parent.replace('[]', ''), parent, ...members.map((member) => `${parent}.${member}`)];
}

/** With and without the mark of an element: Go names no index. */
const FIELDS: ReadonlySet<string> = new Set(DOCUMENTED.flatMap((field) => [field, field.replace('[]', '')]));

/** An index, as in `bank_accounts[0].account_number` or `supported_mediums.0`. */
const INDEX = /\[\d{1,4}\]|\.\d{1,4}(?![^.[])/;

/** Whether the provider documents a request field of this name, in the provider's case. */
export function isRequestField(name: string): boolean {
  return FIELDS.has(name) || FIELDS.has(name.replace(INDEX, '[]'));
}

/** The fields that internal structs of the provider's stand for; any other is a whole request. */
const STRUCTS: ReadonlyMap<string, string> = new Map([
  ['TransactionRedirects', 'redirects'],
  ['TransactionMedium', 'supported_mediums'],
]);

const STRUCT = /^(?:[a-z]\w*\.)?([A-Z]\w*)(?:\.(.+))?$/;
const MAX_NAME = 200;

/** Whether a name is that of a struct of the provider's, with or without its package, or of a part of one. */
export function isStruct(name: string): boolean {
  return STRUCT.test(name);
}

/**
 * The field that a name stands for which may begin with an internal struct: `redirects.success` for
 * `entity.TransactionRedirects.success`. A struct that stands for no field stays as it is.
 */
export function withoutStruct(name: string): string {
  if (name.length > MAX_NAME) return name;
  const [, struct = '', rest] = STRUCT.exec(name) ?? [];
  const parent = STRUCTS.get(struct);
  if (parent === undefined) return rest === undefined ? name : withoutStruct(rest);
  if (rest === undefined) return parent;
  return rest === parent || rest.startsWith(`${parent}.`) ? rest : `${parent}.${rest}`;
}
