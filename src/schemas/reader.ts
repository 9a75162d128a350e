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

/** Whether there is nothing in it that the schema could refuse: its own look costs as much as a whole reply. */
export function isUsualReader(given: Reader): boolean {
  if (Object(given) !== given) return false;
  for (const name in given) {
    const value = given[name as keyof Reader];
    const isUsual =
      name === 'audience' ? value === 'merchant' || value === 'customer' : typeof value === 'string';
    if (value !== undefined && (!isUsual || !Object.hasOwn(reader.shape, name))) return false;
  }
  return true;
}
