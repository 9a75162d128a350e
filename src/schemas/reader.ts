import { z } from 'zod';
import type { Reader } from '../translation/translate.js';
import { oneOf, text } from './primitives.js';

/** What `translate` and `explain` accept beside the error. */
export const reader = z
  .strictObject({
    accept: text("an Accept header such as 'text/html'", /^/),
    acceptLanguage: text("an Accept-Language header such as 'am-ET'", /^/),
    locale: text("a language tag such as 'am'", /^/),
    audience: oneOf('merchant', 'customer'),
  } satisfies Record<keyof Reader, z.ZodType>)
  .partial();
