import { z } from 'zod';

/** Of the shape of what processes share: that of another version is not read. */
const v = z.literal(1);

/** What a process tells others of a merchant and a requirement. */
export const sharedFact = z.discriminatedUnion('is', [
  z.strictObject({ v, is: z.literal('met'), facts: z.json().optional() }),
  z.strictObject({ v, is: z.literal('unmet'), kind: z.string(), reason: z.string().optional() }),
]);
