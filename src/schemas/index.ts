export { coreEnvelope, documentedEnvelope, flatEnvelope, nestedEnvelope } from './envelopes.js';
export { options } from './options.js';
export { accountReply, feeConfigReply } from './lookups.js';
export { redisStoreOptions } from './store.js';
export { webhookEvent } from './webhook.js';
