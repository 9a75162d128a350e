import { coverage, suites } from '../jest.config.mjs';

/** The suites that need redis-server. */
export default {
  ...suites,
  ...coverage,
  roots: ['<rootDir>/test/redis', '<rootDir>/adapters/redis', '<rootDir>/src'],
  collectCoverageFrom: ['adapters/redis/**/*.ts'],
};
