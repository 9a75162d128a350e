import { z } from 'zod';

/**
 * What a process tells others of a merchant and a requirement: what it was answered, and not what it made of it. That of
 * another version is not read.
 */
export const sharedFact = z.strictObject({ v: z.literal(1), answer: z.json() });
