export {
  createFakeLakiConnect,
  type FailOptions,
  type FakeLakiConnect,
  type FakeOptions,
} from './fake/fake-lakiconnect.js';
export type { Answer, Fault } from './fake/answer.js';
export type { Envelope, FieldIssue } from './fake/envelopes.js';
export type { ErrorOptions } from './fake/failures.js';
export type { FaultName } from './fake/faults.js';
export { ERROR_FIXTURES, type ErrorFixture } from './fake/fixtures.js';
export type { Charge, FakeMerchant, FeeConfig } from './fake/books.js';
export type { FakeRequest } from './fake/request.js';
export type { Answering, Match } from './fake/script.js';
export type { Delivered, SignedWebhook } from './fake/webhook.js';
export { unguardedRoutes } from './unguarded-routes.js';
export type { Route } from './route.js';
export type { Answered } from './answered.js';
export { assertLeaksNothing, leaksIn, type Leak } from './leaks.js';
export { matchers, type LakiConnectMatchers, type Verdict } from './matchers.js';
export { assertProblem } from './problem.js';
export {
  adapterContract,
  type AdapterCheck,
  type AdapterContractOptions,
  type ContractApp,
  type MountAdapter,
} from './adapter-contract.js';
export type { ContractExchange } from './contract-routes.js';
