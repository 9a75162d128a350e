import { z } from 'zod';

const text = z.string().optional().catch(undefined);
const anything = z.unknown().optional();

/**
 * E1, LakiConnect's documented error: `{ error: { code, message, details }, request_id }`.
 * Source: https://lakipay.co/docs/lakiconnects/errors
 */
export const documentedEnvelope = z
  .looseObject({
    error: z.looseObject({ code: text, message: text, details: anything }),
    request_id: text,
  })
  .refine(({ error, request_id }) => error.code !== undefined || request_id !== undefined);

/**
 * E2, the core API's error, at any HTTP status: `{ status: 'ERROR', message, error_code, errors }`.
 * Source: https://lakipay.co/docs/core-concepts
 */
export const coreEnvelope = z.looseObject({
  status: z.string().regex(/^error$/i),
  message: text,
  error_code: text,
  errors: anything,
});

/** E4, flat and without a code, as the v2 checkout answers: `{ success: false, message }`. */
export const flatEnvelope = z.looseObject({ success: z.literal(false), message: text, errors: anything });

/** E5, nested and without a documented code: `{ success: false, error: { message, type } }`. */
export const nestedEnvelope = z.looseObject({
  success: z.literal(false).optional(),
  error: z.union([z.string().min(1), z.looseObject({ message: text, type: text })]),
});
