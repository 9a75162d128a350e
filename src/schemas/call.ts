import { z } from 'zod';
import { peek } from '../translation/plain.js';
import { is, text, whole } from './primitives.js';

/** What `call` accepts beside the function. */
export const callContext = z
  .strictObject({
    merchantId: text('the id of the connected merchant', /^/),
    method: text("an HTTP method such as 'POST'", /./),
    idempotencyKey: text('the idempotency key that the request carries', /^/),
    attempt: whole('a whole number from 1: which attempt this is', 1, Number.MAX_SAFE_INTEGER),
    signal: is<AbortSignal>(
      'an AbortSignal',
      (value) =>
        typeof peek(value, 'aborted') === 'boolean' && typeof peek(value, 'addEventListener') === 'function',
    ),
  })
  .partial();
