export { coreEnvelope, documentedEnvelope, flatEnvelope, nestedEnvelope } from './envelopes.js';
export { options } from './options.js';
