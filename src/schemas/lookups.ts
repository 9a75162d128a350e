import { z } from 'zod';

const word = z.string().trim().min(1).optional().catch(undefined);

/** A connected account, at the top level or under `data`, its status in either spelling. */
const account = z.looseObject({ kyc_status: word, kycStatus: word });

/**
 * What `GET /lakiconnect/connected-accounts/:id` answers, as far as a guard reads it.
 * Source: https://www.lakipay.co/docs/lakiconnects/api-reference
 */
export const accountReply = account.extend({ data: account.optional().catch(undefined) });

/** A fee configuration, at the top level or under `data`, its model in either spelling. */
const feeConfig = z.looseObject({ fee_model: word, feeModel: word });

/**
 * What `GET /lakiconnect/connected-accounts/fee-config` answers, as far as a guard reads it.
 * Source: https://www.lakipay.co/docs/lakiconnects/api-reference
 */
export const feeConfigReply = feeConfig.extend({ data: feeConfig.optional().catch(undefined) });
