/** What the platform calls the fields that its users fill in. LakiConnect's other fields are its own doing. */
export const FIELDS = {
  amount: 'amount',
  currency: 'currency',
  phone_number: 'phone',
  reference: 'order',
  'business.tin': 'company.taxId',
};

/** Formats that a link can ask for in its query, because it cannot set an `Accept` header. */
export const FORMATS = { html: 'text/html', json: 'application/problem+json', text: 'text/plain' };

export function acceptOf(format) {
  return Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
}
