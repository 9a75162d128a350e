export type { Counts, LakiConnect } from './core.js';
export { createLakiConnect } from './lakiconnect.js';
export type { Description } from './describe.js';
export type { Answered, Handle, Handled, Incoming, Late, Passed } from './handler.js';
export type { Guard } from './guards/guard.js';
export type { IdempotencyGuard } from './idempotency/guard.js';
export type { IdempotentRequest } from './idempotency/request.js';
export type { Refusals } from './guards/refusals.js';
export type { Merchant } from './guards/merchant.js';
export { defineRequirement, feeConfigured, kycApproved, type Requirement } from './guards/requirement.js';
export type { RedisStoreOptions, Store } from './sharing/store.js';
export type { CallContext, Send } from './provider/call.js';
export type {
  Client,
  ClientOptions,
  MerchantClient,
  MerchantClientOptions,
  SendJson,
} from './provider/client.js';
export type { QueryValue, RequestOptions } from './provider/request.js';
export { verifySignature } from './provider/signature.js';
export type { Delivery } from './provider/webhook.js';
export type { WebhookRequest } from './provider/webhook-request.js';
export type {
  CheckOptions,
  GuardOptions,
  IdempotencyOptions,
  RequirementDefinition,
} from './guards/options.js';
export type {
  CacheOptions,
  Fetch,
  FormatContext,
  HandlerOptions,
  HeaderNames,
  LookupOptions,
  Lookups,
  MessageOverrides,
  Options,
  RetryOptions,
  RuleOverride,
  TextOverride,
  UpstreamRefusal,
  WebhookEvent,
  WebhookOptions,
} from './options.js';
export {
  CHANNEL,
  type CooldownEvent,
  type DisagreementEvent,
  type InvalidatedEvent,
  type LakiConnectEvent,
  type LateEvent,
  type LookupEvent,
  type MisconfiguredEvent,
  type RefusedEvent,
  type ReplacedEvent,
  type RetryEvent,
  type StoreFailedEvent,
  type TranslatedEvent,
  type UndeterminedEvent,
  type UnmappedEvent,
  type WebhookReceivedEvent,
} from './events.js';
export { CATALOG, type CatalogEntry } from './translation/catalog.js';
export {
  isLakiConnectError,
  LakiConnectError,
  originalError,
  type Detail,
  type LakiConnectErrorInit,
  type Outcome,
  type Upstream,
} from './translation/error.js';
export type { Explanation } from './translation/explain.js';
export type { Problem } from './translation/problem.js';
export type { Reply } from './translation/reply.js';
export type {
  Action,
  Audience,
  ErrorKind,
  Fault,
  Kind,
  Level,
  PublicCode,
  Rule,
} from './translation/rules.js';
export type { Reader } from './translation/translate.js';
export { am } from './messages/am.js';
export { en } from './messages/en.js';
export type { Issue, Issues, Locale, Text, WholeLocale } from './messages/locale.js';
