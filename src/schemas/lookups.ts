import { z } from 'zod';

const word = z.string().trim().min(1).optional().catch(undefined);

/** A connected account, at the top level or under `data`, its status in either spelling. */
const account = z.looseObject({ kyc_status: word, kycStatus: word });

/**
 * What `GET /lakiconnect/connected-accounts/:id` answers, as far as a guard reads it.
 * Source: https://www.lakipay.co/docs/lakiconnects/api-reference
 */
export const accountReply = account.extend({ data: account.optional().catch(undefined) });

/** A fee configuration, its model in either spelling. */
const feeConfig = z.looseObject({ fee_model: word, feeModel: word });

/** `null` says that there is none. */
const nested = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);

const priceConfigs = { price_config: nested(feeConfig), priceConfig: nested(feeConfig) };

const feeConfigs = feeConfig.extend({
  ...priceConfigs,
  fee_config: nested(feeConfig),
  feeConfig: nested(feeConfig),
  configuration: nested(feeConfig.extend(priceConfigs)),
});

/**
 * What `GET /lakiconnect/connected-accounts/fee-config` answers, as far as a guard reads it: at the top level and under
 * `data`.
 * Source: https://www.lakipay.co/docs/lakiconnects/api-reference
 */
export const feeConfigReply = feeConfigs.extend({ data: nested(feeConfigs) });
