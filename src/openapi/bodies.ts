import { z } from 'zod';
import type { Description } from '../describe.js';
import { SANE_REQUEST_ID } from '../translation/codes.js';
import type { Problem } from '../translation/problem.js';
import { ACTIONS } from '../translation/rules.js';
import { deltaSeconds } from '../translation/retry-after.js';

/** A wait, as a problem and a header tell it. */
const wait = z.int().min(deltaSeconds(0)).max(deltaSeconds(Infinity));

const requestId = z
  .string()
  .regex(SANE_REQUEST_ID)
  .describe("The payment provider's id of the request, for support. Absent where it was never sent.");
const code = z.string().describe('What went wrong, for programs.');
const field = z.string().describe('The field that was refused.');
const issue = z.string().describe('What is wrong with it.');

const problem = z
  .object({
    type: z.string().meta({ format: 'uri-reference' }).describe('A URI that names the code.'),
    title: z.string().describe('What happened, in the language of the reply.'),
    status: z.int().min(400).max(599).describe('The HTTP status, once more.'),
    detail: z.string().describe('What happened and what to do next, in the language of the reply.'),
    code,
    request_id: requestId.optional(),
    retryable: z.boolean().describe('Whether the very same request may be sent again.'),
    outcome: z
      .enum(['rejected', 'unknown'])
      .describe(
        '`rejected`: nothing was done. `unknown`: it may have been done; look before you send it again.',
      ),
    action: z
      .enum(ACTIONS)
      .describe(
        'What to do next. `correct`: change the input. `wait`: as long as `retry_after` says, then send the same. `check`: whether it was done, before anything else. `onboard`: finish the set-up. `other-way`: pay in another way, or elsewhere. `contact`: ask for help.',
      ),
    errors: z
      .array(z.object({ field, detail: issue }))
      .min(1)
      .optional()
      .describe('The fields that were refused.'),
    retry_after: wait.optional().describe('Seconds to wait, as in the `Retry-After` header.'),
  } satisfies Record<keyof Problem, z.ZodType>)
  .describe('What went wrong, as problem details (RFC 9457).');

const envelope = z
  .object({
    error: z.object({
      code,
      message: z.string().describe('What happened and what to do next, in the language of the reply.'),
      details: z.array(z.object({ field, issue })).describe('The fields that were refused.'),
    }),
    request_id: requestId.optional(),
  })
  .describe('What went wrong.');

/** What a response in JSON may be. */
interface Body {
  readonly name: string;
  readonly schema: object;
  /** The same for one response: `told` has every value that a member of its problems can have. */
  readonly narrowed: (told: Told) => object;
}

/** Of each member that a reader decides by, all its values. */
export type Told = Readonly<Record<(typeof DECISIVE)[number], readonly unknown[]>>;

export const DECISIVE = ['type', 'status', 'code', 'outcome', 'action'] as const;

export const BODIES: Readonly<Record<NonNullable<Description['format']>, Body>> = {
  problem: {
    name: 'LakiConnectProblem',
    schema: jsonSchema(problem),
    narrowed: (told) => ({
      properties: Object.fromEntries(DECISIVE.map((member) => [member, { enum: told[member] }])),
    }),
  },
  envelope: {
    name: 'LakiConnectError',
    schema: jsonSchema(envelope),
    narrowed: (told) => ({ properties: { error: { properties: { code: { enum: told.code } } } } }),
  },
};

export const WAIT = jsonSchema(wait);

/** As OpenAPI 3.1 has it, with nothing of its own about which schema it is. Members that are not named may come. */
function jsonSchema(schema: z.ZodType): object {
  const { $schema, $id, '~standard': standard, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
