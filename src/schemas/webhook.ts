import { z } from 'zod';

/**
 * A webhook's body: a JSON object, of which no more is documented.
 * Source: https://lakipay.co/docs/lakiconnects/webhooks
 */
export const webhookEvent = z.record(z.string(), z.unknown());
