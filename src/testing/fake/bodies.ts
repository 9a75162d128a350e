import { z } from 'zod';
import type { Answer } from './answer.js';
import { failureOf } from './failures.js';
import type { FakeRequest } from './request.js';

/** What the documents ask of bodies, as far as their generations agree. */
export const payment = z.looseObject({
  amount: z.number().min(0.01),
  currency: z.string().length(3),
  reference: z.string().max(100).optional(),
});
export const account = z.looseObject({
  user: z.looseObject({ email: z.string() }),
  business: z.looseObject({}),
});
export const feeConfig = z.looseObject({
  fee_model: z.enum(['FREE', 'PERCENT', 'FIXED']),
  fee_value: z.number().optional(),
});
export const webhookSettings = z.looseObject({
  webhook_url: z.url(),
  webhook_secret: z.string().min(1),
  webhook_enabled: z.boolean(),
});

/** An answer to a body that is as the documents ask, or the fields that are not. */
export function sound<T>(schema: z.ZodType<T>, { body }: FakeRequest, answer: (body: T) => Answer): Answer {
  const { success, data, error } = schema.safeParse(body);
  if (success) return answer(data);
  const details = error.issues.map(({ path, message }) => ({ field: path.join('.'), issue: message }));
  return failureOf('VALIDATION_ERROR', { status: 422, details });
}
