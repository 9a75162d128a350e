import { z } from 'zod';
import type { ClientOptions } from '../provider/client.js';
import type { QueryValue } from '../provider/request.js';
import { peek } from '../translation/plain.js';
import { is } from './primitives.js';

const isScalar = (value: unknown): boolean =>
  value === undefined || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

const queryValue = is<QueryValue>('a text, a finite number, a boolean, or an array of them', (value) =>
  Array.isArray(value) ? value.every(isScalar) : isScalar(value),
);

/** What `client` accepts. What is wrong with a body, a merchant or a key is said where the request is made. */
export const clientOptions = z
  .strictObject({
    body: z.unknown(),
    query: z.record(z.string(), queryValue, { error: 'parameters such as { page: 2, status: "pending" }' }),
    merchantId: z.unknown(),
    idempotencyKey: z.unknown(),
    signal: is(
      'an AbortSignal',
      (value) =>
        typeof peek(value, 'aborted') === 'boolean' && typeof peek(value, 'addEventListener') === 'function',
    ),
  } satisfies Record<keyof ClientOptions, z.ZodType>)
  .partial();

/** What `clientFor` accepts: the guards have named the merchant. */
export const merchantClientOptions = clientOptions.omit({ merchantId: true });
