import { z } from 'zod';
import type { Requirement } from '../guards/requirement.js';
import { refusalsOf } from '../guards/refusals.js';
import { bool, is, oneOf } from '../schemas/primitives.js';
import { peek } from '../translation/plain.js';
import type { Audience } from '../translation/rules.js';

/** Middleware that one of our guards is. */
type Middleware = (...given: never[]) => unknown;

/** Which replies are described. Without any, those to calls. */
export interface ErrorResponsesOptions {
  /** The guards of a route, in their order, or requirements such as `kycApproved`: what they refuse with. */
  readonly guards?: readonly (Middleware | Requirement)[] | undefined;
  /** Whether the route also calls LakiConnect: `true` where no `guards` are given, and `false` where they are. */
  readonly calls?: boolean | undefined;
  /**
   * Who reads the replies, in place of what the guards and the option of the same name say. A customer where that
   * depends on the request: the document then tells the least.
   */
  readonly audience?: Audience | undefined;
}

/** A requirement, as it can be given here. */
export function isRequirement(guard: unknown): guard is Requirement {
  return typeof peek(guard, 'look') === 'function';
}

export const errorResponsesOptions = z
  .strictObject({
    guards: z.array(
      is<Middleware | Requirement>(
        'a guard such as laki.preflight(), or a requirement such as kycApproved',
        (guard) => isRequirement(guard) || refusalsOf(guard) !== undefined,
      ),
      { error: 'an array of guards, such as [laki.preflight()]' },
    ),
    calls: bool,
    audience: oneOf('merchant', 'customer'),
  } satisfies Record<keyof ErrorResponsesOptions, z.ZodType>)
  .partial();
