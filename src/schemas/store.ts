import { z } from 'zod';
import type { RedisStoreOptions } from '../sharing/store.js';
import { milliseconds, text } from './primitives.js';

/** What `redisStore` accepts. */
export const redisStoreOptions = z
  .strictObject({
    prefix: text(
      "the beginning of keys, such as 'lakiconnect:', of at most 128 printable characters without spaces",
      /^[\x21-\x7e]{1,128}$/,
    ),
    deadlineMs: milliseconds(25),
  } satisfies Record<keyof RedisStoreOptions, z.ZodType>)
  .partial();
