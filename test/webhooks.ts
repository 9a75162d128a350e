import { createHmac } from 'node:crypto';

/** The webhook secret of these suites. */
export const SECRET = 'whsec_canary4821';

/** The signature that LakiConnect sends with a body. */
export const signatureOf = (body: string | Uint8Array, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** A webhook that tells of a merchant whose KYC was approved. */
export const approved = (merchantId: string): string =>
  JSON.stringify({
    event: 'kyc.updated',
    data: { connected_merchant_id: merchantId, kyc_status: 'approved' },
  });
