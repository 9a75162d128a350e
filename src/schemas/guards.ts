import { z } from 'zod';
import type {
  CheckOptions,
  GuardOptions,
  IdempotencyOptions,
  RequirementDefinition,
} from '../guards/options.js';
import type { WebhookOptions } from '../options.js';
import { messages } from './messages.js';
import { fields } from './options.js';
import { bool, callable, immediate, milliseconds, oneOf, secretText, text } from './primitives.js';
import { ownRule } from './rule.js';

const whenUndetermined = oneOf('deny', 'allow');

/** What a guard accepts. */
export const guardOptions = z
  .strictObject({
    merchantId: fields.merchantId,
    audience: fields.audience,
    whenUndetermined,
    mode: oneOf('enforce', 'report'),
  } satisfies Record<keyof GuardOptions, z.ZodType>)
  .partial();

/** What a guard for idempotency keys accepts. */
export const idempotencyOptions = z
  .strictObject({
    ...guardOptions.shape,
    ttlMs: milliseconds(86_400_000),
    required: bool,
    key: immediate('(request) => key, or undefined'),
    whenStoreFails: oneOf('refuse', 'pass'),
  } satisfies Record<keyof IdempotencyOptions, z.ZodType>)
  .partial();

/** What `check` accepts. */
export const checkOptions = z
  .strictObject({ whenUndetermined } satisfies Record<keyof CheckOptions, z.ZodType>)
  .partial();

const SECRETS =
  'the webhook secret, a text without white space at its ends, or an array of such: without one, anybody could send webhooks';
const secret = secretText(SECRETS, /./);

/** What a webhook receiver accepts. */
export const webhookOptions = z.strictObject({
  secret: z.union([secret, z.array(secret).min(1, { error: SECRETS })], { error: SECRETS }),
  merchantIds: immediate('(event) => ids of merchants').optional(),
  onDelivery: callable('(event) => void').optional(),
} satisfies Record<keyof WebhookOptions, z.ZodType>);

/** What `defineRequirement` accepts. */
export const requirementDefinition = z.strictObject({
  name: text(
    "a name such as 'payoutAccount', of letters, digits, _ and -, that no built-in requirement has",
    /^(?!(?:kycApproved|feeConfigured)$)[A-Za-z][\w-]{0,63}$/,
  ),
  rule: ownRule,
  messages: messages.optional(),
  lookup: callable('(merchantId, { signal }) => { met: true, facts? } or { met: false, reason? }'),
} satisfies Record<keyof RequirementDefinition, z.ZodType>);
