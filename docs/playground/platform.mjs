/** What the platform calls the fields that its users fill in. LakiConnect's other fields are its own doing. */
export const FIELDS = {
  amount: 'amount',
  currency: 'currency',
  phone_number: 'phone',
  reference: 'order',
  'business.tin': 'company.taxId',
};
