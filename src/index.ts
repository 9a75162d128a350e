export { createLakiConnect, type LakiConnect } from './lakiconnect.js';
export type { Answered, Handle, Handled, Incoming } from './handler.js';
export type { CallContext, Send } from './provider/call.js';
export type {
  FormatContext,
  HandlerOptions,
  MessageOverrides,
  Options,
  RuleOverride,
  TextOverride,
} from './options.js';
export { CHANNEL, type LakiConnectEvent } from './events.js';
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
export type { Problem } from './translation/problem.js';
export type { Reply } from './translation/reply.js';
export type { Audience, Fault, Kind, Level, PublicCode, Rule } from './translation/rules.js';
export type { Reader } from './translation/translate.js';
export { am } from './messages/am.js';
export { en } from './messages/en.js';
export type { Locale, Text } from './messages/locale.js';
