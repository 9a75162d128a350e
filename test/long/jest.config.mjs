import { LONG, suites } from '../jest.config.mjs';

/** The suites that take long, or measure. Without coverage, whose counters would be measured too. */
export default {
  ...suites,
  testMatch: LONG.map((name) => `<rootDir>/test/${name}.test.ts`),
  testTimeout: 300_000,
  testSequencer: '<rootDir>/test/long/sequencer.mjs',
};
