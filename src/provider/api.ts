import type { HeaderNames } from '../options.js';

/** Where LakiConnect lives. Source: https://lakipay.co/docs/lakiconnects */
export const BASE_URL = 'https://api.lakipay.co/api/v2';

/** Its headers, as the documents spell them; they name none for idempotency. */
export const HEADERS: HeaderNames = {
  apiKey: 'X-API-Key',
  merchant: 'X-Connected-Merchant-ID',
  signature: 'X-LakiConnect-Signature',
  idempotency: 'Idempotency-Key',
};
